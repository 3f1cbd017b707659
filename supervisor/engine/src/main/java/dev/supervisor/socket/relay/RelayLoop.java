package dev.supervisor.socket.relay;

import dev.supervisor.lending.Lease;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that relays connections of one generation to servers of its program. It borrows sockets as a program does to which
 * they are lent, and so the same holds for them: who gets which bytes, and when they move.
 *
 * <p>{@link #relay} and {@link #close} may be called from any thread; what belongs to a connection runs on the loop's.
 */
public final class RelayLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RelayLoop.class);

    private final Selector selector;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Set<RelayServer> servers = ConcurrentHashMap.newKeySet();
    private final Set<RelayedConnection> connections = ConcurrentHashMap.newKeySet();

    /** What remains to be done with sockets whose keys were cancelled. Of the loop's thread. */
    private final List<Runnable> leaving = new ArrayList<>();

    private volatile boolean closed;

    /** @param name the thread's */
    public RelayLoop(String name) throws IOException {
        selector = Selector.open();
        Thread thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.setContextClassLoader(RelayLoop.class.getClassLoader());
        thread.start();
    }

    /**
     * Relays the connections of a lease from now on.
     *
     * @param address of the program's server
     * @param closing closes that server, when the lender takes the socket back
     * @param leasing makes the lease for the channel that it is given
     * @return ends that; connections that are relayed go on
     */
    public Runnable relay(InetSocketAddress address, Closeable closing, Function<RelayServer, Lease> leasing) {
        RelayServer server = new RelayServer(this, address, closing);
        servers.add(server);
        server.accept(leasing.apply(server));
        return server::close;
    }

    Selector selector() {
        return selector;
    }

    void begun(RelayedConnection connection) {
        connections.add(connection);
    }

    /** @param finish called when the socket is registered no more */
    void ended(RelayedConnection connection, Runnable finish) {
        connections.remove(connection);
        leaving.add(finish);
    }

    void ended(RelayServer server) {
        servers.remove(server);
    }

    /** Runs a task on the loop's thread. */
    void execute(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    private void run() {
        try {
            while (!closed) {
                if (tasks.isEmpty()) {
                    selector.select(this::ready);
                } else {
                    // their wake-up may have gone to the selection of finishAll
                    selector.selectNow(this::ready);
                }
                runTasks();
                finishAll();
            }
        } catch (IOException | ClosedSelectorException e) {
            LOG.warn("connections can't be relayed any more", e);
        } finally {
            end();
        }
    }

    /** Finishes with sockets whose keys were cancelled: they are let go by the next selection. */
    private void finishAll() throws IOException {
        while (!leaving.isEmpty()) {
            List<Runnable> now = List.copyOf(leaving);
            leaving.clear();
            selector.selectNow(this::ready);
            now.forEach(RelayLoop::guarded);
        }
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            guarded(task);
        }
    }

    private void ready(SelectionKey key) {
        guarded(() -> ((RelayedConnection) key.attachment()).move());
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.warn("a connection can't be relayed", e);
        }
    }

    private void end() {
        servers.forEach(server -> guarded(server::close));
        connections.forEach(connection -> guarded(connection::end));
        try {
            selector.close(); // lets all sockets go
        } catch (IOException e) {
            LOG.debug("can't close a selector", e);
        }
        leaving.forEach(RelayLoop::guarded);
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
    }
}
