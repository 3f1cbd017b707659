package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SignalThreadReserveTest {

    private final List<Thread> started = new CopyOnWriteArrayList<>();
    private volatile boolean isFull;

    private final SignalThreadReserve room = new SignalThreadReserve(this::make, Duration.ofMillis(1));

    private Thread make(Runnable task) {
        return new Thread(task) {
            @Override
            public synchronized void start() {
                if (isFull) {
                    throw new OutOfMemoryError("unable to create native thread");
                }
                started.add(this);
                super.start();
            }
        };
    }

    @AfterEach
    void endAll() {
        isFull = true;
    }

    @Test
    void theKeeperEndsWhenNoThreadCanBeStartedAnyMore() throws Exception {
        room.keep();
        Thread keeper = started.get(0);
        while (started.size() < 5) {
            Thread.onSpinWait();
        }
        assertTrue(keeper.isAlive(), "there is room");
        isFull = true;
        keeper.join();
        room.keep(); // there is none
        isFull = false;
        int before = started.size();
        room.keep();
        assertNotSame(keeper, started.get(before));
        assertTrue(started.get(before).isAlive());
    }
}
