package dev.supervisor.calls;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.NetworkChannel;

/** A channel that an application has opened: it keeps its descriptor and its port until it is closed. */
record OpenedChannel(Channel channel, String kind) implements OpenedResource {

    /**
     * Notes a channel as opened by the calling class's generation, and returns the channel.
     *
     * @param kind the name of the channel's type, as the application's author knows it
     */
    static <C extends Channel> C by(Class<?> caller, C channel, String kind) {
        CallingGeneration.of(caller)
                .ifPresent(callingGeneration -> callingGeneration.opened(new OpenedChannel(channel, kind)));
        return channel;
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws Exception {
        channel.close();
    }

    @Override
    public String description() {
        return kind + address() + " was never closed";
    }

    private String address() {
        try {
            return channel instanceof NetworkChannel bound && bound.getLocalAddress() != null
                    ? " of " + bound.getLocalAddress()
                    : "";
        } catch (IOException e) {
            return "";
        }
    }
}
