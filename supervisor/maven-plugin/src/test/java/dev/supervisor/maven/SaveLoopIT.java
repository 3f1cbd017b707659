package dev.supervisor.maven;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Saves of all kinds in a running {@code mvn supervisor:run}: the answer after each is the new one, at once and for good. */
final class SaveLoopIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    Path temporary;

    private final HttpClient client = HttpClient.newHttpClient();
    private URI address = URI.create("");

    @BeforeAll
    static void assumeMaven() {
        RunMojoIT.assumeMaven();
    }

    @ParameterizedTest
    @MethodSource("dev.supervisor.maven.RunMojoIT#mavens")
    void theNextAnswerIsTheNewOne(Path home) throws Exception {
        Sample sample = Sample.copy("loop", temporary);
        int port = freePort();
        address = URI.create("http://127.0.0.1:" + port + "/");
        try (MavenRun run = MavenRun.startReal(
                home, sample.directory(), "-Dport=" + port, "-Darguments=" + port, "-Ddebug=false")) {
            awaitFirst(run);
            assertEquals("body constant Person(name=Ada) made resource first arg0", get().body(), run::log);

            sample.replace("app/src/main/java/app/Answer.java", "\"body ", "\"BODY ");
            expect("BODY constant Person(name=Ada) made resource first arg0", run);
            sample.replace("lib/src/main/java/lib/Constant.java", "\"constant\"", "\"copied\"");
            expect("BODY copied Person(name=Ada) made resource first arg0", run);
            sample.replace("lib/src/main/java/lib/Person.java", "}\n", "    private int age = 36;\n}\n");
            expect("BODY copied Person(name=Ada, age=36) made resource first arg0", run);
            sample.replace("app/src/main/resources/text.txt", "resource", "text");
            expect("BODY copied Person(name=Ada, age=36) made text first arg0", run);
            sample.replace("made/src/main/templates/Made.txt", "\"made\"", "\"template\"");
            expect("BODY copied Person(name=Ada, age=36) template text first arg0", run);
            sample.replace("pom.xml", "<word>first", "<word>second");
            expect("BODY copied Person(name=Ada, age=36) template text second arg0", run);
            sample.replace("pom.xml", "<parameters>false", "<parameters>true");
            expect("BODY copied Person(name=Ada, age=36) template text second named", run);

            sample.replace("lib/src/main/java/lib/Person.java", "int age", "int ag e");
            HttpResponse<String> page = get();
            assertEquals(503, page.statusCode(), run::log);
            assertTrue(page.body().contains("Person.java:8"), page::body);
            sample.replace("lib/src/main/java/lib/Person.java", "int ag e", "int years");
            expect("BODY copied Person(name=Ada, years=36) template text second named", run);
            Files.delete(sample.file("lib/src/main/java/lib/Constant.java"));
            assertTrue(get().body().contains("Answer.java"), run::log);
            Files.writeString(
                    sample.file("lib/src/main/java/lib/Constant.java"),
                    "package lib; public class Constant { public static final String TEXT = \"again\"; }");
            expect("BODY again Person(name=Ada, years=36) template text second named", run);

            sample.replace(
                    "app/pom.xml",
                    "  </dependencies>",
                    "<dependency><groupId>org.mapstruct</groupId><artifactId>mapstruct</artifactId><version>"
                            + System.getProperty("it.mapstruct") + "</version></dependency></dependencies>");
            sample.replace(
                    "app/src/main/java/app/Answer.java",
                    "\"BODY \"",
                    "org.mapstruct.Mapper.class.getSimpleName() + \" \"");
            expect("Mapper again Person(name=Ada, years=36) template text second named", run);
            run.maven().destroy();
            run.awaitEnd();
        }
    }

    private void expect(String text, MavenRun run) throws IOException, InterruptedException {
        assertEquals(text, get().body(), run::log);
    }

    private HttpResponse<String> get() throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(address).timeout(TIMEOUT).build(), BodyHandlers.ofString());
    }

    /** The port is not bound yet when Maven starts. */
    private void awaitFirst(MavenRun run) throws Exception {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (true) {
            try {
                get();
                return;
            } catch (IOException e) {
                assertTrue(run.maven().isAlive() && System.nanoTime() < deadline, run::log);
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
