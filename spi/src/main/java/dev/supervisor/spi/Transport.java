package dev.supervisor.spi;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import java.io.IOException;
import java.net.SocketAddress;

/** The way to make listening channels, all of which fit the same event loops. */
interface Transport {

    /**
     * A listening channel.
     *
     * @param channel belongs to no event loop yet
     * @param address the address that the socket is bound to
     * @param afterClose deletes what the channel leaves behind
     */
    record Listening(ServerChannel channel, SocketAddress address, Runnable afterClose) {

        Listening(ServerChannel channel, SocketAddress address) {
            this(channel, address, () -> {});
        }

        /** Closes the socket, and waits for that. Must not be called on an event loop. */
        void close() {
            if (channel.isRegistered()) {
                channel.close().awaitUninterruptibly();
            } else {
                channel.unsafe().closeForcibly();
            }
            afterClose.run();
        }
    }

    /** Returns the transport that can take over descriptors, if it is there, or else one that says what is missing. */
    static Transport forDescriptors() {
        try {
            return EpollTransport.unavailabilityCause()
                    .<Transport>map(cause -> new NioTransport("can't be used (" + cause + ")"))
                    .orElseGet(EpollTransport::new);
        } catch (NoClassDefFoundError e) {
            return new NioTransport();
        }
    }

    /** Returns what the event loops of the channels need. */
    IoHandlerFactory loopFactory();

    /**
     * Binds a socket, and listens.
     *
     * @param address an {@link java.net.InetSocketAddress}, resolved, or a {@link java.net.UnixDomainSocketAddress}
     */
    Listening bind(SocketAddress address) throws IOException;

    /**
     * Takes over a listening socket of the parent process.
     *
     * @throws IOException that says what the descriptor is instead, or what is missing
     */
    Listening adopt(int descriptor) throws IOException;
}
