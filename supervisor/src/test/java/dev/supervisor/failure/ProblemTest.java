package dev.supervisor.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.failure.Problem.Cause;
import dev.supervisor.failure.Problem.Frame;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class ProblemTest {

    private static StackTraceElement[] stack(StackTraceElement... elements) {
        return elements;
    }

    private static Exception thrown(String message, @Nullable Throwable cause, StackTraceElement... stack) {
        Exception exception = new Exception(message, cause);
        exception.setStackTrace(stack);
        return exception;
    }

    private static List<String> texts(Problem problem) {
        return problem.causes().stream().map(Cause::text).toList();
    }

    @Test
    void causesAreToldFromTheOutermostOn() {
        Problem problem = Problem.of("no", thrown("outer", new Error("inner")), frame -> false);
        assertEquals(List.of("java.lang.Exception: outer", "java.lang.Error: inner"), texts(problem));
        assertEquals(
                "no\n  caused by: java.lang.Exception: outer\n  caused by: java.lang.Error: inner", problem.chain());
    }

    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void causesThatGoRoundInACircleAreToldOnce() {
        Exception inner = new Exception("inner");
        Exception outer = new Exception("outer", inner);
        inner.initCause(outer);
        assertEquals(
                List.of("java.lang.Exception: outer", "java.lang.Exception: inner"),
                texts(Problem.of("no", outer, frame -> false)));
    }

    @Test
    void anExceptionThatCantDescribeItselfIsNamed() {
        Problem problem = Problem.of("no", new Speechless(), frame -> false);
        assertEquals(List.of(Speechless.class.getName()), texts(problem));
    }

    private static final class Speechless extends Exception {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("speechless");
        }
    }

    @Test
    void theApplicationsOwnFramesAreMarked() {
        Exception failure = thrown(
                "e",
                null,
                new StackTraceElement("a.Mine", "start", "Mine.java", 7),
                new StackTraceElement("b.Theirs", "run", "Theirs.java", 8));
        Problem problem =
                Problem.of("no", failure, frame -> frame.getClassName().startsWith("a."));
        assertEquals("""
                no

                caused by: java.lang.Exception: e
                  > at a.Mine.start(Mine.java:7)
                    at b.Theirs.run(Theirs.java:8)
                """, problem.details());
    }

    @Test
    void framesAreTheSameWhateverLoadedTheirClass() {
        List<Frame> frames = Problem.frames(
                stack(
                        new StackTraceElement("generation-7", "m", "1", "a.B", "c", "B.java", 1),
                        new StackTraceElement("a.B", "c", "B.java", -1),
                        new StackTraceElement("a.B", "c", null, -1),
                        new StackTraceElement("a.B", "c", "B.java", -2)),
                frame -> "generation-7".equals(frame.getClassLoaderName()));
        assertEquals(
                List.of(
                        new Frame("a.B.c(B.java:1)", true),
                        new Frame("a.B.c(B.java)", false),
                        new Frame("a.B.c(unknown source)", false),
                        new Frame("a.B.c(native method)", false)),
                frames);
    }

    @Test
    void anEndlessRecursionIsCutShort() {
        StackTraceElement[] deep = new StackTraceElement[5000];
        Arrays.fill(deep, new StackTraceElement("a.B", "c", "B.java", 1));
        int frames = Problem.frames(deep, frame -> true).size();
        assertTrue(frames > 0 && frames < 1000, frames + " frames");
    }
}
