package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class CommonPoolTasksTest {

    /** Keeps all workers busy, so that tasks have to wait. */
    private static final class Busy implements AutoCloseable {

        private final CountDownLatch end = new CountDownLatch(1);

        void begin() throws InterruptedException {
            int workers = ForkJoinPool.commonPool().getParallelism();
            CountDownLatch begun = new CountDownLatch(workers);
            for (int i = 0; i < workers; i++) {
                ForkJoinPool.commonPool().execute(() -> {
                    begun.countDown();
                    awaitEnd();
                });
            }
            begun.await();
        }

        private void awaitEnd() {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            end.countDown();
        }
    }

    public static final class OfTheJvm {

        public static final AtomicBoolean RAN = new AtomicBoolean();

        private OfTheJvm() {}
    }

    static final class Submits implements Runnable {

        @Override
        public void run() {
            ForkJoinPool.commonPool().execute(() -> OfTheJvm.RAN.set(true));
        }
    }

    @Test
    void tasksOfAGenerationThatHaveNotBegunAreCancelledAndNamed() throws Exception {
        CompletableFuture<String> other;
        QueueTenant tenant;
        try (Busy busy = new Busy()) {
            busy.begin();
            other = CompletableFuture.supplyAsync(() -> "done", ForkJoinPool.commonPool());
            tenant = QueueTenant.thatRan(Submits.class);
            assertTrue(tenant.isHeld());
            assertEquals(
                    List.of("task of " + Submits.class.getName()
                            + " still waited in the common pool and was cancelled"),
                    tenant.clear(new CommonPoolTasks()));
        }
        assertEquals("done", other.get(60, TimeUnit.SECONDS));
        tenant.awaitCollected();
        assertFalse(OfTheJvm.RAN.get());
    }
}
