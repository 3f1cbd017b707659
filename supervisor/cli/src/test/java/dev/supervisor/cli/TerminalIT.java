package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Await;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Command;
import dev.supervisor.testing.Project;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The real command on a terminal of its own, which {@code script} makes. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD) // a read of a process's output can't be interrupted
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it is about a POSIX terminal")
class TerminalIT {

    private static final String MODES = "modes .*";
    private static final String CTRL_C = "\u0003";
    private static final String CTRL_Z = "\u001a";

    @TempDir
    private Path directory;

    private Command onTerminal(String script) throws IOException {
        return onTerminal("bash", script);
    }

    private Command onTerminal(String shell, String script) throws IOException {
        return TerminalScript.start(directory, shell, script, Map.of());
    }

    private Command supervisor(String arguments) throws IOException {
        return onTerminal("trap : INT\nmodes\n$SUPERVISOR -p 0 -a app.jar --color never " + arguments
                + "\necho ended with $?\nmodes\n");
    }

    private static void assertEnded(Command command, int code, String modesBefore) throws Exception {
        command.await("ended with " + code);
        assertEquals(modesBefore, command.await(MODES), "the modes of the terminal");
        assertEquals(0, command.exitCode());
        assertFalse(command.transcript().contains("WARNING:"), command::transcript);
    }

    private static long count(Command command, String pattern) {
        return command.transcript()
                .lines()
                .filter(line -> line.matches(pattern))
                .count();
    }

    @Test
    void eachKeyDoesWhatTheHelpSays() throws Exception {
        Apps.starting("new Thread(() -> { try { Thread.sleep(1_000_000); } catch (InterruptedException e) {} },"
                        + " \"sleeper\").start();")
                .moveTo(directory.resolve("app.jar"));
        Path browser = Files.writeString(
                directory.resolve("xdg-open"),
                "#!/bin/sh\necho $1 tty $(cut -d' ' -f7 /proc/$$/stat) > url && mv url opened\n");
        assertTrue(browser.toFile().setExecutable(true));
        try (Command command = supervisor("")) {
            String modes = command.await(MODES);
            int port = command.awaitSocket().getPort();
            command.await("press h for help, q to quit");
            command.await("generation 1 serving .*");
            command.type("h");
            command.await("r  rebuild and swap .*");
            command.type("l");
            command.await("generation 1 \\(live\\): app.jar, \\d+ class(es)?, 0 connections");
            command.type("d");
            command.await("  \"sleeper\" TIMED_WAITING.*");
            command.await("    > at app\\..*");
            command.type("b");
            command.await("nothing has been built .*");
            command.type("o");
            command.await("opening http://127.0.0.1:" + port + "/");
            Await.until("a browser was opened", () -> Files.exists(directory.resolve("opened")));
            assertEquals(
                    "http://127.0.0.1:" + port + "/ tty 0",
                    Files.readString(directory.resolve("opened")).strip(),
                    "what is typed here is no signal for the browser");
            command.type("\u001b[h\u001bOh\u001b[q"); // none of ours
            command.type("r");
            command.await("generation 2 serving .*");
            command.type("q");
            assertEnded(command, 0, modes);
            assertEquals(1, count(command, "r  rebuild and swap .*"), command::transcript);
        }
    }

    @Test
    void aBuildIsOneLineThatChangesAndItsOutputIsPrintedOnlyWhenItFailsOrIsAskedFor() throws Exception {
        Project project = Project.create(directory, "one");
        project.write("slow.sh", "echo first; while [ ! -e go ]; do sleep 0.1; done; exec sh build.sh");
        try (Command command = supervisor("--build 'sh slow.sh'")) {
            String modes = command.await(MODES);
            command.await(".*building \\d+\\.\\d s  first");
            project.write("go", "");
            command.await(".*built in .*");
            command.await("generation 1 serving .*");
            assertEquals(0, count(command, " *first"), command::transcript);
            command.type("b");
            command.await("'sh slow.sh' has said this:");
            command.await("  first");
            project.say("two;\" +");
            command.await(".*'sh slow.sh' failed with exit code 1");
            command.await("  src/app/Text.java:\\d+:.*");
            assertEquals(1, count(command, " *first"), command::transcript);
            project.write("slow.sh", "for i in $(seq 41); do echo number $i; done; exit 3");
            project.say("three");
            command.await(".*'sh slow.sh' failed with exit code 3");
            command.await("  \\.{3} 11 lines before these \\(press b for all\\)");
            command.await("  number 41");
            assertEquals(0, count(command, "  number 11"), command::transcript);
            command.type("b");
            command.await("  number 11");
            command.type("q");
            assertEnded(command, 0, modes);
        }
    }

    @Test
    void ctrlCInTheMiddleOfABuildStops() throws Exception {
        try (Command command = supervisor("--watch . --build 'echo first; sleep 1000'")) {
            String modes = command.await(MODES);
            command.await(".*press h .*"); // the status line may have been there before
            command.await(".*building \\d+\\.\\d s  first");
            command.type(CTRL_C);
            assertEnded(command, 0, modes);
        }
    }

