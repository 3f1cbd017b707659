package dev.supervisor.socket;

import dev.supervisor.Endpoint;
import dev.supervisor.Protocol;
import dev.supervisor.SocketSpec;
import dev.supervisor.SupervisorException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ports that applications bind besides the sockets that the supervisor was given, such as one for management. They stay bound
 * from one generation to the next, so that the next one can have them while the former one still does. Those that no
 * generation has bound any more can be closed. Thread-safe.
 */
public final class AdoptedSockets {

    private static final Logger LOG = LoggerFactory.getLogger(AdoptedSockets.class);

    private final Set<String> taken;
    private final BiFunction<SocketSpec, BoundSocket, ListeningSocket> opener;
    private final Consumer<ListeningSocket> onBound;
    private final List<ListeningSocket> sockets = new CopyOnWriteArrayList<>();

    /** How many generations have bound each; none for those that are missing. Guarded by this. */
    private final Map<ListeningSocket, Integer> lent = new HashMap<>();

    /** Guarded by this. */
    private boolean begun;

    private volatile Runnable onUnused = () -> {};

    /**
     * @param taken the names of the sockets that the supervisor was given
     * @param opener makes a socket of one that is bound; it does not accept yet
     * @param onBound called with each that was bound anew, and accepts
     */
    public AdoptedSockets(
            Set<String> taken,
            BiFunction<SocketSpec, BoundSocket, ListeningSocket> opener,
            Consumer<ListeningSocket> onBound) {
        this.taken = Set.copyOf(taken);
        this.opener = opener;
        this.onBound = onBound;
    }

    /** Sets what is run, by any thread, when there may be some that no generation has bound any more. */
    public void onUnused(Runnable action) {
        onUnused = action;
    }

    /** Returns all, in the order of their adoption. */
    public List<ListeningSocket> all() {
        return List.copyOf(sockets);
    }

    /**
     * Adopts one that another process has too. A descriptor that can't be used is closed.
     *
     * @param name by which that process knows it
     * @param descriptor owned by this object from now on
     */
    public synchronized void takeOver(String name, int descriptor, int backlog) {
        Endpoint.Inherited passed = new Endpoint.Inherited(descriptor);
        try {
            BoundSocket bound = InheritedListener.adopt(new SocketSpec(name, Protocol.STREAM, passed), passed, backlog);
            sockets.add(opener.apply(specOf(name, (InetSocketAddress) bound.address()), bound));
        } catch (SupervisorException e) {
            LOG.warn("a port of the process before can't be taken over: {}", e.getMessage());
            BoundSocket.close(descriptor);
        }
    }

    /** From now on, they accept, and unused ones can be closed. */
    public void begin() {
        synchronized (this) {
            begun = true;
            sockets.forEach(ListeningSocket::begin);
        }
        onUnused.run();
    }

    /**
     * Returns the socket of this address for a generation, until that {@linkplain #giveBack gives it back}. It is bound if it
     * is not yet.
     *
     * @param address with a port other than 0
     * @throws IOException if it can't be bound
     */
    public synchronized ListeningSocket borrow(InetSocketAddress address, int backlog) throws IOException {
        ListeningSocket socket = boundTo(address, backlog);
        lent.merge(socket, 1, Integer::sum);
        return socket;
    }

    private ListeningSocket boundTo(InetSocketAddress address, int backlog) throws IOException {
        for (ListeningSocket socket : sockets) {
            if (isSame((InetSocketAddress) socket.address(), address)) {
                return socket;
            }
        }
        BoundSocket bound = bind(address, backlog);
        ListeningSocket opened = opener.apply(specOf(freeName(address.getPort()), address), bound);
        sockets.add(opened);
        if (begun) {
            opened.begin();
        }
        onBound.accept(opened);
        return opened;
    }

    /** A port that a former generation has bound on another address is in the way only as long as that has it. */
    private BoundSocket bind(InetSocketAddress address, int backlog) throws IOException {
        try {
            return TcpSocket.bindAsApplication(address, backlog);
        } catch (BindException e) {
            if (closeUnused(socket -> portOf(socket) == address.getPort()).isEmpty()) {
                throw e;
            }
            return TcpSocket.bindAsApplication(address, backlog);
        }
    }

    private static int portOf(ListeningSocket socket) {
        return ((InetSocketAddress) socket.address()).getPort();
    }

    private static SocketSpec specOf(String name, InetSocketAddress address) {
        return new SocketSpec(
                name, Protocol.STREAM, new Endpoint.Tcp(address.getAddress().getHostAddress(), address.getPort()));
    }

    private static boolean isSame(InetSocketAddress a, InetSocketAddress b) {
        return a.getPort() == b.getPort()
                && (a.getAddress().equals(b.getAddress())
                        || (a.getAddress().isAnyLocalAddress() && b.getAddress().isAnyLocalAddress()));
    }

    private String freeName(int port) {
        String name = "port-" + port;
        for (int i = 2; isTaken(name); i++) {
            name = "port-" + port + "-" + i;
        }
        return name;
    }

    private boolean isTaken(String name) {
        return taken.contains(name)
                || sockets.stream().anyMatch(socket -> socket.spec().name().equals(name));
    }

    /** A generation has it no more. Does nothing about a socket that is not an adopted one. */
    public void giveBack(ListeningSocket socket) {
        if (isUnusedWithout(socket)) {
            onUnused.run();
        }
    }

    private synchronized boolean isUnusedWithout(ListeningSocket socket) {
        return lent.containsKey(socket)
                && lent.computeIfPresent(socket, (any, count) -> count == 1 ? null : count - 1) == null;
    }

    /** Returns whether there are some that no generation has bound, and that can be closed. */
    public synchronized boolean hasUnused() {
        return begun && !lent.keySet().containsAll(sockets);
    }

    /**
     * Closes those that no generation has bound, and the connections that wait there. A generation that binds such a port
     * later has it bound anew.
     *
     * @return those
     */
    public List<ListeningSocket> closeUnused() {
        return closeUnused(socket -> true);
    }

    private synchronized List<ListeningSocket> closeUnused(Predicate<ListeningSocket> which) {
        List<ListeningSocket> unused = sockets.stream()
                .filter(socket -> begun && !lent.containsKey(socket) && which.test(socket))
                .toList();
        sockets.removeAll(unused);
        unused.forEach(socket -> {
            socket.close();
            socket.gate().close().join();
        });
        unused.forEach(ListeningSocket::awaitUnbound); // the event of it, and the next bind, come after
        return unused;
    }

    public void close() {
        sockets.forEach(ListeningSocket::close);
    }
}
