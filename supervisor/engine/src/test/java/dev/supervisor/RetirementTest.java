package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.socket.Connections;
import dev.supervisor.socket.Ledger;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RetirementTest {

    private final List<String> ended = new CopyOnWriteArrayList<>();

    private void begin(Retirement retirement, String name, Runnable atItsEnd) {
        Connections connections = new Connections(server -> {});
        retirement.begin(name, connections, connections.supersede(), Duration.ZERO, new Retirement.Observer() {
            @Override
            public void drained(Duration after, Ledger ledger) {
                ended.add(name + " on " + Thread.currentThread().getName());
                atItsEnd.run();
            }
        });
    }

    @Test
    void eachHasAThreadOfItsOwnSoThatNoneWaitsForAnother() {
        Retirement retirement = new Retirement();
        CompletableFuture<Boolean> second = new CompletableFuture<>();
        begin(retirement, "first", second::join);
        begin(retirement, "second", () -> second.complete(true));
        retirement.awaitAll();
        assertEquals(
                List.of("first on supervisor-end-of-first", "second on supervisor-end-of-second"),
                ended.stream().sorted().toList());
    }

    @Test
    void whereNoThreadCanBeStartedOneEndsAfterTheOther() {
        Retirement retirement = new Retirement((name, task) -> new Thread(task, name) {
            @Override
            public synchronized void start() {
                throw new OutOfMemoryError("unable to create native thread");
            }
        });
        begin(retirement, "first", () -> {});
        begin(retirement, "second", () -> {});
        retirement.awaitAll();
        assertEquals(List.of("first on supervisor-end", "second on supervisor-end"), ended);
    }

    @Test
    void anEndThatFailsIsOneAllTheSame() {
        Retirement retirement = new Retirement();
        begin(retirement, "first", () -> {
            throw new IllegalStateException("a fault");
        });
        retirement.awaitAll();
        assertEquals(List.of("first on supervisor-end-of-first"), ended);
    }

    @Test
    void aDrainThatFailsIsFollowedByItsEnd() {
        Retirement retirement = new Retirement();
        CompletableFuture<Void> asked = CompletableFuture.failedFuture(new OutOfMemoryError("on an event loop"));
        retirement.begin(
                "first", new Connections(server -> {}), asked, Duration.ZERO, (after, ledger) -> ended.add("first"));
        retirement.awaitAll();
        assertEquals(List.of("first"), ended);
    }
}
