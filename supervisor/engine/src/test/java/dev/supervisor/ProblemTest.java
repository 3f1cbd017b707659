package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Problem.Cause;
import dev.supervisor.Problem.Frame;
import dev.supervisor.Problem.Line;
import dev.supervisor.Problem.Place;
import dev.supervisor.Problem.Source;
import dev.supervisor.failure.Headline;
import dev.supervisor.failure.PlainText;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
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
                "no\n  caused by: java.lang.Exception: outer\n  caused by: java.lang.Error: inner",
                PlainText.chain(problem));
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
                """, PlainText.of(problem));
    }

    @Test
    void aRemarkIsNoCause() {
        Problem problem = new Problem(
                        "it answered 503", List.of(Cause.remark("the body begins with 'DOWN'", List.of())))
                .located(Map.of())
                .withOptionNames(text -> text);
        assertEquals("it answered 503\n  the body begins with 'DOWN'", PlainText.chain(problem));
        assertEquals("it answered 503\n\nthe body begins with 'DOWN'\n", PlainText.of(problem));
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
                        new Frame("a.B.c(B.java:1)", true, Optional.of(new Source("a/B.java", 1)), Optional.empty()),
                        new Frame("a.B.c(B.java)", false),
                        new Frame("a.B.c(unknown source)", false),
                        new Frame("a.B.c(native method)", false)),
                frames);
    }

    @Test
    void theSourceOfAFrameStandsByItsPackage() {
        List<Frame> frames = Problem.frames(
                stack(
                        new StackTraceElement("a.b.C$D", "e", "C.java", 7),
                        new StackTraceElement("C", "e", "C.java", 8),
                        new StackTraceElement("a.C", "e", "C.java", -1)),
                frame -> true);
        assertEquals(
                List.of(
                        Optional.of(new Source("a/b/C.java", 7)),
                        Optional.of(new Source("C.java", 8)),
                        Optional.empty()),
                frames.stream().map(Frame::source).toList());
    }

    private static Place place(int line) {
        return new Place("src/A.java", Path.of("/src/A.java"), line, 0, "no\nreally", List.of());
    }

    @Test
    void theSameFrameIsLocatedWhereItComesFirst() {
        Frame frame = new Frame("a.B.c(B.java:1)", true);
        Frame other = new Frame("a.B.d(B.java:2)", true);
        Problem problem = new Problem(
                "no", List.of(new Cause("outer", List.of(other, frame)), new Cause("inner", List.of(frame, frame))));
        Problem located = problem.located(Map.of(frame, place(1)));
        assertEquals(List.of(place(1)), located.allPlaces());
        assertEquals(
                Optional.of(place(1)), located.causes().get(0).frames().get(1).place());
        assertEquals(problem, problem.located(Map.of()));
    }

    @Test
    void theTerminalSeesWhereTheErrorsAreButNotAHundredOfThem() {
        List<Place> places =
                IntStream.rangeClosed(1, 12).mapToObj(ProblemTest::place).toList();
        String chain = PlainText.chain(new Problem("the build failed", places, List.of(), List.of("output")));
        assertTrue(
                chain.startsWith("the build failed\n  src/A.java:1: no\n    really\n  src/A.java:2: no\n    really\n"),
                chain);
        assertTrue(chain.endsWith("\n  src/A.java:10: no\n    really\n  and 2 more"), chain);
    }

    @Test
    void theTerminalSeesAllOfWhatJavacSaysOfAPlace() {
        Place place = new Place(
                "A.java",
                Path.of("/A.java"),
                3,
                0,
                "cannot find symbol\n  symbol:   class B\n  location: class A",
                List.of());
        assertEquals(
                "no\n  A.java:3: cannot find symbol\n      symbol:   class B\n      location: class A",
                PlainText.chain(new Problem("no", List.of(place), List.of(), List.of())));
    }

    @Test
    void theTerminalSeesNoLineTwice() {
        Exception failure = thrown("e", null, new StackTraceElement("a.Mine", "start", "Mine.java", 7));
        Problem problem = Problem.of("it failed to start: java.lang.Exception: e", failure, frame -> true);
        assertEquals(
                "it failed to start: java.lang.Exception: e\n    at a.Mine.start(Mine.java:7)",
                PlainText.chain(problem));
    }

    @Test
    void plainTextShowsThePlacesWithTheSpotMarkedAndTheOutput() {
        List<Line> excerpt =
                List.of(new Line(9, "class A {", false), new Line(10, "\tint \tx = 1", true), new Line(11, "}", false));
        Place place = new Place("src/A.java", Path.of("/src/A.java"), 10, 12, "';' expected", excerpt);
        Problem problem = new Problem("the build failed", List.of(place), List.of(), List.of("1 error"));
        assertEquals("""
                the build failed

                src/A.java:10:12: ';' expected
                       9 | class A {
                  >   10 | \tint \tx = 1
                         | \t    \t     ^
                      11 | }

                the output of the build:
                  1 error
                """, PlainText.of(problem));
    }

    @Test
    void whatWouldMoveATerminalsCursorIsShownAsWhatItIs() {
        Problem problem = new Problem(
                "a\u001b[31mb\u001b[0mc\u001b]0;title\u0007d\re\u202ef\r\ng", List.of(), List.of(), List.of("x\by"));
        assertEquals("abcd\ufffde\ufffdf\ng\n\nthe output of the build:\n  x\ufffdy\n", PlainText.of(problem));
        assertTrue(PlainText.chain(problem).startsWith("abcd\ufffd"));
    }

    @Test
    void anEndlessRecursionIsCutShort() {
        StackTraceElement[] deep = new StackTraceElement[5000];
        Arrays.fill(deep, new StackTraceElement("a.B", "c", "B.java", 1));
        int frames = Problem.frames(deep, frame -> true).size();
        assertTrue(frames > 0 && frames < 1000, frames + " frames");
    }

    @Test
    void errorsOfOneLineShareItsSourceAndTheirTokensAreMarked() {
        List<Line> excerpt = List.of(new Line(3, "\tfoo(bar, 😀);", true));
        Path file = Path.of("/src/A.java");
        Problem problem = new Problem(
                "no",
                List.of(
                        new Place("A.java", file, 3, 6, "no bar", excerpt),
                        new Place("A.java", file, 3, 11, "no smile", excerpt)),
                List.of(),
                List.of());
        assertEquals("""
                no

                A.java:3:6: no bar
                A.java:3:11: no smile
                  >    3 | \tfoo(bar, 😀);
                         | \t    ^^^  ^
                """, PlainText.of(problem));
    }

    @Test
    void theHeadlineOfABuildInNoKnownFormIsTheLineThatSpeaksOfAnError() {
        assertEquals(
                "Failed to execute goal on project app: Could not resolve dependencies",
                headline(
                        "[INFO] Scanning for projects...",
                        "[INFO] BUILD FAILURE",
                        "[ERROR] ",
                        "[ERROR] Failed to execute goal on project app: Could not resolve dependencies",
                        "[ERROR] -> [Help 1]"));
        assertEquals(
                "Execution failed for task ':test'.",
                headline(
                        "0 errors",
                        "FAILURE: Build failed with an exception.",
                        "* What went wrong:",
                        "Execution failed for task ':test'.",
                        "BUILD FAILED in 1s"));
        assertEquals("sh: 1: mvnn: not found", headline("hello", "sh: 1: mvnn: not found", ""));
        assertEquals("bye", headline("hello", "bye", " "));
        assertEquals("the build failed", headline());
        assertEquals("the build failed", headline("", " "));
    }

    private static String headline(String... output) {
        return Headline.of(new Problem("the build failed", List.of(), List.of(), List.of(output)));
    }

    @Test
    void aLongMessageIsCutShort() {
        String text = texts(Problem.of("no", new Exception("x".repeat(50_000_000)), frame -> false))
                .get(0);
        assertTrue(text.startsWith("java.lang.Exception: xxx"), text);
        assertTrue(text.endsWith("x... (49990021 more characters)"), text);
    }

    @Test
    void ofManyCausesTheFirstAndTheLastAreTold() {
        Exception cause = new Exception("0");
        for (int i = 1; i < 1000; i++) {
            cause = new Exception("" + i, cause);
        }
        List<String> texts = texts(Problem.of("no", cause, frame -> false));
        assertEquals(21, texts.size());
        assertEquals("java.lang.Exception: 999", texts.get(0));
        assertEquals("(980 more)", texts.get(10));
        assertEquals("java.lang.Exception: 0", texts.get(20));
    }

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void causesWithoutAnEndAreCutShort() {
        assertEquals(21, texts(Problem.of("no", new Endless(), frame -> false)).size());
    }

    /** A new cause each time that it is asked. */
    private static final class Endless extends Exception {
        private static final long serialVersionUID = 1L;

        @Override
        public synchronized Throwable getCause() {
            return new Endless();
        }
    }

    @Test
    void aStackThatMakesNoSenseIsNone() {
        Problem problem = Problem.of("no", new Odd(), frame -> false);
        assertEquals(List.of(), problem.causes().get(0).frames());
    }

    private static final class Odd extends Exception {
        private static final long serialVersionUID = 1L;

        @Override
        public StackTraceElement[] getStackTrace() {
            return new StackTraceElement[3];
        }
    }
}
