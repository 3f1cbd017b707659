package dev.supervisor.socket;

import dev.supervisor.Endpoint;
import dev.supervisor.SocketSpec;
import dev.supervisor.SupervisorException;
import dev.supervisor.SupervisorOptions.Binding;
import dev.supervisor.Tally;
import io.netty.util.ReferenceCountUtil;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One bound datagram socket that the supervisor owns for its whole life. Each generation receives by a duplicate of its
 * descriptor, and closes only that. Datagrams that nobody receives wait in the kernel's receive buffer, which all
 * duplicates share.
 *
 * <p>Thread-safe.
 */
public final class ReceivingSocket implements SupervisedSocket {

    private static final Logger LOG = LoggerFactory.getLogger(ReceivingSocket.class);

    private final SocketSpec spec;
    private final DatagramChannel channel;
    private final InetSocketAddress address;
    private final LostDatagrams lost;
    private final AtomicBoolean shared;

    /** Completes when datagrams may be received. */
    private final CompletableFuture<@Nullable Void> begun = new CompletableFuture<>();

    /** Datagrams that a generation has read after it was told to hold, in the order in which it read them. */
    private final Queue<Object> kept = new ConcurrentLinkedQueue<>();

    /** Asks the receiver that is open to take what is kept. */
    private final AtomicReference<@Nullable Runnable> receiver = new AtomicReference<>();

    private ReceivingSocket(SocketSpec spec, DatagramChannel channel, boolean shared) throws IOException {
        this.spec = spec;
        this.channel = channel;
        this.shared = new AtomicBoolean(shared);
        this.address = (InetSocketAddress) channel.getLocalAddress();
        this.lost = new LostDatagrams(InternalSockets.descriptor(channel));
    }

    /**
     * Binds a socket, or takes over one of the parent process, or that was kept since the run before. Datagrams are
     * received from {@link #begin} on.
     *
     * @throws SupervisorException if that can't be done; its message names the address and says what to do
     */
    public static ReceivingSocket open(SocketSpec spec, Binding binding) {
        Optional<DatagramChannel> passed = passed(spec, binding);
        DatagramChannel channel = passed.orElseGet(() -> UdpSocket.bind(spec, (Endpoint.Tcp) spec.endpoint(), binding));
        try {
            return new ReceivingSocket(spec, channel, passed.isPresent());
        } catch (IOException | RuntimeException e) {
            TcpSocket.closeQuietly(channel, e);
            throw new SupervisorException("can't receive on " + spec + ": " + e.getMessage(), e);
        }
    }

    private static Optional<DatagramChannel> passed(SocketSpec spec, Binding binding) {
        if (spec.endpoint() instanceof Endpoint.Inherited inherited) {
            return Optional.of(UdpSocket.adopt(spec, inherited, binding));
        }
        Integer kept = binding.kept().get(spec.name());
        return kept == null ? Optional.empty() : UdpSocket.adoptKept(spec, kept, binding);
    }

    @Override
    public SocketSpec spec() {
        return spec;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    /** Returns zeros: there are no connections. */
    @Override
    public Tally tally() {
        return new Tally(0, 0, 0);
    }

    @Override
    public boolean isShared() {
        return shared.get();
    }

    @Override
    public void own() {
        shared.set(false);
    }

    @Override
    public FileDescriptor descriptor() {
        return InternalSockets.file(channel);
    }

    @Override
    public void begin() {
        begun.complete(null);
    }

    public boolean hasBegun() {
        return begun.isDone();
    }

    /** Runs the action once datagrams may be received; on any thread. */
    public void onBegin(Runnable action) {
        var unused = begun.thenRun(action);
    }

    @Override
    public void leave() {
        close();
    }

    /** Returns another channel of the same socket, for one generation, which closes it. */
    public DatagramChannel duplicate() throws IOException {
        return InternalSockets.duplicate(channel);
    }

    /** Keeps a datagram that a generation has read and must not see any more, for the receiver that is open next. */
    public void keep(Object datagram) {
        kept.add(datagram);
        Runnable open = receiver.get();
        if (open != null) { // it was opened before this one was kept
            open.run();
        }
    }

    /** Returns the next datagram that was kept, or null. The caller must release it. */
    public @Nullable Object nextKept() {
        return kept.poll();
    }

    /**
     * Makes a receiver the one that takes what is kept.
     *
     * @param takeKept called on any thread; must not block
     */
    public void opened(Runnable takeKept) {
        receiver.set(takeKept);
        takeKept.run();
    }

    /** Removes a receiver, unless another has been opened since. */
    public void held(Runnable takeKept) {
        receiver.compareAndSet(takeKept, null);
    }

    /** Returns how many datagrams the kernel has dropped since the last call, since the receive buffer was full. */
    public long takeLost() {
        return lost.take();
    }

    @Override
    public Optional<FileDescriptor> share() {
        return shared.getAndSet(true) ? Optional.empty() : Optional.of(InternalSockets.file(channel));
    }

    /** Returns the size of the receive buffer, in bytes. */
    public int receiveBuffer() {
        try {
            return channel.getOption(StandardSocketOptions.SO_RCVBUF);
        } catch (IOException e) {
            LOG.debug("the receive buffer of {} is unknown", spec, e);
            return 0;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("{} can't be closed", spec, e);
        }
        for (Object datagram = kept.poll(); datagram != null; datagram = kept.poll()) {
            ReferenceCountUtil.release(datagram);
        }
    }
}
