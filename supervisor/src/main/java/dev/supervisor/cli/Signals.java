package dev.supervisor.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signals of a Unix process: INT and TERM stop, and at the second one the process ends at once, with the exit code
 * that a shell expects of a killed one; HUP swaps, unless it says that the terminal is gone: that stops, too.
 *
 * <p>The JDK lets one hear of them by {@code sun.misc.Signal} only, a type of the module {@code jdk.unsupported}, which
 * is there to stay until there is another. It is used by reflection, since javac's warning about it can't be suppressed.
 */
final class Signals {

    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);
    private static final int EXIT_CODE_OF_SIGNAL_0 = 128;
    private static final int TERM = 15;

    private final CountDownLatch stop = new CountDownLatch(1);
    private volatile Runnable onHangUp = () -> LOG.debug("too early to swap");
    private volatile Runnable beforeHalt = () -> {};

    private Signals() {}

    /**
     * From now on; also while the supervisor starts.
     *
     * @param isTerminalGone whether there was one, which has been closed
     */
    static Signals handle(BooleanSupplier isTerminalGone) {
        Signals signals = new Signals();
        handle("INT", signals::stopOrHalt);
        handle("TERM", signals::stopOrHalt);
        handle("HUP", number -> signals.hangUp(isTerminalGone.getAsBoolean()));
        return signals;
    }

    /** The kernel may tell of a terminal's end, and the shell as well: that is not the second signal that ends at once. */
    private void hangUp(boolean isTerminalGone) {
        if (isTerminalGone) {
            stop.countDown();
        } else {
            onHangUp.run();
        }
    }

    void onHangUp(Runnable action) {
        onHangUp = action;
    }

    /** @param action what, too, must not be left undone even when the process ends at once; must not block */
    void beforeHalt(Runnable action) {
        Runnable former = beforeHalt;
        beforeHalt = () -> {
            try {
                former.run();
            } finally {
                action.run();
            }
        };
    }

    /** As TERM does. */
    void stop() {
        stopOrHalt(TERM);
    }

    /** As the first TERM does, however often it is called. */
    void stopGently() {
        stop.countDown();
    }

    /** Returns when there has been an INT or TERM. */
    void awaitStop() {
        try {
            stop.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stopOrHalt(int signal) {
        if (stop.getCount() == 0) {
            try {
                beforeHalt.run();
            } finally {
                Runtime.getRuntime().halt(EXIT_CODE_OF_SIGNAL_0 + signal);
            }
        }
        stop.countDown();
    }

    private static void handle(String name, IntConsumer action) {
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object signal = signalType.getConstructor(String.class).newInstance(name);
            int number = (int) signalType.getMethod("getNumber").invoke(signal);
            Object handler = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handlerType}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.accept(number);
                        }
                        return null;
                    });
            signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
        } catch (InvocationTargetException e) { // there is no HUP on Windows, and none of them with -Xrs
            LOG.debug("can't hear of the signal {}", name, e);
        } catch (ReflectiveOperationException e) {
            LOG.warn("can't hear of the signal {}: {}", name, e.toString());
        }
    }
}
