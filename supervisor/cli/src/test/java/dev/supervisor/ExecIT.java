package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Command;
import dev.supervisor.testing.FreePort;
import dev.supervisor.testing.Tool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs that are not on the JVM, with sockets of {@code supervisor exec}. */
@Timeout(120)
@EnabledOnOs(value = OS.LINUX, disabledReason = "the programs look into /proc")
class ExecIT {

    /** Answers one request on each socket with what it has been given, as a program for systemd sees it. */
    private static final String SERVER = """
            import os, resource, socket

            assert int(os.environ['LISTEN_PID']) == os.getpid(), 'it is for another process'
            found = ' '.join(sorted(fd for fd in os.listdir('/proc/self/fd') if os.path.exists('/proc/self/fd/' + fd)))
            for fd in range(3, 3 + int(os.environ['LISTEN_FDS'])):
                listening = socket.socket(fileno=fd)
                assert listening.getblocking() and os.get_blocking(fd), 'it does not block'
                connection, _ = listening.accept()
                while not connection.recv(65536).endswith(b'\\r\\n\\r\\n'):
                    pass
                body = f'''pid={os.getpid()}
            names={os.environ['LISTEN_FDNAMES']}
            descriptors={found}
            files={resource.getrlimit(resource.RLIMIT_NOFILE)[0]}
            directory={os.getcwd()}
            variables={sorted(name for name in os.environ if name.startswith(('LISTEN_', 'NOTIFY_', 'GREETING')))}
            greeting={os.environ['GREETING']}'''.encode()
                connection.sendall(b'HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n%s' % (len(body), body))
                connection.close()
            """;

    @TempDir
    private Path directory;

