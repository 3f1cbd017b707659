package dev.supervisor.lending;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;
import java.nio.channels.SelectionKey;
import sun.nio.ch.SelectionKeyImpl;
import sun.nio.ch.SelectorImpl;

/** Makes a selector ask a channel once more what it is to be selected for; the JDK asks when the interest changes. */
final class InterestUpdate {

    private static final MethodHandle SET_EVENT_OPS = find();

    private InterestUpdate() {}

    private static MethodHandle find() {
        try {
            Method method = SelectorImpl.class.getDeclaredMethod("setEventOps", SelectionKeyImpl.class);
            method.setAccessible(true);
            return MethodHandles.lookup().unreflect(method);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Takes effect with the selector's next selection. */
    static void of(SelectionKey key) {
        try {
            SET_EVENT_OPS.invoke(key.selector(), key);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
