package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SupervisorOptions.BuildTool;
import dev.supervisor.SupervisorOptions.Swap;
import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the README promises, in its words. The other tests go into the corners. */
@Timeout(120)
class PromisesIT {

    @TempDir
    private Path directory;

    private Path jar() {
        return directory.resolve("app.jar");
    }

    @Test
    void thePortIsNeverClosed() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar())) {
            running.awaitServing(1);
            CompletableFuture<String> failure = new CompletableFuture<>();
            Thread client = new Thread(() -> {
                try {
                    while (!failure.isDone()) {
                        assertEquals(200, Client.get(running.address(), "/").status());
                    }
                } catch (IOException | AssertionError e) {
                    failure.complete(e.toString());
                }
            });
            client.start();
            for (int version = 2; version <= 20; version++) {
                Apps.http("v" + version).moveTo(jar());
                running.awaitServing(version);
            }
            failure.complete("none");
            client.join();
            assertEquals("none", failure.get());
        }
    }

    @Test
    void establishedConnectionsSurvive() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar());
                Client idle = Client.connect(running.address());
                Client busy = Client.connect(running.address())) {
            running.awaitServing(1);
            assertEquals("v1 gen=1 n=1", idle.get("/").body());
            busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(200, busy.head().status());
            idle.beginPost("/go");
            Apps.http("v2").moveTo(jar());
            running.awaitServing(2);
            idle.send("2");
            assertEquals("gone", idle.answer().body());
            busy.readUpTo("ended by v1 gen=1\r\n0\r\n\r\n");
            assertEquals("v2 gen=2 n=1", idle.get("/").body());
            assertEquals("v2 gen=2 n=1", busy.get("/").body());
            assertEquals("v2 gen=2 n=2", busy.get("/").body());
        }
    }

    @Test
    void neverStaleWithHold() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar());
                Client established = Client.connect(running.address())) {
            running.awaitServing(1);
            established.get("/");
            for (int version = 2; version <= 20; version++) {
                Files.delete(jar());
                int generation = version;
                running.awaitAwaiting();
                established.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"); // the change has been seen
                Apps.http("v" + version).moveTo(jar());
                String answer = established.answer().body();
                assertTrue(answer.startsWith("v" + version + " "), answer);
                running.await(Event.Serving.class, event -> event.generation() == generation);
            }
        }
    }

    @Test
    void neverStaleFromTheSaveOnWhereTheSupervisorBuilds() throws Exception {
        Path sources = Files.createDirectories(directory.resolve("src"));
        Path source = Files.writeString(sources.resolve("version.txt"), "v1");
        String command = "cp \"$(cat src/version.txt).jar\" next.jar && mv next.jar app.jar";
        for (int version = 1; version <= 20; version++) {
            Apps.http("v" + version).moveTo(directory.resolve("v" + version + ".jar"));
        }
        BuildTool tool =
                new BuildTool(command, directory, List.of(sources), List.of(), Duration.ofMillis(5), OnBusy.RESTART);
        try (Running running = Running.http(jar(), options -> options.buildTool(tool));
                Client established = Client.connect(running.address())) {
            running.awaitServing(1);
            established.get("/");
            for (int version = 2; version <= 20; version++) {
                Files.writeString(source, "v" + version);
                String answer = established.get("/").body();
                assertTrue(answer.startsWith("v" + version + " "), answer);
            }
        }
    }

    @Test
    void neverStaleWithOverlapAfterTheNewBuildIsReady() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar(), options -> options.swap(Swap.OVERLAP));
                Client established = Client.connect(running.address())) {
            running.awaitServing(1);
            for (int version = 2; version <= 20; version++) {
                established.get("/");
                Apps.http("v" + version).moveTo(jar());
                running.awaitServing(version);
                String answer = established.get("/").body();
                assertTrue(answer.startsWith("v" + version + " "), answer);
            }
        }
    }

    @Test
    void aFailedBuildHarmsNothing() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar());
                Client established = Client.connect(running.address())) {
            running.awaitServing(1);
            established.get("/");
            Apps.starting("throw new IllegalStateException(\"broken\");").moveTo(jar());
            running.await(Event.Failed.class);
            assertTrue(established.get("/").body().contains("broken"), "the browser sees why");
            Apps.http("v2").moveTo(jar());
            Event.Serving serving = running.await(
                    Event.Serving.class, event -> event.generation() > 1); // the broken one may have been tried again
            assertEquals(
                    "v2 gen=" + serving.generation() + " n=1",
                    established.get("/").body());
        }
    }

    @Test
    void nothingIsLeftBehind() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar());
                Client established = Client.connect(running.address())) {
            running.awaitServing(1);
            established.get("/");
            Apps.http("v2").moveTo(jar());
            running.awaitServing(2);
            assertEquals("v2 gen=2 n=1", established.get("/").body());
            running.await(Event.Unloaded.class, event -> event.generation() == 1, System::gc);
            assertTrue(Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("generation-1-") && !before.contains(thread)));
        }
    }
}
