package dev.supervisor.bench.figures;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** Answers over time, from the samples of a load test. Times are in seconds, as in the samples. */
record Throughput(List<Sample> samples) {

    record Sample(double at, double seconds, double answers) {

        double between(double from, double to) {
            double overlap = Math.min(to, at + seconds) - Math.max(from, at);
            return overlap <= 0 ? 0 : answers * overlap / seconds;
        }
    }

    static Throughput of(JsonObject result) {
        return new Throughput(
                StreamSupport.stream(result.getAsJsonArray("samples").spliterator(), false)
                        .map(JsonElement::getAsJsonObject)
                        .map(sample -> new Sample(
                                sample.get("at").getAsDouble(),
                                sample.get("seconds").getAsDouble(),
                                sample.get("answers").getAsDouble()))
                        .toList());
    }

    double perSecond(double from, double to) {
        return samples.stream().mapToDouble(sample -> sample.between(from, to)).sum() / (to - from);
    }

    /**
     * Returns the longest time without an answer, in milliseconds, as far as samples show: it begins and ends with a
     * sample.
     */
    double longestStallMillis(double from, double to) {
        double longest = 0;
        double current = 0;
        for (Sample sample : samples) {
            boolean isStalled = sample.at() >= from && sample.at() < to && sample.answers() == 0;
            current = isStalled ? current + sample.seconds() : 0;
            longest = Math.max(longest, current);
        }
        return longest * 1000;
    }

    /** Returns the throughput of each slice as a share of the steady one. */
    List<Double> shares(double from, double steady, double slice, int slices) {
        return IntStream.range(0, slices)
                .mapToObj(i -> perSecond(from + i * slice, from + (i + 1) * slice) / steady)
                .toList();
    }
}
