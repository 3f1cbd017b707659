package dev.supervisor.bench.drawing;

import java.util.stream.DoubleStream;

/** An axis: maps values between {@code from} and {@code to} to 0 to 1. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Axis(double from, double to, boolean logarithmic, double[] ticks) {

    /** Returns an axis from 0 to at least a maximum, with three to six ticks. */
    static Axis linear(double maximum) {
        double power = Math.pow(10, Math.floor(Math.log10(maximum)));
        double leading = maximum / power;
        double step = power * (leading < 2.5 ? 0.5 : leading < 5 ? 1 : 2);
        double limit = step * (Math.floor(maximum / step) + 1);
        return new Axis(
                0,
                limit,
                false,
                DoubleStream.iterate(0, tick -> tick <= limit, tick -> tick + step)
                        .toArray());
    }

    /** Returns a logarithmic axis with a tick for each power of ten. */
    static Axis logarithmic(double minimum, double maximum) {
        double from = Math.pow(10, Math.floor(Math.log10(minimum)));
        double to = Math.pow(10, Math.ceil(Math.log10(maximum)));
        return new Axis(
                from,
                to,
                true,
                DoubleStream.iterate(from, tick -> tick < to * 1.01, tick -> tick * 10)
                        .toArray());
    }

    /** Returns an axis whose ticks are the values themselves. */
    static Axis through(double[] values, boolean logarithmic) {
        return new Axis(values[0], values[values.length - 1], logarithmic, values);
    }

    double at(double value) {
        if (from == to) {
            return 0.5;
        }
        return logarithmic ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
    }

    static String label(double value) {
        if (value >= 1000) {
            return label(value / 1000) + "k";
        }
        String text = String.format("%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
