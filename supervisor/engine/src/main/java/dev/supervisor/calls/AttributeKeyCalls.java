package dev.supervisor.calls;

import io.netty.util.AttributeKey;
import java.util.Optional;

/** Substitutes for the static methods of {@link AttributeKey}: each generation has its own keys. */
public final class AttributeKeyCalls {

    private AttributeKeyCalls() {}

    @SuppressWarnings("TypeParameterUnusedInFormals") // as the original
    public static <T> AttributeKey<T> valueOf(String name, Class<?> caller) {
        return constants(caller)
                .map(own -> AttributeKeyCalls.<T>cast(own.keyOf(name)))
                .orElseGet(() -> AttributeKey.valueOf(name));
    }

    public static <T> AttributeKey<T> valueOf(Class<?> first, String second, Class<?> caller) {
        return valueOf(first.getName() + '#' + second, caller);
    }

    public static <T> AttributeKey<T> newInstance(String name, Class<?> caller) {
        return constants(caller)
                .map(own -> AttributeKeyCalls.<T>cast(own.newKey(name)))
                .orElseGet(() -> AttributeKey.newInstance(name));
    }

    public static boolean exists(String name, Class<?> caller) {
        return constants(caller).map(own -> own.existsKey(name)).orElseGet(() -> AttributeKey.exists(name));
    }

    private static Optional<NettyConstants> constants(Class<?> caller) {
        return CallingGeneration.of(caller).map(CallingGeneration::constants);
    }

    @SuppressWarnings("unchecked") // a key has no value of its own
    private static <T> AttributeKey<T> cast(AttributeKey<?> key) {
        return (AttributeKey<T>) key;
    }
}
