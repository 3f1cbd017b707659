package dev.supervisor.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import dev.supervisor.Problem;
import dev.supervisor.Problem.Cause;
import dev.supervisor.Problem.Frame;
import dev.supervisor.Problem.Line;
import dev.supervisor.Problem.Place;
import dev.supervisor.text.VisibleText;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ProblemJsonTest {

    /** A terminal's command in one character, and a change of the direction of reading. */
    private static final String BAD = "\u009b2J\u202e";

    private static JsonElement json(Problem problem) {
        return JsonParser.parseString(ProblemJson.of(new Failure(problem, Optional.empty()), 503, "Unavailable"));
    }

    private static JsonElement expected(String members) {
        return JsonParser.parseString("{'type': 'about:blank', 'title': 'Unavailable', 'status': 503, 'detail': 'it"
                + " failed', " + members + "}");
    }

    @Test
    void aPlaceIsAFileWithALineAndWhatTheCompilerSaysOfIt() {
        Place whole = new Place(
                "src/A.java",
                Path.of("/p/src/A.java"),
                3,
                7,
                "';' expected",
                List.of(new Line(2, "class A {", false), new Line(3, "  int a", true)));
        Place bare = new Place("src/B.java", Path.of("/p/src/B.java"), 5, 0, "", List.of());
        assertEquals(expected("""
                        'places': [
                            {'file': 'src/A.java', 'line': 3, 'column': 7, 'message': "';' expected", 'excerpt': [
                                {'number': 2, 'text': 'class A {'},
                                {'number': 3, 'text': '  int a', 'marked': true}]},
                            {'file': 'src/B.java', 'line': 5}]
                        """), json(new Problem("it failed", List.of(whole, bare), List.of(), List.of())));
    }

    @Test
    void aCauseHasItsFramesWithTheirPlacesInTheOrderOfTheStack() {
        Place place = new Place("src/A.java", Path.of("/p/src/A.java"), 3, 0, "", List.of(new Line(3, "throw", true)));
        Cause first = new Cause(
                "java.lang.IllegalStateException: no luck",
                List.of(
                        new Frame("java.util.List.of(List.java:1)", false, Optional.empty(), Optional.empty()),
                        new Frame("app.A.start(A.java:3)", true, Optional.empty(), Optional.of(place))));
        Cause second = new Cause("caused by something", List.of());
        assertEquals(expected("""
                        'causes': [
                            {'text': 'java.lang.IllegalStateException: no luck', 'frames': [
                                {'text': 'java.util.List.of(List.java:1)', 'own': false},
                                {'text': 'app.A.start(A.java:3)', 'own': true, 'place':
                                    {'file': 'src/A.java', 'line': 3, 'excerpt': [
                                        {'number': 3, 'text': 'throw', 'marked': true}]}}]},
                            {'text': 'caused by something'}]
                        """), json(new Problem("it failed", List.of(), List.of(first, second), List.of())));
    }

    @Test
    void noTextCommandsATerminal() {
        Place place =
                new Place("A" + BAD, Path.of("A"), 1, 1, "message" + BAD, List.of(new Line(1, "line" + BAD, true)));
        Frame frame = new Frame("frame" + BAD, true, Optional.empty(), Optional.of(place));
        Problem problem = new Problem(
                "summary" + BAD,
                List.of(place),
                List.of(new Cause("cause" + BAD, List.of(frame))),
                List.of("output" + BAD));
        String json = ProblemJson.of(new Failure(problem, Optional.empty()), 503, "Service Unavailable");
        assertEquals(VisibleText.of(json), json);
    }
}
