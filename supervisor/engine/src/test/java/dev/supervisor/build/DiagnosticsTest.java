package dev.supervisor.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Diagnostic;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The resources are what the tools have said, but for the directory that the project was in. */
@DisabledOnOs(OS.WINDOWS)
final class DiagnosticsTest {

    private static final Path PROJECT = Path.of("/home/dev/hello");
    private static final String GREETING = "src/main/java/hello/Greeting.java";
    private static final String HELLO = "src/main/java/hello/Hello.java";

    /** The lines that the columns are of, in the project that the outputs are of. */
    private static final List<String> HELLO_LINES = List.of(
            "package hello;",
            "",
            "import java.util.Arrays;",
            "import java.util.List;",
            "",
            "class Hello {",
            "\tvoid start() {",
            "\t\tint port = \"8080\";",
            "\t\tString body = greeting(",
            "\t\t\t\tunknown);",
            "\t\tList<String> names = Arrays.asList(1, 2);",
            "\t}",
            "}");

    private static List<String> output(String resource) throws IOException {
        try (InputStream file = DiagnosticsTest.class.getResourceAsStream(resource)) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    /** {@code file:line:column: message}, each. */
    private static List<String> found(List<String> output) {
        return Diagnostics.of(PROJECT, output).stream()
                .map(each -> PROJECT.relativize(each.file()) + ":" + each.line() + ":" + column(each) + ": "
                        + each.message())
                .toList();
    }

    private static int column(Diagnostic diagnostic) {
        return diagnostic.file().endsWith("Hello.java") && diagnostic.line() <= HELLO_LINES.size()
                ? diagnostic.columnIn(HELLO_LINES.get(diagnostic.line() - 1))
                : diagnostic.column();
    }

    private static List<String> found(String output) {
        return found(output.lines().toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"javac-17.txt", "javac-25.txt", "make-javac.txt", "ant.txt"})
    void javacNamesThePlaceAndDrawsTheColumn(String resource) throws Exception {
        assertEquals(
                List.of(
                        GREETING + ":3:24: cannot find symbol\nsymbol: class Missing",
                        GREETING + ":4:5: method does not override or implement a method from a supertype",
                        GREETING + ":6:16: incompatible types: int cannot be converted to String",
                        HELLO + ":8:14: incompatible types: String cannot be converted to int",
                        HELLO + ":10:5: cannot find symbol\nsymbol:   variable unknown\nlocation: class Hello",
                        HELLO + ":11:37: incompatible types: inference variable T has incompatible bounds"
                                + "\nequality constraints: String\nlower bounds: Integer\nwhere T is a type-variable:"
                                + "\nT extends Object declared in method <T>asList(T...)"),
                found(output(resource)));
    }

    @Test
    void javacMaySpeakGerman() throws Exception {
        List<String> found = found(output("javac-25-german.txt"));
        assertEquals(6, found.size());
        assertEquals(GREETING + ":3:24: Symbol nicht gefunden\nSymbol: Klasse Missing", found.get(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"maven-several.txt", "maven-several-quiet.txt", "maven-several-colored.txt"})
    void mavenSaysEverythingTwiceAndCountsTabsAsEight(String resource) throws Exception {
        assertEquals(
                List.of(
                        GREETING + ":3:24: cannot find symbol\nsymbol: class Missing",
                        GREETING + ":4:5: method does not override or implement a method from a supertype",
                        GREETING + ":6:16: incompatible types: int cannot be converted to java.lang.String",
                        HELLO + ":8:14: incompatible types: java.lang.String cannot be converted to int",
                        HELLO + ":10:5: cannot find symbol\nsymbol:   variable unknown\nlocation: class hello.Hello",
                        HELLO + ":11:37: incompatible types: inference variable T has incompatible bounds"
                                + "\nequality constraints: java.lang.String\nlower bounds: java.lang.Integer"),
                found(output(resource)));
    }

    @Test
    void mavenThatForksCountsCharacters() throws Exception {
        List<String> found = found(output("maven-several-forked.txt"));
        assertEquals(6, found.size());
        assertEquals(HELLO + ":8:14: incompatible types: String cannot be converted to int", found.get(3));
    }

    @Test
    void oneErrorOfMavenIsOne() throws Exception {
        List<Diagnostic> found = Diagnostics.of(PROJECT, output("maven-one.txt"));
        assertEquals(1, found.size());
        assertEquals("';' expected", found.get(0).message());
        assertEquals(18, found.get(0).columnIn("\t\tint port = 8080"), "after the last character");
    }

    @ParameterizedTest
    @ValueSource(strings = {"javac-17-werror.txt", "maven-werror.txt"})
    void warningsAreFoundWhereTheyAreErrors(String resource) throws Exception {
        List<Diagnostic> found = Diagnostics.of(PROJECT, output(resource));
        assertEquals(1, found.size(), found::toString);
        assertEquals(6, found.get(0).line());
        assertEquals(2, found.get(0).columnIn("\tList names;"));
        String message = found.get(0).message();
        assertTrue(message.contains("found raw type") && message.contains("\nmissing type arguments"), message);
    }

    @Test
    void ecjShowsTheLineWithoutItsIndentation() throws Exception {
        assertEquals(
                List.of(
                        HELLO + ":8:14: Type mismatch: cannot convert from String to int",
                        HELLO + ":10:5: unknown cannot be resolved to a variable",
                        HELLO + ":11:24: Type mismatch: cannot convert from List<Integer> to List<String>",
                        GREETING + ":3:24: Missing cannot be resolved to a type",
                        GREETING + ":5:15: The method toString() of type Greeting must override or implement"
                                + " a supertype method",
                        GREETING + ":6:8: Type mismatch: cannot convert from int to String"),
                found(output("ecj.txt")));
    }

    @Test
    void ecjMaySpeakAsJavacDoes() throws Exception {
        List<String> found = found(output("ecj-emacs.txt"));
        assertEquals(6, found.size());
        assertEquals(HELLO + ":11:24: Type mismatch: cannot convert from List<Integer> to List<String>", found.get(2));
    }

    @Test
    void makeNamesItsOwnFile() throws Exception {
        assertEquals(List.of("Makefile:2:0: missing separator.  Stop."), found(output("make.txt")));
    }

    @Test
    void makeSaysWhichDirectoryFilesAreNamedFrom() throws Exception {
        assertEquals(
                List.of(
                        "app/src/A.java:2:13: incompatible types: String cannot be converted to int",
                        "lib/src/B.java:2:11: cannot find symbol\nsymbol:   method none()\nlocation: class B",
                        "src/C.java:1:0: no"),
                found(Stream.concat(output("make-directories.txt").stream(), Stream.of("src/C.java:1: error: no"))
                        .toList()));
    }

    @Test
    void whoHasAntSayItIsNotPartOfTheFile() {
        assertEquals(List.of("A.java:3:1: one", "A.java:4:1: two"), found("""
                             [exec] [ERROR] /home/dev/hello/A.java:[3,1] one
                        [groovyc] A.java:4: error: two
                        [groovyc] x
                        [groovyc] ^
                        """));
        assertEquals(List.of("[id]/A.java:3:0: no"), found("[id]/A.java:3: error: no"));
    }

    @Test
    void gradleShowsJavacAndRepeatsItAtTheEnd() {
        assertEquals(
                List.of(
                        HELLO + ":8:14: incompatible types: String cannot be converted to int",
                        HELLO + ":10:5: cannot find symbol\nsymbol:   variable unknown\nlocation: class Hello"),
                found("""
                        > Task :compileJava FAILED
                        /home/dev/hello/src/main/java/hello/Hello.java:8: error: incompatible types: String cannot be converted to int
                        \t\tint port = "8080";
                        \t\t           ^
                        /home/dev/hello/src/main/java/hello/Hello.java:10: error: cannot find symbol
                        \t\t\t\tunknown);
                        \t\t\t\t^
                          symbol:   variable unknown
                          location: class Hello
                        Note: Some input files use unchecked or unsafe operations.
                        2 errors

                        FAILURE: Build failed with an exception.

                        * What went wrong:
                        Execution failed for task ':compileJava'.
                        > Compilation failed; see the compiler output below.
                          Note: Some input files use unchecked or unsafe operations./home/dev/hello/src/main/java/hello/Hello.java:8: error: incompatible types: String cannot be converted to int
                            int port = "8080";
                                       ^/home/dev/hello/src/main/java/hello/Hello.java:10: error: cannot find symbol
                          2 errors

                        * Try:
                        > Check your code and dependencies to fix the compilation error(s)
                        > Run with --scan to get full insights.

                        BUILD FAILED in 1s
                        """));
    }

    @Test
    void whatGradleTellsAtTheEndAloneIsReadThere() {
        assertEquals(List.of(GREETING + ":6:16: incompatible types: int cannot be converted to String"), found("""
                        * What went wrong:
                        Execution failed for task ':compileJava'.
                        > Compilation failed; see the compiler output below.
                          /home/dev/hello/src/main/java/hello/Greeting.java:6: error: incompatible types: int cannot be converted to String
                                  return 1;
                                         ^
                          1 error
                        """));
    }

    @Test
    void aScriptOfGradleIsNamedWithWhatWentWrong() {
        assertEquals(
                List.of("build.gradle:3:0: A problem occurred evaluating root project 'hello'."
                        + "\n> Could not find method foo() for arguments [1] on root project 'hello'."),
                found("""
                        FAILURE: Build failed with an exception.

                        * Where:
                        Build file '/home/dev/hello/build.gradle' line: 3

                        * What went wrong:
                        A problem occurred evaluating root project 'hello'.
                        > Could not find method foo() for arguments [1] on root project 'hello'.

                        * Try:
                        > Run with --stacktrace option to get the stack trace.
                        """));
    }

    @Test
    void kotlincNamesThePlaceInOneLine() throws Exception {
        assertEquals(
                List.of(
                        "src/Hello.kt:4:18: initializer type mismatch: expected 'kotlin.Int', actual 'kotlin.String'.",
                        "src/Hello.kt:5:13: unresolved reference 'unknown'."),
                found(output("kotlinc.txt")));
    }

    @Test
    void kotlincIsUnderstoodInAllItsForms() {
        String place = "my app/src/A.kt:3:14: Unresolved reference: foo";
        for (String line : List.of(
                "e: file:///home/dev/hello/my%20app/src/A.kt:3:14 Unresolved reference: foo",
                "e: /home/dev/hello/my app/src/A.kt: (3, 14): Unresolved reference: foo",
                "e: /home/dev/hello/my app/src/A.kt:3:14: Unresolved reference: foo",
                "[ERROR] /home/dev/hello/my app/src/A.kt: (3, 14) Unresolved reference: foo",
                "my app/src/A.kt:3:14: error: Unresolved reference: foo")) {
            assertEquals(List.of(place), found(line + "\n    val x = foo\n            ^"), line);
        }
        assertEquals(List.of("build.gradle.kts:3:1: no"), found("e: file:///home/dev/hello/build.gradle.kts:3:1: no"));
        assertEquals(List.of(), found("w: file:///home/dev/hello/src/A.kt:3:14 Variable 'x' is never used"));
    }

    @Test
    void whatIsNoErrorIsNotFound() {
        assertEquals(List.of(), found("""
                src/A.java:3: warning: [unchecked] unchecked call
                error: invalid target release: 99
                [ERROR] Failed to execute goal
                [WARNING] /home/dev/hello/src/A.java:[3,14] deprecated
                [ERROR] Tests run: 1, Failures: 1
                2. WARNING in /home/dev/hello/A.java (at line 3)
                make: *** [Makefile:2: all] Error 1
                java.lang.IllegalStateException: A.java:3: oops
                \tat a.A.main(A.java:3)
                A.java:99999999999: error: no such line
                e: file://[:3:14 no
                """));
    }

    @Test
    void anErrorThatIsCutOffIsFoundAllTheSame() {
        assertEquals(List.of("A.java:3:0: cannot find symbol"), found("A.java:3: error: cannot find symbol"));
        assertEquals(
                List.of("A.java:3:0: one", "A.java:4:1: two"),
                found("A.java:3: error: one\nA.java:4: error: two\nx\n^"));
        assertEquals(List.of("A.java:3:0: "), found("1. ERROR in A.java (at line 3)"));
    }

    @Test
    void anErrorThatIsToldTwiceIsOneAndTwoAtTheSamePlaceAreTwo() {
        assertEquals(List.of("A.java:3:1: one", "A.java:3:1: two"), found("""
                        [ERROR] /home/dev/hello/A.java:[3,1] one
                        [ERROR] /home/dev/hello/A.java:[3,1] two
                        [ERROR] /home/dev/hello/A.java:[3,1] one
                        """));
    }

    @Test
    void aFileMayBeCalledWhatItLikes() {
        assertEquals(
                List.of("src/<b> & 'x' $(y).java:3:0: no", "a:3: error: b.java:4:0: no"),
                found("src/<b> & 'x' $(y).java:3: error: no\na:3: error: b.java:4: error: no"));
        assertEquals(List.of(), found("a\0.java:3: error: no"));
    }

    @Test
    void ofThousandsOfErrorsTheFirstAreFound() {
        List<String> output = IntStream.rangeClosed(1, 5000)
                .mapToObj(line -> "A.java:" + line + ": error: no")
                .toList();
        List<String> found = found(output);
        assertEquals(100, found.size());
        assertEquals("A.java:1:0: no", found.get(0));
    }

    @Test
    void hugeOutputIsReadInTime() {
        List<String> output =
                List.of("a.".repeat(1 << 20), ".java:".repeat(600), "^".repeat(3999), " ".repeat(3999) + "x");
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertEquals(List.of(), found(output)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u001b]8;;file:///home/dev/hello/src/A.java\u001b\\src/A.java\u001b]8;;\u001b\\:2:11: \u001b[1;31merror:\u001b[0m no",
                "\u001b(B\u001b[msrc/A.java:2:11: error: no",
                "\u001b[38:2::255:0:0msrc/A.java:2:11: error: no\u001b[0m",
                "\u001b]0;title\u0007src/A.java:2:11: error: no",
                "\u001b[01m\u001b[Ksrc/A.java:2:11:\u001b[m\u001b[K \u001b[01;31m\u001b[Kerror: \u001b[m\u001b[Kno",
                "\u001b[1A\u001b[2K\u001b[1msrc/A.java:2:11: error: no\u001b[0m",
                "[\u001b[1;31mERROR\u001b[m] \u001b]8;;file:///x\u0007/home/dev/hello/src/A.java\u001b]8;;\u0007:[2,11] no"
            })
    void aPlaceIsFoundWhateverATerminalIsToldAroundIt(String line) {
        Diagnostic found = Diagnostics.of(PROJECT, List.of(line)).get(0);
        assertEquals(PROJECT.resolve("src/A.java"), found.file());
        assertEquals(List.of(2, 11), List.of(found.line(), found.column()));
        assertEquals("no", found.message());
    }
}
