package dev.supervisor.socket.lent;

import dev.supervisor.lending.BorrowedServer;
import dev.supervisor.lending.Borrower;
import dev.supervisor.lending.Lease;
import dev.supervisor.socket.AdoptedSockets;
import dev.supervisor.socket.ListeningSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.Selector;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one generation of an unmodified application borrows: the sockets whose port it binds, and all other ports that it
 * binds, which are adopted. Thread-safe.
 */
public final class Borrowings implements Borrower {

    private static final Logger LOG = LoggerFactory.getLogger(Borrowings.class);

    private final List<ListeningSocket> sockets;
    private final AdoptedSockets adopted;
    private final LentConnections connections;

    /** Weakly, since an application opens and drops selectors as it likes. */
    private final Set<Selector> selectors = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /** The sockets that it has bound. */
    private final Map<ListeningSocket, LentServer> leased = new ConcurrentHashMap<>();

    /** The channels by which the application has them; they are closed at its end, whoever else has forgotten them. */
    private final Set<BorrowedServer> servers = ConcurrentHashMap.newKeySet();

    private final Set<SocketAddress> bound = Collections.synchronizedSet(new LinkedHashSet<>());

    /** @param sockets the sockets that the supervisor was given */
    public Borrowings(List<ListeningSocket> sockets, AdoptedSockets adopted, LentConnections connections) {
        this.sockets = List.copyOf(sockets);
        this.adopted = adopted;
        this.connections = connections;
    }

    @Override
    public Optional<Lease> lease(BorrowedServer server, SocketAddress address, int backlog) throws IOException {
        if (!(address instanceof InetSocketAddress inet) || inet.isUnresolved() || inet.getPort() == 0) {
            return Optional.empty();
        }
        return Borrowers.asLender(() -> {
            ListeningSocket socket = socketFor(inet, backlog);
            LentServer lease = connections.serve(socket, server, ended -> {
                leased.remove(socket, ended);
                servers.remove(server);
            });
            if (leased.putIfAbsent(socket, lease) != null) {
                return Optional.empty();
            }
            servers.add(server);
            return Optional.of(lease);
        });
    }

    private ListeningSocket socketFor(InetSocketAddress address, int backlog) throws IOException {
        for (ListeningSocket socket : sockets) {
            if (portOf(socket) == address.getPort() && !leased.containsKey(socket)) {
                return socket;
            }
        }
        for (ListeningSocket socket : sockets) {
            if (portOf(socket) == address.getPort() && covers(socket, address.getAddress())) {
                return socket; // which it serves already: binding it again fails as it should
            }
        }
        return adopted.adopt(address, backlog);
    }

    private static int portOf(ListeningSocket socket) {
        return socket.address() instanceof InetSocketAddress inet ? inet.getPort() : -1;
    }

    private static boolean covers(ListeningSocket socket, InetAddress address) {
        return socket.address() instanceof InetSocketAddress inet
                && (inet.getAddress().isAnyLocalAddress()
                        || address.isAnyLocalAddress()
                        || inet.getAddress().equals(address));
    }

    boolean connectToItself(Socket socket, SocketAddress address) throws IOException {
        if (!(address instanceof InetSocketAddress inet)) {
            return false;
        }
        for (Map.Entry<ListeningSocket, LentServer> entry : leased.entrySet()) {
            if (portOf(entry.getKey()) == inet.getPort()) {
                entry.getValue().connect(socket);
                return true;
            }
        }
        return false;
    }

    @Override
    public void boundItself(SocketAddress address) {
        bound.add(address);
    }

    /** Returns the addresses that the application has bound by itself. */
    public Set<SocketAddress> boundItself() {
        synchronized (bound) {
            return new LinkedHashSet<>(bound);
        }
    }

    /** Returns the sockets that it has bound, whether it accepts on them or not. */
    public Set<ListeningSocket> leased() {
        return Set.copyOf(leased.keySet());
    }

    @Override
    public void opened(Selector selector) {
        selectors.add(selector);
    }

    @Override
    public Collection<Selector> selectors() {
        synchronized (selectors) {
            return selectors.stream().filter(Selector::isOpen).toList();
        }
    }

    /** Closes server channels and selectors that the application has left open; its event loops must have ended. */
    public void close() {
        for (BorrowedServer server : servers) {
            try {
                server.close();
            } catch (IOException e) {
                LOG.debug("can't close {}", server, e);
            }
        }
        for (Selector selector : selectors()) {
            try {
                selector.close();
            } catch (IOException e) {
                LOG.debug("can't close {}", selector, e);
            }
        }
    }
}
