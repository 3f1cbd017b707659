package dev.supervisor.lending;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.NativeThread;

/**
 * The thread that waits in a blocking operation of a channel, so that it can be woken. Guarded by the channel's state lock,
 * under which the thread is still there when it is woken.
 */
final class Waiter {

    private @Nullable Thread thread;
    private long nativeThread;

    /** The calling thread begins its operation. */
    void enter() {
        thread = Thread.currentThread();
        nativeThread = NativeThread.current();
    }

    void leave() {
        thread = null;
    }

    boolean isThere() {
        return thread != null;
    }

    /**
     * Wakes the thread, which looks again at what it waits for. A signal is lost if the thread is just about to wait for the
     * socket, so that it must not do so for ever.
     */
    void wake() {
        Thread waiting = thread;
        if (waiting != null) {
            LockSupport.unpark(waiting); // also a virtual thread that waits for the socket
            if (nativeThread > 0) { // other numbers are of virtual threads
                NativeThread.signal(nativeThread);
            }
        }
    }
}
