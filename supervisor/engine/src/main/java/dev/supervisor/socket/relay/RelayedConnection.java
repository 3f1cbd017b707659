package dev.supervisor.socket.relay;

import dev.supervisor.lending.Borrowed;
import dev.supervisor.lending.Traffic;
import dev.supervisor.lending.Traffic.Readiness;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection, and the one to the program's server to which it is relayed. At most one buffer is under way in each direction, so
 * the slower side sets the pace. Unless a method says otherwise, it runs on the loop's thread.
 */
final class RelayedConnection implements Borrowed {

    private static final Logger LOG = LoggerFactory.getLogger(RelayedConnection.class);

    private static final int BUFFER_BYTES = 16 * 1024;

    /** After how many turns other connections have theirs. */
    private static final int MOST_TURNS = 16;

    private final RelayLoop loop;
    private final Traffic client;
    private final InetSocketAddress address;
    private final Runnable refused;
    private final AtomicBoolean moveScheduled = new AtomicBoolean();

    /** What has been read and not written yet; each is ready to be read from. */
    private final ByteBuffer toServer = ByteBuffer.allocate(BUFFER_BYTES).flip();

    private final ByteBuffer toClient = ByteBuffer.allocate(BUFFER_BYTES).flip();

    private @Nullable SocketChannel server;
    private @Nullable SelectionKey clientKey;
    private @Nullable SelectionKey serverKey;

    /** The client sends no more, or the connection is to leave; and the server knows. */
    private boolean clientEnded;

    private boolean serverToldOfEnd;
    private boolean ended;

    /** @param refused called when nothing listens at the address */
    RelayedConnection(RelayLoop loop, Traffic client, InetSocketAddress address, Runnable refused) {
        this.loop = loop;
        this.client = client;
        this.address = address;
        this.refused = refused;
    }

    void begin() {
        loop.begun(this);
        try {
            client.accepted(this);
            SocketChannel opened = SocketChannel.open();
            server = opened;
            opened.configureBlocking(false);
            opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
            clientKey = client.socket().register(loop.selector(), 0, this);
            serverKey = opened.register(loop.selector(), SelectionKey.OP_CONNECT, this);
            if (opened.connect(address)) {
                move();
            }
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
    }

    private void failed(Exception why) {
        LOG.debug("the relay of {} ends", client.socket(), why);
        end();
    }

    // Borrowed, on any thread

    @Override
    public void readableChanged() {
        if (moveScheduled.compareAndSet(false, true)) {
            loop.execute(() -> {
                moveScheduled.set(false);
                move();
            });
        }
    }

    /** The lender ends the connection. */
    @Override
    public void close() {
        loop.execute(this::end);
    }

    // On the loop's thread

    /** Moves bytes for as long as that is possible without waiting, but not for ever, and then waits for what is needed. */
    void move() {
        SocketChannel to = server;
        if (ended || to == null) {
            return;
        }
        try {
            if (!to.isConnected() && !isConnected(to)) {
                return;
            }
            boolean moves = true;
            for (int turn = 0; moves && turn < MOST_TURNS; turn++) {
                moves = moveToServer(to);
                moves |= moveToClient(to);
                if (ended) {
                    return;
                }
            }
            await();
            if (moves) {
                readableChanged(); // goes on after the others
            }
        } catch (IOException | CancelledKeyException e) {
            failed(e);
        }
    }

    private boolean isConnected(SocketChannel to) {
        try {
            return to.finishConnect();
        } catch (IOException e) {
            failed(e);
            refused.run();
            return false;
        }
    }

    /** Returns whether anything has moved. */
    private boolean moveToServer(SocketChannel to) throws IOException {
        boolean moved = false;
        if (!toServer.hasRemaining() && !clientEnded && client.readable() != Readiness.NOT) {
            toServer.clear();
            int length = client.read(toServer);
            toServer.flip();
            clientEnded = length < 0;
            moved = length != 0;
        }
        if (toServer.hasRemaining()) {
            moved |= to.write(toServer) > 0;
        }
        if (clientEnded && !toServer.hasRemaining() && !serverToldOfEnd) {
            serverToldOfEnd = true;
            to.shutdownOutput();
        }
        return moved;
    }

    /** Returns whether anything has moved. Ends the connection after the server's last byte. */
    private boolean moveToClient(SocketChannel from) throws IOException {
        boolean moved = false;
        if (!toClient.hasRemaining()) {
            toClient.clear();
            int length = from.read(toClient);
            toClient.flip();
            if (length < 0) {
                end();
                return false;
            }
            moved = length > 0;
        }
        if (toClient.hasRemaining()) {
            moved |= client.write(toClient) > 0;
        }
        return moved;
    }

    private void await() {
        boolean reads = !toServer.hasRemaining() && !clientEnded && client.readable() == Readiness.WITH_SOCKET;
        boolean flushes = !clientEnded && client.readable() == Readiness.WHEN_WRITABLE;
        boolean writes = toClient.hasRemaining() && !client.writesWhenReadable();
        interest(clientKey, reads, writes || flushes);
        interest(serverKey, !toClient.hasRemaining(), toServer.hasRemaining());
    }

    private static void interest(@Nullable SelectionKey key, boolean reads, boolean writes) {
        if (key != null) {
            int ops = (reads ? SelectionKey.OP_READ : 0) | (writes ? SelectionKey.OP_WRITE : 0);
            if (key.interestOps() != ops) {
                key.interestOps(ops);
            }
        }
    }

    /** Closes the connection as the program would; its socket goes on to the next generation if it is to move. */
    void end() {
        if (ended) {
            return;
        }
        ended = true;
        closeServer();
        SelectionKey key = clientKey;
        if (key != null) {
            key.cancel();
        }
        var unused = client.closing();
        loop.ended(this, client::finished);
    }

    private void closeServer() {
        SocketChannel known = server;
        if (known != null) {
            try {
                known.close();
            } catch (IOException e) {
                LOG.debug("can't close {}", known, e);
            }
        }
    }
}
