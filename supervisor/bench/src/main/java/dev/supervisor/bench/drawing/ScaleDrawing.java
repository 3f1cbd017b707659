package dev.supervisor.bench.drawing;

import dev.supervisor.bench.figures.ApplicationSize;
import dev.supervisor.bench.figures.DrainingGenerations;
import dev.supervisor.bench.figures.HeldConnections;
import dev.supervisor.bench.figures.MovedConnections;
import dev.supervisor.bench.figures.Quantiles;
import dev.supervisor.bench.figures.ScaleFigures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * Draws a column for each kind of size, with time above and memory below. Lines are medians; strokes lead to the
 * maximum.
 */
public final class ScaleDrawing {

    private static final int LEFT = 36;
    private static final int TOP = 118;
    private static final int WIDTH = 158;
    private static final int HEIGHT = 110;
    private static final int COLUMN = 208;
    private static final int ROW = 214;
    private static final int LEGEND = 13;
    private static final int LABEL_WIDTH = 30;
    private static final List<String> COLORS = List.of("#2f81f7", "#d9730d", "#2da44e");

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Line(String label, double[] medians, double[] maxima) {

        static <T> Line of(String label, List<T> points, Function<T, Quantiles> quantiles) {
            return new Line(
                    label,
                    values(points, point -> quantiles.apply(point).median()),
                    values(points, point -> quantiles.apply(point).maximum()));
        }

        static <T> Line ofOne(String label, List<T> points, ToDoubleFunction<T> value) {
            return new Line(label, values(points, value), values(points, value));
        }

        private static <T> double[] values(List<T> points, ToDoubleFunction<T> value) {
            return points.stream().mapToDouble(value).toArray();
        }
    }

    private final Svg svg = new Svg(LEFT + 3 * COLUMN + WIDTH + 10, TOP + ROW + HEIGHT + 40);

    private ScaleDrawing(ScaleFigures figures) {
        svg.text(8, 20, "font-size='15' font-weight='600'", "How swaps grow: median, and strokes to the maximum");
        svg.text(8, 38, "", "Java " + Runtime.version().feature() + ", " + ScaleFigures.JAVA_OPTIONS);
        drawHeld(figures.held());
        drawMoved(figures.moved());
        drawApplications(figures.applications());
        drawDraining(figures.draining());
    }

    public static void write(Path file, ScaleFigures figures) throws IOException {
        new ScaleDrawing(figures).svg.write(file);
    }

    private void drawHeld(List<HeldConnections> held) {
        Axis x = x(held, HeldConnections::connections, true);
        Line first = Line.of("first answered", held, HeldConnections::firstAnswered);
        Line last = Line.of("last answered", held, HeldConnections::lastAnswered);
        draw(0, 0, "held: ms from the jar", "connections", x, true, first, last);
        List<HeldConnections> many =
                held.stream().filter(HeldConnections::tellsHeap).toList();
        if (!many.isEmpty()) {
            Line heap = Line.ofOne("heap", many, HeldConnections::heapKib);
            draw(0, 1, "held: KiB for each", "connections", x(many, HeldConnections::connections, true), false, heap);
        }
    }

    private void drawMoved(List<MovedConnections> moved) {
        Axis x = x(moved, MovedConnections::connections, true);
        Line connecting = Line.of("a new one answered", moved, MovedConnections::newConnection);
        Line all = Line.of("all have moved", moved, MovedConnections::moved);
        draw(1, 0, "moved: ms from the jar", "connections", x, true, connecting, all);
        Line heap = Line.ofOne("heap", moved, MovedConnections::heapKib);
        Line plain = Line.ofOne("plain Netty's heap", moved, MovedConnections::plainHeapKib);
        draw(1, 1, "idle: KiB for each", "connections", x, false, heap, plain);
    }

    private void drawApplications(List<ApplicationSize> applications) {
        Axis x = x(applications, ApplicationSize::classes, true);
        Line loaded = Line.of("loaded", applications, ApplicationSize::loaded);
        Line started = Line.of("started", applications, ApplicationSize::started);
        Line answered = Line.of("answered", applications, ApplicationSize::answered);
        draw(2, 0, "application: ms", "classes", x, true, loaded, started, answered);
        Line metaspace = Line.ofOne("metaspace", applications, ApplicationSize::metaspaceKib);
        draw(2, 1, "a generation: KiB", "classes", x, true, metaspace);
    }

