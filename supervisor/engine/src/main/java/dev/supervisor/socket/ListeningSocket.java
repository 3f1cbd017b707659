package dev.supervisor.socket;

import dev.supervisor.SocketSpec;
import dev.supervisor.SupervisorException;
import dev.supervisor.Tally;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import java.io.FileDescriptor;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;

/**
 * One bound server socket that the supervisor owns for its whole life. It accepts raw sockets and offers them to its
 * {@link Gate}; a Netty channel is made of a socket only when a generation takes it.
 *
 * <p>Accepting happens on the accept loop; methods may be called from any other thread.
 */
public final class ListeningSocket implements SupervisedSocket {

    private final SocketSpec spec;
    private final AcceptChannel channel;
    private final Gate gate;

    private ListeningSocket(SocketSpec spec, AcceptChannel channel, Gate gate) {
        this.spec = spec;
        this.channel = channel;
        this.gate = gate;
    }

    /**
     * Begins to accept. Accepted sockets wait at the gate until it is opened.
     *
     * @param bound owned by this object from now on
     */
    public static ListeningSocket open(SocketSpec spec, BoundSocket bound, EventLoop acceptLoop, Gate.Limits limits) {
        AcceptChannel channel = new AcceptChannel(bound);
        PeerWatch peerWatch = new ReadAhead((IoEventLoop) acceptLoop);
        Gate gate = new Gate(acceptLoop, limits, System::nanoTime, peerWatch, channel.config()::setAutoRead);
        channel.init(gate);
        ChannelFuture registered = acceptLoop.register(channel).awaitUninterruptibly();
        if (!registered.isSuccess()) {
            channel.unsafe().closeForcibly();
            throw new SupervisorException("can't accept on " + spec + ": " + registered.cause(), registered.cause());
        }
        return new ListeningSocket(spec, channel, gate);
    }

    @Override
    public SocketSpec spec() {
        return spec;
    }

    @Override
    public SocketAddress address() {
        return channel.localAddress();
    }

    /** Whether only processes of this machine can connect. */
    public boolean isLocal() {
        return !(address() instanceof InetSocketAddress inet)
                || inet.getAddress().isLoopbackAddress();
    }

    /** Returns the event loop that accepts. It is the supervisor's: no application code may run there. */
    public EventLoop acceptLoop() {
        return channel.eventLoop();
    }

    public Gate gate() {
        return gate;
    }

    @Override
    public Tally tally() {
        return gate.counter().tally();
    }

    /** From now on, connections that wait in the kernel, and the file of a Unix socket, are left to the other process. */
    @Override
    public Optional<FileDescriptor> share() {
        return channel.share();
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
