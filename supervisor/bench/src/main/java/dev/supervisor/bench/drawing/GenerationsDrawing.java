package dev.supervisor.bench.drawing;

import dev.supervisor.bench.figures.GenerationsFigures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Draws a row for each application, with a column for each series. */
public final class GenerationsDrawing {

    private static final int LEFT = 40;
    private static final int TOP = 92;
    private static final int WIDTH = 158;
    private static final int HEIGHT = 96;
    private static final int COLUMN = 208;
    private static final int ROW = 176;
    private static final List<String> COLORS = List.of("#2f81f7", "#d9730d");

    private final Svg svg;

    private GenerationsDrawing(List<GenerationsFigures.Run> runs, String javaOptions) {
        svg = new Svg(LEFT + 3 * COLUMN + WIDTH + 10, TOP + (runs.size() - 1) * ROW + HEIGHT + 24);
        String title = "What generations leave behind: in use after a full collection";
        svg.text(8, 20, "font-size='15' font-weight='600'", title);
        svg.text(8, 38, "", "Java " + Runtime.version().feature() + ", " + javaOptions + ", while clients ask");
        for (int i = 0; i < runs.size(); i++) {
            drawRun(runs.get(i), TOP + i * ROW, COLORS.get(i));
        }
    }

    public static void write(Path file, List<GenerationsFigures.Run> runs, String javaOptions) throws IOException {
        new GenerationsDrawing(runs, javaOptions).svg.write(file);
    }

    private void drawRun(GenerationsFigures.Run run, int top, String color) {
        String title = String.format(
                "%,d classes, %,d generations, %,d answers (shaded: 5%% around the value after the %dth)",
                run.classes(), run.generations(), run.answers(), run.warm());
        svg.text(8, top - 28, "font-size='12' font-weight='600' fill='" + color + "'", title);
        int left = LEFT;
        for (GenerationsFigures.Series series : GenerationsFigures.Series.values()) {
            svg.text(left, top - 9, "", series.label + (series.unit.isEmpty() ? "" : ", " + series.unit));
            svg.begin(left, top);
            drawPanel(run, series, color);
            svg.end();
            left += COLUMN;
        }
    }

    private void drawPanel(GenerationsFigures.Run run, GenerationsFigures.Series series, String color) {
        Axis axis = Axis.linear(run.maximum(series) * GenerationsFigures.TOLERANCE);
        for (double tick : axis.ticks()) {
            double y = y(tick, axis);
            double opacity = tick == 0 ? 1 : 0.25;
            svg.add("<path d='M0 %.1fh%d' stroke='%s' stroke-opacity='%.2f'/>%n", y, WIDTH, Svg.GREY, opacity);
            svg.text(-5, y + 4, "text-anchor='end'", Axis.label(tick));
        }
        svg.text(0, HEIGHT + 15, "", "0");
        svg.text(WIDTH / 2, HEIGHT + 15, "text-anchor='middle'", "generations");
        svg.text(WIDTH, HEIGHT + 15, "text-anchor='end'", String.format("%,d", run.generations()));
        drawLine(run, series, axis, color);
    }

    private void drawLine(GenerationsFigures.Run run, GenerationsFigures.Series series, Axis axis, String color) {
        double from = x(run.warm(), run);
        double above = y(run.warm(series) * GenerationsFigures.TOLERANCE, axis);
        double below = y(run.warm(series) * (2 - GenerationsFigures.TOLERANCE), axis);
        svg.add("<rect x='%.1f' y='%.1f' width='%.1f' height='%.1f'", from, above, WIDTH - from, below - above);
        svg.add(" fill='%s' fill-opacity='0.2'/>%n", color);
        svg.add("<polyline fill='none' stroke='%s' stroke-width='1.5' points='", color);
        for (GenerationsFigures.Sample sample : run.samples()) {
            svg.add("%.1f,%.1f ", x(sample.generation(), run), y(sample.value(series), axis));
        }
        svg.add("'/>%n");
        String end = String.format(series.unit.isEmpty() ? "%.0f" : "%.2f", run.end(series));
        svg.text(WIDTH, below + 13, "text-anchor='end' fill='" + color + "'", end);
    }

    private static double x(int generation, GenerationsFigures.Run run) {
        return (double) WIDTH * generation / run.generations();
    }

    private static double y(double value, Axis axis) {
        return HEIGHT * (1 - axis.at(value));
    }
}
