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
     * Moves an established connection to the newest generation, unread bytes included. For protocols that the
     * supervisor does not know, at a message boundary that the application knows, usually in answer to
     * {@link Superseded}. Called on the connection's event loop, with nothing left to write.
     *
     * @throws UnsupportedOperationException always, in this version: HTTP/1.1 connections move by themselves, others
     *     end where they began
     */
    void handOff(Channel connection);
}
