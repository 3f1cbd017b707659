package dev.supervisor.calls;

import io.netty.channel.ChannelOption;
import io.netty.util.AttributeKey;
import io.netty.util.Constant;
import io.netty.util.ConstantPool;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The attribute keys and channel options that one generation has made. In Netty's own pools a name can be used for only
 * one new constant in the life of a JVM, and is kept for ever. Netty's own constants are shared.
 */
final class NettyConstants {

    private static final String NETTYS_OWN = "io.netty.";
    private static final Method NEW_CONSTANT = newConstant();
    private static final ConstantPool<?> KEYS = poolOf(AttributeKey.class);
    private static final ConstantPool<?> OPTIONS = poolOf(ChannelOption.class);

    private final Map<String, AttributeKey<?>> keys = new ConcurrentHashMap<>();
    private final Map<String, ChannelOption<?>> options = new ConcurrentHashMap<>();

    AttributeKey<?> keyOf(String name) {
        return isNettys(KEYS, name)
                ? AttributeKey.valueOf(name)
                : keys.computeIfAbsent(name, unused -> (AttributeKey<?>) make(KEYS, name));
    }

    AttributeKey<?> newKey(String name) {
        if (isNettys(KEYS, name)) {
            return AttributeKey.newInstance(name);
        }
        AttributeKey<?> made = (AttributeKey<?>) make(KEYS, name);
        requireFree(keys.putIfAbsent(name, made) == null, name);
        return made;
    }

    boolean existsKey(String name) {
        return keys.containsKey(name) || AttributeKey.exists(name);
    }

    ChannelOption<?> optionOf(String name) {
        return isNettys(OPTIONS, name)
                ? ChannelOption.valueOf(name)
                : options.computeIfAbsent(name, unused -> (ChannelOption<?>) make(OPTIONS, name));
    }

    @SuppressWarnings("deprecation") // as the original
    ChannelOption<?> newOption(String name) {
        if (isNettys(OPTIONS, name)) {
            return ChannelOption.newInstance(name);
        }
        ChannelOption<?> made = (ChannelOption<?>) make(OPTIONS, name);
        requireFree(options.putIfAbsent(name, made) == null, name);
        return made;
    }

    boolean existsOption(String name) {
        return options.containsKey(name) || ChannelOption.exists(name);
    }

    private static boolean isNettys(ConstantPool<?> pool, String name) {
        return name.startsWith(NETTYS_OWN) || pool.exists(name);
    }

    private static void requireFree(boolean free, String name) {
        if (!free) {
            throw new IllegalArgumentException("'" + name + "' is already in use");
        }
    }

    /** Makes a constant that is in no pool. */
    @SuppressWarnings("deprecation") // nextId never returns the same id twice
    private static Constant<?> make(ConstantPool<?> pool, String name) {
        try {
            return (Constant<?>) NEW_CONSTANT.invoke(pool, pool.nextId(), name);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Method newConstant() {
        try {
            Method method = ConstantPool.class.getDeclaredMethod("newConstant", int.class, String.class);
            method.setAccessible(true);
            return method;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ConstantPool<?> poolOf(Class<?> type) {
        try {
            Field pool = type.getDeclaredField("pool");
            pool.setAccessible(true);
            return (ConstantPool<?>) pool.get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
