package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Running;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
    void closingWhileAStartHangsEndsAtOnce() throws Exception {
        Apps.starting("new java.util.concurrent.CountDownLatch(1).await();").moveTo(jar());
        try (Running running = Running.http(jar(), options -> options.startTimeout(Duration.ofHours(1)));
                Client held = Client.connect(running.address())) {
            held.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            running.supervisor().close();
        }
    }
}
