package dev.supervisor.lending;

import java.io.FileDescriptor;
import java.io.IOException;
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
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
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

    private final ReentrantLock readLock = new ReentrantLock();
    private final ReentrantLock writeLock = new ReentrantLock();

    /** Guards the fields below. */
    private final Object state = new Object();

    private final Waiter reader = new Waiter();
    private final Waiter writer = new Waiter();
    private boolean closing;
    private boolean finished;
    private @Nullable LentSocket socket;

    private volatile boolean inputShut;
    private volatile boolean outputShut;

    LentChannel(SelectorProvider provider, Borrower borrower, Traffic traffic) throws IOException {
        super(provider);
        this.borrower = borrower;
        this.traffic = traffic;
        this.real = traffic.socket();
        this.selected = (SelChImpl) real;
        this.local = real.getLocalAddress();
        this.remote = real.getRemoteAddress();
    }

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    // Reading

    @Override
    public int read(ByteBuffer target) throws IOException {
        Objects.requireNonNull(target);
        readLock.lock();
        try {
            ensureOpen();
            return isBlocking() ? readBlocking(target, FOR_EVER) : traffic.read(target);
        } finally {
            readLock.unlock();
        }
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, targets.length);
        readLock.lock();
        try {
            ensureOpen();
            long total = 0;
            for (int i = offset; i < offset + length; i++) {
                ByteBuffer target = targets[i];
                if (target.hasRemaining()) {
                    int read = total == 0 && isBlocking() ? readBlocking(target, FOR_EVER) : traffic.read(target);
                    if (read < 0) {
                        return total == 0 ? read : total;
                    }
                    total += read;
                    if (target.hasRemaining()) {
                        break;
                    }
                }
            }
            return total;
        } finally {
            readLock.unlock();
        }
    }

    /** Reads for a {@link Socket}, which waits in the blocking mode only. */
    int readWithin(ByteBuffer target, long nanos) throws IOException {
        readLock.lock();
        try {
            ensureOpen();
            ensureBlocking();
            return readBlocking(target, nanos);
        } finally {
            readLock.unlock();
        }
    }

    private void ensureBlocking() {
        if (!isBlocking()) {
            throw new IllegalBlockingModeException();
        }
    }

    private int readBlocking(ByteBuffer target, long nanos) throws IOException {
        long begun = System.nanoTime();
        int length = 0;
        try {
            enter(reader);
            length = traffic.read(target);
            while (length == 0 && target.hasRemaining() && isOpen()) {
                awaitReadable(nanos == FOR_EVER ? SLICE_NANOS : timeLeft(begun, nanos));
                length = traffic.read(target);
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
        long slice = Math.min(nanos, SLICE_NANOS);
        switch (traffic.readable()) {
            case WITH_SOCKET -> park(selected.translateInterestOps(SelectionKey.OP_READ), slice);
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
        Objects.requireNonNull(source);
        writeLock.lock();
        try {
            ensureOpen();
            return isBlocking() ? writeBlocking(source) : traffic.write(source);
        } finally {
            writeLock.unlock();
        }
    }

    /** Writes for a {@link Socket}, which waits in the blocking mode only. */
    void writeFully(ByteBuffer source) throws IOException {
        writeLock.lock();
        try {
            ensureOpen();
            ensureBlocking();
            var unused = writeBlocking(source);
        } finally {
            writeLock.unlock();
        }
    }

    private int writeBlocking(ByteBuffer source) throws IOException {
        int begin = source.position();
        try {
            enter(writer);
            var unused = traffic.write(source);
            while (source.hasRemaining() && isOpen()) {
                awaitWritable();
                unused = traffic.write(source);
            }
        } finally {
            leave(writer, source.position() > begin);
        }
        return source.position() - begin;
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, sources.length);
        writeLock.lock();
        try {
            ensureOpen();
            return isBlocking() ? writeBlocking(sources, offset, length) : traffic.write(sources, offset, length);
        } finally {
            writeLock.unlock();
        }
    }

    private long writeBlocking(ByteBuffer[] sources, int offset, int length) throws IOException {
        long total = 0;
        try {
            enter(writer);
            total = traffic.write(sources, offset, length);
            while (haveRemaining(sources, offset, length) && isOpen()) {
                awaitWritable();
                total += traffic.write(sources, offset, length);
            }
        } finally {
            leave(writer, total > 0);
        }
        return total;
    }

    private static boolean haveRemaining(ByteBuffer[] sources, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (sources[i].hasRemaining()) {
                return true;
            }
        }
        return false;
    }

    private void awaitWritable() throws IOException {
        park(selected.translateInterestOps(SelectionKey.OP_WRITE), SLICE_NANOS);
    }

    // Threads that wait

    private void enter(Waiter waiter) throws ClosedChannelException {
        begin(); // an interrupt closes the channel from now on
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
        end(completed);
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
        ensureOpen();
        if (traffic.takesOptions()) {
            real.setOption(name, value);
        }
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
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

    void sendUrgentData(int data) throws IOException {
        if (traffic.takesOptions()) {
            real.socket().sendUrgentData(data);
        }
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
        return true;
    }

    @Override
    public boolean isConnectionPending() {
        return false;
    }

    @Override
    public boolean connect(SocketAddress address) throws IOException {
        ensureOpen();
        throw new AlreadyConnectedException();
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
        traffic.shutdownOutput();
        outputShut = true;
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

    @Override
    protected void implCloseSelectableChannel() throws IOException {
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

    @Override
    public FileDescriptor getFD() {
        return selected.getFD();
    }

    @Override
    public int getFDVal() {
        return selected.getFDVal();
    }

    /** Where there is something to read that the socket does not know of, a selector is made to return at once. */
    @Override
    public int translateInterestOps(int ops) {
        int others = ops & ~SelectionKey.OP_READ;
        if ((ops & SelectionKey.OP_READ) == 0) {
            return selected.translateInterestOps(ops);
        }
        return switch (traffic.readable()) {
            case WITH_SOCKET -> selected.translateInterestOps(ops);
            case NOW -> selected.translateInterestOps(others | SelectionKey.OP_WRITE); // which is there at once, mostly
            case NOT -> selected.translateInterestOps(others);
        };
    }

    @Override
    public boolean translateAndUpdateReadyOps(int ops, SelectionKeyImpl key) {
        return translate(ops, key, key.nioReadyOps());
    }

    @Override
    public boolean translateAndSetReadyOps(int ops, SelectionKeyImpl key) {
        return translate(ops, key, 0);
    }

    private boolean translate(int ops, SelectionKeyImpl key, int initial) {
        int former = key.nioReadyOps();
        var unused = selected.translateAndSetReadyOps(ops, key);
        int ready = key.nioReadyOps() | initial;
        if ((key.nioInterestOps() & SelectionKey.OP_READ) != 0) {
            ready = switch (traffic.readable()) {
                case WITH_SOCKET -> ready;
                case NOW -> ready | SelectionKey.OP_READ;
                case NOT -> ready & ~SelectionKey.OP_READ;
            };
        }
        key.nioReadyOps(ready);
        return (ready & ~former) != 0;
    }

    @Override
    public String toString() {
        return LentChannel.class.getName()
                + (isOpen() ? "[connected local=" + local + " remote=" + remote + "]" : "[closed]");
    }
}
