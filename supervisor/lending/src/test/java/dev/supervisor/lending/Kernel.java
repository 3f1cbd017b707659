package dev.supervisor.lending;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.channels.SelectableChannel;
import sun.nio.ch.SelChImpl;

/** Asks the kernel about a socket, so that a test knows what has arrived before it compares. */
final class Kernel {

    static final int POLLIN = 1;
    static final int POLLOUT = 4;
    static final int POLLERR = 8;
    static final int POLLHUP = 16;
    static final int POLLRDHUP = 0x2000;

    /** Long enough for any machine: a test that waits this long fails. */
    private static final int FOR_EVER_MILLIS = 10_000;

    private static final Method POLL = method("poll", FileDescriptor.class, int.class, long.class);
    private static final Method AVAILABLE = method("available", FileDescriptor.class);

    private Kernel() {}

    private static Method method(String name, Class<?>... parameters) {
        try {
            Method method = Class.forName("sun.nio.ch.Net").getDeclaredMethod(name, parameters);
            method.setAccessible(true);
            return method;
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static int call(Method method, Object... arguments) throws IOException {
        try {
            return (Integer) method.invoke(null, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException(e);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    static int poll(SelectableChannel channel, int events, int millis) throws IOException {
        return call(POLL, ((SelChImpl) channel).getFD(), events, (long) millis);
    }

    static void await(SelectableChannel channel, int events) throws IOException {
        if (poll(channel, events, FOR_EVER_MILLIS) == 0) {
            throw new AssertionError("nothing has come to " + channel);
        }
    }

    static int available(SelectableChannel channel) throws IOException {
        return call(AVAILABLE, ((SelChImpl) channel).getFD());
    }

    /** Waits until so many bytes have arrived and have not been read. */
    static void awaitBytes(SelectableChannel channel, int count) throws IOException {
        long deadline = System.nanoTime() + FOR_EVER_MILLIS * 1_000_000L;
        while (available(channel) < count) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("only " + available(channel) + " of " + count + " bytes have come");
            }
            Thread.onSpinWait();
        }
    }
}
