package dev.supervisor.demo;

import dev.supervisor.spi.ApplicationContext;
import dev.supervisor.spi.Listener;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.util.List;
import java.util.NoSuchElementException;

/** What a supervisor with one listener would lend to a generation. */
record DemoContext(int generation, EventLoopGroup eventLoopGroup, Listener listener) implements ApplicationContext {

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
}
