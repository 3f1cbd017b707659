package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ResourceLock(Resources.SYSTEM_ERR)
@ResourceLock(Resources.SYSTEM_OUT)
final class SupervisorCommandTest {

    private static final int WRONG_USAGE = 2;

    private final PrintStream formerOut = System.out;
    private final PrintStream formerErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setOut(formerOut);
        System.setErr(formerErr);
    }

    private int run(String line) {
        return SupervisorCommand.run(line.split(" "));
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--port 0                            | there is no application to run (add --app",
                "--app a.jar                         | there is no socket to listen on",
                "--app a.jar --port x                | --port: 'x' is no number",
                "--app a.jar --port 70000            | '70000' in '--port 70000' is no port",
                "--app a.jar --socket ftp::1         | 'ftp::1' is no socket",
                "--app a.jar --socket http::app.sock | is no port: it must be between 0 and 65535 (a host needs a port behind it, and the path of a Unix socket a slash",
                "--app a.jar --port 0 --unix-mode 660 | --unix-mode is about Unix sockets, and there is none (add --socket",
                "--app a.jar -s tcp::0 --unix-group a | --unix-group is about Unix sockets, and there is none (add --socket",
                "--app a.jar --port 0 --settle soon  | 'soon' is no duration",
                "--app a.jar --port 0 --swap maybe   | --swap: 'maybe' is none of hold, overlap",
                "--app a.jar --port 0 --backlog 0    | --backlog must be at least 1",
                "--app a.jar -s a=tcp::0 -s a=tcp::0 | two sockets are named 'a'",
                "--app a.jar --port 0 --watch src    | they need --build",
                "--app a.jar --port 0 --build make --watch no/such/directory | can't watch 'no/such/directory'",
                "--app a.jar --port 0 --build make --on-busy never | --on-busy: 'never' is none of restart, queue",
                "--app a.jar --port 0 --build make --ignore [z-a] | --ignore '[z-a]' can't be understood",
                "--app a.jar --port 0 --refresh always      | --refresh: 'always' is not inject",
                "--app a.jar --port                  | --port needs a value",
                "--app a.jar --port 1 --port 2       | --port is given twice",
                "--app= --port 1                     | --app: '' is no path",
                "--app a.jar --port 1 --lib=         | --lib: '' is no path",
                "--app a.jar --port 1 --quiet=3      | --quiet: '3' is neither true nor false",
                "--app a.jar --port 1 --max-hold=1   | there is no option '--max-hold=1' (did you mean --max-held?)",
                "--app a.jar --prot 1                | there is no option '--prot' (did you mean --port?)",
                "--app a.jar --nothing-like-it       | there is no option '--nothing-like-it'",
                "@no/such/file                       | can't read options from 'no/such/file'",
                "--app a.jar --port 0 --refresh-port 1      | --refresh-port is about --refresh",
                "--app a.jar --port 0 --refresh --refresh-port 70000 | --refresh-port must be 0 to 65535",
                "--app a.jar --port 0 --check-tries 1        | --check-tries is about --check: add that",
                "--app a.jar --port 0 --check-timeout 1s     | --check-timeout is about --check: add that",
                "--app a.jar --port 0 --warm-up-time 1s      | --warm-up-time is about --warm-up: add that",
                "--app a.jar --port 0 --proxy-timeout 1s     | --proxy-timeout is about --proxy-protocol: add that",
                "--app a.jar --port 9 --admin 9              | --admin has the address of the socket http::127.0.0.1:9",
                "--app a.jar -s http::0.0.0.0:9 --admin 9    | --admin has the address of the socket http::0.0.0.0:9",
                "--app a.jar --port 0 stray          | unexpected argument 'stray' (the application is named by --app PATH, and its arguments go after --)",
                "--app a.jar --port 0 status         | the command 'status' must come first: supervisor status ...",
                "statsu                              | there is no command 'statsu' (did you mean status?)",
                "help statsu                         | there is no command 'statsu' (did you mean status?)",
                "app.jar                             | there is no command 'app.jar' (an application is named by --app PATH)"
            })
    void wrongUsageIsExplainedInALine(String line, String expected) {
        assertEquals(WRONG_USAGE, run(line));
        String[] lines = said().split("\\R");
        assertTrue(lines[0].startsWith("supervisor: "), said());
        assertTrue(lines[0].contains(expected), said());
        assertEquals("Try 'supervisor --help'.", lines[1]);
        assertEquals(2, lines.length, said());
    }

    @Test
    void execAdvisesNothingThatItDoesNotHave() {
        assertEquals(WRONG_USAGE, run("exec --socket tls::8443 -- true"));
        assertTrue(said().startsWith("supervisor: the socket 'tls::127.0.0.1:8443' can't be passed on"), said());
        assertFalse(said().contains("--cert"), said());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SUPERVISOR_PORT     | x    | --app a.jar            | SUPERVISOR_PORT (in the environment): 'x' is no number",
                "SUPERVISOR_MAX_HELD | 0    | --app a.jar --port 0   | SUPERVISOR_MAX_HELD (in the environment) must be at",
                "SUPERVISOR_SWAP     | soon | --app a.jar --port 0   | SUPERVISOR_SWAP (in the environment): 'soon' is none"
            })
    void wrongUsageByAVariableNamesTheVariable(String variable, String value, String line, String expected) {
        assertEquals(WRONG_USAGE, SupervisorCommand.run(line.split(" "), Map.of(variable, value)));
        assertTrue(said().startsWith("supervisor: " + expected), said());
        assertFalse(said().split("\\R")[0].contains("--"), said());
    }

    @Test
    void variablesOfTheSupervisorAreNoneOfTheLoadTest() {
        assertEquals(WRONG_USAGE, SupervisorCommand.run(new String[] {"load-test"}, Map.of("SUPERVISOR_PORT", "x")));
        assertTrue(said().startsWith("supervisor: URL is missing"), said());
        assertEquals(
                WRONG_USAGE,
                SupervisorCommand.run(
                        new String[] {"load-test", "http://127.0.0.1:1/"}, Map.of("SUPERVISOR_LOAD_TEST_RATE", "x")));
        assertTrue(said().contains("SUPERVISOR_LOAD_TEST_RATE"), said());
    }

    @Test
    void helpCanBeAskedForAsACommand() {
        assertEquals(0, run("help"));
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("--hold-timeout"));
        assertFalse(out.toString(StandardCharsets.UTF_8).contains("Default: null"), "the engine's defaults");
        assertTrue(out.toString(StandardCharsets.UTF_8).matches("(?s).*\\n +load-test +\\w.*"), "described");
        out.reset();
        assertEquals(0, run("help load-test"));
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("--version-regex"));
        out.reset();
        assertEquals(0, run("help exec"));
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("--stop-timeout"));
        assertFalse(out.toString(StandardCharsets.UTF_8).contains("Default: null"), "the engine's defaults");
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "help load-test", "help exec", "help upgrade"})
    void theHelpBreaksNoLineWithinAWord(String line) {
        Set<String> words = new HashSet<>(Arrays.asList(help(line, 1000).split("\\s+")));
        for (String word : help(line, 80).split("\\s+")) {
            assertTrue(words.contains(word), "a part of a word: " + word);
        }
    }

    private String help(String line, int width) {
        out.reset();
        String former = System.setProperty("picocli.usage.width", String.valueOf(width));
        try {
            assertEquals(0, run(line));
        } finally {
            System.clearProperty("picocli.usage.width");
        }
        assertNull(former);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void whatStandsAfterTwoDashesIsNotForTheSupervisor() {
        assertEquals(WRONG_USAGE, run("--app a.jar -- --port 0"));
        assertTrue(said().contains("there is no socket to listen on"), said());
    }

    @Test
    void aPortThatIsTakenIsAFailureThatSaysWhatToDo() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            assertEquals(SupervisorCommand.FAILED, run("--color never --app a.jar --port " + port));
            assertTrue(said().contains(" ERROR [-] supervisor: can't bind http::127.0.0.1:" + port), said());
            assertTrue(said().contains("'lsof -i :" + port + "'"), said());
        }
    }

    @Test
    void anAddressOfAnotherMachineIsNoPortInUse() {
        assertEquals(SupervisorCommand.FAILED, run("--color never --app a.jar --socket http::192.0.2.1:8888"));
        assertTrue(said().contains("it is no address of this machine"), said());
        assertFalse(said().contains("lsof"), said());
    }

    @Test
    void theHelpHasEachOptionOnceInTheGroupOfItsMixin() {
        assertEquals(0, run("--help"));
        String help = out.toString(StandardCharsets.UTF_8).replace("\r", "");
        assertTrue(help.matches("(?s).*\nSockets:\n  -p, --port=N .*\nSwaps:\n      --swap=.*"), help);
        assertEquals(2, help.split("\n +--hold-timeout=", -1).length, help);
    }

    @Test
    void helpAndVersionGoToStandardOutput() {
        assertEquals(0, run("--help"));
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("--hold-timeout"));
        out.reset();
        assertEquals(0, run("--version"));
        assertTrue(out.toString(StandardCharsets.UTF_8).matches("(?s)supervisor \\d\\S+\\RNetty 4\\.\\S+\\RJava .*"));
        assertEquals("", said());
    }
}
