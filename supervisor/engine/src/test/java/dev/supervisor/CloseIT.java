package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SupervisorOptions.Swap;
import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Running;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Closing, whoever does it and whenever. */
@Timeout(120)
class CloseIT {

    @TempDir
    private Path directory;

    private Path jar() {
        return directory.resolve("app.jar");
    }

    @ParameterizedTest
    @ValueSource(classes = {Event.Serving.class, Event.Changed.class, Event.Ended.class, Event.Stopping.class})
    void anObserverMayClose(Class<? extends Event> at) throws Exception {
        Apps.http("v1").moveTo(jar());
        CompletableFuture<Supervisor> supervisor = new CompletableFuture<>();
        CountDownLatch served = new CountDownLatch(1);
        SupervisorOptions options = SupervisorOptions.builder(jar()).port(0).build();
        supervisor.complete(Supervisor.start(options, event -> {
            if (event instanceof Event.Serving) {
                served.countDown();
            }
            if (at.isInstance(event)) {
                supervisor.join().close();
            }
        }));
        assertTrue(served.await(60, TimeUnit.SECONDS));
        if (at == Event.Changed.class || at == Event.Ended.class) {
            Apps.http("v2").moveTo(jar());
        }
        supervisor.join().close();
    }

    @Test
    void anInterruptedThreadClosesAsWellAsAnyOther() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar());
                Client slow = Client.connect(running.address());
                Client go = Client.connect(running.address())) {
            running.awaitServing(1);
            slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(200, slow.head().status());
            go.beginPost("/go");
            CompletableFuture<Boolean> stillInterrupted = new CompletableFuture<>();
            new Thread(() -> {
                        Thread.currentThread().interrupt();
                        running.supervisor().close();
                        stillInterrupted.complete(Thread.currentThread().isInterrupted());
                    })
                    .start();
            running.await(Event.Stopping.class);
            go.send("x");
            assertEquals("gone", go.answer().body());
            slow.readUpTo("ended by v1 gen=1\r\n0\r\n\r\n");
            assertTrue(stillInterrupted.get());
            running.await(Event.Ended.class);
        }
    }

    @Test
    @Timeout(25)
    void closingWhileTheNextBuildIsAwaitedDoesNotWaitForIt() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar())) {
            running.awaitServing(1);
            Files.delete(jar());
            running.await(Event.Awaiting.class);
        }
    }

    @ParameterizedTest
    @EnumSource(Swap.class)
    void requestsThatHaveArrivedAreAnswered(Swap swap) throws Exception {
        Apps.http("v1").moveTo(jar());
        List<Client> clients = new ArrayList<>();
        Running running = Running.http(jar(), options -> options.swap(swap));
        running.awaitServing(1);
        for (int i = 0; i < 50; i++) {
            clients.add(Client.connect(running.address()));
            if (i % 2 == 0) {
                clients.get(i).get("/");
            }
        }
        for (Client client : clients) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        }
        running.close();
        for (int i = 0; i < clients.size(); i++) {
            assertEquals(
                    "v1 gen=1 n=" + (i % 2 == 0 ? 2 : 1),
                    clients.get(i).answer().body());
            assertTrue(clients.get(i).isClosed(), "in order, after the answer");
        }
        assertEquals(new Tally(50, 0, 50), running.supervisor().tally("http"));
    }

    @Test
    void whatWaitsForABuildIsClosedInOrder() throws Exception {
        Apps.http("v1").moveTo(jar());
        Running running = Running.http(jar());
        try (Client established = Client.connect(running.address());
                Client silent = Client.connect(running.address())) {
            running.awaitServing(1);
            established.get("/");
            Files.delete(jar());
            running.await(Event.Awaiting.class);
            Client fresh = Client.connect(running.address());
            established.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            silent.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            fresh.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            running.awaitTally(tally -> tally.open() == 3);
            running.close();
            assertTrue(established.isClosed(), "not answered by the old build, and not reset");
            assertTrue(fresh.isClosed());
            assertTrue(silent.isClosed());
            assertEquals(new Tally(3, 0, 3), running.supervisor().tally("http"));
        }
    }

    @Test
    void closingDuringASwapAndDuringADrainLosesNothingThatWasBegun() throws Exception {
        Apps.http("v1").moveTo(jar());
        Running running = Running.http(jar());
        try (Client slow = Client.connect(running.address());
                Client go = Client.connect(running.address())) {
            running.awaitServing(1);
            slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            slow.readUpTo("begun by v1 gen=1\r\n");
            go.beginPost("/go");
            Apps.http("v2").moveTo(jar());
            running.awaitServing(2); // generation 1 drains
            Apps.starting("new java.util.concurrent.CountDownLatch(1).await();").moveTo(jar());
            running.await(
                    Event.Changed.class,
                    any -> running.events(Event.Changed.class).size() == 2);
            Thread closing = new Thread(running::close);
            closing.start(); // generation 3 starts
            running.await(Event.Stopping.class);
            go.send("x");
            assertEquals("gone", go.answer().body());
            slow.readUpTo("ended by v1 gen=1\r\n0\r\n\r\n");
            assertTrue(slow.isClosed());
            assertTrue(go.isClosed());
            closing.join();
            assertEquals(new Tally(2, 0, 2), running.supervisor().tally("http"));
        }
    }

    @Test
    void closingWhileAStartHangsEndsAtOnce() throws Exception {
        Apps.starting("new java.util.concurrent.CountDownLatch(1).await();").moveTo(jar());
        try (Running running = Running.http(jar(), options -> options.startTimeout(Duration.ofHours(1)));
                Client held = Client.connect(running.address())) {
            held.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            running.supervisor().close();
        }
    }
}
