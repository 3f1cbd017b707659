package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Await;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Command;
import dev.supervisor.testing.Tool;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that {@code supervisor exec} starts again when they change. */
@Timeout(120)
@EnabledOnOs(value = OS.LINUX, disabledReason = "the programs look into /proc")
class ExecRestartIT {

    private static final int RESTARTS = 10;

    /**
     * Answers each connection, one after another, with its version, and ends at TERM when it has answered the one that it
     * has accepted. If there is a file "slow", it then waits until that is gone.
     */
    private static final String SERVER = """
            import os, select, signal, socket, sys, time

            assert int(os.environ['LISTEN_PID']) == os.getpid(), 'it is for another process'
            listening = socket.socket(fileno=3)
            terminated, wake = os.pipe()
            os.set_blocking(wake, False)
            signal.set_wakeup_fd(wake)
            signal.signal(signal.SIGTERM, lambda *_: None)
            print('serving VERSION', flush=True)
            while True:
                ready, _, _ = select.select([listening, terminated], [], [])
                if terminated in ready:
                    print('terminated VERSION', flush=True)
                    while os.path.exists('slow'):
                        time.sleep(0.01)
                    sys.exit(0)
                connection, _ = listening.accept()
                connection.recv(65536)
                connection.sendall(b'HTTP/1.1 200 OK\\r\\nContent-Length: 4\\r\\n\\r\\nVERS')
                connection.close()
            """;

    @TempDir
    private Path directory;

    private String python = "";

    @BeforeEach
    void prepare() throws IOException {
        python = Tool.find("python3", "python3").command().toString();
        Files.createDirectory(directory.resolve("src"));
        save(1);
    }

    private void save(int version) throws IOException {
        save(SERVER.replace("VERSION", "version " + version).replace("VERS", "%04d".formatted(version)));
    }

    private void save(String source) throws IOException {
        Path whole = Files.writeString(directory.resolve("app.new"), source);
        Files.move(whole, directory.resolve("src/app.py"), StandardCopyOption.ATOMIC_MOVE);
    }

    private Command start(String... arguments) throws IOException {
        return start(Map.of(), arguments);
    }

