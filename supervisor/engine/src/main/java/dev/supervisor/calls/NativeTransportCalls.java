package dev.supervisor.calls;

import dev.supervisor.lending.Relay;
import dev.supervisor.socket.lent.Borrowers;
import java.io.IOException;
import java.lang.StackWalker.StackFrame;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The availability checks of {@code Epoll}, {@code IoUring} and {@code KQueue}. All of them report "not available", so
 * that an application chooses NIO, since its connections are NIO channels. It can use a native transport without
 * asking, for channels that it opens by itself. To the server channels of a program that does so, connections are relayed.
 */
public final class NativeTransportCalls {

    private static final Logger LOG = LoggerFactory.getLogger(NativeTransportCalls.class);

    private static final List<String> LIBRARIES = Stream.of(
                    "epoll_x86_64.so", "epoll_aarch_64.so", "kqueue_x86_64.jnilib", "kqueue_aarch_64.jnilib")
            .map(name -> "META-INF/native/libnetty_transport_native_" + name)
            .toList();

    private static volatile boolean told;

    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.SHOW_REFLECT_FRAMES);

    /** The relay for the channel that the thread is binding. */
    private static final ThreadLocal<Relay> RELAYS = new ThreadLocal<>();

    private NativeTransportCalls() {}

    public static boolean isAvailable(Class<?> caller) {
        tell(caller);
        return false;
    }

    /**
     * Returns whether a transport of a program is switched off. It is, if its class is initialized by reflection: that is how
     * frameworks ask whether it is available, without code that would need it. Its libraries are not loaded then.
     *
     * @param property the system property by which a user switches all off
     * @param caller the class that is initialized
     */
    public static boolean isSwitchedOff(String property, boolean otherwise, Class<?> caller) {
        boolean isQuestion = STACK.walk(frames -> frames.map(StackFrame::getClassName)
                .dropWhile(name -> !name.equals(caller.getName()))
                .dropWhile(name -> name.equals(caller.getName()))
                .findFirst()
                .filter(NativeTransportCalls::isReflection)
                .isPresent());
        if (isQuestion) {
            tell(caller);
        }
        return isQuestion || Boolean.getBoolean(property);
    }

    /** Tells once that a program gets NIO, if it brings something else. */
    private static void tell(Class<?> caller) {
        ClassLoader loader = caller.getClassLoader();
        if (!told
                && Borrowers.isProgram(loader)
                && LIBRARIES.stream().anyMatch(name -> loader.getResource(name) != null)) {
            told = true;
            LOG.warn(
                    "a program brings a native transport for Netty, and gets NIO instead: sockets can be lent to NIO only");
        }
    }

    private static boolean isReflection(String className) {
        return className.equals(Class.class.getName())
                || className.startsWith("java.lang.reflect.")
                || className.startsWith("jdk.internal.reflect.");
    }

    /** Returns the address that a server channel of a native transport binds, to which no socket can be lent. */
    public static SocketAddress address(SocketAddress address, Class<?> caller) throws IOException {
        Optional<Relay> relay = Borrowers.relay(caller.getClassLoader(), address, 0, false);
        if (relay.isEmpty()) {
            return address;
        }
        RELAYS.set(relay.get());
        return relay.get().address();
    }

    /** Such a channel has bound that address, and listens. */
    public static void listening(Object channel, Class<?> caller) throws IOException, ReflectiveOperationException {
        Relay relay = RELAYS.get();
        RELAYS.remove();
        if (relay != null) {
            Method address = channel.getClass().getMethod("localAddress");
            Method close = channel.getClass().getMethod("close");
            relay.begin((InetSocketAddress) address.invoke(channel), () -> closing(channel, close));
        }
    }

    private static void closing(Object channel, Method close) throws IOException {
        try {
            var unused = close.invoke(channel);
        } catch (ReflectiveOperationException e) {
            throw new IOException(e);
        }
    }

    public static Throwable unavailabilityCause(Class<?> caller) {
        return new UnsupportedOperationException(
                "the connections of an application under the supervisor are NIO channels");
    }
}
