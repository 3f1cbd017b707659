package dev.supervisor.documents;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Client;
import dev.supervisor.testing.Command;
import dev.supervisor.testing.Document;
import dev.supervisor.testing.DocumentShell;
import dev.supervisor.testing.SameOnEveryJdk;
import dev.supervisor.testing.TestBuild;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What happens in the transcripts of the documents happens, and is printed so, with other figures. */
@Timeout(300)
@SameOnEveryJdk
@EnabledOnOs(value = OS.LINUX, disabledReason = "the documents have lines for a POSIX shell")
final class TranscriptsIT {

    private static final String README_APPLICATION =
            Document.read("README.md").block("package hello;").text();

    /** Enough for {@code --watch-errors}, which wants 20. */
    private static final int REQUESTS = 40;

    @TempDir
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private DocumentShell shell;

    @BeforeEach
    void prepare() throws Exception {
        shell = new DocumentShell(directory);
    }

    private static TestBuild application(String source) {
        return TestBuild.of(source).withProvider("hello.Hello");
    }

    /** Returns README's application with another status and body. */
    private static TestBuild answering(String status, String body) {
        return application(README_APPLICATION
                .replace("HttpResponseStatus.OK", "HttpResponseStatus." + status)
                .replace("Hello, world\\n", body.replace("\"", "\\\"")));
    }

    @Test
    void readme() throws Exception {
        Document.Block block = Document.read("README.md").block("$ supervisor");
        String broken = README_APPLICATION.replace(
                "        context.listener()",
                "        if (context != null) throw new IllegalStateException(\"no database\");\n        context.listener()");
        assertNotEquals(README_APPLICATION, broken);
        Path jar = shell.file("hello.jar");
        application(README_APPLICATION).moveTo(jar);
        try (Command supervisor = shell.start(ShownLines.command(block))) {
            supervisor.await("generation 1 serving .*");
            application(README_APPLICATION).withResource("version", "2").moveTo(jar);
            supervisor.await("generation 2 serving .*");
            supervisor.await("generation 1 ended .*");
            application(broken).moveTo(jar);
            supervisor.await(".*waiting for the next build");
            application(README_APPLICATION).withResource("version", "4").moveTo(jar);
            supervisor.await("generation [345] serving .*"); // 4 is the second try of what has failed
            ShownLines.assertIn(
                    supervisor.transcript(),
                    ShownLines.of(block).stream().map(shell::here).toList());
        }
    }

    @Test
    void aCheckThatIsNotPassed() throws Exception {
        Document.Block block = Document.read("docs/checks.md").block("app.jar has not passed");
        answering("OK", "well").moveTo(shell.file("app.jar"));
        try (Command supervisor =
                shell.start("supervisor --port 8888 --app app.jar --swap overlap --check 'GET /health'")) {
            supervisor.await("generation 1 serving .*");
            answering("SERVICE_UNAVAILABLE", "{\"status\":\"DOWN\"}").moveTo(shell.file("app.jar"));
            supervisor.await(".*keeps serving");
            ShownLines.assertIn(supervisor.transcript(), ShownLines.of(block));
        }
    }

    @Test
    void aBuildThatIsReplacedByTheOneBefore() throws Exception {
        Document document = Document.read("docs/checks.md");
        Document.Block block = document.block("generation 1 serving");
        String command = document.block("supervisor --port").commands().get(1);
        answering("OK", "well").moveTo(shell.file("app.jar"));
        try (Command supervisor = shell.start(command.replaceAll("--warm-up '.*?'", ""))) {
            supervisor.await("generation 1 serving .*");
            InetSocketAddress address = shell.address(8888);
            String bad = README_APPLICATION.replace(
                    "HttpResponseStatus.OK",
                    "request.uri().equals(\"/health\") ? HttpResponseStatus.OK : HttpResponseStatus.BAD_GATEWAY");
            application(bad).moveTo(shell.file("app.jar"));
            supervisor.await("generation 2 serving .*");
            for (int i = 0; i < REQUESTS; i++) {
                Client.get(address, "/");
            }
            supervisor.await(".*serves again");
            ShownLines.assertIn(
                    supervisor.transcript().substring(supervisor.transcript().indexOf("generation 2 serving")),
                    ShownLines.of(block));
        }
    }

    @Test
    void aConfigurationWithErrors() throws Exception {
        Document document = Document.read("docs/configuration.md");
        String file = document.block("# Options of the process").text();
        Document.Block block = document.block("$ supervisor config check");
        Files.createDirectories(shell.file("src"));
        Files.createDirectories(shell.file("assets"));
        shell.write("supervisor.yaml", file);
        shell.run(ShownLines.command(block)); // as it stands there, it is right
        shell.write(
                "supervisor.yaml", file.replace("port: 8888", "prot: 8888").replace("swap: overlap", "swap: maybe"));
        try (Command check = shell.start(ShownLines.command(block))) {
            assertEquals(1, check.exitCode());
            assertTrue(check.transcript().contains(String.join("\n", ShownLines.of(block))), check::transcript);
        }
    }

    @Test
    void aLoadTest() throws Exception {
        Document document = Document.read("docs/load-test.md");
        String source = README_APPLICATION
                .replace("\"Hello, world\\n\"", "\"Generation \" + number")
                .replace("new Greeting()", "new Greeting(context.generation())")
                .replace(
                        "SimpleChannelInboundHandler<FullHttpRequest> {",
                        "SimpleChannelInboundHandler<FullHttpRequest> {\n int number; Greeting(int number) { this.number = number; }");
        for (String jar : List.of("build/libs/app.jar", "v1.jar", "v2.jar")) {
            application(source).withResource("jar", jar).moveTo(shell.file(jar));
        }
        try (Command supervisor = shell.start("supervisor --port 8888 --app build/libs/app.jar")) {
            supervisor.await("generation 1 serving .*");
            String command = document.block("supervisor load-test").text();
            try (Command test = shell.start(
                    command.replace("--duration 10s", "--duration 3s").replace("--rate 2000", "--rate 200"))) {
                test.exitCode(); // that no request fails is another test's
                List<String> shown = ShownLines.of(document.block("  1.0 s")).stream()
                        .map(shell::here)
                        .filter(line -> !line.contains("0 failed") && !line.contains("no request failed"))
                        .toList();
                ShownLines.assertIn(test.transcript(), shown);
            }
        }
    }
}
