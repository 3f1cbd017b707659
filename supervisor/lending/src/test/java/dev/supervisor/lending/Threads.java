package dev.supervisor.lending;

import java.lang.reflect.Method;
import java.util.concurrent.locks.LockSupport;

/** Threads of both kinds, and whether they wait. */
final class Threads {

    private Threads() {}

    static boolean hasVirtual() {
        return Runtime.version().feature() >= 21;
    }

    static Thread start(boolean virtual, Runnable work) {
        try {
            if (virtual) {
                Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
                return (Thread) start.invoke(null, work);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
        Thread thread = new Thread(work, "test");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Returns when the thread waits for a socket, or has ended. */
    static void awaitBlocked(Thread thread) {
        int seen = 0;
        while (seen < 3 && thread.isAlive()) {
            seen = isBlocked(thread) ? seen + 1 : 0;
            LockSupport.parkNanos(500_000);
        }
    }

    private static boolean isBlocked(Thread thread) {
        Thread.State state = thread.getState();
        if (state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING) {
            return true;
        }
        StackTraceElement[] stack = thread.getStackTrace();
        return stack.length > 0
                && stack[0].isNativeMethod()
                && stack[0].getClassName().startsWith("sun.nio.ch.")
                && !stack[0].getMethodName().startsWith("configure");
    }
}
