package dev.supervisor.spi;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * INT and TERM: the first one runs an action, the second one ends the process at once. A shutdown hook would run beside
 * those of the application (its logging, say), and could not change the exit code of 143.
 *
 * <p>The JDK's only API for signals is {@code sun.misc.Signal}, in the module {@code jdk.unsupported}, which stays until
 * there is another API. It is used by reflection, since javac's warning about it can't be suppressed.
 */
final class TerminationSignals {

    private TerminationSignals() {}

    /**
     * Handles the process's signals from now on, if the JVM lets it: not with {@code -Xrs}, nor without the module.
     *
     * @param action must not block
     */
    static void handle(Runnable action) {
        for (String name : new String[] {"INT", "TERM"}) {
            try {
                Class<?> signal = Class.forName("sun.misc.Signal");
                Class<?> handler = Class.forName("sun.misc.SignalHandler");
                var handle = signal.getMethod("handle", signal, handler);
                Object end = handler.getField("SIG_DFL").get(null);
                InvocationHandler first = (proxy, method, arguments) -> {
                    if (method.getName().equals("handle")) {
                        handle.invoke(null, arguments[0], end);
                        action.run();
                    }
                    return null;
                };
                Object proxy = Proxy.newProxyInstance(
                        TerminationSignals.class.getClassLoader(), new Class<?>[] {handler}, first);
                handle.invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
            } catch (ReflectiveOperationException e) {
                return; // the JVM's own handler runs the shutdown hooks
            }
        }
    }
}
