package dev.supervisor.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.generation.GenerationThreads.FailedException;
import dev.supervisor.generation.GenerationThreads.StuckException;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class GenerationThreadsTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final ClassLoader loader = new URLClassLoader(new URL[0], null);
    private final GenerationThreads threads = new GenerationThreads("generation-7", loader);

    @Test
    void applicationCodeRunsOnAThreadOfTheGeneration() throws Exception {
        Thread thread = threads.call("start", Thread::currentThread, LONG);
        assertEquals("generation-7-start", thread.getName());
        assertTrue(thread.isDaemon());
        assertSame(loader, threads.call("start", () -> Thread.currentThread().getContextClassLoader(), LONG));
    }

    @Test
    void soDoItsEventLoops() {
        Thread first = threads.newThread(() -> {});
        Thread second = threads.newThread(() -> {});
        assertEquals("generation-7-loop-1", first.getName());
        assertEquals("generation-7-loop-2", second.getName());
        assertSame(loader, first.getContextClassLoader());
        assertTrue(first.isDaemon());
    }

    @Test
    void whatTheApplicationThrowsIsPassedOn() {
        FailedException e = assertThrows(
                FailedException.class,
                () -> threads.call(
                        "start",
                        () -> {
                            throw new LinkageError("no");
                        },
                        LONG));
        assertInstanceOf(LinkageError.class, e.failure());
    }

    @Test
    void whatDoesNotReturnIsInterruptedAndItsPlaceIsTold() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        StuckException e = assertThrows(
                StuckException.class,
                () -> threads.call("start", () -> hang(never, interrupted), Duration.ofMillis(200)));
        assertTrue(interrupted.await(20, TimeUnit.SECONDS));
        assertTrue(
                Arrays.stream(e.where()).anyMatch(frame -> frame.getMethodName().equals("hang")),
                () -> Arrays.toString(e.where()));
    }

    @Test
    void whenTheCallerIsInterruptedSoIsTheApplication() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> threads.call("start", () -> hang(never, interrupted), LONG));
        assertTrue(interrupted.await(20, TimeUnit.SECONDS));
    }

    private static boolean hang(CountDownLatch never, CountDownLatch interrupted) throws InterruptedException {
        try {
            return never.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
        }
    }
}