    @Test
    void whereNothingNativeCanBeLoadedTheCommandServesWithoutKeys() throws Exception {
        Apps.http("v1").moveTo(directory.resolve("app.jar"));
        try (Command command = onTerminal("trap : INT\nexport SUPERVISOR_JAVA_OPTS=-Dos.arch=none\nmodes\n"
                + "$SUPERVISOR -p 0 -a app.jar --color never\necho ended with $?\nmodes\n")) {
            String modes = command.await(MODES);
            command.await(".*neither keys nor a status line: .*");
            assertEquals("v1 gen=1 n=1", Client.get(command.awaitSocket(), "/").body());
            command.type(CTRL_C);
            assertEnded(command, 0, modes);
        }
    }

    @Test
    void aSecondQuitEndsAtOnceAndRestoresTheTerminalToo() throws Exception {
        Apps.http("v1").moveTo(directory.resolve("app.jar"));
        try (Command command = supervisor("--drain-timeout 1h")) {
            String modes = command.await(MODES);
            try (Client slow = Client.connect(command.awaitSocket())) {
                slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
                assertEquals(200, slow.head().status());
                command.await("press h .*");
                command.type("q");
                command.await(".*stopping: .*");
                command.type("q");
                assertEnded(command, 128 + 15, modes);
            }
        }
    }

    @Test
    void inTheBackgroundItIsNotStoppedAndHasNoKeys() throws Exception {
        Apps.http("v1").moveTo(directory.resolve("app.jar"));
        try (Command command = onTerminal("""
                set -m
                modes
                $SUPERVISOR -p 0 -a app.jar --color never --watch script.sh --build 'echo first; sleep 1' &
                while [ ! -e go ]; do sleep 0.1; done
                jobs
                modes
                kill %1
                wait %1
                echo ended with $?
                modes
                """)) {
            String modes = command.await(MODES);
            InetSocketAddress address = command.awaitSocket();
            command.await("built in .*");
            command.await("generation 1 serving .*");
            assertFalse(command.hasSaid(".*building \\d.*"), command::transcript);
            command.type("hlq\n");
            assertEquals("v1 gen=1 n=1", Client.get(address, "/").body());
            Files.writeString(directory.resolve("go"), "");
            command.await("\\[1\\].* Running .*");
            assertEquals(modes, command.await(MODES));
            assertEnded(command, 0, modes);
            assertFalse(command.hasSaid("press h .*"), command::transcript);
            assertFalse(command.hasSaid("r  rebuild .*"), command::transcript);
        }
    }

    @Test
    void keysWorkAgainAfterItWasStoppedAndContinued() throws Exception {
        Apps.http("v1").moveTo(directory.resolve("app.jar"));
        try (Command command = onTerminal("bash --norc -i", """
                modes
                $SUPERVISOR -p 0 -a app.jar --color never
                echo stopped
                modes
                fg
                echo ended with $?
                modes
                """)) {
            String modes = command.await(MODES);
            InetSocketAddress address = command.awaitSocket();
            command.await("press h .*");
            command.type(CTRL_Z);
            command.await("stopped");
            assertEquals(modes, command.await(MODES));
            assertEquals("v1 gen=1 n=1", Client.get(address, "/").body()); // it has been continued
            command.type("h");
            command.await("r  rebuild .*");
            command.type("q");
            assertEnded(command, 0, modes);
        }
    }

    @Test
    void theEndOfTheTerminalStopsAndAHangUpAloneSwaps() throws Exception {
        Apps.http("v1").moveTo(directory.resolve("app.jar"));
        try (Command command = onTerminal("echo $$ > pid\nexec $SUPERVISOR -p 0 -a app.jar --color never\n")) {
            command.await("generation 1 serving .*");
            command.await("press h .*");
            long pid = Await.pid(directory.resolve("pid"));
            assertEquals(
                    0,
                    new ProcessBuilder("sh", "-c", "kill -HUP " + pid).start().waitFor());
            command.await("generation 2 serving .*");
            command.signal("KILL"); // what keeps the terminal
            Await.end(pid);
        }
    }

    @Test
    void withoutATerminalToReadFromThereAreNoKeys() throws Exception {
        Apps.http("v1").moveTo(directory.resolve("app.jar"));
        try (Command command = supervisor(
                "< /dev/null --watch script.sh --build 'echo first; while [ ! -e go ]; do sleep 0.1; done'")) {
            String modes = command.await(MODES);
            command.await(".*building \\d+\\.\\d s  first");
            Files.writeString(directory.resolve("go"), "");
            command.await("generation 1 serving .*");
            assertFalse(command.hasSaid("press h .*"), command::transcript);
            command.type(CTRL_C);
            assertEnded(command, 0, modes);
        }
    }
}
