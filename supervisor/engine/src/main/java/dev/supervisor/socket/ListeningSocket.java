package dev.supervisor.socket;

import dev.supervisor.Departure;
import dev.supervisor.ProxyProtocol;
import dev.supervisor.ProxyProtocol.Addresses;
import dev.supervisor.SocketSpec;
import dev.supervisor.Status.Waits;
import dev.supervisor.SupervisorException;
import dev.supervisor.Tally;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One bound server socket that the supervisor owns for its whole life. It accepts raw sockets and offers them to its
 * {@link Gate}, those of proxies when their headers have been read; a Netty channel is made of a socket only when a
 * generation takes it.
 *
 * <p>Accepting happens on the accept loop; methods may be called from any other thread.
 */
public final class ListeningSocket implements SupervisedSocket {

    private final SocketSpec spec;
    private final AcceptChannel channel;
    private final Gate gate;
    private final Optional<TlsEngines> tls;

    /** Null if no proxy tells addresses. */
    private final @Nullable ProxyHeaders headers;

    // Of the accept loop
    private boolean begun;
    private boolean hasRoom = true;

    private ListeningSocket(
            SocketSpec spec,
            AcceptChannel channel,
            EventLoop acceptLoop,
            Gate.Limits limits,
            Optional<TlsEngines> tls,
            ProxyProtocol proxies) {
        this.spec = spec;
        this.tls = tls;
        this.channel = channel;
        this.gate = new Gate(
                spec.name(),
                acceptLoop,
                limits,
                System::nanoTime,
                new ReadAhead((IoEventLoop) acceptLoop),
                this::accepting,
                tls.orElse(null));
        this.headers = proxies.sources().isEmpty()
                ? null
                : new ProxyHeaders(spec.name(), (IoEventLoop) acceptLoop, proxies, limits.maxHeld(), gate::offer);
    }

    private void accepted(SocketChannel socket) {
        if (headers == null) {
            gate.accepted(socket);
        } else {
            headers.accepted(gate.counted(socket));
        }
    }

    private void accepting(boolean gateHasRoom) {
        hasRoom = gateHasRoom;
        channel.config().setAutoRead(begun && hasRoom);
    }

    /**
     * Opens a socket on which the supervisor ends no TLS, and to which no proxy tells addresses.
     *
     * @see #open(SocketSpec, BoundSocket, EventLoop, Gate.Limits, Optional, ProxyProtocol)
     */
    public static ListeningSocket open(SocketSpec spec, BoundSocket bound, EventLoop acceptLoop, Gate.Limits limits) {
        return open(spec, bound, acceptLoop, limits, Optional.empty(), ProxyProtocol.NONE);
    }

    /**
     * Accepts from {@link #begin} on. Accepted sockets wait at the gate until it is opened.
     *
     * @param bound owned by this object from now on
     * @param tls empty if the supervisor passes the bytes on as they are
     * @param proxies which proxies begin their connections to it with a header, in front of TLS
     */
    public static ListeningSocket open(
            SocketSpec spec,
            BoundSocket bound,
            EventLoop acceptLoop,
            Gate.Limits limits,
            Optional<TlsEngines> tls,
            ProxyProtocol proxies) {
        AcceptChannel channel = new AcceptChannel(bound);
        ListeningSocket socket = new ListeningSocket(spec, channel, acceptLoop, limits, tls, proxies);
        channel.config().setAutoRead(false);
        channel.init(socket::accepted);
        ChannelFuture registered = acceptLoop.register(channel).awaitUninterruptibly();
        if (!registered.isSuccess()) {
            channel.unsafe().closeForcibly();
            throw new SupervisorException("can't accept on " + spec + ": " + registered.cause(), registered.cause());
        }
        return socket;
    }

    @Override
    public SocketSpec spec() {
        return spec;
    }

    @Override
    public SocketAddress address() {
        return channel.localAddress();
    }

    /** Returns what makes the supervisor's side of TLS; empty if it passes the bytes on as they are. */
    public Optional<TlsEngines> tls() {
        return tls;
    }

    /** Returns the socket as generations see it: without TLS where the supervisor ends it. */
    public SocketSpec specOfGenerations() {
        return tls.isPresent() ? spec.clear() : spec;
    }

    /** Whether generations get HTTP in clear text from it. */
    public boolean isHttp() {
        return switch (spec.protocol()) {
            case HTTP -> true;
            case HTTPS -> tls.isPresent();
            case TLS, STREAM, DATAGRAM -> false;
        };
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

    @Override
    public Waits waits() {
        return gate.waits().waits();
    }

    @Override
    public Map<Departure, Long> left() {
        return gate.departures().counts();
    }

    @Override
    public long refusedHeaders() {
        return headers == null ? 0 : headers.refused();
    }

    @Override
    public boolean isShared() {
        return channel.isShared();
    }

    @Override
    public void own() {
        channel.own();
    }

    @Override
    public FileDescriptor descriptor() {
        return channel.descriptor();
    }

    @Override
    public void begin() {
        acceptLoop().execute(() -> {
            begun = true;
            accepting(hasRoom);
        });
    }

    @Override
    public void leave() {
        var unused = share();
        channel.close().awaitUninterruptibly();
    }

    /**
     * Blocks until no connection waits for the header of its proxy, after a {@link #leave}. All of them have been offered to the
     * gate then, or have ended.
     *
     * @param most after this time those that still wait end
     */
    public void awaitHeaders(Duration most) {
        if (headers != null) {
            CompletableFuture<Boolean> none = new CompletableFuture<>();
            acceptLoop().execute(() -> headers.whenNone(() -> none.complete(true)));
            Future<?> limit = acceptLoop().schedule(headers::end, most.toNanos(), TimeUnit.NANOSECONDS);
            none.join();
            limit.cancel(false);
        }
    }

    /**
     * Takes an established connection that another process has accepted on the same socket.
     *
     * @param descriptor owned by this object from now on
     * @param unread the bytes that were read from it and not consumed
     * @param proxied what its proxy has told
     * @throws IOException if the connection has ended
     */
    public void adopt(int descriptor, byte[] unread, Optional<Addresses> proxied) throws IOException {
        SocketChannel socket = InternalSockets.connection(descriptor);
        acceptLoop().execute(() -> gate.adopted(socket, unread, proxied));
    }

    /** From now on, connections that wait in the kernel, and the file of a Unix socket, are left to the other process. */
    @Override
    public Optional<FileDescriptor> share() {
        return channel.share();
    }

    /**
     * Stops listening. Connections that the kernel has completed still go to the gate, and established ones are not
     * touched; those whose proxies have not sent their headers yet end. Idempotent.
     */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        if (headers != null && !acceptLoop().isShuttingDown()) {
            acceptLoop().execute(headers::end);
        }
    }

    /**
     * Waits until another socket can have the address of this one, which was closed: it stays bound until its selector has let it
     * go, which happens between two turns of the event loop.
     */
    void awaitUnbound() {
        Promise<Void> unbound = acceptLoop().newPromise();
        acceptLoop().execute(() -> tellWhenUnbound(unbound));
        unbound.awaitUninterruptibly();
    }

    private void tellWhenUnbound(Promise<Void> unbound) {
        if (!channel.isSelected()) {
            unbound.setSuccess(null);
            return;
        }
        Future<?> later = acceptLoop().schedule(() -> tellWhenUnbound(unbound), 1, TimeUnit.MILLISECONDS);
        later.addListener(done -> {
            if (!done.isSuccess()) { // the loop has ended, and its selector with it
                unbound.tryFailure(done.cause());
            }
        });
    }
}
