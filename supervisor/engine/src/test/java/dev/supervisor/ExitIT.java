package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SupervisorOptions.Swap;
import dev.supervisor.failure.PlainText;
import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Await;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.TestBuild;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An application that wants to end the JVM ends itself. */
@Timeout(120)
class ExitIT {

    @TempDir
    private Path directory;

    private Path jar() {
        return directory.resolve("app.jar");
    }

    /** {@code /exit} exits; all else is as ever. */
    private static TestBuild exiting(String version) {
        String source = Apps.HTTP.replace(
                "case \"/go\" ->",
                "case \"/exit\" -> { try { System.exit(3); } catch (Throwable e) { answer(context, request, e.getMessage()); } }\n"
                        + "case \"/go\" ->");
        return TestBuild.of(source).withProvider("app.HttpApp").withResource("version.txt", version);
    }

    @ParameterizedTest
    @EnumSource(Swap.class)
    void anApplicationThatExitsEndsItselfAndNotTheSupervisor(Swap swap) throws Exception {
        exiting("v1").moveTo(jar());
        try (Running running = Running.http(jar(), options -> options.swap(swap));
                Client client = Client.connect(running.address())) {
            running.awaitServing(1);
            assertEquals("v1 gen=1 n=1", client.get("/").body());
            assertTrue(client.get("/exit").body().startsWith("System.exit(3): the supervisor ends this generation"));
            Event.Failed failed = running.await(Event.Failed.class);
            assertEquals("app.jar called System.exit(3)", failed.problem().summary());
            running.await(Event.Ended.class, event -> event.generation() == 1);
            String page = client.get("/").body();
            assertTrue(page.contains("app.jar called System.exit(3)"), page);
            assertTrue(page.contains("app.HttpApp$Handler.channelRead0(HttpApp.java"), page);
            exiting("v2").moveTo(jar());
            running.awaitServing(2);
            assertEquals("v2 gen=2 n=1", client.get("/").body());
        }
    }

    @Test
    void aRequestInFlightIsStillAnswered() throws Exception {
        exiting("v1").moveTo(jar());
        try (Running running = Running.http(jar());
                Client slow = Client.connect(running.address());
                Client go = Client.connect(running.address())) {
            running.awaitServing(1);
            slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(200, slow.head().status());
            go.beginPost("/go");
            assertEquals(200, Client.get(running.address(), "/exit").status());
            running.await(Event.Failed.class);
            go.send("x");
            assertEquals("gone", go.answer().body());
            slow.readUpTo("ended by v1 gen=1\r\n0\r\n\r\n");
        }
    }

    @Test
    void anExitDuringTheStartIsAFailedStartAlsoIfItIsCaught() throws Exception {
        Apps.starting("System.exit(1);").moveTo(jar());
        try (Running running = Running.http(jar())) {
            running.await(
                    Event.Failed.class,
                    event -> event.problem().summary().equals("app.jar called System.exit(1)")
                            && PlainText.of(event.problem()).contains("app.Special.start(Special.java"));
            Apps.starting("try { System.exit(2); } catch (Throwable e) { }").moveTo(jar());
            running.await(
                    Event.Failed.class, event -> event.problem().summary().equals("app.jar called System.exit(2)"));
            Apps.http("v3").moveTo(jar());
            running.awaitServing(3);
        }
    }

    /** Some of these exits come between the return of the start and the moment at which the generation is live. */
    @Test
    void anExitSoonAfterTheStartIsNeverMissed() throws Exception {
        Apps.starting(
                        "long end = System.nanoTime() + java.util.concurrent.ThreadLocalRandom.current().nextInt(5_000_000);"
                                + " new Thread(() -> { while (System.nanoTime() < end) Thread.onSpinWait(); System.exit(5); }).start();")
                .moveTo(jar());
        try (Running running = Running.http(jar())) {
            for (int swap = 0; swap < 60; swap++) {
                int before = swap;
                Await.until(
                        "each build has failed",
                        () -> running.events(Event.Failed.class).size() > before);
                running.supervisor().swap();
            }
        }
    }

    @Test
    void anExitByAThreadOfItsOwnWorksLikeThat() throws Exception {
        Apps.starting(
                        "new Thread(() -> { if (Thread.currentThread().isAlive()) Runtime.getRuntime().exit(4); }).start();")
                .moveTo(jar());
        try (Running running = Running.http(jar())) {
            running.await(
                    Event.Failed.class, event -> event.problem().summary().equals("app.jar called System.exit(4)"));
            Apps.http("v2").moveTo(jar());
            running.awaitServing(2);
        }
    }
}
