package dev.supervisor.cli;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
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

    /** How long what is to be done before a halt may take. */
    private static final Duration BEFORE_HALT = Duration.ofSeconds(1);

    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch halting = new CountDownLatch(1);
    private final IntConsumer halt;
    private volatile int haltCode;
    private volatile Runnable onHangUp = () -> LOG.debug("too early to swap");
    private volatile Runnable beforeHalt = () -> {};

    /** @param halt ends the JVM with an exit code */
    Signals(IntConsumer halt) {
        this.halt = halt;
        Thread thread = new Thread(this::haltInAnyCase, "supervisor-halt"); // there may be none to be had later
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * From now on; also while the supervisor starts.
     *
     * @param isTerminalGone whether there was one, which has been closed
     */
    static Signals handle(BooleanSupplier isTerminalGone) {
        Signals signals = new Signals(Runtime.getRuntime()::halt);
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
        awaitUninterruptibly(stop);
    }

    /** An application may interrupt all threads that it finds; that is no signal. */
    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                LOG.debug("interrupted, going on", e);
            }
        }
    }

    private void stopOrHalt(int signal) {
        if (stop.getCount() == 0) {
            halt(EXIT_CODE_OF_SIGNAL_0 + signal, () -> {});
        }
        stop.countDown();
    }

    /**
     * Ends the process, also if what is to be done before hangs.
     *
     * @param first done before anything else
     */
    void halt(int code, Runnable first) {
        haltCode = code;
        halting.countDown();
        try {
            first.run();
            beforeHalt.run();
        } finally {
            halt.accept(code);
        }
    }

    private void haltInAnyCase() {
        awaitUninterruptibly(halting);
        LockSupport.parkNanos(BEFORE_HALT.toNanos());
        halt.accept(haltCode);
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
