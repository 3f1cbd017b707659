package dev.supervisor.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
