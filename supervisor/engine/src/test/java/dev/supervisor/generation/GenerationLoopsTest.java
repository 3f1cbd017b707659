package dev.supervisor.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Descriptors;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class GenerationLoopsTest {

    private static final int FOREVER_SECONDS = 60;

    /** A thread that can't be started, from a certain one on. */
    private static final class Scarce {

        private int left;

        Scarce(int left) {
            this.left = left;
        }

        Thread make(Runnable task) {
            return new FastThreadLocalThread(task) {
                @Override
                public synchronized void start() {
                    if (left-- <= 0) {
                        SpareThreadsTest.fail(this);
                    }
                    super.start();
                }
            };
        }
    }

    @Test
    void allThreadsRunOnceTheyAreStarted() {
        Set<Thread> made = ConcurrentHashMap.newKeySet();
        GenerationLoops loops = GenerationLoops.open(task -> {
            Thread thread = new FastThreadLocalThread(task);
            made.add(thread);
            return thread;
        });
        loops.start();
        int count = 0;
        for (EventExecutor unused : loops.group()) {
            count++;
        }
        assertEquals(count, made.size());
        assertTrue(made.stream().allMatch(Thread::isAlive));
        assertEquals(List.of(), loops.end());
    }

    @Test
    void whatWasOpenedIsClosedWhereAThreadCantBeStarted() throws Exception {
        GenerationLoops.open(new Scarce(Integer.MAX_VALUE)::make).end();
        Descriptors before = Descriptors.now();
        for (int threads = 0; threads < 2; threads++) {
            GenerationLoops loops = GenerationLoops.open(new Scarce(threads)::make);
            assertThrows(OutOfMemoryError.class, loops::start);
            loops.end();
        }
        before.awaitAgain();
    }

    @Test
    void theyEndAlsoWhileTheGlobalEventExecutorIsBlocked() throws Exception {
        GenerationLoops loops = GenerationLoops.open(FastThreadLocalThread::new);
        loops.start();
        CountDownLatch over = new CountDownLatch(1);
        try {
            GlobalEventExecutor.INSTANCE.execute(() -> await(over));
            assertEquals(List.of(), loops.end());
            for (EventExecutor loop : loops.group()) {
                assertTrue(loop.isTerminated());
            }
        } finally {
            over.countDown();
        }
    }

    @Test
    void aHandlerThatDoesNotReturnIsFound() throws Exception {
        GenerationLoops loops = GenerationLoops.open(FastThreadLocalThread::new);
        loops.start();
        CountDownLatch over = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        try {
            EventExecutor stuck = loops.group().next();
            stuck.execute(() -> {
                begun.countDown();
                await(over);
            });
            begun.await();
            assertEquals(List.of(stuck), loops.end());
        } finally {
            over.countDown();
        }
    }

    /** Whether it is interrupted or not. */
    private static void await(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await(FOREVER_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.onSpinWait(); // and waits again
            }
        }
    }
}
