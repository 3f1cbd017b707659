package dev.supervisor.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.Diagnostic;
import dev.supervisor.Event;
import dev.supervisor.Event.TestFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TestsTextTest {

    private static final Duration TOOK = Duration.ofMillis(412);
    private static final TestFailure FAILURE =
            new TestFailure("app.CalculatorTest", "adds()", "expected: <3> but was: <4>", "CalculatorTest.java", 12);

    @Test
    void aSuccessIsOneLine() {
        assertEquals(
                "12 tests of 3 classes passed in 0.4 s", TestsText.of(new Event.Tested(3, 12, 0, 0, TOOK, List.of())));
        assertEquals(
                "1 test of 1 class passed in 0.4 s, 2 skipped",
                TestsText.of(new Event.Tested(1, 1, 0, 2, TOOK, List.of())));
    }

    @Test
    void aFailureIsToldWithItsPlace() {
        assertEquals(
                "1 of 12 tests failed: CalculatorTest.adds: expected: <3> but was: <4> (CalculatorTest.java:12)",
                TestsText.of(new Event.Tested(3, 11, 1, 0, TOOK, List.of(FAILURE))));
    }

    @Test
    void eachOfSomeFailuresHasALineAndManyAreCounted() {
        TestFailure ofClass = new TestFailure("A", "", "\u001b[2Jno", "", 0);
        assertEquals(
                "2 of 2 tests failed:\n  A: no\n  A: no",
                TestsText.of(new Event.Tested(1, 0, 2, 0, TOOK, List.of(ofClass, ofClass))));
        String many = TestsText.of(new Event.Tested(1, 0, 13, 0, TOOK, Collections.nCopies(13, ofClass)));
        assertEquals(12, many.lines().count());
        assertEquals("  and 3 more", many.lines().reduce((first, last) -> last).orElseThrow());
    }

    @Test
    void anErrorOfTheCompilerHasItsPlace() {
        Diagnostic error = new Diagnostic(Path.of("src/ATest.java").toAbsolutePath(), 3, 5, "cannot find symbol");
        assertEquals(
                "the tests can't be compiled: 1 error of the compiler\n  src/ATest.java:3:5: cannot find symbol",
                TestsText.of(
                        new Event.NotTested("the tests can't be compiled: 1 error of the compiler", List.of(error))));
    }
}