    private Command start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Command.SCRIPT.toString(), "exec"));
        command.addAll(List.of(arguments));
        return Command.start(directory, Map.of(), command);
    }

    @Test
    void theCommandIsThisProcessAndHasTheSocketsAndNothingElse() throws Exception {
        String python = Tool.find("python3", "python3").command().toString();
        Path file = Files.writeString(directory.resolve("server.py"), SERVER);
        Path unix = directory.resolve("u.sock");
        Map<String, String> ofParent = Map.of(
                "GREETING", "grüezi", // as bytes, whatever the locale
                "LISTEN_FDS", "7",
                "LISTEN_FDS_FIRST_FD", "10",
                "LISTEN_PID", "1",
                "LISTEN_FDNAMES", "a:b",
                "NOTIFY_SOCKET", "/for/this/process");
        String line = "exec 9</dev/null; ulimit -Sn 256; echo \"pid $$\"; exec " + Command.SCRIPT
                + " exec --socket http::0 --socket admin=http::" + unix + " -- " + python + " " + file;
        try (Command command = Command.start(directory, ofParent, List.of("sh", "-c", line))) {
            String pid = command.await("pid \\d+").substring("pid ".length());
            InetSocketAddress address = command.awaitSocket();
            command.await("~> http\\+unix:" + unix + "  \\(admin\\)");
            List<String> expected = List.of(
                    "pid=" + pid,
                    "names=http:admin",
                    "descriptors=0 1 2 3 4",
                    "files=256",
                    "directory=" + directory.toRealPath(),
                    "variables=['GREETING', 'LISTEN_FDNAMES', 'LISTEN_FDS', 'LISTEN_PID', 'NOTIFY_SOCKET']",
                    "greeting=grüezi");
            assertEquals(expected, Client.get(address, "/").body().lines().toList());
            try (Client client = Client.connect(unix)) {
                assertEquals(expected, client.get("/").body().lines().toList());
            }
            assertEquals(0, command.exitCode());
        }
    }

    /** HotSpot blocks some signals in its threads, and handles others. */
    @Test
    void noSignalIsBlockedAndNoneIsIgnoredThatWasNotBefore() throws Exception {
        try (Command command = start("--port=0", "--", "cat", "/proc/self/status")) {
            String none = "0000000000000000";
            assertEquals(none, signals(command.await("SigBlk:.*")));
            assertEquals(ofPrograms(ignoredHere()), ofPrograms(signals(command.await("SigIgn:.*"))));
            assertEquals(none, signals(command.await("SigCgt:.*")));
            assertEquals(0, command.exitCode());
        }
    }

    private static String signals(String line) {
        return line.replaceFirst("\\w+:\\s+", "");
    }

    /** Returns the signals without 32 and 33, which are the C library's own: what it does with them depends on the way of a start. */
    private static long ofPrograms(String signals) {
        return Long.parseUnsignedLong(signals, 16) & ~(0b11L << 31);
    }

    /** Returns the signals that are ignored in a process that tests start. */
    private String ignoredHere() throws Exception {
        try (Command command = Command.start(directory, Map.of(), List.of("cat", "/proc/self/status"))) {
            return signals(command.await("SigIgn:.*"));
        }
    }

    @Test
    void standardStreamsAndTheExitCodeAreThoseOfTheCommand() throws Exception {
        String line = "echo question | " + Command.SCRIPT + " exec -p 0 -- sh -c 'cat; exit 7'";
        try (Command command = Command.start(directory, Map.of(), List.of("sh", "-c", line))) {
            assertEquals(7, command.exitCode());
            assertTrue(command.transcript().matches("~> http://127.0.0.1:\\d+/\nquestion"), command::transcript);
        }
    }

    @Test
    void withoutAnIdTheSocketsAreForAnyProcess() throws Exception {
        try (Command command = start("-p0", "--no-pid", "--", "sh", "-c", "echo $LISTEN_FDS-$LISTEN_PID-; exit 0")) {
            command.await("1--");
            assertEquals(0, command.exitCode());
        }
    }

    @Test
    void aScriptWithoutAnInterpreterIsRunByTheShell() throws Exception {
        Path script = Files.writeString(directory.resolve("script"), "echo \"$LISTEN_FDS $1\"\n");
        assertTrue(script.toFile().setExecutable(true));
        try (Command command = start("-p0", "--", "./script", "@first", "--watch")) {
            command.await("1 @first");
            assertEquals(0, command.exitCode());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "127, -p0 -- no-such-command, supervisor: can't run 'no-such-command': it is in no directory of the PATH",
        "127, -p0 -- ./missing, supervisor: can't run './missing': there is no such file",
        "127, -p0 --watch . -- ./missing, supervisor: can't run './missing': there is no such file",
        "126, -p0 -- ./plain, supervisor: can't run './plain': it is not executable \\(chmod \\+x ./plain\\)",
        "126, -p0 -- ./, supervisor: can't run '.': it is a directory",
        "126, -p0 -- ./lost, supervisor: can't run './lost': No such file or directory",
        "1, --socket=http::192.0.2.1:1 -- true, supervisor: can't bind http::192.0.2.1:1: .*",
        "2, -p0 true, supervisor: unexpected argument 'true' \\(the command goes after --\\)",
        "2, -p0 --, supervisor: there is no command .*",
        "2, -- true, supervisor: there is no socket to listen on .*",
        "2, -p0 --ignore x -- true, supervisor: --ignore is about what is watched.*",
        "2, -p0 --watch nowhere -- true, supervisor: can't watch 'nowhere': it does not exist"
    })
    void whatCantBeRunIsNamed(int exitCode, String line, String message) throws Exception {
        Files.writeString(directory.resolve("plain"), "");
        Path lost = Files.writeString(directory.resolve("lost"), "#!/no/such/interpreter\n");
        assertTrue(lost.toFile().setExecutable(true));
        try (Command command = start(line.split(" "))) {
            command.await(message);
            assertEquals(exitCode, command.exitCode());
        }
    }

    @Test
    void aVariableHoldsAnOption() throws Exception {
        List<String> line = List.of(Command.SCRIPT.toString(), "exec", "--", "sh", "-c", "echo $LISTEN_FDNAMES");
        try (Command command = Command.start(directory, Map.of("SUPERVISOR_EXEC_SOCKET", "a=http::0,b=tcp::0"), line)) {
            command.await("a:b");
            assertEquals(0, command.exitCode());
        }
    }

    @Test
    void anotherSupervisorTakesTheSockets() throws Exception {
        Apps.http("v1").moveTo(directory.resolve("app.jar"));
        try (Command command = start("-s", "http::0", "--", Command.SCRIPT.toString(), "--app=app.jar")) {
            InetSocketAddress address = command.awaitSocket();
            assertEquals(address, command.awaitSocket(), "of the other one");
            assertEquals("v1 gen=1 n=1", Client.get(address, "/").body());
            command.signal("TERM");
            assertEquals(0, command.exitCode());
        }
    }

    @Test
    void nginxTakesTheSocketByItsOwnVariable() throws Exception {
        String nginx = Tool.find("nginx", "nginx-light").command().toString();
        int port = FreePort.find();
        Path configuration = Files.writeString(directory.resolve("nginx.conf"), """
                pid nginx.pid; error_log stderr notice; events {}
                http {
                    access_log off;
                    client_body_temp_path b; proxy_temp_path p; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
                    server { listen 127.0.0.1:%d; location / { return 200 "it serves"; } }
                }
                """.formatted(port));
        try (Command command = start(
                "-p" + port, "--", "env", "NGINX=3;", nginx, "-p", directory + "/", "-c", configuration.toString())) {
            command.await(".*using inherited sockets from \"3;\".*");
            assertEquals(
                    "it serves",
                    Client.get(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), "/")
                            .body());
            command.signal("TERM");
            assertEquals(0, command.exitCode());
        }
    }
}
