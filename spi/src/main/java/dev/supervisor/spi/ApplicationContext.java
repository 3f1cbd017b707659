package dev.supervisor.spi;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The services of the supervisor for one generation. All methods may be called from any thread, unless they say
 * otherwise.
 */
public interface ApplicationContext {

    /** Returns the number of this generation, counted from 1. */
    int generation();

    /** Returns all listeners for connections, in the order of the command line. */
    List<Listener> listeners();

    /**
     * Returns the first listener for connections.
     *
     * @throws NoSuchElementException if all sockets are of datagrams
     */
    Listener listener();

    /**
     * Returns the listener of this name.
     *
     * @throws NoSuchElementException if there is none; its message lists the names
     */
    Listener listener(String name);

    /** Returns all listeners for datagrams, in the order of the command line. */
    default List<DatagramListener> datagramListeners() {
        return List.of();
    }

    /**
     * Returns the listener for datagrams of this name.
     *
     * @throws NoSuchElementException if there is none; its message lists the names
     */
    default DatagramListener datagramListener(String name) {
        throw new NoSuchElementException("there is no datagram listener '" + name + "'");
    }

    /** Returns this generation's own event loops (NIO); the supervisor ends them after {@link Application#close()}. */
    EventLoopGroup eventLoopGroup();

    /** Returns the arguments after {@code --} on the command line. */
    List<String> arguments();

    /**
     * Moves an established connection to the generation that has taken over, at once: the handlers of this generation
     * see it closed, and the handlers of the other one accept it, on the same TCP connection. Bytes that the first
     * decoder of the pipeline has not consumed are read again there, before all others. Meant for protocols that the
     * supervisor does not know, at a message boundary that the application knows: in response to {@link Superseded}, or
     * when the work that was under way then has ended. HTTP/1.1 connections move by themselves, and so do WebSockets
     * with the supervisor's option {@code --websocket move}: the handlers of the other generation get the request that
     * has opened them again.
     *
     * <p>Must be called on the connection's event loop, when all writes are done: from the listener of the last write's
     * future, for example. A call that throws an exception changes nothing.
     *
     * @throws IllegalArgumentException if the channel is no connection that this generation was given
     * @throws IllegalStateException if called on another thread, or before {@link Superseded}, or while data is still
     *     to be written; or if the connection is closed, or the application itself ends TLS on it, whose keys can't move; or,
     *     with {@code --websocket move}, if a part of a WebSocket message has come, or the WebSocket is being closed
     */
    void handOff(Channel connection);

    /** The most bytes that go along with a connection. */
    int LONGEST_STATE = 1 << 20;

    /**
     * Moves a connection as {@link #handOff(Channel)} does, and gives the next generation what it needs to go on: {@link
     * #stateOf} returns it there. The bytes are copied; what they mean is the application's business, as the classes of one
     * generation are not those of another. They do not go along to another process.
     *
     * @param state at most {@link #LONGEST_STATE} bytes
     * @throws IllegalArgumentException if there are more, or for the reasons of {@link #handOff(Channel)}
     * @throws IllegalStateException for the reasons of {@link #handOff(Channel)}
     */
    default void handOff(Channel connection, byte[] state) {
        handOff(connection);
    }

    /**
     * Returns a copy of what the former generation has given by {@link #handOff(Channel, byte[])} along with this
     * connection; empty if it came without.
     *
     * @throws IllegalArgumentException if the channel is no connection that this generation was given
     */
    default Optional<byte[]> stateOf(Channel connection) {
        return Optional.empty();
    }

    /**
     * Returns what is known about TLS of a connection where the supervisor ends it. It is there from the first bytes on that
     * the connection's handlers read, and until the channel is closed; a {@code channelActive} comes too early. May be asked
     * for a channel of a stream too, as Netty makes them for HTTP/2: the connection is its parent then.
     *
     * @return empty if the handshake is not done, if the supervisor ends no TLS on this connection, or without a supervisor
     */
    default Optional<TlsSession> tlsSession(Channel connection) {
        return Optional.empty();
    }
}
