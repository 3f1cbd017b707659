package dev.supervisor.lending;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.SocketTimeoutException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.SelChImpl;
import sun.nio.ch.SelectionKeyImpl;

/**
 * What an application has opened to listen. Bound to an address for which the {@link Borrower} has a {@link Lease}, it accepts
 * the connections of the lease, and selectors watch a {@link Doorbell}; bound to any other, it is the JDK's channel.
 */
public final class LentServerChannel extends ServerSocketChannel implements BorrowedServer, SelChImpl {

    private static final long FOR_EVER = 0;

    private final Borrower borrower;
    private final boolean interruptible;

    /** Of the JDK; not bound if there is a lease. */
    private final ServerSocketChannel real;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private final AtomicBoolean accepting = new AtomicBoolean();
    private final VainAccepts inVain = new VainAccepts();

    // Written with the lock held
    private volatile @Nullable Lease lease;
    private volatile @Nullable Doorbell doorbell;
    private volatile boolean revoked;
    private boolean released;
    private @Nullable LentServerSocket socket;

    LentServerChannel(SelectorProvider provider, Borrower borrower, ServerSocketChannel real) {
        this(provider, borrower, real, true);
    }

    /**
     * @param interruptible whether an interrupt of a thread that waits closes the channel, or one that it has accepted; unlike
     *     channels, sockets of the JDK are not closed
     */
    LentServerChannel(SelectorProvider provider, Borrower borrower, ServerSocketChannel real, boolean interruptible) {
        super(provider);
        this.interruptible = interruptible;
        this.borrower = borrower;
        this.real = real;
    }

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public ServerSocketChannel bind(@Nullable SocketAddress address, int backlog) throws IOException {
        lock.lock();
        try {
            ensureOpen();
            if (lease != null) {
                throw new AlreadyBoundException();
            }
            if (address == null || real.getLocalAddress() != null || !bindIfLent(address, backlog)) {
                real.bind(address, backlog);
                borrower.boundItself(real.getLocalAddress());
            }
            return this;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether there is a lease for this address. */
    boolean bindIfLent(SocketAddress address, int backlog) throws IOException {
        lock.lock();
        try {
            Lease got = borrower.lease(this, address, backlog).orElse(null);
            if (got != null) {
                doorbell = doorbellOf(got);
                lease = got;
            }
            return got != null;
        } finally {
            lock.unlock();
        }
    }

    private Doorbell doorbellOf(Lease got) throws IOException {
        try {
            return new Doorbell(LendingProvider.jdkOf(provider()));
        } catch (IOException e) { // there are no descriptors left
            got.closed();
            throw e;
        }
    }

    /** The application is about to take connections. */
    private void accepting(Lease bound) {
        if (accepting.compareAndSet(false, true)) { // without the lock: a selector may be in the middle of its work
            bound.accepting();
        }
    }

    // Accepting

    @Override
    public @Nullable SocketChannel accept() throws IOException {
        if (revoked && isBlocking()) {
            inVain.accept();
        }
        ensureOpen();
        Lease bound = lease;
        if (bound == null) {
            return acceptItself(real::accept);
        }
        accepting(bound);
        return isBlocking() ? await(bound, FOR_EVER) : acceptNow(bound);
    }

    private interface Accept {
        @Nullable
        SocketChannel now() throws IOException;
    }

    private @Nullable SocketChannel acceptItself(Accept accept) throws IOException {
        try {
            return accept.now();
        } catch (ClosedChannelException e) { // an interrupt has closed the JDK's channel only
            close();
            throw e;
        }
    }

    private @Nullable LentChannel acceptNow(Lease bound) throws IOException {
        Traffic next;
        lock.lock();
        try {
            ensureOpen();
            next = poll(bound);
        } finally {
            lock.unlock();
        }
        return next == null ? null : channelOf(next);
    }

    /** Accepts for a {@link ServerSocket}, which waits in the blocking mode only. */
    SocketChannel acceptWithin(int millis) throws IOException {
        if (!isBlocking()) {
            throw new IllegalBlockingModeException();
        }
        if (!isOpen()) {
            begin();
            end(false); // throws
        }
        Lease bound = lease;
        if (bound == null) {
            return Objects.requireNonNull(acceptItself(() -> acceptItselfWithin(millis)));
        }
        accepting(bound);
        return await(bound, TimeUnit.MILLISECONDS.toNanos(millis));
    }

    private SocketChannel acceptItselfWithin(int millis) throws IOException {
        ServerSocket itself = real.socket();
        itself.setSoTimeout(millis);
        return itself.accept().getChannel();
    }

    private LentChannel await(Lease bound, long nanos) throws IOException {
        Traffic next = null;
        try {
            if (interruptible) {
                begin(); // an interrupt closes the channel from now on; which it must not do with the lock held
            }
            next = awaitNext(bound, nanos);
        } finally {
            endAccept(next);
        }
        if (next == null) {
            throw new AsynchronousCloseException();
        }
        return channelOf(next);
    }

    private @Nullable Traffic awaitNext(Lease bound, long nanos) throws IOException {
        lock.lock();
        try {
            ensureOpen();
            Traffic next = poll(bound);
            long left = nanos == FOR_EVER ? Long.MAX_VALUE : nanos;
            while (next == null && isOpen()) {
                if (left <= 0) {
                    throw new SocketTimeoutException("Accept timed out");
                }
                left = interruptible ? changed.awaitNanos(left) : awaitInSpiteOfInterrupts(left);
                next = poll(bound);
            }
            return next;
        } catch (InterruptedException e) { // the channel is closed, or is just being closed
            Thread.currentThread().interrupt();
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Returns how much of the time is left. */
    @SuppressWarnings("WaitNotInLoop") // the caller's loop
    private long awaitInSpiteOfInterrupts(long left) {
        boolean interrupted = Thread.interrupted();
        try {
            return changed.awaitNanos(left);
        } catch (InterruptedException e) {
            interrupted = true;
            return left;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** An interrupted accept throws, though it has got a connection, which nobody else would end. */
    private void endAccept(@Nullable Traffic next) throws AsynchronousCloseException {
        if (!interruptible) {
            return;
        }
        try {
            end(next != null);
        } catch (AsynchronousCloseException e) {
            if (next != null) {
                abandon(next);
            }
            throw e;
        }
    }

    private static void abandon(Traffic traffic) {
        var unused = traffic.closing();
        traffic.finished();
    }

    private @Nullable Traffic poll(Lease bound) throws IOException {
        if (!isOpen()) {
            return null;
        }
        ensureNotRevoked();
        Traffic next = bound.poll();
        ring();
        if (!bound.isEmpty()) { // the lender may tell of many connections at once
            changed.signal();
        }
        return next;
    }

    private void ensureNotRevoked() throws ClosedChannelException {
        if (revoked) {
            throw new AsynchronousCloseException();
        }
    }

    private LentChannel channelOf(Traffic traffic) throws IOException {
        LentChannel channel;
        try {
            channel = new LentChannel(provider(), borrower, traffic, interruptible);
        } catch (IOException e) {
            abandon(traffic);
            throw e;
        }
        traffic.accepted(channel);
        return channel;
    }

    /** Rings while there is something to accept. Called with the lock held. */
    private void ring() throws IOException {
        Doorbell bell = doorbell;
        Lease bound = lease;
        if (bell != null && bound != null && !released) {
            bell.set(revoked || !bound.isEmpty());
        }
    }

    // The lender's side

    @Override
    public void arrivalsChanged() {
        lock.lock();
        try {
            if (isOpen()) {
                ring();
                changed.signal();
            }
        } catch (IOException e) { // closed at this moment
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void revoke() {
        lock.lock();
        try {
            revoked = true;
            ring();
        } catch (IOException e) { // closed at this moment
            revoked = true;
        } finally {
            changed.signalAll();
            lock.unlock();
        }
    }

    // The end

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        Lease bound = lease;
        if (bound == null) {
            if (isBlocking() || !isRegistered()) {
                real.close();
            } // else selectors know the descriptor, whose number must not go to another channel before they forget it
            return;
        }
        bound.closed();
        real.close();
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        release();
        for (Selector selector : borrower.selectors()) { // as the JDK's channel, whose descriptor is reported as closed
            SelectionKey key = keyFor(selector);
            if (key != null) {
                key.cancel();
                selector.wakeup();
            }
        }
    }

    /** Closes the doorbell when no selector watches it any more. */
    private void release() throws IOException {
        lock.lock();
        try {
            Doorbell bell = doorbell;
            if (bell != null && !released && !isRegistered()) {
                released = true;
                bell.close();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void kill() throws IOException {
        if (lease == null) {
            real.close();
        } else {
            release();
        }
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        if (lease == null) {
            real.configureBlocking(block);
        }
    }

    // Being selected. Selectors call these with locks of theirs held.

    private SelChImpl selected() {
        Doorbell bell = doorbell;
        return bell == null ? (SelChImpl) real : bell.watched();
    }

    @Override
    public FileDescriptor getFD() {
        return selected().getFD();
    }

    @Override
    public int getFDVal() {
        return selected().getFDVal();
    }

    @Override
    public int translateInterestOps(int ops) {
        Lease bound = lease;
        if (bound == null) {
            return selected().translateInterestOps(ops);
        }
        if ((ops & SelectionKey.OP_ACCEPT) == 0) {
            return 0;
        }
        accepting(bound);
        return selected().translateInterestOps(SelectionKey.OP_READ);
    }

    @Override
    public boolean translateAndUpdateReadyOps(int ops, SelectionKeyImpl key) {
        return lease == null ? selected().translateAndUpdateReadyOps(ops, key) : translate(ops, key, key.nioReadyOps());
    }

    @Override
    public boolean translateAndSetReadyOps(int ops, SelectionKeyImpl key) {
        return lease == null ? selected().translateAndSetReadyOps(ops, key) : translate(ops, key, 0);
    }

    private static boolean translate(int ops, SelectionKeyImpl key, int initial) {
        int former = key.nioReadyOps();
        int ready = initial | (ops == 0 ? 0 : key.nioInterestOps() & SelectionKey.OP_ACCEPT);
        key.nioReadyOps(ready);
        return (ready & ~former) != 0;
    }

    // The rest

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        OptionCheck.name(name, supportedOptions());
        OptionCheck.value(name, value);
        ensureOpen();
        real.setOption(name, value); // those of a lent socket are the lender's
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

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        ensureOpen();
        return local();
    }

    /** Returns the address to which it is, or was, bound. */
    @Nullable
    SocketAddress local() {
        Lease bound = lease;
        if (bound != null) {
            return bound.address();
        }
        return real.socket().getLocalSocketAddress();
    }

    @Override
    public ServerSocket socket() {
        lock.lock();
        try {
            LentServerSocket known = socket;
            if (known == null) {
                known = LentServerSocket.of(this);
                socket = known;
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return LentServerChannel.class.getName() + "[" + (isOpen() ? String.valueOf(local()) : "closed") + "]";
    }
}
