package dev.supervisor.lending;

import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.ShutdownChannelGroupException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The threads that call the completion handlers of a server channel and of its connections: those of their group; without
 * one, daemon threads of the application, which end when they have nothing to do. Thread-safe.
 */
final class HandlerThreads {

    private static final long IDLE_MILLIS = 1_000;

    /** The handlers that may be called one within the other, as with the JDK's channels; the next one is called elsewhere. */
    private static final int DEPTH = 16;

    /** What the calling thread is doing for channels; nothing is kept when it has done it. */
    private static final ThreadLocal<Calls> CALLS = new ThreadLocal<>();

    private static final class Calls {

        private final HandlerThreads threads;
        private int depth;

        Calls(HandlerThreads threads) {
            this.threads = threads;
        }
    }

    private final Executor executor;

    /** Null if there is a group. */
    private final @Nullable ThreadPoolExecutor own;

    /** The open channels that use them. Guarded by this. */
    private int channels;

    private HandlerThreads(Executor executor, @Nullable ThreadPoolExecutor own) {
        this.executor = executor;
        this.own = own;
    }

    /** Must be called on a thread of the application, whose thread group the threads inherit. */
    static HandlerThreads of(@Nullable AsynchronousChannelGroup group) {
        if (group instanceof Executor pool) {
            return new HandlerThreads(pool, null);
        }
        ThreadGroup threads = Thread.currentThread().getThreadGroup();
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        ThreadPoolExecutor own = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_MILLIS,
                TimeUnit.MILLISECONDS,
                new SynchronousQueue<>(),
                task -> thread(threads, loader, task));
        return new HandlerThreads(own, own);
    }

    private static Thread thread(@Nullable ThreadGroup group, @Nullable ClassLoader loader, Runnable task) {
        Thread thread = new Thread(group, task, "asynchronous-handlers", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(loader);
        return thread;
    }

    /** A channel is opened that uses the threads. */
    synchronized void enter() {
        channels++;
        if (own != null && channels == 1) {
            own.setKeepAliveTime(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** A channel that uses the threads has been closed; with the last one, threads that are idle end at once. */
    synchronized void leave() {
        channels--;
        if (own != null && channels == 0) {
            own.setKeepAliveTime(0, TimeUnit.MILLISECONDS);
        }
    }

    /**
     * Calls a handler, on the calling thread if that is one of these and not too many handlers are on its stack.
     *
     * @throws ShutdownChannelGroupException if the group has no threads any more
     */
    void call(Runnable handler) {
        Calls calls = CALLS.get();
        if (calls == null || calls.threads != this || calls.depth >= DEPTH) {
            callLater(handler);
            return;
        }
        calls.depth++;
        handler.run();
        clearInterrupt();
    }

    /** Calls a handler, but not within this method. */
    void callLater(Runnable handler) {
        try {
            executor.execute(() -> callHere(handler));
        } catch (RejectedExecutionException e) {
            throw (ShutdownChannelGroupException) new ShutdownChannelGroupException().initCause(e);
        }
    }

    private void callHere(Runnable handler) {
        Calls calls = new Calls(this);
        calls.depth = 1;
        CALLS.set(calls);
        try {
            handler.run();
        } finally {
            CALLS.remove();
            clearInterrupt();
        }
    }

    /** An interrupt is for the handler that was running, not for the next one. */
    private static void clearInterrupt() {
        var unused = Thread.interrupted();
    }
}
