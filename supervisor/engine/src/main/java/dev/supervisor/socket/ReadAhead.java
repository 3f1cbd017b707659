package dev.supervisor.socket;

import io.netty.channel.ChannelException;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoOps;
import io.netty.channel.nio.NioSelectableChannelIoHandle;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads ahead on waiting connections, since only a read shows that a connection has ended. The bytes are kept for the
 * next owner. A peer that has sent something and then the end of its stream waits for an answer: it may have closed the
 * sending direction only ({@code shutdown(SHUT_WR)}), which can't be told from a close.
 *
 * <p>Registers the raw sockets with the selector of the gate's loop; a Netty channel for each would be several times as
 * large. All state belongs to that loop.
 */
final class ReadAhead implements PeerWatch {

    private static final Logger LOG = LoggerFactory.getLogger(ReadAhead.class);

    /** In bytes for each connection; more stays in the kernel. Holds the head of nearly every request. */
    private static final int MOST_UNREAD = 4096;

    private final IoEventLoop loop;
    private final ByteBuffer buffer = ByteBuffer.allocate(MOST_UNREAD);

    /** @param loop an NIO event loop */
    ReadAhead(IoEventLoop loop) {
        this.loop = loop;
    }

    @Override
    public Runnable begin(Connection connection, Consumer<Connection> onLeft) {
        if (connection.unread() >= MOST_UNREAD) {
            return () -> {};
        }
        Watched watched = new Watched(connection, onLeft);
        watched.begin();
        return watched;
    }

    private final class Watched extends NioSelectableChannelIoHandle<SocketChannel> implements Runnable {

        private final Connection connection;
        private final Consumer<Connection> onLeft;

        private @Nullable IoRegistration registration;

        Watched(Connection connection, Consumer<Connection> onLeft) {
            super(connection.socket());
            this.connection = connection;
            this.onLeft = onLeft;
        }

        void begin() {
            try {
                selectableChannel().configureBlocking(false);
            } catch (IOException e) {
                throw new ChannelException(e);
            }
            Future<IoRegistration> registered = loop.register(this); // complete: this is the loop's thread
            if (!registered.isSuccess()) {
                throw new ChannelException(registered.cause());
            }
            registration = registered.getNow();
            registration.submit(NioIoOps.READ);
        }

        /** Ends the watch. */
        @Override
        public void run() {
            if (registration != null) {
                registration.cancel();
            }
        }

        @Override
        protected void handle(SocketChannel socket, SelectionKey key) {
            try {
                buffer.clear().limit(MOST_UNREAD - connection.unread());
                int length = socket.read(buffer);
                if (length > 0) {
                    connection.append(buffer.flip());
                    if (connection.unread() >= MOST_UNREAD) {
                        run();
                    }
                } else if (length < 0) {
                    ended();
                }
            } catch (IOException e) { // the peer has reset the connection
                LOG.debug("a connection broke while it waited: {}", e.toString());
                left();
            }
        }

        /** Ends the watch if something is unread: the peer waits for its answer, and there is nothing more to see. */
        private void ended() {
            if (connection.hasUnread()) {
                run();
            } else {
                left();
            }
        }

        private void left() {
            run();
            onLeft.accept(connection);
        }

        /**
         * Does nothing. The loop calls this for a cancelled registration too, when the socket has its next owner
         * already.
         */
        @Override
        public void close() {}
    }
}
