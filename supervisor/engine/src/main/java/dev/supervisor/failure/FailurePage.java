package dev.supervisor.failure;

import dev.supervisor.Problem;
import dev.supervisor.Problem.Cause;
import dev.supervisor.Problem.Frame;
import dev.supervisor.Problem.Line;
import dev.supervisor.Problem.Place;
import dev.supervisor.web.Html;
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
import java.util.Locale;
import java.util.Optional;

/** Writes a failure as an HTML page. The page loads nothing else, and runs only its own scripts. */
final class FailurePage {

    private static final String STYLE = resource("failure.css");
    private static final String SCRIPT = resource("failure.js");
    private static final String ASKS_AGAIN = resource("asks-again.js");

    static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; style-src " + hash(STYLE) + "; script-src " + hash(SCRIPT) + " " + hash(ASKS_AGAIN)
                    + "; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

    private static final int MOST_OWN_FRAMES = 20;

    private static final String RELOAD_AFTER_SECONDS = "5";

    private final Html html = new Html();
    private final Failure failure;
    private final Problem problem;
    private final List<Place> allPlaces;
    private final Optional<String> editor;

    private FailurePage(Failure failure, Optional<String> editor) {
        this.failure = failure;
        this.problem = failure.problem();
        this.allPlaces = problem.allPlaces();
        this.editor = editor;
    }

    /**
     * Returns a page that listens until its address has another answer.
     *
     * @param editor the token with which the page may request that places are opened; empty if there is no editor
     * @param reloads whether the page may request its address again then
     */
    static String listening(Failure failure, Optional<String> editor, boolean reloads) {
        FailurePage page = new FailurePage(failure, editor);
        page.head("");
        page.html.raw("<body data-problem=\"").text(failure.id()).raw("\"");
        editor.ifPresent(token -> page.html.raw(" data-editor=\"").text(token).raw("\""));
        page.html.raw(reloads ? " data-reloads>\n" : ">\n");
        page.content();
        page.html.raw("<script>").raw(SCRIPT).raw("</script>\n");
        return page.end();
    }

    /**
     * Returns a page for any client: it keeps no connection.
     *
     * @param reloads whether the page may request its address again, every few seconds, until that has another answer
     */
    static String silent(Failure failure, boolean reloads) {
        FailurePage page = new FailurePage(failure, Optional.empty());
        page.head(
                reloads
                        ? "<noscript><meta http-equiv=\"refresh\" content=\"" + RELOAD_AFTER_SECONDS
                                + "\"></noscript>\n"
                        : "");
        page.html.raw("<body data-problem=\"").text(failure.id()).raw("\">\n");
        page.content();
        if (reloads) {
            page.html.raw("<script>").raw(ASKS_AGAIN).raw("</script>\n");
        }
        return page.end();
    }

    private void head(String more) {
        html.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .raw(more)
                .raw("<title>503 ")
                .text(Headline.of(problem))
                .raw("</title>\n<style>")
                .raw(STYLE)
                .raw("</style>\n</head>\n");
    }

    private void content() {
        html.raw("<main>\n<h1>").text(Headline.of(problem)).raw("</h1>\n");
        if (!Headline.of(problem).equals(problem.summary())) {
            html.raw("<p class=\"summary\">").text(problem.summary()).raw("</p>\n");
        }
        problem.placesByLine().forEach(this::line);
        problem.causes().forEach(this::cause);
        output();
        failure.tests().ifPresent(this::tests);
        html.raw("</main>\n");
        footer();
    }

    private void tests(String result) {
        html.raw("<section>\n<h2>The last tests</h2>\n");
        pre("output", "the result of the last tests");
        html.text(result).raw("\n</pre>\n</section>\n");
    }

    private String end() {
        return html.raw("</body>\n</html>\n").toString();
    }

    /**
     * Writes the problems of one line of a file.
     *
     * @param places the places, all on that line
     */
    private void line(List<Place> places) {
        html.raw("<section>\n");
        for (Place place : places) {
            message(place);
            html.raw("<p class=\"position\">");
            position(place);
            html.raw("</p>\n");
        }
        excerpt(places);
        html.raw("</section>\n");
    }