    private Command start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Command.SCRIPT.toString(), "exec", "--port=0"));
        command.addAll(List.of(arguments));
        return Command.start(directory, environment, command);
    }

    private static String version(InetSocketAddress address) throws IOException {
        return Client.get(address, "/").body();
    }

    @Test
    void noConnectionIsRefusedOrResetByTenRestarts() throws Exception {
        ExecutorService clients = Executors.newCachedThreadPool();
        AtomicBoolean done = new AtomicBoolean();
        try (Command command = start("--watch=src", "--", python, "src/app.py")) {
            InetSocketAddress address = command.awaitSocket();
            command.await("serving version 1");
            Future<List<String>> answers = clients.submit(() -> {
                List<String> versions = new ArrayList<>();
                while (!done.get()) {
                    versions.add(version(address));
                }
                return versions;
            });
            for (int version = 2; version <= 1 + RESTARTS; version++) {
                save(version);
                command.await("serving version " + version);
                assertEquals("%04d".formatted(version), version(address));
            }
            done.set(true);
            List<String> seen = answers.get();
            assertEquals(seen.stream().sorted().toList(), seen, "never an older one again");
            assertTrue(seen.stream().distinct().count() > RESTARTS / 2, seen::toString);
            command.signal("TERM");
            assertEquals(0, command.exitCode());
        } finally {
            done.set(true);
            clients.shutdownNow();
        }
    }

    @Test
    void aClientThatConnectsBetweenTheTwoIsAnsweredByTheNewOne() throws Exception {
        Path slow = Files.createFile(directory.resolve("slow"));
        try (Command command = start("--watch=src", "--stop-timeout=60s", "--", python, "src/app.py")) {
            InetSocketAddress address = command.awaitSocket();
            command.await("serving version 1");
            save(2);
            command.await("terminated version 1");
            try (Client client = Client.connect(address)) {
                client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
                Files.delete(slow);
                assertEquals("0002", client.answer().body());
            }
            command.signal("TERM");
            assertEquals(0, command.exitCode());
        }
    }

    @Test
    void aFailingBuildLeavesTheFormerProcess() throws Exception {
        String build = "cp src/app.py built.py && " + python + " -m py_compile built.py && env > env.txt";
        Map<String, String> ofParent = Map.of("LISTEN_FDS", "1", "LISTEN_PID", "1", "NOTIFY_SOCKET", "/nowhere");
        try (Command command = start(ofParent, "--build=" + build, "--", python, "built.py")) {
            InetSocketAddress address = command.awaitSocket();
            command.await("building: cp .*");
            command.await("serving version 1");
            String environment = Files.readString(directory.resolve("env.txt"));
            assertFalse(environment.contains("LISTEN_") || environment.contains("NOTIFY_"), environment);
            save("what is this?");
            command.await(".*SyntaxError: invalid syntax");
            command.await("'cp .*' failed with exit code 1");
            command.await("  the process of before goes on");
            assertEquals("0001", version(address));
            save(2);
            command.await("serving version 2");
            assertEquals("0002", version(address));
            command.signal("TERM");
            assertEquals(0, command.exitCode());
        }
    }

    @Test
    void aBuildMakesTheCommand() throws Exception {
        try (Command command = start("--build=sh src/build.sh", "--", "./made", "argument")) {
            command.await("'sh src/build.sh' failed with exit code .*");
            command.await("  connections wait, until the next change");
            Files.writeString(directory.resolve("src/build.sh"), "true\n");
            command.await("can't run './made': there is no such file");
            Files.writeString(
                    directory.resolve("src/build.sh"),
                    "printf '#!/bin/sh\\necho $LISTEN_FDS $1; exec sleep 1000' > made; chmod +x made\n");
            command.await("1 argument");
            command.signal("INT");
            assertEquals(0, command.exitCode());
        }
    }

    @Test
    void aCommandThatEndsByItselfIsStartedByTheNextChange() throws Exception {
        save("raise SystemExit(3)");
        try (Command command = start("--watch=src", "--", python, "src/app.py")) {
            InetSocketAddress address = command.awaitSocket();
            command.await("the command has ended with exit code 3: .*");
            try (Client client = Client.connect(address)) {
                client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
                save(2);
                assertEquals("0002", client.answer().body());
            }
            command.signal("HUP");
            command.await("terminated version 2");
            command.await("serving version 2");
            command.signal("TERM");
            assertEquals(0, command.exitCode());
            assertFalse(command.hasSaid("the command has ended with exit code 0.*"), "it was ended each time");
        }
    }

    @Test
    void aCommandThatIgnoresTermIsKilled() throws Exception {
        save("import signal, time\n"
                + "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
                + "print('deaf', flush=True)\n"
                + "time.sleep(1000)\n");
        try (Command command = start("--watch=src", "--stop-timeout=200ms", "--", python, "src/app.py")) {
            long deaf = pid(command);
            command.await("deaf");
            save(2);
            command.await("serving version 2");
            Await.end(deaf);
            command.signal("TERM");
            assertEquals(0, command.exitCode());
        }
    }

    private static long pid(Command command) throws InterruptedException {
        return Long.parseLong(
                command.await("started: .*  \\(process \\d+\\)").replaceFirst(".*process (\\d+)\\)", "$1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void aStopLeavesNoProcess(String signal) throws Exception {
        String script = "sleep 1000 & echo $! > child.pid; setsid sh -c 'echo $$ > apart.pid; sleep 1000' & wait";
        try (Command command = start("--watch=src", "--", "sh", "-c", script)) {
            long shell = pid(command);
            long child = Await.pid(directory.resolve("child.pid"));
            long apart = Await.pid(directory.resolve("apart.pid"));
            command.signal(signal);
            assertEquals(0, command.exitCode());
            for (long process : List.of(shell, child, apart)) {
                Await.end(process);
            }
        }
    }

    @Test
    void aSecondSignalKillsAtOnce() throws Exception {
        String script = "trap '' TERM; sleep 1000 & echo $! > child.pid; wait";
        try (Command command = start("--watch=src", "--stop-timeout=1h", "--", "sh", "-c", script)) {
            long shell = pid(command);
            long child = Await.pid(directory.resolve("child.pid"));
            command.signal("INT");
            command.await("stopping: waiting up to 3600s for the command .*");
            command.signal("INT");
            assertEquals(130, command.exitCode());
            Await.end(shell);
            Await.end(child);
        }
    }

    /** The variables of the parent, the descriptors of the JVM, and the signals that it blocks are for no child. */
    @Test
    void aChildHasTheSocketsAndNothingElse() throws Exception {
        Map<String, String> ofParent = Map.of("LISTEN_FDS_FIRST_FD", "10", "NOTIFY_SOCKET", "/nowhere", "KEPT", "yes");
        String script = "ls -m /proc/$$/fd; env | grep -E '^(LISTEN|NOTIFY|KEPT)' | sort;"
                + " [ $LISTEN_PID = $$ ] && echo mine; exec grep Sig /proc/self/status";
        try (Command command =
                start(ofParent, "-sadmin=tcp::0", "--watch=src", "--", "bash", "-c", script)) { // closes its own
            command.await("0, 1, 2, 3, 4"); // without a pipe, which bash would have open for a moment
            command.await("KEPT=yes");
            command.await("LISTEN_FDNAMES=http:admin");
            command.await("LISTEN_FDS=2");
            command.await("mine");
            String none = "\t0000000000000000";
            command.await("SigBlk:" + none);
            command.await("SigIgn:" + none);
            command.await("the command has ended with exit code 0: .*");
            assertFalse(command.hasSaid("NOTIFY_SOCKET.*|LISTEN_FDS_FIRST_FD.*"), command::transcript);
            command.signal("TERM");
            assertEquals(0, command.exitCode());
        }
    }
}
