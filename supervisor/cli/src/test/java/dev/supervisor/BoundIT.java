package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Command;
import dev.supervisor.testing.Running;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Generations that drain or leak don't pile up without a bound. */
@Timeout(300)
class BoundIT {

    private static final String SPINNING =
            "static void spin() { while (!Boolean.getBoolean(\"leaks.end\")) java.util.concurrent.locks.LockSupport.parkNanos(1_000_000); }";
    private static final String SPIN =
            "Thread spinning = new Thread(Leaking::spin, \"spinning\"); spinning.setDaemon(true); spinning.start();";

    @TempDir
    private Path directory;

    private Path jar() {
        return directory.resolve("app.jar");
    }

    @AfterEach
    void endThreads() {
        System.setProperty("leaks.end", "true");
    }

    @Test
    void theOldestOfTooManyGenerationsThatDrainIsCutShort() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running =
                        Running.http(jar(), options -> options.maxGenerations(3).drainTimeout(Duration.ofHours(1)));
                Client first = Client.connect(running.address());
                Client second = Client.connect(running.address())) {
            running.awaitServing(1);
            stream(first);
            Apps.http("v2").moveTo(jar());
            running.awaitServing(2);
            stream(second);
            Apps.http("v3").moveTo(jar());
            running.awaitServing(3);
            assertEquals(List.of(), running.events(Event.Full.class));
            Apps.http("v4").moveTo(jar());
            assertEquals(new Event.Full(1, 3), running.await(Event.Full.class));
            assertEquals(1, running.await(Event.DrainTimedOut.class).generation());
            assertTrue(first.isClosed(), "its stream is closed in order");
            running.awaitServing(4);
        }
    }

    private static void stream(Client client) throws Exception {
        client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
        assertEquals(200, client.head().status());
        client.line(); // the size of a chunk
        assertTrue(client.line().startsWith("begun by v"));
    }

    @Test
    void generationsThatCantBeEndedDoNotKeepTheNextFromServing() throws Exception {
        System.clearProperty("leaks.end");
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(
                jar(),
                options -> options.maxGenerations(2)
                        .startTimeout(Duration.ofMillis(500))
                        .stopTimeout(Duration.ofMillis(10)))) {
            running.awaitServing(1);
            for (int generation = 2; generation <= 5; generation++) {
                Apps.with(SPINNING + " static int NUMBER = " + generation + ";", "spin();")
                        .moveTo(jar());
                int number = generation;
                Event.RunsOn event = running.await(Event.RunsOn.class, runsOn -> runsOn.generation() == number);
                assertEquals(generation - 1, event.generations());
                assertEquals(1, event.threads().size());
                String thread = event.threads().get(0);
                assertTrue(thread.startsWith("its start has not returned:"), thread);
                assertTrue(thread.contains("> at app.Leaking.spin(Leaking.java:"), thread);
            }
            Apps.http("v6").moveTo(jar());
            Event.Serving serving =
                    running.await(Event.Serving.class, event -> event.generation() > 5); // some were tried once more
            assertEquals(
                    "v6 gen=" + serving.generation() + " n=1",
                    Client.get(running.address(), "/").body());
            List<Status.Generation> generations = running.supervisor().status().generations();
            assertTrue(
                    generations.stream()
                            .anyMatch(each -> each.number() == 2
                                    && each.state() == Status.State.RUNNING_ON
                                    && each.build().equals("app.jar")),
                    generations::toString);
        }
    }

    @Test
    void thePathFromARootToAGenerationThatIsKeptIsReadFromAHeapDump() throws Exception {
        System.clearProperty("leaks.end");
        Path dumps = directory.resolve("dumps");
        Apps.with(SPINNING, SPIN).moveTo(jar());
        try (Running running = Running.http(
                jar(),
                options -> options.dumpLeaks(dumps)
                        .stopTimeout(Duration.ofMillis(10))
                        .verifyUnload(true)
                        .unloadTimeout(Duration.ZERO))) {
            running.awaitServing(1);
            running.supervisor().swap();
            String text = String.join(
                    "\n",
                    running.await(Event.KeptAlive.class, event -> event.generation() == 1)
                            .holders());
            assertTrue(text.contains("thread \"spinning\" of app.Leaking was never stopped"), text);
            assertTrue(text.contains("class loader of generation 1"), text);
            assertTrue(text.contains("(the heap dump is " + dumps.resolve("generation-1-")), text);
        }
    }

    @Test
    void whenTheMemoryForClassesRunsLowItsHoldersAreNamedAndTheSupervisorLivesOn() throws Exception {
        StringBuilder many = new StringBuilder(
                SPINNING.replace("!Boolean.getBoolean(\"leaks.end\")", "!Files.exists(Path.of(\"end\"))")
                        .replace("1_000_000", "100_000_000"));
        StringBuilder make = new StringBuilder(SPIN);
        for (int i = 0; i < 400; i++) {
            many.append("static class C").append(i).append(" { int a; long b() { return a * 3L; } }\n");
            make.append("new C").append(i).append("().b();\n");
        }
        Apps.with(many.toString(), make.toString()).moveTo(jar());
        try (Command command = Command.start(
                directory,
                Map.of("SUPERVISOR_JAVA_OPTS", "-XX:MaxMetaspaceSize=42m"),
                List.of(
                        Command.SCRIPT.toString(),
                        "--port=0",
                        "--app=app.jar",
                        "--max-generations=1000",
                        "--stop-timeout=50ms"))) {
            var address = command.awaitSocket();
            String serving = command.await("generation 1 serving .*");
            assertFalse(serving.isEmpty());
            while (!command.hasSaid("the metaspace is nearly full, \\d+ of 42 MiB: ")) {
                command.signal("HUP");
                command.await("generation \\d+ serving .*|.*OutOfMemoryError.*");
            }
            command.await("  generation 1 \\(ended, but still in memory\\): app.jar, 4\\d\\d classes");
            Apps.http("small").moveTo(jar());
            java.nio.file.Files.createFile(directory.resolve("end"));
            command.await("generation \\d+ serving app.jar.*");
            assertTrue(Client.get(address, "/").body().startsWith("small"));
        }
    }
}
