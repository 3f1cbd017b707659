package dev.supervisor.calls;

import dev.supervisor.lending.LentAsynchronousServerChannel;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import org.jspecify.annotations.Nullable;

/**
 * Listening channels and selectors that an application opens. Unlike a {@link java.net.ServerSocket} they are not
 * closed when they are garbage-collected, so a port would stay taken for ever.
 */
public final class ChannelCalls {

    private ChannelCalls() {}

    /**
     * Calls of {@link ServerSocketChannel}. Each original has a class of its own here, since the static methods of all
     * of them have the same signatures.
     */
    public static final class OfServers {

        private OfServers() {}

        public static ServerSocketChannel open(Class<?> caller) throws IOException {
            return OpenedChannel.by(caller, ServerSocketChannel.open(), "ServerSocketChannel");
        }

        public static ServerSocketChannel open(ProtocolFamily family, Class<?> caller) throws IOException {
            return OpenedChannel.by(caller, ServerSocketChannel.open(family), "ServerSocketChannel");
        }
    }

    /** Calls of {@link AsynchronousServerSocketChannel}. */
    public static final class OfAsynchronousServers {

        private OfAsynchronousServers() {}

        public static AsynchronousServerSocketChannel open(Class<?> caller) throws IOException {
            return OpenedChannel.by(caller, AsynchronousServerSocketChannel.open(), "AsynchronousServerSocketChannel");
        }

        public static AsynchronousServerSocketChannel open(@Nullable AsynchronousChannelGroup group, Class<?> caller)
                throws IOException {
            return OpenedChannel.by(
                    caller, AsynchronousServerSocketChannel.open(group), "AsynchronousServerSocketChannel");
        }
    }

    /** Calls of {@link AsynchronousServerSocketChannel} of programs, to which sockets are lent. */
    public static final class OfLentAsynchronousServers {

        private OfLentAsynchronousServers() {}

        public static AsynchronousServerSocketChannel open(Class<?> caller) throws IOException {
            return open(null, caller);
        }

        public static AsynchronousServerSocketChannel open(@Nullable AsynchronousChannelGroup group, Class<?> caller)
                throws IOException {
            return OpenedChannel.by(
                    caller, LentAsynchronousServerChannel.open(group), "AsynchronousServerSocketChannel");
        }
    }

    /** Calls of {@link DatagramChannel}. */
    public static final class OfDatagrams {

        private OfDatagrams() {}

        public static DatagramChannel open(Class<?> caller) throws IOException {
            return OpenedChannel.by(caller, DatagramChannel.open(), "DatagramChannel");
        }

        public static DatagramChannel open(ProtocolFamily family, Class<?> caller) throws IOException {
            return OpenedChannel.by(caller, DatagramChannel.open(family), "DatagramChannel");
        }
    }

    /** Calls of {@link Selector} and {@link SelectorProvider}. */
    public static final class OfSelectors {

        private OfSelectors() {}

        public static Selector open(Class<?> caller) throws IOException {
            return opened(caller, Selector.open());
        }

        public static AbstractSelector openSelector(SelectorProvider provider, Class<?> caller) throws IOException {
            return opened(caller, provider.openSelector());
        }

        private static <S extends Selector> S opened(Class<?> caller, S selector) {
            CallingGeneration.of(caller)
                    .ifPresent(callingGeneration -> callingGeneration.opened(new OpenedSelector(selector)));
            return selector;
        }
    }

    private record OpenedSelector(Selector selector) implements OpenedResource {

        @Override
        public boolean isOpen() {
            return selector.isOpen();
        }

        @Override
        public void close() throws IOException {
            selector.close();
        }

        @Override
        public String description() {
            return "Selector with " + selector.keys().size() + " keys was never closed";
        }
    }
}
