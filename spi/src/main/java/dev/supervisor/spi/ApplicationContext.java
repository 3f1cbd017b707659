package dev.supervisor.spi;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.util.List;

/** What the supervisor lends to one generation. All methods may be called from any thread, unless they say otherwise. */
public interface ApplicationContext {

    /** Returns the number of this generation, counted from 1. */
    int generation();

    /** Returns all listeners, in the order of the command line; never empty. */
    List<Listener> listeners();

    /** Returns the first listener. */
    Listener listener();

    /**
     * Returns the listener of this name.
     *
     * @throws java.util.NoSuchElementException that names the listeners there are
     */
    Listener listener(String name);

    /** Returns this generation's own event loops (NIO); the supervisor ends them after {@link Application#close()}. */
    EventLoopGroup eventLoopGroup();

    /** Returns what stood after {@code --} on the command line. */
    List<String> arguments();

    /**
     * Moves an established connection to the generation that has taken over, at once: it is closed for this one's
     * handlers, and accepted by the other's, on the same TCP connection. Bytes that the pipeline's first decoder has not
     * consumed are read again there, before all others. For protocols that the supervisor does not know, at a message
     * boundary that the application knows: in answer to {@link Superseded}, or when what was under way then has ended.
     * HTTP/1.1 connections move by themselves.
     *
     * <p>To be called on the connection's event loop, when all writes are done: from the listener of the last one's
     * future, for instance. An exception changes nothing.
     *
     * @throws IllegalArgumentException if it is no connection that this generation was given
     * @throws IllegalStateException if it is called on another thread, or before {@link Superseded}, or while something is
     *     still to be written, or if the connection is closed, or encrypted by TLS, whose keys can't move
     */
    void handOff(Channel connection);
}
