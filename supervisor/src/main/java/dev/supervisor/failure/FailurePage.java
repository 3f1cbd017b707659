package dev.supervisor.failure;

import dev.supervisor.failure.Problem.Cause;
import dev.supervisor.failure.Problem.Frame;
import dev.supervisor.failure.Problem.Line;
import dev.supervisor.failure.Problem.Place;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/** A failure as a page, for the browser. It needs nothing else, and runs no script but its own. */
final class FailurePage {

    private static final String STYLE = resource("failure.css");
    private static final String SCRIPT = resource("failure.js");

    static final String CONTENT_SECURITY_POLICY = "default-src 'none'; style-src " + hash(STYLE) + "; script-src "
            + hash(SCRIPT) + "; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    private static final int MOST_OWN_FRAMES = 20;

    private final Html html = new Html();
    private final Failure failure;
    private final Problem problem;
    private final List<Place> allPlaces;
    private final boolean editable;

    private FailurePage(Failure failure, boolean editable) {
        this.failure = failure;
        this.problem = failure.problem();
        this.allPlaces = problem.allPlaces();
        this.editable = editable;
    }

    /**
     * @param editable whether there is an editor that opens places
     * @param reloads whether the page may ask for its address again, once there is another answer
     */
    static String html(Failure failure, boolean editable, boolean reloads) {
        return new FailurePage(failure, editable).page(reloads);
    }

    private String page(boolean reloads) {
        html.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>503 ")
                .text(problem.summary())
                .raw("</title>\n<style>")
                .raw(STYLE)
                .raw("</style>\n</head>\n<body data-problem=\"")
                .text(failure.id())
                .raw(reloads ? "\" data-reloads" : "\"")
                .raw(">\n<h1>")
                .text(problem.summary())
                .raw("</h1>\n");
        problem.places().forEach(this::place);
        problem.causes().forEach(this::cause);
        output();
        footer();
        html.raw("<script>").raw(SCRIPT).raw("</script>\n</body>\n</html>\n");
        return html.toString();
    }

    private void place(Place place) {
        html.raw("<section>\n<h2>");
        position(place);
        html.raw("</h2>\n<p class=\"message\">").text(place.message()).raw("</p>\n");
        excerpt(place);
        html.raw("</section>\n");
    }

    private void position(Place place) {
        if (editable && !place.excerpt().isEmpty()) {
            html.raw("<button type=\"button\" title=\"open in the editor\" data-place=\"")
                    .text(String.valueOf(allPlaces.indexOf(place)))
                    .raw("\">")
                    .text(place.position())
                    .raw("</button>");
        } else {
            html.raw("<code>").text(place.position()).raw("</code>");
        }
    }

    private void excerpt(Place place) {
        if (place.excerpt().isEmpty()) {
            return;
        }
        html.raw("<pre class=\"source\">");
        for (Line line : place.excerpt()) {
            html.raw(line.marked() ? "<b>" : "<span>")
                    .raw("<i>")
                    .text(Lines.numbered(line))
                    .raw("</i><code>");
            if (line.marked() && Lines.isWithin(place.column(), line)) {
                marked(line.text(), place.column() - 1);
            } else {
                html.text(line.text());
            }
            html.raw(line.marked() ? "</code></b>\n" : "</code></span>\n");
        }
        html.raw("</pre>\n");
    }

    /** A place at the end of the line gets a blank to be marked. */
    private void marked(String text, int start) {
        int end = start == text.length() ? start : text.offsetByCodePoints(start, 1);
        html.text(text.substring(0, start))
                .raw("<mark>")
                .text(start == end ? " " : text.substring(start, end))
                .raw("</mark>")
                .text(text.substring(end));
    }

    private void cause(Cause cause) {
        html.raw("<section>\n<h2>Caused by: ").text(cause.text()).raw("</h2>\n");
        List<Frame> own = cause.frames().stream()
                .filter(Frame::own)
                .limit(MOST_OWN_FRAMES)
                .toList();
        own.forEach(this::ownFrame);
        if (!cause.frames().isEmpty()) {
            fold(own.isEmpty(), "The whole stack, innermost call first");
            cause.frames()
                    .forEach(frame -> html.raw(frame.own() ? "<b>" : "<span>")
                            .text("at " + frame.text())
                            .raw(frame.own() ? "</b>\n" : "</span>\n"));
            html.raw("</pre>\n</details>\n");
        }
        html.raw("</section>\n");
    }

    private void ownFrame(Frame frame) {
        html.raw("<p class=\"frame\"><b>").text("at " + frame.text()).raw("</b>");
        frame.place().ifPresent(place -> {
            html.raw(" ");
            position(place);
        });
        html.raw("</p>\n");
        frame.place().ifPresent(this::excerpt);
    }

    private void output() {
        if (!problem.output().isEmpty()) {
            boolean allThereIs = problem.places().isEmpty() && problem.causes().isEmpty();
            String whole = problem.dropped() == 0 ? "The whole output" : "The output";
            fold(allThereIs, whole + " of the build" + problem.exceptDropped());
            problem.output().forEach(line -> html.text(line).raw("\n"));
            html.raw("</pre>\n</details>\n");
        }
    }

    private void fold(boolean open, String title) {
        html.raw(open ? "<details open>" : "<details>")
                .raw("<summary>")
                .text(title)
                .raw("</summary>\n<pre>");
    }

    private void footer() {
        html.raw("<footer>\n");
        failure.lastGoodBuild(Instant.now())
                .ifPresent(age -> html.raw("<p>").text(age).raw("</p>\n"));
        html.raw("<p id=\"next\">The supervisor holds the port and waits for the next build;")
                .raw(" then this address answers again.</p>\n</footer>\n");
    }

    private static String resource(String name) {
        try (InputStream file = FailurePage.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new FileNotFoundException(name + " is not on the class path");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String hash(String inline) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(inline.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JVM has it
        }
    }
}
