package dev.supervisor.lending;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.SelChImpl;
import sun.nio.ch.SelectionKeyImpl;

/**
 * A connection as an application has it that borrows sockets. Looks like the JDK's {@link SocketChannel}: blocking or not,
 * selected, by its {@link Socket}. The real channel stays the lender's, is never registered and never blocks; what is read
 * and written goes through {@link Traffic}.
 */
public final class LentChannel extends SocketChannel implements Borrowed, SelChImpl {

    /** The longest that a thread waits for the socket before it looks again, as a signal to wake it may be lost. */
    private static final long SLICE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long FOR_EVER = 0;

    private final Borrower borrower;
    private final Traffic traffic;
    private final SocketChannel real;
    private final SelChImpl selected;
    private final @Nullable SocketAddress local;
    private final @Nullable SocketAddress remote;

    private final boolean interruptible;

    private final ReentrantLock readLock = new ReentrantLock();
    private final ReentrantLock writeLock = new ReentrantLock();

    /** What the next write is to say. Written with the write lock held. */
    private volatile @Nullable IOException failure;

    /** Guards the fields below. */
    private final Object state = new Object();

    private final Waiter reader = new Waiter();
    private final Waiter writer = new Waiter();
    private boolean closing;
    private boolean finished;
    private @Nullable LentSocket socket;

    private volatile boolean inputShut;
    private volatile boolean outputShut;

    private volatile Runnable beforeEnd = () -> {};

    LentChannel(SelectorProvider provider, Borrower borrower, Traffic traffic) throws IOException {
        this(provider, borrower, traffic, true);
    }

    /** @param interruptible whether an interrupt of a thread that waits closes the channel */
    LentChannel(SelectorProvider provider, Borrower borrower, Traffic traffic, boolean interruptible)
            throws IOException {
        super(provider);
        this.interruptible = interruptible;
        this.borrower = borrower;
        this.traffic = traffic;
        this.real = traffic.socket();
        this.selected = (SelChImpl) real;
        this.local = traffic.localAddress();
        this.remote = traffic.remoteAddress();
    }

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    // Reading

