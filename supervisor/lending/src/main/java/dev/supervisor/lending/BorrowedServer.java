package dev.supervisor.lending;

import java.io.Closeable;

/** The channel by which an application listens, as the lender sees it. Methods may be called from any thread. */
public interface BorrowedServer extends Closeable {

    /** The lease has got or lost connections. */
    void arrivalsChanged();

    /**
     * Takes the lease back: the application is told by accepts that fail, and for which it is selected, as if it had closed the
     * channel itself.
     */
    void revoke();
}
