package dev.supervisor.lending;

import java.net.SocketOption;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the JDK's channels say of an option, whether or not they are open. */
final class OptionCheck {

    private OptionCheck() {}

    static void name(@Nullable SocketOption<?> name, Set<SocketOption<?>> supported) {
        Objects.requireNonNull(name);
        if (!supported.contains(name)) {
            throw new UnsupportedOperationException("'" + name + "' not supported");
        }
    }

    static void value(SocketOption<?> name, @Nullable Object value) {
        if (!name.type().isInstance(value)) {
            throw new IllegalArgumentException("Invalid value '" + value + "'");
        }
    }
}
