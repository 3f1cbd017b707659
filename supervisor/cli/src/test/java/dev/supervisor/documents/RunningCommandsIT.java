package dev.supervisor.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Await;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Command;
import dev.supervisor.testing.Document;
import dev.supervisor.testing.DocumentShell;
import dev.supervisor.testing.SameOnEveryJdk;
import dev.supervisor.testing.Tool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Commands of the documents that are about a supervisor which runs, and those of other programs around it. */
@Timeout(300)
@SameOnEveryJdk
@EnabledOnOs(value = OS.LINUX, disabledReason = "the documents have lines for a POSIX shell")
final class RunningCommandsIT {

    @TempDir
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private DocumentShell shell;

    @BeforeEach
    void prepare() throws Exception {
        shell = new DocumentShell(directory);
        Apps.http("v1").moveTo(shell.file("app.jar"));
    }

    private Command serving(String command) throws Exception {
        Command supervisor = shell.start(command);
        supervisor.await(".*generation 1 serving .*");
        return supervisor;
    }

    private static Document.Block block(String document, String beginning) {
        return Document.read(document).block(beginning);
    }

    @Test
    void aJarIsMovedIntoPlace() throws Exception {
        Files.createDirectories(shell.file("/srv/app"));
        Files.createDirectories(shell.file("/srv/hello"));
        Files.copy(shell.file("app.jar"), shell.file("/srv/app/app.jar"));
        Files.copy(shell.file("app.jar"), shell.file("/srv/hello/hello.jar"));
        try (Command first = serving("supervisor --port 8888 --app /srv/app/app.jar");
                Command second = serving("supervisor --port 8080 --app /srv/hello/hello.jar")) {
            Apps.http("v2").moveTo(shell.file("app.jar"));
            Apps.http("v2").moveTo(shell.file("build/libs/hello.jar"));
            shell.run(block("docs/operating.md", "cp app.jar").text());
            shell.run(block("docs/deploy.md", "cp build/libs/hello.jar").text());
            first.await("generation 2 serving .*");
            second.await("generation 2 serving .*");
        }
    }

    @Test
    void scriptsGoByTheExitCodes() throws Exception {
        shell.program("mvn", "cp next.jar app.jar.new && mv app.jar.new app.jar\n");
        Apps.http("v2").moveTo(shell.file("next.jar"));
        try (Command supervisor = serving("supervisor --port 8888 --app app.jar")) {
            shell.run(block("docs/operate.md", "if mvn").text());
            assertTrue(Client.get(shell.address(8888), "/").body().startsWith("v2 "));
            assertFalse(supervisor.hasSaid(".*rollback.*"));
        }
    }

    @Test
    void theControlSocketSpeaksHttp() throws Exception {
        try (Command supervisor = serving("supervisor --port 8888 --app app.jar")) {
            List<String> lines = block("docs/operate.md", "S=$XDG").commands().stream()
                    .map(line ->
                            line.replace("4711.sock", socket().getFileName().toString()))
                    .toList();
            assertEquals(4, lines.size());
            String status = shell.run(lines.get(0) + lines.get(1));
            assertTrue(status.contains("\"generation\""), status);
            String swap = shell.run(lines.get(0) + lines.get(2));
            assertTrue(swap.contains("2"), swap);
            supervisor.await("generation 2 serving .*");
            try (Command events = shell.start(lines.get(0) + lines.get(3))) {
                events.await(".*\"event\":\"serving\".*");
            }
        }
    }

