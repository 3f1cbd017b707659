package dev.supervisor.calls;

import io.netty.channel.ChannelOption;
import java.util.Optional;

/** Substitutes for the static methods of {@link ChannelOption}: each generation has its own options. */
public final class ChannelOptionCalls {

    private ChannelOptionCalls() {}

    @SuppressWarnings("TypeParameterUnusedInFormals") // as the original
    public static <T> ChannelOption<T> valueOf(String name, Class<?> caller) {
        return constants(caller)
                .map(own -> ChannelOptionCalls.<T>cast(own.optionOf(name)))
                .orElseGet(() -> ChannelOption.valueOf(name));
    }

    public static <T> ChannelOption<T> valueOf(Class<?> first, String second, Class<?> caller) {
        return valueOf(first.getName() + '#' + second, caller);
    }

    @SuppressWarnings("deprecation") // as the original
    public static <T> ChannelOption<T> newInstance(String name, Class<?> caller) {
        return constants(caller)
                .map(own -> ChannelOptionCalls.<T>cast(own.newOption(name)))
                .orElseGet(() -> ChannelOption.newInstance(name));
    }

    public static boolean exists(String name, Class<?> caller) {
        return constants(caller).map(own -> own.existsOption(name)).orElseGet(() -> ChannelOption.exists(name));
    }

    private static Optional<NettyConstants> constants(Class<?> caller) {
        return CallingGeneration.of(caller).map(CallingGeneration::constants);
    }

    @SuppressWarnings("unchecked") // an option has no value of its own
    private static <T> ChannelOption<T> cast(ChannelOption<?> option) {
        return (ChannelOption<T>) option;
    }
}
