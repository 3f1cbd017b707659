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
 * The signals of a Unix process. INT and TERM stop the supervisor; the second one ends the process at once, with the
 * exit code that a shell expects of a killed process. HUP swaps, or stops if the terminal is gone. USR2 upgrades.
 *
 * <p>The JDK's only API for signals is {@code sun.misc.Signal}, in the module {@code jdk.unsupported}, which stays
 * until there is another API. It is used by reflection, since javac's warning about it can't be suppressed.
 */
final class Signals {

    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);
    private static final int EXIT_CODE_OF_SIGNAL_0 = 128;
    private static final int TERM = 15;

    /** How long the actions before a halt may take. */
    private static final Duration BEFORE_HALT = Duration.ofSeconds(1);

    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch halting = new CountDownLatch(1);
    private final IntConsumer halt;
    private volatile int haltCode;
    private volatile Runnable onUpgrade = () -> LOG.debug("too early to upgrade");
    private volatile Runnable onHangUp = () -> LOG.debug("too early to swap");
    private volatile Runnable beforeHalt = () -> {};

    /** @param halt ends the JVM with an exit code */
    Signals(IntConsumer halt) {
        this.halt = halt;
        Thread thread = new Thread(this::haltInAnyCase, "supervisor-halt"); // later no thread may be available
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Handles the process's signals from now on, also while the supervisor starts.
     *
     * @param isTerminalGone returns whether the terminal that the process had was closed
     */
    static Signals handle(BooleanSupplier isTerminalGone) {
        Signals signals = new Signals(Runtime.getRuntime()::halt);
        handle("INT", signals::stopOrHalt);
        handle("TERM", signals::stopOrHalt);
        handle("HUP", number -> signals.hangUp(isTerminalGone.getAsBoolean()));
        if (hasFreeUsr2()) {
            handle("USR2", number -> signals.onUpgrade.run());
        }
        return signals;
    }

    /** HotSpot uses USR2 to suspend threads, for a flight recording say, unless this variable names another signal. */
    private static boolean hasFreeUsr2() {
        return System.getenv("_JAVA_SR_SIGNUM") != null;
    }

    /**
     * Stops if the terminal is gone, else swaps. The kernel and the shell may both report a closed terminal, so a
     * second HUP does not halt.
     */
    private void hangUp(boolean isTerminalGone) {
        if (isTerminalGone) {
            stop.countDown();
        } else {
            onHangUp.run();
        }
    }

    /** @param action must not block */
    void onUpgrade(Runnable action) {
        onUpgrade = action;
    }

    void onHangUp(Runnable action) {
        onHangUp = action;
    }

    /**
     * Adds an action that is also run before the process ends at once.
     *
     * @param action must not block
     */
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

    /** Acts as TERM does. */
    void stop() {
        stopOrHalt(TERM);
    }

    /** Acts as the first TERM does, however often it is called. */
    void stopGently() {
        stop.countDown();
    }

    /** Waits for the first INT or TERM, or a call that acts like one. */
    void awaitStop() {
        awaitUninterruptibly(stop);
    }

    /** Waits in spite of interrupts: an application may interrupt all threads that it finds. */
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
     * Ends the process at once, even if an action before that hangs.
     *
     * @param first run before all other actions
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
        } catch (InvocationTargetException e) { // Windows has no HUP; with -Xrs no signal can be handled
            LOG.debug("can't hear of the signal {}", name, e);
        } catch (ReflectiveOperationException e) {
            LOG.warn("can't hear of the signal {}: {}", name, e.toString());
        }
    }
}
