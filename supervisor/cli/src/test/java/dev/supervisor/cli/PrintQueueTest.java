package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class PrintQueueTest {

    private static final int CAPACITY = 4;

    private final Queue<String> printed = new ConcurrentLinkedQueue<>();
    private final CountDownLatch stuck = new CountDownLatch(1);
    private final CountDownLatch read = new CountDownLatch(1);
    private final PrintQueue outbox =
            new PrintQueue(CAPACITY, count -> printed.add(count + " dropped"), Duration.ofSeconds(30));

    @AfterEach
    void close() {
        read.countDown();
        outbox.close();
    }

    private void offer(String line) {
        outbox.offer(() -> printed.add(line));
    }

    /** From now on the thread that prints is in a write that nobody reads. */
    private void standStill() throws InterruptedException {
        outbox.offer(() -> {
            stuck.countDown();
            awaitUninterruptibly(read);
        });
        assertTrue(stuck.await(30, TimeUnit.SECONDS));
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    @Test
    void allIsPrintedInOrderBeforeItIsClosed() {
        offer("a");
        offer("b");
        outbox.close();
        assertEquals(List.of("a", "b"), List.copyOf(printed));
    }

    @Test
    void whileNobodyReadsNobodyWaitsAndWhatHasNoRoomIsCounted() throws Exception {
        standStill();
        for (int i = 1; i <= CAPACITY + 3; i++) {
            offer("line " + i);
        }
        read.countDown();
        outbox.close();
        assertEquals(List.of("line 1", "line 2", "line 3", "line 4", "3 dropped"), List.copyOf(printed));
    }

    @Test
    void whatComesAfterALossStandsBehindItsCount() throws Exception {
        standStill();
        for (int i = 1; i <= CAPACITY + 1; i++) {
            offer("line " + i);
        }
        CountDownLatch told = new CountDownLatch(1);
        read.countDown();
        outbox.put(told::countDown); // there is room again
        assertTrue(told.await(30, TimeUnit.SECONDS));
        offer("later");
        outbox.close();
        List<String> all = List.copyOf(printed);
        assertEquals(List.of("1 dropped", "later"), all.subList(CAPACITY, all.size()));
    }

    @Test
    void aCloseWaitsNoLongerThanItsPatience() throws Exception {
        PrintQueue impatient = new PrintQueue(1, count -> {}, Duration.ofMillis(1));
        impatient.offer(() -> {
            stuck.countDown();
            awaitUninterruptibly(read);
        });
        assertTrue(stuck.await(30, TimeUnit.SECONDS));
        impatient.offer(() -> {});
        impatient.offer(() -> {});
        impatient.close(); // or the test times out
    }

    @Test
    void anErrorAndAnInterruptOfTheApplicationEndNothing() {
        outbox.offer(() -> {
            throw new OutOfMemoryError("for a test");
        });
        outbox.offer(() -> Thread.currentThread().interrupt());
        for (int i = 0; i < CAPACITY + 2; i++) {
            String line = "line " + i;
            outbox.put(() -> printed.add(line)); // or the test times out
        }
        outbox.close();
        assertEquals(CAPACITY + 2, printed.size());
    }

    @Test
    void oneThatFailsIsNotTheLast() {
        outbox.offer(() -> {
            throw new IllegalStateException("broken");
        });
        offer("next");
        outbox.close();
        assertEquals(List.of("next"), List.copyOf(printed));
    }
}
