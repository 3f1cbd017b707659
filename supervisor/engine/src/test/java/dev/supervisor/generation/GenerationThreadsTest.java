package dev.supervisor.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Problem;
import dev.supervisor.failure.PlainText;
import dev.supervisor.generation.GenerationThreads.FailedException;
import dev.supervisor.generation.GenerationThreads.StuckException;
import dev.supervisor.testing.Await;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

final class GenerationThreadsTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private static Problem describe(Throwable failure) {
        return Problem.of("no", failure, frame -> false);
    }

    private final ClassLoader loader = new URLClassLoader(new URL[0], null);
    private final GenerationThreads threads = new GenerationThreads("generation-7", loader);

    private <T> T call(Callable<T> task, Duration timeout) throws Exception {
        return threads.call("start", task, timeout, GenerationThreadsTest::describe);
    }

    @Test
    void applicationCodeRunsOnAThreadOfTheGeneration() throws Exception {
        Thread thread = call(Thread::currentThread, LONG);
        assertEquals("generation-7-start", thread.getName());
        assertTrue(thread.isDaemon());
        assertSame(loader, call(() -> Thread.currentThread().getContextClassLoader(), LONG));
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
                () -> call(
                        () -> {
                            throw new LinkageError("no");
                        },
                        LONG));
        assertEquals("no\n  caused by: java.lang.LinkageError: no", PlainText.chain(e.problem()));
    }

    @Test
    void itIsDescribedOnTheThreadOfTheGenerationToo() {
        FailedException e = assertThrows(
                FailedException.class,
                () -> call(
                        () -> {
                            throw new Saying(() -> Thread.currentThread().getName());
                        },
                        LONG));
        assertEquals(
                List.of(Saying.class.getName() + ": generation-7-start"),
                e.problem().causes().stream().map(Problem.Cause::text).toList());
    }

    @Test
    void anExceptionThatHangsWhenItIsAskedIsNamedAndInterrupted() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        GenerationThreads impatient = new GenerationThreads(
                "generation-7",
                loader,
                new GenerationThreads.Limits(Thread::start, SpareThreads.SHARED, Duration.ofMillis(100)));
        FailedException e = assertThrows(
                FailedException.class,
                () -> impatient.call(
                        "start",
                        () -> {
                            throw new Saying(() -> String.valueOf(hang(never, interrupted)));
                        },
                        LONG,
                        GenerationThreadsTest::describe));
        assertEquals(
                List.of(Saying.class.getName() + ", which does not say why"),
                e.problem().causes().stream().map(Problem.Cause::text).toList());
        assertTrue(interrupted.await(20, TimeUnit.SECONDS));
    }

    /** An exception whose message is made when it is asked for. */
    private static final class Saying extends Exception {

        private static final long serialVersionUID = 1L;
        private final transient Callable<String> message;

        Saying(Callable<String> message) {
            this.message = message;
        }

        @Override
        public String getMessage() {
            try {
                return message.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void withoutAnyThreadLeftASpareOneDoesIt() throws Exception {
        SpareThreads spare = new SpareThreads(1, Thread::new);
        GenerationThreads exhausted = new GenerationThreads(
                "generation-7", loader, new GenerationThreads.Limits(SpareThreadsTest::fail, spare, LONG));
        assertThrows(
                OutOfMemoryError.class,
                () -> exhausted.call("clear", () -> true, LONG, GenerationThreadsTest::describe));
        spare.fill();
        // the spare one is there, but need not be waiting yet
        Thread thread = Await.value(() -> {
            try {
                return Optional.of(exhausted.call("clear", Thread::currentThread, LONG, failure -> describe(failure)));
            } catch (OutOfMemoryError e) {
                return Optional.empty();
            }
        });
        assertEquals("generation-7-clear", thread.getName());
    }

    @Test
    void whatDoesNotReturnIsInterruptedAndItsPlaceIsTold() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        StuckException e =
                assertThrows(StuckException.class, () -> call(() -> hang(never, interrupted), Duration.ofMillis(200)));
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
        assertThrows(InterruptedException.class, () -> call(() -> hang(never, interrupted), LONG));
        assertTrue(interrupted.await(20, TimeUnit.SECONDS));
    }

    @Test
    void whenWhatIsDoneMeanwhileFailsTheApplicationIsInterrupted() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        assertThrows(
                OutOfMemoryError.class,
                () -> threads.call(
                        "start",
                        () -> hang(never, interrupted),
                        LONG,
                        GenerationThreadsTest::describe,
                        UnaryOperator.identity(),
                        () -> SpareThreadsTest.fail(Thread.currentThread())));
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
