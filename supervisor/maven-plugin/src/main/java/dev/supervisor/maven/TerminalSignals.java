package dev.supervisor.maven;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signals that a terminal sends to all processes in its foreground: INT at Ctrl-C, HUP when it is closed. They end Maven, and
 * it is known that the supervisor has got them, too. Without a handler Maven 4 would die of INT at once, without its shutdown
 * hooks, since its line editor has restored the system's default.
 *
 * <p>The JDK's only API for signals is {@code sun.misc.Signal}. It is used by reflection, since javac's warning about it can't be
 * suppressed.
 */
final class TerminalSignals {

    private static final Logger LOG = LoggerFactory.getLogger(TerminalSignals.class);
    private static final int EXIT_CODE_OF_SIGNAL_0 = 128;
    private static final List<String> NAMES = List.of("INT", "HUP");

    private final AtomicBoolean received = new AtomicBoolean();

    /** Handles them until the end of this process. */
    void handle() {
        try {
            for (String name : NAMES) {
                handle(name);
            }
        } catch (ReflectiveOperationException e) {
            LOG.debug("signals can't be handled", e); // no JDK of today
        }
    }

    private void handle(String name) throws ReflectiveOperationException {
        Class<?> signalType = Class.forName("sun.misc.Signal");
        Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
        Object signal = signalType.getConstructor(String.class).newInstance(name);
        int number = (int) signalType.getMethod("getNumber").invoke(signal);
        Object handler = Proxy.newProxyInstance(
                TerminalSignals.class.getClassLoader(), new Class<?>[] {handlerType}, (proxy, method, arguments) -> {
                    if (method.getName().equals("handle")) {
                        end(number);
                    }
                    return null;
                });
        try {
            Object before =
                    signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
            if (handlerType.getField("SIG_IGN").get(null).equals(before)) { // nohup, or a command in the background
                signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, before);
            }
        } catch (InvocationTargetException e) {
            LOG.debug("{} can't be handled", name, e); // -Xrs
        }
    }

    private void end(int number) {
        received.set(true);
        Thread exit = new Thread(() -> System.exit(EXIT_CODE_OF_SIGNAL_0 + number), "supervisor-exit");
        exit.setDaemon(true);
        exit.start();
    }

    /** Returns whether a signal has come that, by all appearances, the supervisor has got as well. */
    boolean areShared() {
        return received.get() && hasTerminal();
    }

    /** Returns whether this process reads from a terminal and writes to it. From JDK 22 on, there is a console without, too. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean hasTerminal() {
        Console console = System.console();
        try {
            return console != null
                    && (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
