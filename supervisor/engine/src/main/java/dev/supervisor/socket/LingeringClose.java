package dev.supervisor.socket;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoOps;
import io.netty.channel.nio.NioSelectableChannelIoHandle;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections without losing their last response: half-closes the socket, then reads for a moment what the peer
 * still sends. What TLS has to say at the end goes before that. Closing a socket with unread bytes resets the connection, which can destroy the last response on its way
 * (RFC 9112, 9.6).
 *
 * <p>All state belongs to its event loop, one of the supervisor's.
 */
final class LingeringClose {

    private static final Logger LOG = LoggerFactory.getLogger(LingeringClose.class);
    private static final Duration LONGEST = Duration.ofSeconds(1);
    private static final int DISCARDED_AT_ONCE = 4096;

    private final EventLoop loop;
    private final ByteBuffer discarded = ByteBuffer.allocate(DISCARDED_AT_ONCE);
    private final Set<Closing> closings = new HashSet<>();

    /** @param loop an NIO event loop */
    LingeringClose(EventLoop loop) {
        this.loop = loop;
    }

    /** Takes over the connection and closes it. Must be called on the loop. */
    void begin(Connection connection) {
        Closing closing = new Closing(connection);
        closings.add(closing);
        try {
            closing.begin();
        } catch (IOException | RuntimeException e) { // one broken socket must not stop the others
            LOG.debug("a socket broke before it was closed", e);
            closing.end();
        }
    }

    /** Runs the action when every close that has begun so far has ended. Must be called on the loop. */
    void whenEnded(Runnable action) {
        CompletableFuture<?>[] all =
                closings.stream().map(closing -> closing.ended).toArray(CompletableFuture<?>[]::new);
        var unused = CompletableFuture.allOf(all).thenRun(action);
    }

    private final class Closing extends NioSelectableChannelIoHandle<SocketChannel> {

        private final Connection connection;
        private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();

        private @Nullable IoRegistration registration;
        private @Nullable Future<?> deadline;

        Closing(Connection connection) {
            super(connection.socket());
            this.connection = connection;
        }

        void begin() throws IOException {
            connection.socket().configureBlocking(false);
            boolean said = sayTheEnd();
            Future<IoRegistration> registered = ((IoEventLoop) loop).register(this); // complete: on the loop's thread
            if (!registered.isSuccess()) {
                throw new IOException("can't be registered", registered.cause());
            }
            registration = registered.getNow();
            registration.submit(said ? NioIoOps.READ : NioIoOps.WRITE);
            deadline = loop.schedule(this::end, LONGEST.toNanos(), TimeUnit.NANOSECONDS);
        }

        /** Returns whether the socket has taken all that was to be sent. */
        private boolean sayTheEnd() throws IOException {
            boolean said = connection.closeTls();
            if (said) {
                connection.socket().shutdownOutput();
            }
            return said;
        }

        @Override
        protected void handle(SocketChannel socket, SelectionKey key) {
            try {
                if (key.interestOps() == SelectionKey.OP_WRITE) {
                    if (sayTheEnd() && registration != null) {
                        registration.submit(NioIoOps.READ);
                    }
                    return;
                }
                if (socket.read(discarded.clear()) < 0) {
                    end();
                }
            } catch (IOException e) {
                LOG.debug("a connection broke while it was being closed: {}", e.toString());
                end();
            }
        }

        void end() {
            if (!ended.isDone()) {
                closings.remove(this);
                if (deadline != null) {
                    deadline.cancel(false);
                }
                if (registration != null) {
                    registration.cancel();
                }
                connection.end();
                ended.complete(null);
            }
        }

        /** Called by the loop when the registration is cancelled, and when the loop ends. */
        @Override
        public void close() {
            end();
        }
    }
}
