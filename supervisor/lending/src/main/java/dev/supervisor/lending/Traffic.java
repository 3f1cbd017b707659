package dev.supervisor.lending;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the lender, while an application has it: decides which bytes the application gets, and when the
 * connection ends for it, though the socket may live on. No method waits for the peer; all may be called from any thread.
 */
public interface Traffic {

    /** Says when the application is to read. */
    enum Readiness {
        /** When the socket has bytes, or its end. */
        WITH_SOCKET,
        /** At once: there are bytes that the socket does not know of, or the connection has ended for the application. */
        NOW,
        /** When the socket takes bytes: the lender's own go first. */
        WHEN_WRITABLE,
        /** Not now: what the socket has is not the application's. */
        NOT
    }

    /** Returns the socket, which does not block and is registered with no selector. */
    SocketChannel socket();

    /** Returns the address of the peer, as the application is to see it. */
    default @Nullable SocketAddress remoteAddress() throws IOException {
        return socket().getRemoteAddress();
    }

    /** Returns the address of this side, as the application is to see it. */
    default @Nullable SocketAddress localAddress() throws IOException {
        return socket().getLocalAddress();
    }

    /** The application has accepted the connection. From now on the channel must hear of each change of {@link #readable}. */
    void accepted(Borrowed channel);

    /** Reads without waiting. Returns 0 if there is nothing now, and -1 at the end. */
    int read(ByteBuffer target) throws IOException;

    /** Writes without waiting. Returns 0 if nothing can be written now. */
    int write(ByteBuffer source) throws IOException;

    /** Writes without waiting. Returns 0 if nothing can be written now. */
    long write(ByteBuffer[] sources, int offset, int length) throws IOException;

    /** Returns how the application is to be told of bytes. Called with locks of selectors held, so it takes no lock. */
    Readiness readable();

    /**
     * Returns whether the socket has to have bytes before it can be written: the lender's protocol is not so far yet. Called
     * with locks of selectors held, so it takes no lock.
     */
    boolean writesWhenReadable();

    /** Returns how many bytes can be read without waiting, at least. */
    int available() throws IOException;

    /** The application reads no more. */
    void shutdownInput() throws IOException;

    /** The application writes no more. */
    void shutdownOutput() throws IOException;

    /**
     * Sends a byte of urgent data.
     *
     * @throws IOException if that is not possible here
     */
    void sendUrgentData(int data) throws IOException;

    /**
     * Returns whether options that the application sets reach the socket; otherwise it is no longer the application's, and they
     * are ignored.
     */
    boolean takesOptions();

    /**
     * The application closes the channel. Waits for reads and writes that are under way. Called once, before {@link
     * #finished}.
     *
     * @return whether the peer is to see that
     */
    boolean closing();

    /** The application has closed the channel, and no selector or thread of it uses the socket any more. Called once. */
    void finished();
}
