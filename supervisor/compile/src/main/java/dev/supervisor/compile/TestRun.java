package dev.supervisor.compile;

import dev.supervisor.Event.TestFailure;
import dev.supervisor.compile.junit.JUnitRun;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of tests, on a thread and in a class loader of its own. Threads that the tests start belong to its thread group.
 * Thread-safe.
 */
final class TestRun {

    /** @param problem why tests could not be run; empty if they were */
    record Result(
            Set<String> classes,
            int succeeded,
            int failed,
            int skipped,
            List<TestFailure> failures,
            Optional<String> problem) {

        static final Result NONE = new Result(Set.of(), 0, 0, 0, List.of(), Optional.empty());

        Result and(Result other) {
            Set<String> allClasses = new HashSet<>(classes);
            allClasses.addAll(other.classes);
            List<TestFailure> allFailures = new ArrayList<>(failures);
            allFailures.addAll(other.failures);
            return new Result(
                    allClasses,
                    succeeded + other.succeeded,
                    failed + other.failed,
                    skipped + other.skipped,
                    allFailures,
                    problem.or(other::problem));
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(TestRun.class);

    private final TestLoader loader;
    private final List<String> classes;
    private final ThreadGroup group = new ThreadGroup("supervisor-tests");
    private final Thread thread;
    private final CountDownLatch over = new CountDownLatch(1);

    // Guarded by this.
    private Result result = Result.NONE;
    private boolean abandoned;

    /** @param classes their names, with dots */
    @SuppressWarnings("ThreadPriorityCheck") // a hint: requests and builds come first
    TestRun(Project.Tests tests, List<String> classes) throws IOException {
        this.loader = new TestLoader(tests);
        this.classes = List.copyOf(classes);
        this.thread = new Thread(group, this::run, "supervisor-tests-run");
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
        thread.setContextClassLoader(loader);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            loader.loadClass(TestLoader.RUNNER)
                    .getMethod("run", List.class, BooleanSupplier.class, Consumer.class)
                    .invoke(null, classes, (BooleanSupplier) this::isAbandoned, (Consumer<String[]>) this::add);
        } catch (InvocationTargetException e) {
            fail(e.getCause());
        } catch (ReflectiveOperationException | LinkageError e) {
            fail(e);
        } finally {
            group.interrupt(); // what tests have left running
            over.countDown();
            close();
        }
    }

    private synchronized void fail(@Nullable Throwable failure) {
        LOG.debug("tests can't be run", failure);
        result = result.and(new Result(Set.of(), 0, 0, 0, List.of(), Optional.of(String.valueOf(failure))));
    }

    private void close() {
        try {
            loader.close();
        } catch (IOException e) {
            LOG.debug("can't close the jars of tests", e);
        }
    }

    private synchronized void add(String[] test) {
        if (abandoned) {
            return;
        }
        boolean failed = test[0].equals(JUnitRun.FAILED);
        result = result.and(new Result(
                Set.of(test[1]),
                test[0].equals(JUnitRun.SUCCEEDED) ? 1 : 0,
                failed ? 1 : 0,
                test[0].equals(JUnitRun.SKIPPED) ? 1 : 0,
                failed
                        ? List.of(new TestFailure(test[1], test[2], test[3], test[4], Integer.parseInt(test[5])))
                        : List.of(),
                Optional.empty()));
    }

    private synchronized boolean isAbandoned() {
        return abandoned;
    }

    /** Throws the result away, and asks the tests to end. */
    void abandon() {
        synchronized (this) {
            abandoned = true;
        }
        over.countDown();
        group.interrupt();
    }

    /** Waits until it has ended, and returns its result; empty if it has been abandoned. */
    Optional<Result> await() throws InterruptedException {
        over.await();
        synchronized (this) {
            return abandoned ? Optional.empty() : Optional.of(result);
        }
    }

    /** Returns whether its thread has ended within a time. It is interrupted again, since a test may go on after that. */
    boolean endsWithin(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (thread.isAlive() && System.nanoTime() - end < 0) {
            group.interrupt();
            TimeUnit.MILLISECONDS.timedJoin(thread, 20);
        }
        return !thread.isAlive();
    }

    boolean isAlive() {
        return thread.isAlive();
    }

    /** Returns the innermost call of the tests that its thread is in; empty if there is none. */
    Optional<StackTraceElement> place() {
        for (StackTraceElement frame : thread.getStackTrace()) {
            if (classes.stream()
                    .anyMatch(name -> frame.getClassName().equals(name)
                            || frame.getClassName().startsWith(name + "$"))) {
                return Optional.of(frame);
            }
        }
        return Optional.empty();
    }
}
