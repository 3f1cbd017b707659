package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class DelayedTasksTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    static final class User {}

    static final class SetsTimeouts implements Runnable {

        @Override
        public void run() {
            CompletableFuture<User> timed = new CompletableFuture<User>().orTimeout(1, TimeUnit.HOURS);
            timed.thenAccept(user -> new User()).exceptionally(failure -> null);
            CompletableFuture.delayedExecutor(1, TimeUnit.HOURS).execute(() -> new User());
        }
    }

    @BeforeAll
    static void startTimer() {
        new CompletableFuture<>()
                .completeOnTimeout(null, 1, TimeUnit.NANOSECONDS)
                .join();
    }

    @Test
    void delayedTasksOfAGenerationAreCancelledAndNamed() throws Exception {
        QueueTenant tenant = QueueTenant.thatRan(SetsTimeouts.class, User.class);
        assertTrue(tenant.isHeld());
        String line = "task of " + SetsTimeouts.class.getName()
                + " still waited in CompletableFuture's timer and was cancelled";
        assertEquals(List.of(line, line), tenant.clear(new DelayedTasks(PATIENCE)));
        tenant.awaitCollected();
    }

    @Test
    void delayedTasksOfOthersAreRun() throws Exception {
        CountDownLatch ran = new CountDownLatch(1);
        CompletableFuture<String> timed =
                new CompletableFuture<String>().completeOnTimeout("late", 2, TimeUnit.SECONDS);
        CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS).execute(ran::countDown);
        QueueTenant live = QueueTenant.thatRan(SetsTimeouts.class, User.class);
        QueueTenant tenant = QueueTenant.thatRan(SetsTimeouts.class, User.class);
        assertEquals(2, tenant.clear(new DelayedTasks(PATIENCE)).size());
        tenant.awaitCollected();
        assertTrue(ran.await(60, TimeUnit.SECONDS));
        assertEquals("late", timed.get(60, TimeUnit.SECONDS));
        assertTrue(live.isHeld());
        assertEquals(2, live.clear(new DelayedTasks(PATIENCE)).size());
        live.awaitCollected();
        assertFalse(timed.isCancelled());
    }
}
