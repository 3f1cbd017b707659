package dev.supervisor.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives keys, on a thread of its own. The thread polls: a blocking read would not leave the terminal alone while the
 * process is in the background, and could not be ended. Thread-safe.
 */
final class Keyboard implements AutoCloseable {

    /** A source of keys. */
    interface Input {

        /**
         * Returns the bytes typed since the last call, possibly none; empty while the terminal belongs to another
         * process, or after {@link #restore}. Does not block.
         */
        Optional<byte[]> poll() throws IOException;

        /** Restores the modes that the terminal had before, for good. Idempotent; called by any thread. */
        void restore();
    }

    private static final Logger LOG = LoggerFactory.getLogger(Keyboard.class);
    private static final long PAUSE_MILLIS = 50;

    private final Input input;
    private final KeyReader reader = new KeyReader();
    private final Thread restoring;
    private volatile boolean closed;

    /** Whether {@code ready} has run. Belongs to the polling thread. */
    private boolean told;

    Keyboard(Input input) {
        this.input = input;
        this.restoring = new Thread(input::restore, "supervisor-restore"); // for every way in which the JVM may end
        Runtime.getRuntime().addShutdownHook(restoring);
    }

    /**
     * Starts the polling thread.
     *
     * @param ready run once, when keys can be pressed
     * @param keys receives each key
     */
    void listen(Runnable ready, Consumer<Character> keys) {
        Thread thread = new Thread(() -> run(ready, keys), "supervisor-keys");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(Runnable ready, Consumer<Character> keys) {
        try {
            while (!closed) {
                poll(ready, keys);
                pause();
            }
        } catch (IOException e) {
            LOG.debug("the terminal is gone", e);
        }
    }

    private void poll(Runnable ready, Consumer<Character> keys) throws IOException {
        try {
            Optional<byte[]> typed = input.poll();
            if (typed.isPresent() && !told) {
                ready.run();
                told = true;
            }
            typed.ifPresent(bytes -> reader.keys(bytes).forEach(key -> press(key, keys)));
        } catch (RuntimeException | Error e) { // for lack of memory, for example: the next poll may succeed
            LOG.debug("can't ask for keys", e);
        }
    }

    /**
     * Pauses. Interrupts are ignored, since an application may interrupt all threads that it finds: only {@link #close}
     * ends this one.
     */
    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            LOG.debug("interrupted", e);
        }
    }

    private static void press(char key, Consumer<Character> keys) {
        try {
            keys.accept(key);
        } catch (RuntimeException | Error e) { // the next key may succeed
            LOG.error("the key '{}' failed", key, e);
        }
    }

    void restore() {
        input.restore();
    }

    @Override
    public void close() {
        closed = true;
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(restoring);
        } catch (IllegalStateException e) {
            LOG.debug("the JVM is ending already", e);
        }
    }
}
