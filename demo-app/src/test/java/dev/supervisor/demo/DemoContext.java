package dev.supervisor.demo;

import dev.supervisor.spi.ApplicationContext;
import dev.supervisor.spi.Listener;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * What a supervisor with one listener would lend to a generation.
 *
 * @param states of the connections that a generation hands off, or gets
 */
record DemoContext(int generation, EventLoopGroup eventLoopGroup, Listener listener, Map<Channel, byte[]> states)
        implements ApplicationContext {

    DemoContext(int generation, EventLoopGroup eventLoopGroup, Listener listener) {
        this(generation, eventLoopGroup, listener, new HashMap<>());
    }

    @Override
    public List<Listener> listeners() {
        return List.of(listener);
    }

    @Override
    public Listener listener(String name) {
        if (name.equals(listener.name())) {
            return listener;
        }
        throw new NoSuchElementException("no listener " + name + ", there is " + listener.name());
    }

    @Override
    public List<String> arguments() {
        return List.of();
    }

    @Override
    public void handOff(Channel connection) {
        throw new UnsupportedOperationException("an HTTP connection moves by itself");
    }

    @Override
    public void handOff(Channel connection, byte[] state) {
        states.put(connection, state);
    }

    @Override
    public Optional<byte[]> stateOf(Channel connection) {
        return Optional.ofNullable(states.get(connection));
    }
}