    /**
     * Writes a place's message. The first place's message is shortened by its first line, which is the heading of the
     * page.
     */
    private void message(Place place) {
        String message = place.message();
        if (place.equals(problem.places().get(0)) && message.startsWith(Headline.of(problem))) {
            message = message.substring(Headline.of(problem).length()).strip();
        }
        if (!message.isBlank()) {
            html.raw("<h2 class=\"message\">").text(message).raw("</h2>\n");
        }
    }

    private void position(Place place) {
        if (editor.isPresent() && !place.excerpt().isEmpty()) {
            html.raw("<button type=\"button\" title=\"open in the editor\" data-place=\"")
                    .text(String.valueOf(allPlaces.indexOf(place)))
                    .raw("\">")
                    .text(place.position())
                    .raw("</button>");
        } else {
            html.raw("<code>").text(place.position()).raw("</code>");
        }
    }

    private void excerpt(List<Place> places) {
        List<Line> excerpt = places.get(0).excerpt();
        if (excerpt.isEmpty()) {
            return;
        }
        pre("source", "source of " + places.get(0).position());
        for (Line line : excerpt) {
            html.raw(line.marked() ? "<b>" : "<span>")
                    .raw("<i>")
                    .text(ExcerptLines.numbered(line))
                    .raw("</i><code>");
            marked(line, places);
            html.raw(line.marked() ? "</code></b>\n" : "</code></span>\n");
        }
        html.raw("</pre>\n");
    }

    /** Writes a line with its tokens marked. An empty token at the end of the line is marked as a blank. */
    private void marked(Line line, List<Place> places) {
        String text = line.text();
        int from = 0;
        for (ColumnSpan spot : ColumnSpan.in(line, places)) {
            html.text(text.substring(from, spot.start()))
                    .raw("<mark>")
                    .text(spot.start() == text.length() ? " " : text.substring(spot.start(), spot.end()))
                    .raw("</mark>");
            from = spot.end();
        }
        html.text(text.substring(from));
    }

    private void cause(Cause cause) {
        html.raw("<section>\n<h2>")
                .text(problem.summarySays(cause) ? "It was thrown here" : heading(cause.line()))
                .raw("</h2>\n");
        List<Frame> own = cause.frames().stream()
                .filter(Frame::own)
                .limit(MOST_OWN_FRAMES)
                .toList();
        own.forEach(this::ownFrame);
        if (!cause.frames().isEmpty()) {
            fold(own.isEmpty(), "The whole stack, innermost call first", "stack");
            cause.frames()
                    .forEach(frame -> html.raw(frame.own() ? "<b>" : "<span>")
                            .text("at " + frame.text())
                            .raw(frame.own() ? "</b>\n" : "</span>\n"));
            html.raw("</pre>\n</details>\n");
        }
        html.raw("</section>\n");
    }

    private static String heading(String line) {
        return line.substring(0, 1).toUpperCase(Locale.ROOT) + line.substring(1);
    }

    private void ownFrame(Frame frame) {
        html.raw("<p class=\"frame\"><b>").text("at " + frame.text()).raw("</b>");
        frame.place().ifPresent(place -> {
            html.raw(" ");
            position(place);
        });
        html.raw("</p>\n");
        frame.place().map(List::of).ifPresent(this::excerpt);
    }

    private void output() {
        if (!problem.output().isEmpty()) {
            boolean allThereIs = problem.places().isEmpty() && problem.causes().isEmpty();
            String whole = problem.dropped() == 0 ? "The whole output" : "The output";
            fold(allThereIs, whole + " of the build" + problem.exceptDropped(), "output");
            problem.output().forEach(line -> html.text(line).raw("\n"));
            html.raw("</pre>\n</details>\n");
        }
    }

    private void fold(boolean open, String title, String kind) {
        html.raw(open ? "<details open>" : "<details>")
                .raw("<summary>")
                .text(title)
                .raw("</summary>\n");
        pre(kind, title);
    }

    /** Begins text that may be wider than the window: the keyboard can scroll what has the focus. */
    private void pre(String kind, String label) {
        html.raw("<pre class=\"")
                .raw(kind)
                .raw("\" tabindex=\"0\" role=\"group\" aria-label=\"")
                .text(label)
                .raw("\">");
    }

    private void footer() {
        html.raw("<footer>\n");
        failure.lastGoodBuild(Instant.now())
                .ifPresent(age -> html.raw("<p>").text(age).raw("</p>\n"));
        html.raw("<p id=\"next\" role=\"status\">The supervisor holds the port and waits for the next build;")
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
