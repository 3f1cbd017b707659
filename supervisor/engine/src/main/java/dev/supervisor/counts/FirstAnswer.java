package dev.supervisor.counts;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Measures how soon a generation answers. Each of its connections tells of its first read and its first write, and no more.
 * Thread-safe.
 */
public final class FirstAnswer {

    /**
     * By {@link System#nanoTime}.
     *
     * @param opened when the gates were opened to the generation
     * @param asked when it had read the first bytes
     * @param answered when it had written the first bytes after that
     */
    public record Times(long opened, long asked, long answered) {}

    private static final long NOT_YET = 0;

    private final AtomicLong opened = new AtomicLong(NOT_YET);
    private final AtomicLong asked = new AtomicLong(NOT_YET);
    private final AtomicLong answered = new AtomicLong(NOT_YET);
    private volatile Consumer<Times> told = times -> {};

    /** @param consumer called once, on the thread that answers; must not block */
    public void onAnswer(Consumer<Times> consumer) {
        told = consumer;
    }

    /** The gates are about to be opened; only the first time counts. */
    public void opening() {
        if (isNow(opened)) {
            asked.set(NOT_YET); // by the supervisor, which has checked it
        }
    }

    /** A connection has been read from for the first time. */
    public void asked() {
        isNow(asked);
    }

    /** A connection has been written to for the first time. */
    public void answered() {
        if (asked.get() != NOT_YET && opened.get() != NOT_YET && isNow(answered)) {
            told.accept(new Times(opened.get(), asked.get(), answered.get()));
        }
    }

    private static boolean isNow(AtomicLong time) {
        return time.get() == NOT_YET && time.compareAndSet(NOT_YET, Math.max(1, System.nanoTime()));
    }
}
