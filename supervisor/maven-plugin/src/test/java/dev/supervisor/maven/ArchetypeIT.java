package dev.supervisor.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A project that is made from the archetype, as a user makes it. */
class ArchetypeIT {

    private static final long TIMEOUT_SECONDS = 120;
    private static final int POLL_MILLIS = 50;
    private static final Pattern ADDRESS = Pattern.compile("~> (http://\\S+)");
    private static final String HANDLER = "src/main/java/com/acme/HelloHandler.java";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    Path temporary;

    private Sample project;

    @BeforeEach
    void generate() throws Exception {
        List<String> arguments = List.of(
                "org.apache.maven.plugins:maven-archetype-plugin:" + System.getProperty("it.archetype-plugin")
                        + ":generate",
                "-DarchetypeCatalog=local",
                "-DarchetypeGroupId=dev.supervisor",
                "-DarchetypeArtifactId=supervisor-archetype",
                "-DarchetypeVersion=" + System.getProperty("it.supervisor"),
                "-DgroupId=com.acme",
                "-DartifactId=hello");
        maven(temporary, arguments);
        project = new Sample(temporary.toRealPath().resolve("hello"));
    }

    @Test
    void allIsFilledIn() throws IOException {
        String pom = Files.readString(project.file("pom.xml"));
        assertTrue(pom.contains("<supervisor.version>" + System.getProperty("it.supervisor") + "<"), pom);
        assertTrue(pom.contains("<artifactId>hello</artifactId>"), pom);
        assertFalse(pom.contains("@"), pom);
        String readme = Files.readString(project.file("README.md"));
        assertTrue(readme.startsWith("# hello\n"), readme);
        assertFalse(readme.contains("${"), readme);
        assertTrue(Files.readString(project.file(".gitignore")).contains("target/"));
    }

    @Test
    void itPassesItsTestsAndRunsWithoutTheSupervisor() throws Exception {
        String output = maven(
                project.directory(), List.of("package", "dependency:copy-dependencies", "-DincludeScope=compile"));
        assertTrue(output.contains("Tests run: 1, Failures: 0"), output);
        int port = freePort();
        Path log = temporary.resolve("alone");
        Process alone = start(
                log,
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-Dlisten.address.http=" + port,
                                "-cp",
                                "target/classes:target/dependency/*",
                                "com.acme.HelloServer")
                        .directory(project.directory().toFile()));
        try {
            awaitPort(log, alone, port);
            assertEquals("Hello, world\n", get("http://127.0.0.1:" + port + "/"));
        } finally {
            end(alone);
        }
    }

    @Test
    void supervisorRunServesItAndAnEditIsAnsweredNext() throws Exception {
        Path log = temporary.resolve("run");
        Process maven = start(
                log,
                OfflineMaven.own()
                        .process(
                                temporary,
                                project.directory(),
                                List.of("supervisor:run", "-Dport=0", "-Ddebug=false")));
        try {
            String address = await(log, maven, ADDRESS);
            assertEquals("Hello, world\n", get(address));
            project.replace(HANDLER, "Hello, world", "Hello, again");
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
            while (!get(address).equals("Hello, again\n")) { // asked before the save was seen
                assertTrue(System.nanoTime() < deadline, () -> text(log));
            }
            assertFalse(text(log).contains("failed"), () -> text(log));
        } finally {
            end(maven);
        }
    }

    private String maven(Path directory, List<String> arguments) throws Exception {
        Path log = Files.createTempFile(temporary, "maven", ".log");
        Process maven = start(log, OfflineMaven.own().process(temporary, directory, arguments));
        try {
            assertTrue(maven.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS), () -> text(log));
            assertEquals(0, maven.exitValue(), () -> text(log));
            return text(log);
        } finally {
            end(maven);
        }
    }

    private static Process start(Path log, ProcessBuilder process) throws IOException {
        return process.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    }

    private static String await(Path log, Process process, Pattern pattern) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (true) {
            Matcher found = pattern.matcher(text(log));
            if (found.find()) {
                return Objects.requireNonNull(found.group(1));
            }
            assertTrue(process.isAlive() && System.nanoTime() < deadline, () -> text(log));
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static void awaitPort(Path log, Process process, int port) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (true) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (ConnectException e) {
                assertTrue(process.isAlive() && System.nanoTime() < deadline, () -> text(log));
                Thread.sleep(POLL_MILLIS);
            }
        }
    }

    private static String text(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private String get(String address) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .timeout(Duration.ofSeconds(TIMEOUT_SECONDS))
                .build();
        return client.send(request, BodyHandlers.ofString()).body();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void end(Process process) throws InterruptedException {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        process.destroy(); // it tidies up
        process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        all.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
