package dev.supervisor.bench.drawing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A drawing, in colors for a light and for a dark background. */
final class Svg {

    static final String GREY = "#7d8590";

    private final StringBuilder svg = new StringBuilder();

    Svg(int width, int height) {
        add("<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d'", width, height);
        add(" viewBox='0 0 %d %d' fill='%s'", width, height, GREY);
        add(" font-family='system-ui, sans-serif' font-size='11'>%n");
    }

    void text(double x, double y, String attributes, String text) {
        add("<text x='%.0f' y='%.0f' %s>%s</text>%n", x, y, attributes, text);
    }

    /** Moves the origin of the following elements, until {@link #end}. */
    void begin(double x, double y) {
        add("<g transform='translate(%.0f %.0f)'>%n", x, y);
    }

    void end() {
        add("</g>%n");
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more dependency
    void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }

    void write(Path file) throws IOException {
        add("</svg>%n");
        Files.writeString(file, svg);
        System.out.println("drawn in " + file);
    }
}
