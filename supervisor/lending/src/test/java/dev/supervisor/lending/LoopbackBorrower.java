package dev.supervisor.lending;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.Selector;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import sun.nio.ch.DefaultSelectorProvider;

/** Lends one lease, to whoever binds first, and knows the selectors that it opened. */
final class LoopbackBorrower implements Borrower {

    static final LendingProvider PROVIDER = new LendingProvider();

    private final CopyOnWriteArrayList<Selector> selectors = new CopyOnWriteArrayList<>();
    private volatile @Nullable Lease lease;

    static LoopbackBorrower without() {
        return new LoopbackBorrower();
    }

    void lend(Lease lent) {
        lease = lent;
    }

    Selector openSelector() throws IOException {
        Selector selector = DefaultSelectorProvider.get().openSelector();
        opened(selector);
        return selector;
    }

    LentServerChannel openServer() throws IOException {
        return PROVIDER.openFor(this);
    }

    LentChannel lent(Traffic traffic) throws IOException {
        LentChannel channel = new LentChannel(PROVIDER, this, traffic);
        traffic.accepted(channel);
        return channel;
    }

    @Override
    public Optional<Lease> lease(BorrowedServer server, SocketAddress address, int backlog) {
        Lease lent = lease;
        lease = null;
        return Optional.ofNullable(lent);
    }

    @Override
    public void boundItself(SocketAddress address) {}

    @Override
    public void opened(Selector selector) {
        selectors.add(selector);
    }

    @Override
    public Collection<Selector> selectors() {
        selectors.removeIf(selector -> !selector.isOpen());
        return selectors;
    }
}
