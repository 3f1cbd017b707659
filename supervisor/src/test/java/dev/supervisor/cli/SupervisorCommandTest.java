package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                "--app a.jar --port x                | 'x' is not an int",
                "--app a.jar --port 70000            | '70000' in '--port 70000' is no port",
                "--app a.jar --socket udp::1         | 'udp::1' is no socket",
                "--app a.jar --port 0 --settle soon  | 'soon' is no duration",
                "--app a.jar --port 0 --swap maybe   | --swap",
                "--app a.jar --port 0 --backlog 0    | --backlog must be at least 1",
                "--app a.jar -s a=tcp::0 -s a=tcp::0 | two sockets are named 'a'",
                "--app a.jar --port 0 --watch src    | they need --build",
                "--app a.jar --port 0 --build make --watch no/such/directory | can't watch 'no/such/directory'",
                "--app a.jar --port 0 --build make --on-busy never | --on-busy",
                "--app a.jar --port 0 --build make --ignore [z-a] | --ignore '[z-a]' can't be understood",
                "--app a.jar --port 0 --refresh always      | --refresh",
                "--app a.jar --port 0 --refresh-port 1      | --refresh-port is about --refresh",
                "--app a.jar --port 0 --refresh --refresh-port 70000 | --refresh-port must be 0 to 65535",
                "--app a.jar --port 0 stray          | Unmatched argument at index 4: 'stray'"
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
    void aMistypedOptionIsGuessed() {
        assertEquals(WRONG_USAGE, run("--app a.jar --port 0 --max-hold=1"));
        assertTrue(said().contains("--max-held"), said());
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
            assertTrue(said().startsWith("supervisor: can't bind http::127.0.0.1:" + port), said());
            assertTrue(said().contains("'lsof -i :" + port + "'"), said());
        }
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
