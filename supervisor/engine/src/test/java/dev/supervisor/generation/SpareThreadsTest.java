package dev.supervisor.generation;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.supervisor.testing.Await;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SpareThreadsTest {

    private final ClassLoader loader = new URLClassLoader(new URL[0], null);
    private final BlockingQueue<Thread> ran = new LinkedBlockingQueue<>();
    private final List<Thread> made = new CopyOnWriteArrayList<>();

    /** As the JVM does where a limit of threads is reached. */
    static void fail(Thread thread) {
        throw new OutOfMemoryError("unable to create native thread for " + thread.getName());
    }

    private Thread make(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        made.add(thread);
        return thread;
    }

    private boolean run(SpareThreads spare) {
        return spare.run(() -> ran.add(Thread.currentThread()), "generation-7-clear", loader);
    }

    @Test
    void eachRunsOneTaskInTheContextOfItsGenerationAndEnds() throws Exception {
        SpareThreads spare = new SpareThreads(2, this::make);
        assertFalse(run(spare), "there are none yet");
        spare.fill();
        Await.until("the first waits", () -> run(spare));
        Await.until("the second waits", () -> run(spare));
        for (Thread thread : List.of(ran.take(), ran.take())) {
            thread.join();
        }
        assertFalse(run(spare), "used up");
        assertSame(2, made.size());
        assertSame(loader, made.get(0).getContextClassLoader());
        spare.fill();
        Await.until("there is another", () -> run(spare));
    }

    @Test
    void aTaskOfAnApplicationThatFailsUsesUpNoMoreThanItsThread() throws Exception {
        SpareThreads spare = new SpareThreads(1, task -> {
            Thread thread = make(task);
            thread.setUncaughtExceptionHandler((failed, e) -> ran.add(failed));
            return thread;
        });
        spare.fill();
        Await.until("there is one", () -> spare.run(() -> fail(Thread.currentThread()), "x", loader));
        ran.take();
        spare.fill();
        Await.until("there is another", () -> run(spare));
    }

    @Test
    void whereNoneCanBeStartedThereAreNone() {
        SpareThreads spare = new SpareThreads(1, task -> new Thread(task) {
            @Override
            public synchronized void start() {
                fail(this);
            }
        });
        spare.fill();
        assertFalse(run(spare));
    }
}
