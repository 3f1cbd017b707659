package dev.supervisor.lending;

import dev.supervisor.lending.PendingOperation.Attempt;
import dev.supervisor.lending.PendingOperation.Outcome;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.ReadPendingException;
import java.nio.channels.SelectionKey;
import java.nio.channels.WritePendingException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A connection that a {@link LentAsynchronousServerChannel} has accepted. */
final class LentAsynchronousChannel extends AsynchronousSocketChannel {

    /** Options that the JDK's channels with selectors have, and those of this kind do not. */
    private static final Set<String> OTHER_OPTIONS = Set.of("SO_LINGER", "IP_TOS", "SO_OOBINLINE");

    private final AsynchronousContext context;
    private final LentChannel lent;
    private final LoopedChannel looped;
    private final Operations reads;
    private final Operations writes;

    private LentAsynchronousChannel(AsynchronousContext context, AsynchronousChannelProvider provider, LentChannel lent)
            throws IOException {
        super(provider);
        this.context = context;
        this.lent = lent;
        this.reads = new Operations(
                new Direction(SelectionKey.OP_READ),
                true,
                ReadPendingException::new,
                () -> new IllegalStateException("Reading not allowed due to timeout or cancellation"));
        this.writes = new Operations(
                new Direction(SelectionKey.OP_WRITE),
                true,
                WritePendingException::new,
                () -> new IllegalStateException("Writing not allowed due to timeout or cancellation"));
        this.looped = new LoopedChannel(context, lent, lent.descriptor(), this, this::ready);
    }

    /** @throws IOException if its group has been shut down; the connection is then closed */
    static LentAsynchronousChannel of(
            AsynchronousContext context, AsynchronousChannelProvider provider, LentChannel lent) throws IOException {
        try {
            LentAsynchronousChannel channel = new LentAsynchronousChannel(context, provider, lent);
            channel.followEnd();
            return channel;
        } catch (IOException | RuntimeException e) {
            lent.close();
            throw e;
        }
    }

    /** The lender closes the lent channel, too. */
    private void followEnd() {
        lent.beforeEnd(this::ended);
        if (!lent.isOpen()) {
            ended();
        }
    }

    private void ended() {
        looped.leave();
        reads.close();
        writes.close();
    }

    private void ready(int ops) {
        if ((ops & SelectionKey.OP_READ) != 0) {
            reads.ready();
        }
        if ((ops & SelectionKey.OP_WRITE) != 0) {
            writes.ready();
        }
    }

    private final class Direction implements Operations.Subject {

        private final int ops;

        Direction(int ops) {
            this.ops = ops;
        }

        @Override
        public boolean isOpen() {
            return lent.isOpen();
        }

        @Override
        public void await() throws IOException {
            looped.await(ops);
        }

        @Override
        public Runnable schedule(long nanos, Runnable task) throws IOException {
            return looped.schedule(nanos, task);
        }

        @Override
        public void close() throws IOException {
            lent.close();
        }
    }

    // Reading

    @Override
    public <A> void read(
            ByteBuffer target,
            long timeout,
            TimeUnit unit,
            @Nullable A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        requireHandler(handler);
        requireWritable(target);
        begin(reads, operation(() -> readNow(target), attachment, handler), nanos(timeout, unit));
    }

    @Override
    public Future<Integer> read(ByteBuffer target) {
        requireWritable(target);
        return begun(reads, operation(() -> readNow(target), null, null));
    }

    @Override
    public <A> void read(
            ByteBuffer[] targets,
            int offset,
            int length,
            long timeout,
            TimeUnit unit,
            @Nullable A attachment,
            CompletionHandler<Long, ? super A> handler) {
        requireHandler(handler);
        ByteBuffer[] part = part(targets, offset, length);
        for (ByteBuffer target : part) {
            requireWritable(target);
        }
        begin(reads, operation(() -> readNow(part), attachment, handler), nanos(timeout, unit));
    }

    private static void requireHandler(@Nullable Object handler) {
        Objects.requireNonNull(handler, "'handler' is null");
    }

    private static void requireWritable(ByteBuffer target) {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
    }

