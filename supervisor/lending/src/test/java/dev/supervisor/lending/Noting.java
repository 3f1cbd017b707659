package dev.supervisor.lending;

import java.net.SocketAddress;
import java.nio.channels.Selector;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;

/** A borrower that tells which channel was bound. */
record Noting(SelfTestLender lender, Consumer<LentServerChannel> told) implements Borrower {

    @Override
    public Optional<Lease> lease(BorrowedServer server, SocketAddress address, int backlog) {
        told.accept((LentServerChannel) server);
        return lender.lease(server, address, backlog);
    }

    @Override
    public void boundItself(SocketAddress address) {}

    @Override
    public void opened(Selector selector) {
        lender.opened(selector);
    }

    @Override
    public Collection<Selector> selectors() {
        return lender.selectors().stream().filter(Selector::isOpen).toList();
    }
}
