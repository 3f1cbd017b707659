package dev.supervisor.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.ApplicationBuilder;
import dev.supervisor.Event;
import dev.supervisor.compile.Project.Module;
import dev.supervisor.compile.Project.Resources;
import dev.supervisor.compile.Project.Tests;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class ResidentTestsTest {

    private static final String CALCULATOR = """
            package app;
            public class Calculator { public static int add(int a, int b) { return a + b; } }
            """;
    private static final String CALCULATOR_TEST = """
            package app;
            import static org.junit.jupiter.api.Assertions.assertEquals;
            import org.junit.jupiter.api.Test;
            class CalculatorTest {
                @Test void adds() {
                    assertEquals(3, Calculator.add(1, 2));
                }
                @Test void addsNothing() { assertEquals(1, Calculator.add(1, 0)); }
            }
            """;
    private static final String GREETING = """
            package app;
            public class Greeting { public static String text() { return Punctuation.mark("hello"); } }
            """;
    private static final String PUNCTUATION = """
            package app;
            class Punctuation { static String mark(String text) { return text + "!"; } }
            """;
    private static final String GREETING_TEST = """
            package app;
            import static org.junit.jupiter.api.Assertions.assertEquals;
            import org.junit.jupiter.api.Test;
            class GreetingTest {
                @Test void greets() { assertEquals("hello!", Greeting.text()); }
            }
            """;

    /** Never ends, whatever interrupts it. Its begin is a file. */
    private static final String ENDLESS_TEST = """
            package app;
            import org.junit.jupiter.api.Test;
            class EndlessTest {
                @Test void waits() throws Exception {
                    java.nio.file.Files.createFile(java.nio.file.Path.of("BEGUN"));
                    while (true) {
                        try {
                            Thread.sleep(1000);
                        } catch (InterruptedException e) {
                            // goes on
                        }
                    }
                }
            }
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    @SuppressWarnings("NullAway.Init")
    private ResidentTests tests;

    @SuppressWarnings("NullAway.Init")
    private ResidentBuilder builder;

    private final ApplicationBuilder.Observer observer = new ApplicationBuilder.Observer() {
        @Override
        public void unsettled(Path source) {}

        @Override
        public void began() {}

        @Override
        public void said(String line) {}

        @Override
        public void ended(ApplicationBuilder.Outcome outcome) {}

        @Override
        public void tested(Event event) {
            events.add(event);
        }
    };

    @BeforeEach
    void make() throws IOException {
        write("src/app/Calculator.java", CALCULATOR);
        write("src/app/Greeting.java", GREETING);
        write("src/app/Punctuation.java", PUNCTUATION);
        write("tests/app/CalculatorTest.java", CALCULATOR_TEST);
        write("tests/app/GreetingTest.java", GREETING_TEST);
        ProjectCompiler compiler = new ProjectCompiler(new Source(), directory.resolve("state"));
        tests = new ResidentTests(
                compiler, new ProjectWatcher.Settings(directory.resolve("state"), List.of(), Optional.empty()));
        tests.open(observer);
        builder = new ResidentBuilder(compiler, observer, Optional.of(tests));
    }

    @AfterEach
    void close() {
        tests.close();
    }

    private final class Source implements ProjectSource {

        @Override
        public Project read() {
            Path classes = directory.resolve("classes");
            List<Path> junit = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                    .map(Path::of)
                    .filter(path -> path.toString().matches(".*/(junit|opentest4j|apiguardian|jspecify)[^/].*\\.jar"))
                    .toList();
            Module module = new Module(
                    "app",
                    directory,
                    List.of(directory.resolve("src")),
                    classes,
                    directory.resolve("generated"),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    "",
                    "");
            Tests found = new Tests(
                    List.of(directory.resolve("tests")),
                    directory.resolve("test-classes"),
                    directory.resolve("generated-tests"),
                    Stream.concat(Stream.of(classes), junit.stream()).toList(),
                    List.of(),
                    List.of(),
                    List.of("-g"),
                    List.of(new Resources(directory.resolve("test-resources"), "")),
                    List.of());
            return new Project(directory, classes, List.of(), List.of(), List.of(module.with(found)));
        }

        @Override
        public boolean isOutdated() {
            return false;
        }

        @Override
        public Delegate delegate() {
            return Delegate.none();
        }
    }

    private void write(String name, String content) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    /** Saves a source, and builds as the supervisor does. */
    private void save(String name, String content) throws Exception {
        write(name, content);
        builder.changed(directory.resolve(name));
        builder.build(() -> {});
    }

    private Event next() throws InterruptedException {
        Event event = events.poll(60, TimeUnit.SECONDS);
        assertNotNull(event, "nothing has been said of tests");
        return event;
    }

    private Event.Tested tested(int classes) throws InterruptedException {
        assertEquals(new Event.Testing(classes), next());
        return assertInstanceOf(Event.Tested.class, next());
    }

    private static List<Integer> counts(Event.Tested tested) {
        return Arrays.asList(tested.classes(), tested.succeeded(), tested.failed(), tested.skipped());
    }

    private void writeEndlessTest() throws IOException {
        String place = directory.resolve("begun").toString().replace("\\", "\\\\");
        write("tests/app/EndlessTest.java", ENDLESS_TEST.replace("BEGUN", place));
    }

    private void awaitEndlessTest() throws Exception {
        Path begun = directory.resolve("begun");
        while (!Files.deleteIfExists(begun)) {
            Thread.sleep(10); // the time-out of the test is the limit
        }
    }

    private void buildFirst() throws Exception {
        builder.build(() -> {});
        assertEquals(List.of(2, 3, 0, 0), counts(tested(2)));
    }

    @Test
    void theTestsThatDependOnAChangeAreRunAndOthersAreNot() throws Exception {
        buildFirst();
        save("src/app/Calculator.java", CALCULATOR.replace("a + b", "b + a"));
        assertEquals(List.of(1, 2, 0, 0), counts(tested(1)));
    }

    @Test
    void aTestDependsOnWhatTheClassesThatItUsesUse() throws Exception {
        buildFirst();
        save("src/app/Punctuation.java", PUNCTUATION.replace("text + \"!\"", "text.strip() + \"!\""));
        assertEquals(List.of(1, 1, 0, 0), counts(tested(1)));
    }

    @Test
    void aFailureIsReportedWithItsPlaceAndTestedAgainUntilItIsMended() throws Exception {
        buildFirst();
        save("src/app/Calculator.java", CALCULATOR.replace("a + b", "a * b"));
        Event.Tested failed = tested(1);
        assertEquals(List.of(1, 0, 2, 0), counts(failed));
        assertTrue(
                failed.failures()
                        .contains(new Event.TestFailure(
                                "app.CalculatorTest",
                                "adds()",
                                "expected: <3> but was: <2>",
                                "CalculatorTest.java",
                                6)),
                () -> failed.failures().toString());
        save("src/app/Greeting.java", GREETING.replace("hello", "good day"));
        assertEquals(List.of(2, 0, 3, 0), counts(tested(2)));
        save("src/app/Calculator.java", CALCULATOR);
        assertEquals(List.of(2, 2, 1, 0), counts(tested(2)));
    }

    @Test
    void aChangedTestIsRunWithoutABuild() throws Exception {
        buildFirst();
        write("tests/app/GreetingTest.java", GREETING_TEST.replace("hello!", "bye"));
        assertEquals(List.of(1, 0, 1, 0), counts(tested(1)));
    }

    @Test
    void allTestsAreRunWhenThatIsAskedFor() throws Exception {
        buildFirst();
        tests.runAll();
        assertEquals(List.of(2, 3, 0, 0), counts(tested(2)));
    }

    @Test
    void anErrorInATestIsNoFailedBuild() throws Exception {
        buildFirst();
        write("src/app/Calculator.java", CALCULATOR.replace(" add(", " sum("));
        builder.changed(directory.resolve("src/app/Calculator.java"));
        assertInstanceOf(ApplicationBuilder.Built.class, builder.build(() -> {}));
        Event.NotTested not = assertInstanceOf(Event.NotTested.class, next());
        assertEquals("the tests can't be compiled: 2 errors of the compiler", not.summary());
        assertEquals(
                directory.resolve("tests/app/CalculatorTest.java"),
                not.places().get(0).file());
        assertEquals(6, not.places().get(0).line());
        save("src/app/Calculator.java", CALCULATOR.replace("a + b", "b + a"));
        assertEquals(List.of(1, 2, 0, 0), counts(tested(1)));
    }

    @Test
    void aTestThatNeverEndsIsAbandonedAtTheNextSave() throws Exception {
        writeEndlessTest();
        builder.build(() -> {});
        assertEquals(new Event.Testing(3), next());
        awaitEndlessTest();
        save("src/app/Calculator.java", CALCULATOR.replace("a + b", "b + a"));
        Event.NotTested not = assertInstanceOf(Event.NotTested.class, next());
        assertTrue(not.summary().contains("app.EndlessTest.waits (EndlessTest.java:"), not::summary);
        assertEquals(new Event.Testing(3), next()); // nothing has been tested yet
        awaitEndlessTest();
        Files.delete(directory.resolve("tests/app/EndlessTest.java"));
        assertInstanceOf(Event.NotTested.class, next());
        assertEquals(List.of(2, 3, 0, 0), counts(tested(2)));
    }

    @Test
    void aTestThatEndsTheJvmFails() throws Exception {
        write(
                "tests/app/CalculatorTest.java",
                CALCULATOR_TEST.replace("assertEquals(1, Calculator.add(1, 0))", "System.exit(1)"));
        builder.build(() -> {});
        Event.Tested tested = tested(2);
        assertEquals(List.of(2, 2, 1, 0), counts(tested));
        assertEquals(
                "System.exit(1) would end the supervisor",
                tested.failures().get(0).message());
    }

    @Test
    void aTestIsCompiledAgainWhenASuperclassOfWhatItExtendsHasChanged() throws Exception {
        write("src/app/Upper.java", "package app; public abstract class Upper { }");
        write("src/app/Lower.java", "package app; public abstract class Lower extends Upper { }");
        write("tests/app/LowerTest.java", """
                package app;
                class LowerTest extends Lower { @org.junit.jupiter.api.Test void is() { } }
                """);
        builder.build(() -> {});
        assertEquals(List.of(3, 4, 0, 0), counts(tested(3)));
        save("src/app/Upper.java", "package app; public abstract class Upper { abstract int number(); }");
        Event.NotTested not = assertInstanceOf(Event.NotTested.class, next());
        assertEquals("the tests can't be compiled: 1 error of the compiler", not.summary());
    }

    @Test
    void testsWithoutAnEndAreBegunAFewTimesOnly() throws Exception {
        writeEndlessTest();
        builder.build(() -> {});
        for (int run = 0; run < 3; run++) {
            assertEquals(new Event.Testing(3), next());
            awaitEndlessTest();
            tests.runAll();
            assertInstanceOf(Event.NotTested.class, next());
        }
        Event.NotTested not = assertInstanceOf(Event.NotTested.class, next());
        assertTrue(not.summary().startsWith("no tests are run, since 3 runs before don't end"), not::summary);
    }
}