    /** Moves bytes without waiting. */
    private interface Transfer {
        long now() throws IOException;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (!isBlocking()) { // the common case, which waits for nothing and so needs no lock but that of the traffic
            Objects.requireNonNull(target);
            ensureOpen();
            return traffic.read(target);
        }
        return (int) read(() -> traffic.read(target), target.hasRemaining());
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, targets.length);
        return read(() -> scatter(targets, offset, length), haveRemaining(targets, offset, length));
    }

    private long read(Transfer transfer, boolean hasRoom) throws IOException {
        readLock.lock();
        try {
            ensureOpen();
            return isBlocking() ? readBlocking(transfer, hasRoom, FOR_EVER) : transfer.now();
        } finally {
            readLock.unlock();
        }
    }

    private long scatter(ByteBuffer[] targets, int offset, int length) throws IOException {
        if (!areWritable(targets, offset, length) || !haveRemaining(targets, offset, length)) {
            return scatterNothing(targets, offset, length);
        }
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            ByteBuffer target = targets[i];
            if (target.hasRemaining()) {
                int read = total == 0 ? traffic.read(target) : readMore(target);
                if (read <= 0) {
                    return total == 0 ? read : total;
                }
                total += read;
                if (target.hasRemaining()) {
                    break;
                }
            }
        }
        return total;
    }

    /** What is wrong with the connection comes before what is wrong with the buffers. */
    private int scatterNothing(ByteBuffer[] targets, int offset, int length) throws IOException {
        int read = traffic.read(ByteBuffer.allocate(0));
        for (int i = offset; read == 0 && i < offset + length; i++) {
            if (targets[i].isReadOnly()) {
                throw new IllegalArgumentException("Read-only buffer");
            }
        }
        return read;
    }

    /** What fails now fails again with the next read. */
    private int readMore(ByteBuffer target) {
        try {
            return traffic.read(target);
        } catch (IOException e) {
            return 0;
        }
    }

    private static boolean areWritable(ByteBuffer[] targets, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (targets[i] == null || targets[i].isReadOnly()) {
                return false;
            }
        }
        return true;
    }

    /** Reads for a {@link Socket}, which waits in the blocking mode only. */
    int readWithin(ByteBuffer target, long nanos) throws IOException {
        readLock.lock();
        try {
            ensureOpen();
            ensureBlocking();
            return (int) readBlocking(() -> traffic.read(target), target.hasRemaining(), nanos);
        } finally {
            readLock.unlock();
        }
    }

    private void ensureBlocking() {
        if (!isBlocking()) {
            throw new IllegalBlockingModeException();
        }
    }

    private long readBlocking(Transfer transfer, boolean hasRoom, long nanos) throws IOException {
        long begun = System.nanoTime();
        long length = 0;
        try {
            enter(reader);
            length = transfer.now();
            while (length == 0 && hasRoom && isOpen()) {
                awaitReadable(nanos == FOR_EVER ? SLICE_NANOS : timeLeft(begun, nanos));
                length = transfer.now();
            }
        } finally {
            leave(reader, length > 0);
        }
        return length;
    }

    private static long timeLeft(long begun, long nanos) throws SocketTimeoutException {
        long left = nanos - (System.nanoTime() - begun);
        if (left <= 0) {
            throw new SocketTimeoutException("Read timed out");
        }
        return left;
    }

    private void awaitReadable(long nanos) throws IOException {
        boolean interrupted = !interruptible && Thread.interrupted(); // or it would not wait
        try {
            awaitReadableNow(nanos);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void awaitReadableNow(long nanos) throws IOException {
        long slice = Math.min(nanos, SLICE_NANOS);
        switch (traffic.readable()) {
            case WITH_SOCKET -> selected.park(selected.translateInterestOps(SelectionKey.OP_READ), slice);
            case WHEN_WRITABLE -> selected.park(selected.translateInterestOps(SelectionKey.OP_WRITE), slice);
            case NOT -> LockSupport.parkNanos(this, slice);
            case NOW -> Thread.onSpinWait();
        }
    }

    int available() throws IOException {
        ensureOpen();
        return inputShut ? 0 : traffic.available();
    }

    // Writing

    @Override
    public int write(ByteBuffer source) throws IOException {
        if (!isBlocking() && failure == null) {
            Objects.requireNonNull(source);
            ensureOpen();
            return traffic.write(source);
        }
        return (int) write(() -> traffic.write(source), source::hasRemaining);
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, sources.length);
        if (!isBlocking() && failure == null) {
            ensureOpen();
            return traffic.write(sources, offset, length);
        }
        return write(() -> traffic.write(sources, offset, length), () -> haveRemaining(sources, offset, length));
    }

    private long write(Transfer transfer, BooleanSupplier more) throws IOException {
        writeLock.lock();
        try {
            ensureOpen();
            throwFormerFailure();
            return isBlocking() ? writeBlocking(transfer, more) : transfer.now();
        } finally {
            writeLock.unlock();
        }
    }

    private long writeBlocking(Transfer transfer, BooleanSupplier more) throws IOException {
        long total = 0;
        try {
            enter(writer);
            if (outputShut) {
                throw new AsynchronousCloseException();
            }
            total = transfer.now();
            while (more.getAsBoolean() && isOpen()) {
                awaitWritable();
                total += transfer.now();
            }
        } catch (IOException e) {
            if (total == 0) {
                throw outputShut ? new AsynchronousCloseException() : e;
            }
            failure = e;
        } finally {
            leave(writer, total > 0);
        }
        return total;
    }

    /** The kernel tells of an error once: a write that has sent a part before it leaves it to the next one. */
    private void throwFormerFailure() throws IOException {
        IOException former = failure;
        failure = null;
        if (former != null && !outputShut) {
            throw former;
        }
    }

    /** Writes for a {@link Socket}, which waits in the blocking mode only. */
    void writeFully(ByteBuffer source) throws IOException {
        writeLock.lock();
        try {
            ensureOpen();
            ensureBlocking();
            throwFormerFailure();
            writeAll(source);
        } finally {
            writeLock.unlock();
        }
    }

    private void writeAll(ByteBuffer source) throws IOException {
        try {
            enter(writer);
            if (outputShut) {
                throw new ClosedChannelException();
            }
            var unused = traffic.write(source);
            while (source.hasRemaining() && isOpen()) {
                awaitWritable();
                unused = traffic.write(source);
            }
        } catch (AsynchronousCloseException e) {
            throw outputShut ? new IOException("Broken pipe", e) : e;
        } finally {
            leave(writer, !source.hasRemaining());
        }
    }

    void sendUrgentData(int data) throws IOException {
        var unused = write(() -> urgent(data), () -> false);
    }

    private int urgent(int data) throws IOException {
        if (traffic.takesOptions()) {
            traffic.sendUrgentData(data);
        }
        return 1;
    }

    private static boolean haveRemaining(ByteBuffer[] buffers, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (buffers[i] != null && buffers[i].hasRemaining()) {
                return true;
            }
        }
        return false;
    }

    private void awaitWritable() throws IOException {
        int ops = traffic.writesWhenReadable() ? SelectionKey.OP_READ : SelectionKey.OP_WRITE;
        selected.park(selected.translateInterestOps(ops), SLICE_NANOS);
    }

    // Threads that wait

    private void enter(Waiter waiter) throws ClosedChannelException {
        if (interruptible) {
            begin(); // an interrupt closes the channel from now on
        }
        synchronized (state) {
            ensureOpen();
            waiter.enter();
        }
    }

    /** Throws what an interrupt or a close of the channel has to say, if the operation has not been completed. */
    private void leave(Waiter waiter, boolean completed) throws AsynchronousCloseException {
        boolean last;
        synchronized (state) {
            waiter.leave();
            last = finishesNow();
        }
        if (last) {
            traffic.finished();
        }
        if (interruptible) {
            end(completed);
        } else if (!completed && !isOpen()) {
            throw new AsynchronousCloseException();
        }
    }

    @Override
    public void readableChanged() {
        for (Selector selector : borrower.selectors()) {
            SelectionKey key = keyFor(selector);
            if (key != null && key.isValid()) {
                InterestUpdate.of(key);
                selector.wakeup();
            }
        }
        synchronized (state) {
            reader.wake();
        }
    }

    // Options

    @Override
    public SocketChannel bind(@Nullable SocketAddress address) throws IOException {
        ensureOpen();
        real.bind(address); // says what is wrong
        return this;
    }

    @Override
    public <T> SocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        OptionCheck.name(name, supportedOptions());
        OptionCheck.value(name, value);
        ensureOpen();
        if (traffic.takesOptions()) {
            real.setOption(name, value);
        }
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        OptionCheck.name(name, supportedOptions());
        ensureOpen();
        return real.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return real.supportedOptions();
    }

    void setOobInline(boolean on) throws SocketException {
        if (traffic.takesOptions()) {
            real.socket().setOOBInline(on);
        }
    }

    boolean isOobInline() throws SocketException {
        return real.socket().getOOBInline();
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        readLock.lock(); // what is under way ends in its mode
        try {
            writeLock.lock();
            try {
                ensureOpen();
            } finally {
                writeLock.unlock();
            }
        } finally {
            readLock.unlock();
        }
    }

    // Addresses

    @Override
    public Socket socket() {
        synchronized (state) {
            LentSocket known = socket;
            if (known == null) {
                known = LentSocket.of(this);
                socket = known;
            }
            return known;
        }
    }

    @Override
    public boolean isConnected() {
        return isOpen();
    }

    @Override
    public boolean isConnectionPending() {
        return false;
    }

    @Override
    public boolean connect(SocketAddress address) throws IOException {
        checkAddress(address);
        ensureOpen();
        if (!isBlocking()) {
            throw new AlreadyConnectedException();
        }
        try {
            begin();
            ensureOpen();
            throw new AlreadyConnectedException();
        } finally {
            end(false);
        }
    }

    static void checkAddress(SocketAddress address) {
        Objects.requireNonNull(address);
        if (!(address instanceof InetSocketAddress inet)) {
            throw new UnsupportedAddressTypeException();
        }
        if (inet.isUnresolved()) {
            throw new UnresolvedAddressException();
        }
    }

    @Override
    public boolean finishConnect() throws IOException {
        ensureOpen();
        return true;
    }

    @Override
    public @Nullable SocketAddress getRemoteAddress() throws IOException {
        ensureOpen();
        return remote;
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        ensureOpen();
        return local;
    }

    /** Returns the address whether or not the channel is open. */
    @Nullable
    SocketAddress remote() {
        return remote;
    }

    /** Returns the address whether or not the channel is open. */
    @Nullable
    SocketAddress local() {
        return local;
    }

    // The end

    @Override
    public SocketChannel shutdownInput() throws IOException {
        ensureOpen();
        traffic.shutdownInput();
        inputShut = true;
        synchronized (state) {
            reader.wake();
        }
        return this;
    }

    @Override
    public SocketChannel shutdownOutput() throws IOException {
        ensureOpen();
        outputShut = true; // before a thread that writes can see the effect
        traffic.shutdownOutput();
        synchronized (state) {
            writer.wake();
        }
        return this;
    }

    boolean isInputShut() {
        return inputShut;
    }

    boolean isOutputShut() {
        return outputShut;
    }

    /** Has a task run when the channel is closed by whomever, while its descriptor is still its own. */
    void beforeEnd(Runnable task) {
        beforeEnd = task;
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        beforeEnd.run();
        if (!isBlocking()) {
            awaitOperations();
        }
        boolean seen = traffic.closing();
        boolean last;
        synchronized (state) {
            closing = true;
            reader.wake();
            writer.wake();
            last = finishesNow();
        }
        if (last) {
            traffic.finished();
        } else if (!seen) {
            cancelKeys();
        } else if (isRegistered()) {
            shutdownBeforeClose();
        }
    }

    /** Waits for what is under way, which does not wait for the peer: the channel does not block, or threads were woken. */
    private void awaitOperations() {
        await(readLock);
        await(writeLock);
    }

    @SuppressWarnings("LockNotBeforeTry") // nothing is done with the lock
    private static void await(ReentrantLock lock) {
        lock.lock();
        lock.unlock();
    }

    /** Whether the caller has to finish now. Guarded by the state lock. */
    private boolean finishesNow() {
        boolean now = closing && !finished && !reader.isThere() && !writer.isThere() && !isRegistered();
        finished |= now;
        return now;
    }

    /** Lets the selectors forget the socket soon: its next owner waits for that. */
    private void cancelKeys() {
        for (Selector selector : borrower.selectors()) {
            SelectionKey key = keyFor(selector);
            if (key != null) {
                key.cancel();
                selector.wakeup();
            }
        }
    }

    /** The descriptor stays open until selectors have let go of it, but the peer is to see the end now, as with the JDK. */
    private void shutdownBeforeClose() {
        try {
            int linger = real.getOption(StandardSocketOptions.SO_LINGER);
            if (linger > 0) {
                real.setOption(StandardSocketOptions.SO_LINGER, -1);
            }
            if (linger != 0) {
                real.shutdownOutput();
            }
        } catch (IOException | RuntimeException e) {
            return; // it has ended already
        }
    }

    /** The last selector has let go of the closed channel. */
    @Override
    public void kill() {
        awaitOperations();
        boolean last;
        synchronized (state) {
            last = finishesNow();
        }
        if (last) {
            traffic.finished();
        }
    }

    // Being selected. Selectors call these with locks of theirs held.

    /**
     * Returns null: the JDK would send a file to the descriptor, and {@link Traffic} would not see it. Selectors ask for its value
     * only.
     */
    @Override
    public @Nullable FileDescriptor getFD() {
        return null;
    }

    FileDescriptor descriptor() {
        return selected.getFD();
    }

    @Override
    public int getFDVal() {
        return selected.getFDVal();
    }

    /** Where there is something to read that the socket does not know of, a selector is made to return at once. */
    @Override
    public int translateInterestOps(int ops) {
        if ((ops & SelectionKey.OP_WRITE) != 0 && traffic.writesWhenReadable()) {
            return selected.translateInterestOps((ops & ~SelectionKey.OP_WRITE) | SelectionKey.OP_READ);
        }
        int others = ops & ~SelectionKey.OP_READ;
        if ((ops & SelectionKey.OP_READ) == 0) {
            return selected.translateInterestOps(ops);
        }
        return switch (traffic.readable()) {
            case WITH_SOCKET -> selected.translateInterestOps(ops);
            case NOW, WHEN_WRITABLE ->
                selected.translateInterestOps(others | SelectionKey.OP_WRITE); // which is there at once, mostly
            case NOT -> selected.translateInterestOps(others);
        };
    }

    @Override
    public boolean translateAndUpdateReadyOps(int ops, SelectionKeyImpl key) {
        int former = key.nioReadyOps();
        var unused = selected.translateAndUpdateReadyOps(ops, key);
        return correct(key, former, former);
    }

    @Override
    public boolean translateAndSetReadyOps(int ops, SelectionKeyImpl key) {
        int former = key.nioReadyOps();
        var unused = selected.translateAndSetReadyOps(ops, key);
        return correct(key, former, 0);
    }

    /** @param kept what the key stays ready for, as the application has not taken it out of the selected ones */
    private boolean correct(SelectionKeyImpl key, int former, int kept) {
        int ready = key.nioReadyOps();
        if ((key.nioInterestOps() & SelectionKey.OP_READ) != 0) {
            ready = switch (traffic.readable()) {
                case WITH_SOCKET -> ready;
                case NOW, WHEN_WRITABLE -> ready | SelectionKey.OP_READ;
                case NOT -> (ready & ~SelectionKey.OP_READ) | (kept & SelectionKey.OP_READ);
            };
        }
        if ((key.nioInterestOps() & SelectionKey.OP_WRITE) != 0 && traffic.writesWhenReadable()) {
            ready |= SelectionKey.OP_WRITE; // the write goes on with what has come
        }
        key.nioReadyOps(ready);
        return (ready & ~former) != 0;
    }

    @Override
    public String toString() {
        String shut = (inputShut ? " ishut" : "") + (outputShut ? " oshut" : "");
        return LentChannel.class.getName()
                + (isOpen() ? "[connected" + shut + " local=" + local + " remote=" + remote + "]" : "[closed]");
    }
}