    private Path socket() {
        try (Stream<Path> files = Files.list(shell.file("run/user/supervisor"))) {
            return files.filter(file -> file.toString().endsWith(".sock"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theStatusIsAsItIsShown() throws Exception {
        Document.Block block = block("docs/operate.md", "$ supervisor status");
        Files.copy(shell.file("app.jar"), shell.file("shop.jar"));
        try (Command supervisor = serving("supervisor --port 8888 --app shop.jar --admin 9901")) {
            for (int i = 2; i <= 4; i++) {
                Apps.http("v" + i).moveTo(shell.file("shop.jar"));
                supervisor.await("generation " + i + " serving .*");
            }
            // The last swap may have looked at the build once more, for an event of the file system that came late.
            String status = shell.run(ShownLines.command(block)).replaceAll("(, snapshot [\\d.]+)+\\)", ")");
            List<String> shown = ShownLines.of(block).stream()
                    .map(line -> line.replace("0.1.0, Java 25.0.3, up for 3 d 2 h", "…, Java …, up for …")
                            .replace("/run/user/1000/", "/run/user/"))
                    .map(shell::here)
                    .toList();
            ShownLines.assertIn(status, shown);
        }
    }

    @Test
    void aDevelopmentCertificateIsTrustedByItsAuthority() throws Exception {
        Tool.find("curl", "curl");
        String start = block("docs/tls.md", "supervisor --socket https::8443 --cert cert.pem")
                .commands()
                .get(1);
        try (Command supervisor = serving(start)) {
            String curl = block("docs/tls.md", "curl --cacert").commands().get(0);
            if (supervisor.hasSaid(".*mkcert.*")) { // which comes first
                curl = curl.replaceFirst("--cacert \\S+", "--cacert \"\\$(mkcert -CAROOT)/rootCA.pem\"");
            }
            assertTrue(shell.run(curl).contains("v1"), supervisor::transcript);
        }
    }

    @Test
    void anotherSupervisorTakesOver() throws Exception {
        Files.createSymbolicLink(
                shell.file("/opt/supervisor-2"), Command.SCRIPT.getParent().resolveSibling(""));
        List<String> commands = block("docs/upgrade.md", "JAVA_HOME=").commands();
        assertEquals(3, commands.size());
        try (Command supervisor = serving("supervisor --port 8888 --app app.jar")) {
            InetSocketAddress address = shell.address(8888);
            String first = pid();
            assertTrue(supervisor.transcript().contains("serving"), first);
            shell.run(commands.get(0).replace("/usr/lib/jvm/jdk-25", System.getProperty("java.home")));
            Await.end(Long.parseLong(first));
            assertEquals(200, Client.get(address, "/").status());
            String second = pid();
            shell.run(commands.get(1).replace("1234", second));
            String third = pid();
            assertFalse(second.equals(third));
            shell.run(commands.get(2).replace("1234", third));
            Await.end(Long.parseLong(third));
            assertEquals(200, Client.get(address, "/").status());
        } finally {
            shell.start("supervisor stop").exitCode();
        }
    }

    /** Returns the process id of the only supervisor of this machine, as it were. */
    private String pid() throws Exception {
        String status = shell.run("supervisor status");
        return status.replaceFirst("(?s)process (\\d+).*", "$1");
    }

    @Test
    void anyProgramGetsSockets() throws Exception {
        Tool.find("python3", "python3");
        List<String> commands = block("docs/exec.md", "systemfd").commands();
        assertEquals(4, commands.size());
        shell.write("app.py", """
                import socket
                listening = socket.socket(fileno=3)
                while True:
                    connection, _ = listening.accept()
                    connection.recv(65536)
                    connection.sendall(b'HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nConnection: close\\r\\n\\r\\nok')
                    connection.close()
                """);
        shell.write("src/app", "#!/bin/sh\nexec python3 app.py\n");
        shell.program("cargo", "mkdir -p target/debug && cp src/app target/debug/app && chmod +x target/debug/app\n");
        for (String command : commands.subList(1, 3)) {
            try (Command program = shell.start(command)) {
                assertEquals("ok", Client.get(program.awaitSocket(), "/").body(), command);
            }
        }
    }

    @Test
    void theDemoRunsWithoutTheSupervisor() throws Exception {
        Tool.find("systemd-socket-activate", "systemd");
        shell.with("LISTEN_ADDRESS_HTTP", shell.here("8888"));
        List<String> commands = block("docs/application.md", "java -cp").commands();
        assertEquals(2, commands.size());
        InetSocketAddress address = shell.address(8888);
        try (Command demo = shell.startIn(Document.REPOSITORY, commands.get(0))) {
            demo.await(".* serves /127.0.0.1:.*");
            assertEquals(200, Client.get(address, "/").status());
        }
        Document.Block block = block("docs/application.md", "java -cp");
        int other = 8080;
        try (Command demo =
                shell.startIn(Document.REPOSITORY, block.commands().get(1).replace("8888", String.valueOf(other)))) {
            demo.await("Listening on .*");
            assertEquals(200, Client.get(shell.address(other), "/").status());
        }
    }
}
