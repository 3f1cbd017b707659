package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class GlobalEventExecutorTasksTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    static final class User {}

    static final class Schedules implements Runnable {

        private static final List<Future<?>> FUTURES = new ArrayList<>();

        @Override
        public void run() {
            FUTURES.add(GlobalEventExecutor.INSTANCE.schedule(() -> new User(), 1, TimeUnit.HOURS));
            FUTURES.add(GlobalEventExecutor.INSTANCE.scheduleAtFixedRate(() -> new User(), 1, 1, TimeUnit.HOURS));
        }
    }

    static final class Executes implements Runnable {

        private static final List<Future<?>> FUTURES = new ArrayList<>();

        @Override
        public void run() {
            GlobalEventExecutor.INSTANCE.execute(() -> new User());
            FUTURES.add(GlobalEventExecutor.INSTANCE.submit(() -> new User()));
        }
    }

    private static final String LINE = "task of %s still waited in Netty's GlobalEventExecutor and was cancelled";

    @BeforeAll
    static void startThread() {
        GlobalEventExecutor.INSTANCE.submit(() -> {}).syncUninterruptibly();
    }

    private static void block(CountDownLatch end) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        GlobalEventExecutor.INSTANCE.execute(() -> {
            begun.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        begun.await();
    }

    @Test
    void delayedTasksOfAGenerationAreCancelledAndNamed() throws Exception {
        Future<?> other = GlobalEventExecutor.INSTANCE.schedule(() -> {}, 1, TimeUnit.HOURS);
        QueueTenant tenant = QueueTenant.thatRan(Schedules.class, User.class);
        assertTrue(tenant.isHeld());
        String line = LINE.formatted(Schedules.class.getName());
        assertEquals(List.of(line, line), tenant.clear(new GlobalEventExecutorTasks(PATIENCE)));
        tenant.awaitCollected();
        assertFalse(other.isDone());
        other.cancel(false);
    }

    @Test
    void tasksThatHaveNotBegunAreRemovedThoughAnotherBlocksTheThread() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        block(end);
        Future<String> other = GlobalEventExecutor.INSTANCE.submit(() -> "done");
        QueueTenant tenant = QueueTenant.thatRan(Executes.class, User.class);
        assertTrue(tenant.isHeld());
        String line = LINE.formatted(Executes.class.getName());
        assertEquals(
                List.of(line, line, "Netty's GlobalEventExecutor did not answer: a task blocks its thread"),
                tenant.clear(new GlobalEventExecutorTasks(Duration.ofMillis(1))));
        tenant.awaitCollected();
        assertFalse(other.isDone());
        end.countDown();
        assertEquals("done", other.get(60, TimeUnit.SECONDS));
    }
}
