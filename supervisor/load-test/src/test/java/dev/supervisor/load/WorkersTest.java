package dev.supervisor.load;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
final class WorkersTest {

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONG = TimeUnit.MINUTES.toNanos(1);

    private final CountDownLatch stop = new CountDownLatch(1);

    /** Returns workers with one client, whose requests are due when the condition says so. */
    private static Workers workers(BooleanSupplier isDue, long patience) {
        InetSocketAddress nowhere = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        Request request = Request.get(new Target("http://127.0.0.1:1/", List.of(nowhere), "127.0.0.1:1", "/"));
        Load load = new Load(1, Load.Mode.KEEPALIVE, 1, OptionalDouble.empty(), 1, Duration.ofSeconds(10));
        WorkerContext shared = WorkerContext.of(request, load, Expectation.any(), new Versions(version -> {}));
        return new Workers(request, shared, worker -> pace(isDue), patience);
    }

    private static Pace pace(BooleanSupplier isDue) {
        return new Pace() {
            @Override
            public boolean isDue(long now) {
                return isDue.getAsBoolean();
            }

            @Override
            public long take(long now) {
                return now;
            }

            @Override
            public long next() {
                return System.nanoTime() + TimeUnit.DAYS.toNanos(1);
            }

            @Override
            public long overdue(long now) {
                return 0;
            }
        };
    }

    @Test
    void doNotWaitForEverForTheFirstRequest() throws Exception {
        try (Workers workers = workers(() -> false, LONG)) {
            workers.start();
            assertFalse(workers.awaitFirst(stop, MILLI));
            stop.countDown();
            assertTrue(workers.awaitFirst(stop, LONG));
        }
    }

    @Test
    void doNotWaitForEverForAnEventLoopThatIsStuck() {
        CountDownLatch stuck = new CountDownLatch(1);
        try (Workers workers = workers(() -> await(stuck), MILLI)) {
            workers.start();
            assertThrows(LoadTestException.class, workers::counts);
            assertThrows(LoadTestException.class, () -> workers.awaitFirst(stop, LONG));
            assertThrows(LoadTestException.class, () -> workers.giveUp(LONG));
            stuck.countDown();
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }
}
