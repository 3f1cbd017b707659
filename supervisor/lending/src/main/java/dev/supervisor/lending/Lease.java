package dev.supervisor.lending;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A listening socket of the lender, while an application has it. After a change of what {@link #poll} and {@link #isEmpty}
 * return, the lender calls {@link BorrowedServer#arrivalsChanged}. Methods may be called from any thread.
 */
public interface Lease {

    /** Returns the address of the socket. */
    SocketAddress address();

    /**
     * The application begins to accept; called once. A selector may be in the middle of its work, so this must not wait, and
     * must not use the selectors of the application.
     */
    void accepting();

    /** Returns the next connection for the application, or null if there is none. */
    @Nullable
    Traffic poll();

    boolean isEmpty();

    /** The application has closed the channel; called once. */
    void closed();
}
