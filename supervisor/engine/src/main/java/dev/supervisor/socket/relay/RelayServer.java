package dev.supervisor.socket.relay;

import dev.supervisor.lending.BorrowedServer;
import dev.supervisor.lending.Lease;
import dev.supervisor.lending.Traffic;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts the connections of a lease for a server of a program. Thread-safe. */
public final class RelayServer implements BorrowedServer {

    private static final Logger LOG = LoggerFactory.getLogger(RelayServer.class);

    private final RelayLoop loop;
    private final InetSocketAddress address;
    private final Closeable closing;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable Lease lease;

    RelayServer(RelayLoop loop, InetSocketAddress address, Closeable closing) {
        this.closing = closing;
        this.loop = loop;
        this.address = address;
    }

    void accept(Lease given) {
        lease = given;
        given.accepting();
        arrivalsChanged();
    }

    /** Takes what has come, on the loop's thread. */
    private void takeAll() {
        for (Traffic next = next(); next != null; next = next()) {
            new RelayedConnection(loop, next, address, this::close).begin();
        }
    }

    private @Nullable Traffic next() {
        Lease known = lease;
        return known == null || closed.get() ? null : known.poll();
    }

    @Override
    public void arrivalsChanged() {
        loop.execute(this::takeAll);
    }

    @Override
    public void revoke() {
        close();
        try {
            closing.close();
        } catch (IOException | RuntimeException e) {
            LOG.debug("a server at {} can't be closed", address, e);
        }
    }

    @Override
    public void close() {
        Lease known = lease;
        if (closed.compareAndSet(false, true)) {
            loop.ended(this);
            if (known != null) {
                known.closed();
            }
        }
    }
}
