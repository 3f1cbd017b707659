package dev.supervisor.socket;

import dev.supervisor.Endpoint;
import dev.supervisor.Protocol;
import dev.supervisor.SocketSpec;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;

/**
 * Ports that applications bind besides the sockets that the supervisor was given, such as one for management. They are bound
 * once and stay bound, so that the next generation can have them while the former one still does. Thread-safe.
 */
public final class AdoptedSockets {

    private final BiFunction<SocketSpec, BoundSocket, ListeningSocket> opener;
    private final List<ListeningSocket> sockets = new CopyOnWriteArrayList<>();

    /** @param opener makes a socket that accepts of one that is bound */
    public AdoptedSockets(BiFunction<SocketSpec, BoundSocket, ListeningSocket> opener) {
        this.opener = opener;
    }

    /** Returns all, in the order of their adoption. */
    public List<ListeningSocket> all() {
        return List.copyOf(sockets);
    }

    /**
     * Returns the socket of this address, which is bound if it is not yet.
     *
     * @param address with a port other than 0
     * @throws IOException if it can't be bound
     */
    public synchronized ListeningSocket adopt(InetSocketAddress address, int backlog) throws IOException {
        for (ListeningSocket socket : sockets) {
            if (isSame((InetSocketAddress) socket.address(), address)) {
                return socket;
            }
        }
        Endpoint endpoint = new Endpoint.Tcp(address.getAddress().getHostAddress(), address.getPort());
        SocketSpec spec = new SocketSpec(freeName(address.getPort()), Protocol.STREAM, endpoint);
        ListeningSocket opened = opener.apply(spec, TcpSocket.bindAsApplication(address, backlog));
        sockets.add(opened);
        return opened;
    }

    private static boolean isSame(InetSocketAddress a, InetSocketAddress b) {
        return a.getPort() == b.getPort()
                && (a.getAddress().equals(b.getAddress())
                        || (a.getAddress().isAnyLocalAddress() && b.getAddress().isAnyLocalAddress()));
    }

    private String freeName(int port) {
        List<String> taken = new ArrayList<>();
        sockets.forEach(socket -> taken.add(socket.spec().name()));
        String name = "port-" + port;
        for (int i = 2; taken.contains(name); i++) {
            name = "port-" + port + "-" + i;
        }
        return name;
    }

    public void close() {
        sockets.forEach(ListeningSocket::close);
    }
}
