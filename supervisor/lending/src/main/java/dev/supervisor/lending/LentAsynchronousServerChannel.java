package dev.supervisor.lending;

import dev.supervisor.lending.PendingOperation.Outcome;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AcceptPendingException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.CompletionHandler;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * What an application that borrows sockets has for {@code AsynchronousServerSocketChannel.open(…)}: bound to an address for
 * which the {@link Borrower} has a {@link Lease}, it accepts the connections of the lease; bound to any other, it is the JDK's.
 */
public final class LentAsynchronousServerChannel extends AsynchronousServerSocketChannel {

    private final AsynchronousContext context;

    /** Of the JDK, in the same group; not bound if there is a lease. */
    private final AsynchronousServerSocketChannel real;

    private final Operations accepts;
    private final Object state = new Object();

    /** What is lent; null until it is bound to an address for which there is a lease. Written with the state lock held. */
    private volatile @Nullable Lent lent;

    private record Lent(LentServerChannel server, LoopedChannel looped) {}

    private LentAsynchronousServerChannel(AsynchronousContext context, AsynchronousServerSocketChannel real) {
        super(real.provider());
        this.context = context;
        this.real = real;
        this.accepts = new Operations(
                new Accepts(),
                false,
                AcceptPendingException::new,
                () -> new RuntimeException("Accept not allowed due cancellation"));
    }

    /** Opens a channel for the application whose code is running; one of the JDK if there is none to which sockets are lent. */
    public static AsynchronousServerSocketChannel open(@Nullable AsynchronousChannelGroup group) throws IOException {
        if (SelectorProvider.provider() instanceof LendingProvider provider) {
            Optional<Borrower> borrower = LendingProvider.borrower();
            if (borrower.isPresent()) {
                return openFor(provider, borrower.get(), group);
            }
        }
        return AsynchronousServerSocketChannel.open(group);
    }

    static LentAsynchronousServerChannel openFor(
            LendingProvider provider, Borrower borrower, @Nullable AsynchronousChannelGroup group) throws IOException {
        return new LentAsynchronousServerChannel(
                AsynchronousContext.of(provider, borrower, group), AsynchronousServerSocketChannel.open(group));
    }

    // Binding

    @Override
    public AsynchronousServerSocketChannel bind(@Nullable SocketAddress address, int backlog) throws IOException {
        SocketAddress wanted = address == null ? new InetSocketAddress(0) : address;
        LentChannel.checkAddress(wanted);
        synchronized (state) {
            if (lent != null) {
                ensureOpen();
                throw new AlreadyBoundException();
            }
            if (address == null || real.getLocalAddress() != null || !bindIfLent(wanted, backlog)) {
                real.bind(wanted, backlog);
                context.borrower().boundItself(real.getLocalAddress());
            }
        }
        return this;
    }

    private void ensureOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    private boolean bindIfLent(SocketAddress address, int backlog) throws IOException {
        LentServerChannel server = context.provider().openFor(context.borrower());
        try {
            if (server.bindIfLent(address, backlog)) {
                lent = new Lent(
                        server, new LoopedChannel(context, server, server.getFD(), this, ready -> accepts.ready()));
                return true;
            }
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
        server.close();
        return false;
    }

    // Accepting

    private final class Accepts implements Operations.Subject {

        @Override
        public boolean isOpen() {
            return LentAsynchronousServerChannel.this.isOpen();
        }

        @Override
        public void await() throws IOException {
            bound().looped().await(SelectionKey.OP_ACCEPT);
        }

        @Override
        public Runnable schedule(long nanos, Runnable task) throws IOException {
            return bound().looped().schedule(nanos, task);
        }

        @Override
        public void close() throws IOException {
            LentAsynchronousServerChannel.this.close();
        }
    }

    private Lent bound() {
        return Objects.requireNonNull(lent);
    }

    @Override
    public <A> void accept(@Nullable A attachment, CompletionHandler<AsynchronousSocketChannel, ? super A> handler) {
        Objects.requireNonNull(handler, "'handler' is null");
        if (lent == null) {
            real.accept(attachment, handler);
        } else {
            var unused = begin(attachment, handler);
        }
    }

    @Override
    public Future<AsynchronousSocketChannel> accept() {
        return lent == null ? real.accept() : begin(null, null);
    }

    private <A> Future<AsynchronousSocketChannel> begin(
            @Nullable A attachment, @Nullable CompletionHandler<AsynchronousSocketChannel, ? super A> handler) {
        PendingOperation<AsynchronousSocketChannel> operation =
                new PendingOperation<>(context.threads(), this::acceptNow, attachment, handler);
        if (isOpen()) {
            accepts.begin(operation, Operations.NO_TIME_OUT);
        } else {
            operation.complete(Outcome.failed(new ClosedChannelException()), true);
        }
        return operation.future();
    }

    private @Nullable AsynchronousSocketChannel acceptNow() throws IOException {
        SocketChannel accepted = bound().server().accept();
        return accepted == null ? null : LentAsynchronousChannel.of(context, provider(), (LentChannel) accepted);
    }

    // The rest

    @Override
    public boolean isOpen() {
        Lent known = lent;
        return real.isOpen() && (known == null || known.server().isOpen());
    }

    @Override
    public void close() throws IOException {
        Lent known;
        synchronized (state) {
            real.close();
            known = lent;
        }
        if (known != null) {
            known.looped().leave(); // while the group knows it by its descriptor
            known.server().close();
            accepts.close();
        }
    }

    @Override
    public @Nullable SocketAddress getLocalAddress() throws IOException {
        Lent known = lent;
        ensureOpen();
        return known == null ? real.getLocalAddress() : known.server().getLocalAddress();
    }

    /** Options of a lent socket are the lender's: the JDK's channel only remembers them. */
    @Override
    public <T> AsynchronousServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        real.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return real.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return real.supportedOptions();
    }

    @Override
    public String toString() {
        Lent known = lent;
        String text =
                known == null ? real.toString() : String.valueOf(known.server().local());
        return LentAsynchronousServerChannel.class.getName() + "[" + (isOpen() ? text : "closed") + "]";
    }
}
