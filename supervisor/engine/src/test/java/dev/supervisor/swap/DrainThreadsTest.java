package dev.supervisor.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Ledger;
import dev.supervisor.socket.netty.Connections;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DrainThreadsTest {

    private final List<String> ended = new CopyOnWriteArrayList<>();

    private void begin(DrainThreads drains, String name, Runnable atItsEnd) {
        Connections connections = new Connections(server -> {});
        drains.begin(name, connections, connections.supersede(), Duration.ZERO, new DrainThreads.Observer() {
            @Override
            public void drained(Duration after, Ledger ledger) {
                ended.add(name + " on " + Thread.currentThread().getName());
                atItsEnd.run();
            }
        });
    }

    @Test
    void eachHasAThreadOfItsOwnSoThatNoneWaitsForAnother() {
        DrainThreads drains = new DrainThreads();
        CompletableFuture<Boolean> second = new CompletableFuture<>();
        begin(drains, "first", second::join);
        begin(drains, "second", () -> second.complete(true));
        drains.awaitAll();
        assertEquals(
                List.of("first on supervisor-end-of-first", "second on supervisor-end-of-second"),
                ended.stream().sorted().toList());
    }

    @Test
    void whereNoThreadCanBeStartedOneEndsAfterTheOther() {
        DrainThreads drains = new DrainThreads((name, task) -> new Thread(task, name) {
            @Override
            public synchronized void start() {
                throw new OutOfMemoryError("unable to create native thread");
            }
        });
        begin(drains, "first", () -> {});
        begin(drains, "second", () -> {});
        drains.awaitAll();
        assertEquals(List.of("first on supervisor-end", "second on supervisor-end"), ended);
    }

    private DrainThreads.Keep keep(DrainThreads drains, Connections connections) {
        return drains.keep(
                "kept", connections, connections.supersede(), Duration.ZERO, (after, ledger) -> ended.add("kept"));
    }

    @Test
    void whatIsKeptEndsWhenItIsSaid() {
        DrainThreads drains = new DrainThreads();
        Connections connections = new Connections(server -> {});
        DrainThreads.Keep keep = keep(drains, connections);
        connections.drained().join();
        assertEquals(List.of(), ended);
        keep.end();
        drains.awaitAll();
        assertEquals(List.of("kept"), ended);
        assertFalse(keep.goOn(), "it has ended");
    }

    @Test
    void whatIsKeptMayGoOnAndThenIsNotEnded() {
        DrainThreads drains = new DrainThreads();
        DrainThreads.Keep keep = keep(drains, new Connections(server -> {}));
        assertTrue(keep.goOn());
        keep.end(); // too late
        drains.awaitAll();
        assertEquals(List.of(), ended);
    }

    @Test
    void whatIsKeptEndsWhenItIsCutShort() {
        DrainThreads drains = new DrainThreads();
        Connections connections = new Connections(server -> {});
        CompletableFuture<Runnable> cut = new CompletableFuture<>();
        DrainThreads.Keep keep = drains.keep(
                "kept", connections, connections.supersede(), Duration.ofHours(1), new DrainThreads.Observer() {
                    @Override
                    public void kept(Runnable cutShort) {
                        cut.complete(cutShort);
                    }

                    @Override
                    public void drained(Duration after, Ledger ledger) {
                        ended.add("kept");
                    }
                });
        cut.join().run();
        drains.awaitAll();
        assertEquals(List.of("kept"), ended);
        assertFalse(keep.goOn());
    }

    @Test
    void anEndThatFailsIsOneAllTheSame() {
        DrainThreads drains = new DrainThreads();
        begin(drains, "first", () -> {
            throw new IllegalStateException("a fault");
        });
        drains.awaitAll();
        assertEquals(List.of("first on supervisor-end-of-first"), ended);
    }

    @Test
    void aDrainThatFailsIsFollowedByItsEnd() {
        DrainThreads drains = new DrainThreads();
        CompletableFuture<Void> asked = CompletableFuture.failedFuture(new OutOfMemoryError("on an event loop"));
        drains.begin(
                "first", new Connections(server -> {}), asked, Duration.ZERO, (after, ledger) -> ended.add("first"));
        drains.awaitAll();
        assertEquals(List.of("first"), ended);
    }
}
