package dev.supervisor.socket;

import dev.supervisor.SupervisorException;
import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;

/**
 * Makes channels of file descriptors, which the JDK can do but does not offer, except for descriptor 0. All use of
 * {@code sun.nio.ch} is here.
 */
final class InternalSockets {

    private static final String PACKAGE = "sun.nio.ch.";

    /** The kind of a socket, by its file descriptor. */
    enum Kind {
        STREAM,
        DATAGRAM,
        NONE
    }

    private InternalSockets() {}

    /** Returns the kind of the descriptor; {@link Kind#NONE} if it is closed, or no socket. */
    static Kind kind(int descriptor) {
        return switch (number("InheritedChannel", "soType0", descriptor)) {
            case 1 -> Kind.STREAM;
            case 2 -> Kind.DATAGRAM;
            default -> Kind.NONE;
        };
    }

    /** @param descriptor of a socket */
    static ProtocolFamily family(int descriptor) {
        return switch (number("InheritedChannel", "addressFamily", descriptor)) {
            case 1 -> StandardProtocolFamily.INET;
            case 2 -> StandardProtocolFamily.INET6;
            default -> StandardProtocolFamily.UNIX;
        };
    }

    static boolean isConnected(int descriptor) {
        return (boolean) orNotOffered(() -> call("InheritedChannel", "isConnected", int.class, descriptor));
    }

    /** Returns the file descriptor of a channel, which stays the channel's. */
    static FileDescriptor file(Channel channel) {
        return (FileDescriptor) orNotOffered(
                () -> accessible(type("SelChImpl").getDeclaredMethod("getFD")).invoke(channel));
    }

    static void close(int descriptor) {
        var unused = orNotOffered(() -> call("InheritedChannel", "close0", int.class, descriptor));
    }

    private static int number(String type, String method, int descriptor) {
        return (int) orNotOffered(() -> call(type, method, int.class, descriptor));
    }

    /**
     * Returns a channel that owns the descriptor of a listening socket.
     *
     * @throws IOException if the socket can't listen
     */
    static ServerSocketChannel listening(int descriptor, int backlog) throws IOException {
        try {
            FileDescriptor file = (FileDescriptor) call("IOUtil", "newFD", int.class, descriptor);
            Method listen = accessible(type("Net").getDeclaredMethod("listen", FileDescriptor.class, int.class));
            invoke(listen, file, backlog); // it may listen already, with another backlog
            Constructor<?> constructor = accessible(type("ServerSocketChannelImpl")
                    .getDeclaredConstructor(
                            SelectorProvider.class, ProtocolFamily.class, FileDescriptor.class, boolean.class));
            return (ServerSocketChannel)
                    constructor.newInstance(SelectorProvider.provider(), family(descriptor), file, true);
        } catch (ReflectiveOperationException e) {
            throw notOffered(e);
        }
    }

    /**
     * Returns a channel that owns the descriptor of an established connection, which does not block.
     *
     * @throws IOException if the connection has ended; the descriptor is closed then
     */
    static SocketChannel connection(int descriptor) throws IOException {
        try {
            FileDescriptor file = (FileDescriptor) call("IOUtil", "newFD", int.class, descriptor);
            ProtocolFamily family = family(descriptor);
            Constructor<?> constructor = accessible(type("SocketChannelImpl")
                    .getDeclaredConstructor(
                            SelectorProvider.class, ProtocolFamily.class, FileDescriptor.class, SocketAddress.class));
            SocketChannel channel = (SocketChannel)
                    constructor.newInstance(SelectorProvider.provider(), family, file, remoteAddress(family, file));
            channel.configureBlocking(false);
            return channel;
        } catch (IOException e) {
            close(descriptor);
            throw e;
        } catch (ReflectiveOperationException e) {
            close(descriptor);
            throw notOffered(e);
        }
    }

    private static SocketAddress remoteAddress(ProtocolFamily family, FileDescriptor file)
            throws ReflectiveOperationException, IOException {
        return family == StandardProtocolFamily.UNIX
                ? UnixDomainSocketAddress.of("") // clients have no name, mostly
                : (SocketAddress) call("Net", "remoteAddress", FileDescriptor.class, file);
    }

    /** Returns the number of a file descriptor. */
    static int number(FileDescriptor file) {
        return (int) orNotOffered(() -> call("IOUtil", "fdVal", FileDescriptor.class, file));
    }

    /** Returns the number of a channel's file descriptor. */
    static int descriptor(Channel channel) {
        return (int) orNotOffered(
                () -> accessible(type("SelChImpl").getMethod("getFDVal")).invoke(channel));
    }

    /**
     * Returns another channel of the same datagram socket, with a descriptor of its own.
     *
     * @throws IOException if there is no descriptor left
     */
    static DatagramChannel duplicate(DatagramChannel channel) throws IOException {
        return datagrams(duplicate(descriptor(channel)));
    }

    /**
     * Returns another number of the same descriptor.
     *
     * @throws IOException if there is none left
     */
    static int duplicate(int descriptor) throws IOException {
        try {
            return (int) call("InheritedChannel", "dup", int.class, descriptor);
        } catch (ReflectiveOperationException e) {
            throw notOffered(e);
        }
    }

    /** Returns a channel that owns the descriptor of a datagram socket. */
    static DatagramChannel datagrams(int descriptor) throws IOException {
        try {
            FileDescriptor file = (FileDescriptor) call("IOUtil", "newFD", int.class, descriptor);
            Class<?> type = type("DatagramChannelImpl");
            Object channel = accessible(type.getDeclaredConstructor(SelectorProvider.class, FileDescriptor.class))
                    .newInstance(SelectorProvider.provider(), file);
            if (family(descriptor) == StandardProtocolFamily.INET) { // it takes each for IPv6, and could not send
                accessible(type.getDeclaredField("family")).set(channel, StandardProtocolFamily.INET);
            }
            return (DatagramChannel) channel;
        } catch (ReflectiveOperationException e) {
            throw notOffered(e);
        }
    }

    private interface Call {
        Object run() throws ReflectiveOperationException, IOException;
    }

    private static Object orNotOffered(Call call) {
        try {
            return call.run();
        } catch (ReflectiveOperationException | IOException e) {
            throw notOffered(e);
        }
    }

    private static Object call(String type, String method, Class<?> parameter, Object argument)
            throws ReflectiveOperationException, IOException {
        loadNatives();
        return invoke(accessible(type(type).getDeclaredMethod(method, parameter)), argument);
    }

    /** Loads the JDK's library for sockets, which its first channel does. */
    private static void loadNatives() throws IOException {
        ServerSocketChannel.open().close();
    }

    private static Object invoke(Method method, Object... arguments) throws ReflectiveOperationException, IOException {
        try {
            return method.invoke(null, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static Class<?> type(String name) throws ClassNotFoundException {
        return Class.forName(PACKAGE + name);
    }

    private static <T extends AccessibleObject & Member> T accessible(T member) throws IllegalAccessException {
        if (!member.trySetAccessible()) {
            throw new IllegalAccessException(
                    "start the JVM with --add-opens java.base/sun.nio.ch=ALL-UNNAMED to use sockets of the parent process");
        }
        return member;
    }

    private static SupervisorException notOffered(Exception e) {
        return new SupervisorException("this JVM can't use sockets of the parent process: " + e, e);
    }
}
