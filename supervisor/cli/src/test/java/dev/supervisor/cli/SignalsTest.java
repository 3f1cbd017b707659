package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SignalsTest {

    private final BlockingQueue<Integer> halted = new LinkedBlockingQueue<>();
    private final Signals signals = new Signals(halted::add);

    @Test
    void theSecondOneEndsAtOnce() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        signals.beforeHalt(done::countDown);
        signals.stop();
        signals.awaitStop();
        assertTrue(halted.isEmpty());
        signals.stop();
        done.await();
        assertEquals(128 + 15, halted.take());
    }

    @Test
    void alsoIfWhatIsToBeDoneBeforeHangs() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        signals.beforeHalt(() -> {
            try {
                over.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        signals.stop();
        Thread handler = new Thread(signals::stop);
        handler.start();
        try {
            assertEquals(128 + 15, halted.take());
        } finally {
            over.countDown();
            handler.join();
        }
    }

    @Test
    void anInterruptIsNoSignal() throws Exception {
        CountDownLatch returned = new CountDownLatch(1);
        Thread waiting = new Thread(() -> {
            signals.awaitStop();
            returned.countDown();
        });
        waiting.start();
        while (waiting.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        waiting.interrupt();
        while (waiting.isInterrupted() || waiting.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertEquals(1, returned.getCount());
        signals.stop();
        returned.await();
    }
}
