package dev.supervisor.socket;

import dev.supervisor.Endpoint;
import dev.supervisor.SocketSpec;
import dev.supervisor.SupervisorException;
import dev.supervisor.Tally;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One bound server socket that the supervisor owns for its whole life. It accepts raw sockets and offers them to its
 * {@link Gate}; a Netty channel is made of a socket only when a generation takes it.
 *
 * <p>Accepting happens on the accept loop; methods may be called from any other thread.
 */
public final class ListeningSocket implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ListeningSocket.class);

    private static final String HOW_TO_FREE_A_PORT = " (stop the process that holds it: 'ss -ltnp sport = :%1$d' or"
            + " 'lsof -i :%1$d' names it; or use another port, 0 picks a free one)";

    private static final int FIRST_UNPRIVILEGED_PORT = 1024;
    private static final String HOW_TO_GET_A_LOW_PORT =
            " (a port below 1024 is for root: use one from 1024 on, or give the"
                    + " process CAP_NET_BIND_SERVICE, or lower net.ipv4.ip_unprivileged_port_start by sysctl)";

    private final SocketSpec spec;
    private final Channel channel;
    private final Gate gate;

    private ListeningSocket(SocketSpec spec, Channel channel, Gate gate) {
        this.spec = spec;
        this.channel = channel;
        this.gate = gate;
    }

    /**
     * Binds the socket and begins to accept. Accepted sockets wait at the gate until it is opened.
     *
     * @param backlog how many connections the kernel keeps that have not been accepted
     * @throws SupervisorException if the address can't be bound; its message names the address and says what to do
     */
    public static ListeningSocket bind(SocketSpec spec, EventLoop acceptLoop, int backlog, Gate.Limits limits) {
        InetSocketAddress address = tcp(spec).resolve();
        AcceptChannel channel = open(spec, address.getAddress());
        PeerWatch peerWatch = new ReadAhead((IoEventLoop) acceptLoop);
        Gate gate = new Gate(acceptLoop, limits, System::nanoTime, peerWatch, channel.config()::setAutoRead);
        channel.init(gate, backlog);
        ChannelFuture bound = acceptLoop.register(channel).awaitUninterruptibly();
        if (bound.isSuccess()) {
            bound = channel.bind(address).awaitUninterruptibly();
        }
        if (!bound.isSuccess()) {
            channel.close().addListener(closed -> LOG.debug("closed {}", channel));
            throw cantBind(spec, bound.cause());
        }
        return new ListeningSocket(spec, channel, gate);
    }

    private static Endpoint.Tcp tcp(SocketSpec spec) {
        return (Endpoint.Tcp) spec.endpoint();
    }

    private static AcceptChannel open(SocketSpec spec, InetAddress address) {
        try {
            return new AcceptChannel(
                    address instanceof Inet6Address ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
        } catch (IOException | UnsupportedOperationException e) { // UnsupportedOperationException: there is no IPv6
            throw cantBind(spec, e);
        }
    }

    private static SupervisorException cantBind(SocketSpec spec, Throwable cause) {
        String reason = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        return new SupervisorException("can't bind " + spec + ": " + reason + advice(spec, cause, reason), cause);
    }

    private static String advice(SocketSpec spec, Throwable cause, String reason) {
        if (reason.contains("permission denied")) {
            return tcp(spec).port() < FIRST_UNPRIVILEGED_PORT ? HOW_TO_GET_A_LOW_PORT : "";
        }
        if (reason.contains("cannot assign requested address")) {
            return " (it is no address of this machine: 'ip addr' lists those; or use 0.0.0.0 or [::] for all of them)";
        }
        int port = tcp(spec).port();
        return cause instanceof BindException && port != 0 ? HOW_TO_FREE_A_PORT.formatted(port) : "";
    }

    public SocketSpec spec() {
        return spec;
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) channel.localAddress();
    }

    /** Returns the event loop that accepts. It is the supervisor's: no application code may run there. */
    public EventLoop acceptLoop() {
        return channel.eventLoop();
    }

    public Gate gate() {
        return gate;
    }

    /** Returns the counts of its connections so far. */
    public Tally tally() {
        return gate.counter().tally();
    }

    /**
     * Stops listening. Connections that the kernel has completed still go to the gate, and established ones are not
     * touched. Idempotent.
     */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
    }
}
