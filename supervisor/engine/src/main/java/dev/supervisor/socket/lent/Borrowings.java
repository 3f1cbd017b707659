package dev.supervisor.socket.lent;

import dev.supervisor.lending.BorrowedServer;
import dev.supervisor.lending.Borrower;
import dev.supervisor.lending.Lease;
import dev.supervisor.lending.Relay;
import dev.supervisor.socket.AdoptedSockets;
import dev.supervisor.socket.ListeningSocket;
import dev.supervisor.socket.relay.RelayLoop;
import java.io.Closeable;
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
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
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
    private final boolean relaysAll;

    /** Weakly, since an application opens and drops selectors as it likes. */
    private final Set<Selector> selectors = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /** The sockets that it has bound. */
    private final Map<ListeningSocket, LentServer> leased = new ConcurrentHashMap<>();

    private final Map<ListeningSocket, Relayed> relayed = new ConcurrentHashMap<>();

    /** The channels by which the application has them; they are closed at its end, whoever else has forgotten them. */
    private final Set<BorrowedServer> servers = ConcurrentHashMap.newKeySet();

    private final Set<SocketAddress> bound = Collections.synchronizedSet(new LinkedHashSet<>());

    /**
     * A socket whose connections are relayed.
     *
     * @param server the address of the application's server
     * @param end ends that for new connections
     */
    private record Relayed(InetSocketAddress server, Runnable end) {}

    /** Null until something is relayed. Guarded by this. */
    private @Nullable RelayLoop loop;

    /**
     * @param sockets the sockets that the supervisor was given
     * @param relaysAll whether no socket is lent, and all connections are relayed
     */
    public Borrowings(
            List<ListeningSocket> sockets, AdoptedSockets adopted, LentConnections connections, boolean relaysAll) {
        this.sockets = List.copyOf(sockets);
        this.adopted = adopted;
        this.connections = connections;
        this.relaysAll = relaysAll;
    }

    @Override
    public Optional<Lease> lease(BorrowedServer server, SocketAddress address, int backlog) throws IOException {
        if (relaysAll || !(address instanceof InetSocketAddress inet) || !isFixed(inet)) {
            return Optional.empty();
        }
        return Borrowers.asLender(() -> {
            ListeningSocket socket = socketFor(inet, backlog);
            LentServer lease = connections.serve(socket, server, ended -> {
                servers.remove(server);
                if (leased.remove(socket, ended)) { // it may end twice
                    adopted.giveBack(socket);
                }
            });
            if (leased.putIfAbsent(socket, lease) != null) {
                adopted.giveBack(socket);
                return Optional.empty();
            }
            servers.add(server);
            return Optional.of(lease);
        });
    }

    private static boolean isFixed(InetSocketAddress address) {
        return !address.isUnresolved() && address.getPort() != 0;
    }

    @Override
    public Optional<Relay> relay(SocketAddress address, int backlog) throws IOException {
        return relaysAll ? relayToAny(address, backlog) : Optional.empty();
    }

    /** The same for a server of a kind to which no socket can be lent. */
    Optional<Relay> relayToAny(SocketAddress address, int backlog) throws IOException {
        if (!(address instanceof InetSocketAddress inet) || !isFixed(inet)) {
            return Optional.empty();
        }
        ListeningSocket socket = Borrowers.asLender(() -> socketFor(inet, backlog));
        if (leased.containsKey(socket) || isServed(relayed.get(socket))) {
            adopted.giveBack(socket);
            return Optional.empty(); // binding it again fails as it should
        }
        return Optional.of(new RelayOf(socket));
    }

    /** The application may have closed the server to which connections are relayed, without telling. */
    private static boolean isServed(@Nullable Relayed former) {
        if (former == null) {
            return false;
        }
        try (Socket probe = new Socket()) {
            probe.connect(former.server());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private final class RelayOf implements Relay {

        private final ListeningSocket socket;

        RelayOf(ListeningSocket socket) {
            this.socket = socket;
        }

        @Override
        public InetSocketAddress address() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        }

        @Override
        public void begin(InetSocketAddress server, Closeable closing) throws IOException {
            LOG.warn(
                    "connections of {} are relayed to {}, where the program listens, since no socket can be lent to it: this"
                            + " costs a hop, and the program sees the supervisor as their peer",
                    socket.spec(),
                    server);
            end();
            relayed.put(socket, new Relayed(server, Borrowers.asLender(() -> relay(socket, server, closing))));
        }

        @Override
        public void end() {
            Optional.ofNullable(relayed.get(socket))
                    .ifPresent(former -> former.end().run());
        }
    }

    private Runnable relay(ListeningSocket socket, InetSocketAddress server, Closeable closing) throws IOException {
        AtomicBoolean has = new AtomicBoolean(true);
        return loop().relay(
                        server,
                        closing,
                        channel -> connections.serve(socket, channel, ended -> {
                            if (has.compareAndSet(true, false)) { // it may end twice
                                relayed.computeIfPresent(
                                        socket, (any, last) -> last.server().equals(server) ? null : last);
                                adopted.giveBack(socket);
                            }
                        }));
    }

    private synchronized RelayLoop loop() throws IOException {
        RelayLoop known = loop;
        if (known == null) {
            known = new RelayLoop("supervisor-relay");
            loop = known;
        }
        return known;
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
        return adopted.borrow(address, backlog);
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
        Set<ListeningSocket> all = new LinkedHashSet<>(leased.keySet());
        all.addAll(relayed.keySet());
        return all;
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
        synchronized (this) {
            Optional.ofNullable(loop).ifPresent(RelayLoop::close);
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
