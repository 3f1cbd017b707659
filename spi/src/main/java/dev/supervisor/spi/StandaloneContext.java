package dev.supervisor.spi;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;

/** The only generation of an application that runs without the supervisor. */
record StandaloneContext(List<Listener> listeners, EventLoopGroup eventLoopGroup, List<String> arguments)
        implements ApplicationContext {

    @Override
    public int generation() {
        return 1;
    }

    @Override
    public Listener listener() {
        return listeners.get(0);
    }

    @Override
    public Listener listener(String name) {
        return listeners.stream()
                .filter(listener -> listener.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("there is no listener '" + name + "', there is "
                        + listeners.stream().map(Listener::name).collect(Collectors.joining(", "))));
    }

    @Override
    public void handOff(Channel connection) {
        throw new IllegalStateException(
                "can't hand off " + connection + ": without the supervisor no other generation takes over");
    }
}
