package dev.supervisor.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of keys, on a thread of its own, which asks for them instead of waiting in a read: only so can it leave the
 * terminal alone while the process is in the background, and end. Thread-safe.
 */
final class Keyboard implements AutoCloseable {

    /** Where keys come from. */
    interface Input {

        /**
         * Returns what has been typed since it was asked last, possibly nothing; empty if that is somebody else's at the
         * moment. Does not block.
         */
        Optional<byte[]> poll() throws IOException;

        /** Leaves it as it was found, for good. Idempotent; by any thread. */
        void restore();
    }

    private static final Logger LOG = LoggerFactory.getLogger(Keyboard.class);
    private static final long PAUSE_MILLIS = 50;

    private final Input input;
    private final KeyReader reader = new KeyReader();
    private final Thread restoring;
    private volatile boolean closed;

    /** Belongs to the thread that asks. */
    private boolean told;

    Keyboard(Input input) {
        this.input = input;
        this.restoring = new Thread(input::restore, "supervisor-restore"); // whoever ends the JVM
        Runtime.getRuntime().addShutdownHook(restoring);
    }

    /**
     * @param ready told once, when keys can be pressed
     * @param keys told of each
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
        } catch (RuntimeException | Error e) { // for lack of memory, say: the next time may do better
            LOG.debug("can't ask for keys", e);
        }
    }

    /** An application may interrupt all threads that it finds: only {@link #close} ends this one. */
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
        } catch (RuntimeException | Error e) { // the next key may do better
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