    /** The application may change its array before the operation ends. */
    private static ByteBuffer[] part(ByteBuffer[] buffers, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, buffers.length);
        return Arrays.copyOfRange(buffers, offset, offset + length);
    }

    private static long nanos(long timeout, TimeUnit unit) {
        return timeout > 0 ? Math.max(1, unit.toNanos(timeout)) : Operations.NO_TIME_OUT;
    }

    private @Nullable Integer readNow(ByteBuffer target) throws IOException {
        if (lent.isInputShut()) {
            return -1;
        }
        if (!target.hasRemaining()) {
            return 0;
        }
        int length = lent.read(target);
        return length == 0 ? null : (Integer) length;
    }

    private @Nullable Long readNow(ByteBuffer[] targets) throws IOException {
        if (lent.isInputShut()) {
            return -1L;
        }
        if (!haveRemaining(targets)) {
            return 0L;
        }
        long length = lent.read(targets);
        return length == 0 ? null : (Long) length;
    }

    private static boolean haveRemaining(ByteBuffer[] buffers) {
        return Arrays.stream(buffers).anyMatch(ByteBuffer::hasRemaining);
    }

    // Writing

    @Override
    public <A> void write(
            ByteBuffer source,
            long timeout,
            TimeUnit unit,
            @Nullable A attachment,
            CompletionHandler<Integer, ? super A> handler) {
        requireHandler(handler);
        Objects.requireNonNull(source);
        begin(writes, operation(writing(() -> writeNow(source)), attachment, handler), nanos(timeout, unit));
    }

    @Override
    public Future<Integer> write(ByteBuffer source) {
        Objects.requireNonNull(source);
        return begun(writes, operation(writing(() -> writeNow(source)), null, null));
    }

    @Override
    public <A> void write(
            ByteBuffer[] sources,
            int offset,
            int length,
            long timeout,
            TimeUnit unit,
            @Nullable A attachment,
            CompletionHandler<Long, ? super A> handler) {
        requireHandler(handler);
        ByteBuffer[] part = part(sources, offset, length);
        begin(writes, operation(writing(() -> writeNow(part)), attachment, handler), nanos(timeout, unit));
    }

    private @Nullable Integer writeNow(ByteBuffer source) throws IOException {
        if (!source.hasRemaining()) {
            return 0;
        }
        int length = lent.write(source);
        return length == 0 ? null : (Integer) length;
    }

    private @Nullable Long writeNow(ByteBuffer[] sources) throws IOException {
        if (!haveRemaining(sources)) {
            return 0L;
        }
        long length = lent.write(sources);
        return length == 0 ? null : (Long) length;
    }

    /** An operation that has been waiting when the output was shut is told so in another way than one that begins later. */
    private <V> Attempt<V> writing(Attempt<V> transfer) {
        boolean[] waits = {false}; // guarded by the lock of the operations
        return () -> {
            if (lent.isOpen() && lent.isOutputShut()) {
                throw waits[0] ? new IOException("Broken pipe") : new ClosedChannelException();
            }
            waits[0] = true;
            return transfer.now();
        };
    }

    // Operations

    private <V, A> PendingOperation<V> operation(
            Attempt<V> attempt, @Nullable A attachment, @Nullable CompletionHandler<V, ? super A> handler) {
        return new PendingOperation<>(context.threads(), attempt, attachment, handler);
    }

    private <V> void begin(Operations operations, PendingOperation<V> operation, long nanos) {
        if (isOpen()) {
            operations.begin(operation, nanos);
        } else {
            operation.complete(Outcome.failed(new ClosedChannelException()), true);
        }
    }

    private <V> Future<V> begun(Operations operations, PendingOperation<V> operation) {
        begin(operations, operation, Operations.NO_TIME_OUT);
        return operation.future();
    }

    // Connecting

    @Override
    public AsynchronousSocketChannel bind(@Nullable SocketAddress address) throws IOException {
        ensureOpen();
        throw new AlreadyBoundException();
    }

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public <A> void connect(
            SocketAddress address, @Nullable A attachment, CompletionHandler<@Nullable Void, ? super A> handler) {
        requireHandler(handler);
        connect(address, operation(() -> null, attachment, handler));
    }

    @Override
    public Future<@Nullable Void> connect(SocketAddress address) {
        PendingOperation<@Nullable Void> operation = operation(() -> null, null, null);
        connect(address, operation);
        return operation.future();
    }

    private void connect(SocketAddress address, PendingOperation<?> operation) {
        if (isOpen()) {
            LentChannel.checkAddress(address);
            throw new AlreadyConnectedException();
        }
        operation.complete(Outcome.failed(new ClosedChannelException()), true);
    }

    // The end

    @Override
    public AsynchronousSocketChannel shutdownInput() throws IOException {
        lent.shutdownInput();
        reads.ready();
        return this;
    }

    @Override
    public AsynchronousSocketChannel shutdownOutput() throws IOException {
        lent.shutdownOutput();
        writes.ready();
        return this;
    }

    @Override
    public boolean isOpen() {
        return lent.isOpen();
    }

    @Override
    public void close() throws IOException {
        lent.close();
    }

    // The rest

    @Override
    public @Nullable SocketAddress getRemoteAddress() throws IOException {
        return lent.getRemoteAddress();
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        return lent.getLocalAddress();
    }

    @Override
    public <T> AsynchronousSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        OptionCheck.name(name, supportedOptions());
        ensureOpen();
        if (lent.isOutputShut()) {
            throw new IOException("Connection has been shutdown for writing");
        }
        lent.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        OptionCheck.name(name, supportedOptions());
        return lent.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return lent.supportedOptions().stream()
                .filter(option -> !OTHER_OPTIONS.contains(option.name()))
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public String toString() {
        return LentAsynchronousChannel.class.getName() + "[" + lent + "]";
    }
}
