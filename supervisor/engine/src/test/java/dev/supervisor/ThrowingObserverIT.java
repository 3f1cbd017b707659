package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Client;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An embedder's observer of events that fails hurts nobody but itself. */
@Timeout(120)
class ThrowingObserverIT {

    @TempDir
    private Path directory;

    private final BlockingQueue<Event> said = new LinkedBlockingQueue<>();
    private final Queue<Event> everything = new ConcurrentLinkedQueue<>();

    private Path jar() {
        return directory.resolve("app.jar");
    }

    private void awaitServing(int generation) throws InterruptedException {
        Event event = said.take();
        while (!(event instanceof Event.Serving serving) || serving.generation() != generation) {
            event = said.take();
        }
    }

    private void swapsAndClosesWith(Class<? extends Event> at, Runnable failure) throws Exception {
        Apps.http("v1").moveTo(jar());
        SupervisorOptions options = SupervisorOptions.builder(jar()).port(0).build();
        try (Supervisor supervisor = Supervisor.start(options, event -> {
            said.add(event);
            everything.add(event);
            if (at.isInstance(event)) {
                failure.run();
            }
        })) {
            awaitServing(1);
            assertEquals(
                    "v1 gen=1 n=1",
                    Client.get((InetSocketAddress) supervisor.addresses().get(0), "/")
                            .body());
            Apps.http("v2").moveTo(jar());
            awaitServing(2);
            assertEquals(
                    "v2 gen=2 n=1",
                    Client.get((InetSocketAddress) supervisor.addresses().get(0), "/")
                            .body());
        }
        assertEquals(Set.of(1, 2), ended());
    }

    private Set<Integer> ended() {
        return everything.stream()
                .filter(Event.Ended.class::isInstance)
                .map(event -> ((Event.Ended) event).generation())
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                Event.Listening.class,
                Event.Changed.class,
                Event.Serving.class,
                Event.Ended.class,
                Event.Stopping.class
            })
    void anErrorAtOneEventBreaksNoSwap(Class<? extends Event> at) throws Exception {
        swapsAndClosesWith(at, () -> {
            throw new StackOverflowError("for a test");
        });
    }

    @Test
    void norDoesAnExceptionAtEach() throws Exception {
        swapsAndClosesWith(Event.class, () -> {
            throw new IllegalStateException("for a test");
        });
    }
}