    private void drawDraining(List<DrainingGenerations> draining) {
        Axis x = x(draining, DrainingGenerations::draining, false);
        Line answered = Line.of("answered", draining, DrainingGenerations::answered);
        draw(3, 0, "draining: ms from the jar", "former generations", x, false, answered);
        Line heap = Line.ofOne("heap", draining, DrainingGenerations::heapMib);
        Line metaspace = Line.ofOne("metaspace", draining, DrainingGenerations::metaspaceMib);
        draw(3, 1, "draining: MiB of the JVM", "former generations", x, false, heap, metaspace);
    }

    private static <T> Axis x(List<T> points, ToDoubleFunction<T> value, boolean logarithmic) {
        return Axis.through(Line.values(points, value), logarithmic);
    }

    private void draw(int column, int row, String title, String unit, Axis x, boolean logarithmic, Line... lines) {
        int top = TOP + row * ROW;
        int left = LEFT + column * COLUMN;
        svg.text(left, top - 9 - 3 * LEGEND, "font-weight='600'", title);
        for (int i = 0; i < lines.length; i++) {
            double[] medians = lines[i].medians();
            String text = String.format(
                    "%s: %s to %s", lines[i].label(), text(medians[0]), text(medians[medians.length - 1]));
            svg.text(left, top - 9 - (2 - i) * LEGEND, "fill='" + COLORS.get(i) + "'", text);
        }
        svg.begin(left, top);
        Axis y = y(lines, logarithmic);
        drawAxes(x, y, unit);
        for (int i = 0; i < lines.length; i++) {
            drawLine(lines[i], x, y, COLORS.get(i));
        }
        svg.end();
    }

    private static String text(double median) {
        return median < 10 ? String.format("%.2f", median) : String.format("%,.0f", median);
    }

    private static Axis y(Line[] lines, boolean logarithmic) {
        double maximum = Arrays.stream(lines)
                .flatMapToDouble(line -> DoubleStream.of(line.maxima()))
                .max()
                .orElseThrow();
        double minimum = Arrays.stream(lines)
                .flatMapToDouble(line -> DoubleStream.of(line.medians()))
                .min()
                .orElseThrow();
        return logarithmic ? Axis.logarithmic(minimum, maximum) : Axis.linear(maximum);
    }

    private void drawAxes(Axis x, Axis y, String unit) {
        for (double tick : y.ticks()) {
            double at = y(tick, y);
            double opacity = tick == y.from() ? 1 : 0.25;
            svg.add("<path d='M0 %.1fh%d' stroke='%s' stroke-opacity='%.2f'/>%n", at, WIDTH, Svg.GREY, opacity);
            svg.text(-5, at + 4, "text-anchor='end'", Axis.label(tick));
        }
        double free = Double.MAX_VALUE;
        for (int i = x.ticks().length - 1; i >= 0; i--) {
            double at = x(x.ticks()[i], x);
            if (at <= free) {
                svg.text(at, HEIGHT + 15, "text-anchor='middle'", Axis.label(x.ticks()[i]));
                free = at - LABEL_WIDTH;
            }
        }
        svg.text(WIDTH / 2.0, HEIGHT + 29, "text-anchor='middle'", unit);
    }

    private void drawLine(Line line, Axis x, Axis y, String color) {
        svg.add("<polyline fill='none' stroke='%s' stroke-width='1.5' points='", color);
        for (int i = 0; i < line.medians().length; i++) {
            svg.add("%.1f,%.1f ", x(x.ticks()[i], x), y(line.medians()[i], y));
        }
        svg.add("'/>%n");
        for (int i = 0; i < line.medians().length; i++) {
            double at = x(x.ticks()[i], x);
            double median = y(line.medians()[i], y);
            svg.add("<circle cx='%.1f' cy='%.1f' r='2.5' fill='%s'/>%n", at, median, color);
            svg.add("<path d='M%.1f %.1fV%.1f' stroke='%s'/>%n", at, median, y(line.maxima()[i], y), color);
        }
    }

    private static double x(double value, Axis x) {
        return WIDTH * x.at(value);
    }

    private static double y(double value, Axis y) {
        return HEIGHT * (1 - y.at(value));
    }
}
