package dev.supervisor.lending;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.Optional;
import java.util.function.Supplier;
import sun.nio.ch.DefaultSelectorProvider;

/**
 * The JVM's provider of channels and selectors, named by the system property {@link #PROPERTY} before anything of {@code
 * java.nio.channels} is used. Code that borrows sockets gets {@link LentServerChannel}s, all other code the JDK's channels.
 */
public final class LendingProvider extends SelectorProvider {

    /** The system property that names the JVM's provider. */
    public static final String PROPERTY = "java.nio.channels.spi.SelectorProvider";

    private static volatile Supplier<Optional<Borrower>> callers = Optional::empty;

    private final SelectorProvider jdk = DefaultSelectorProvider.get();

    /**
     * Sets by what is known which application the calling thread works for.
     *
     * @param borrowers returns the borrower whose code is running; empty if it is none's. Called for each channel and selector
     *     that is opened
     */
    public static void lendTo(Supplier<Optional<Borrower>> borrowers) {
        callers = borrowers;
    }

    /** Returns whether the JVM uses this provider. */
    public static boolean isInUse() {
        return SelectorProvider.provider() instanceof LendingProvider;
    }

    /** Returns the application whose code is running. */
    static Optional<Borrower> borrower() {
        return callers.get();
    }

    static SelectorProvider jdkOf(SelectorProvider provider) {
        return provider instanceof LendingProvider lending ? lending.jdk : provider;
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        Optional<Borrower> borrower = callers.get();
        return borrower.isEmpty() ? jdk.openServerSocketChannel() : openFor(borrower.get());
    }

    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        ServerSocketChannel channel = jdk.openServerSocketChannel(family);
        return family == StandardProtocolFamily.UNIX
                ? channel
                : callers.get()
                        .<ServerSocketChannel>map(borrower -> new LentServerChannel(this, borrower, channel))
                        .orElse(channel);
    }

    LentServerChannel openFor(Borrower borrower) throws IOException {
        return new LentServerChannel(this, borrower, jdk.openServerSocketChannel());
    }

    /** Returns a channel of the calling application that is bound to a lent socket; empty if there is none for this address. */
    static Optional<ServerSocketChannel> lease(SocketAddress address, int backlog) throws IOException {
        Optional<Borrower> borrower = callers.get();
        if (borrower.isEmpty() || !(SelectorProvider.provider() instanceof LendingProvider provider)) {
            return Optional.empty();
        }
        LentServerChannel channel =
                new LentServerChannel(provider, borrower.get(), provider.jdk.openServerSocketChannel(), false);
        boolean isLent = false;
        try {
            isLent = channel.bindIfLent(address, backlog);
            return isLent ? Optional.of(channel) : Optional.empty();
        } finally {
            if (!isLent) {
                channel.close();
            }
        }
    }

    /** Returns how a server of the calling application is relayed to; empty if it binds the address itself. */
    static Optional<Relay> relay(SocketAddress address, int backlog) throws IOException {
        Optional<Borrower> borrower = callers.get();
        return borrower.isEmpty() ? Optional.empty() : borrower.get().relay(address, backlog);
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        AbstractSelector selector = jdk.openSelector();
        callers.get().ifPresent(borrower -> borrower.opened(selector));
        return selector;
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return jdk.openDatagramChannel();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        return jdk.openDatagramChannel(family);
    }

    @Override
    public Pipe openPipe() throws IOException {
        return jdk.openPipe();
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        return jdk.openSocketChannel();
    }

    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
        return jdk.openSocketChannel(family);
    }

    @Override
    public Channel inheritedChannel() throws IOException {
        return jdk.inheritedChannel();
    }
}
