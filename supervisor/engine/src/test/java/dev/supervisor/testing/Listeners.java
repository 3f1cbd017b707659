package dev.supervisor.testing;

import dev.supervisor.SocketSpec;
import dev.supervisor.SupervisorOptions.Binding;
import dev.supervisor.socket.BoundSocket;
import dev.supervisor.socket.Gate;
import dev.supervisor.socket.ListeningSocket;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

/** Listening sockets of tests without a supervisor. */
public final class Listeners {

    private static final int BACKLOG = 16;
    private static final int MAX_HELD = 100;

    private Listeners() {}

    public static ListeningSocket bind(SocketSpec spec, EventLoop loop) {
        BoundSocket bound = BoundSocket.bind(spec, BACKLOG, Binding.DEFAULT);
        ListeningSocket listener =
                ListeningSocket.open(spec, bound, loop, new Gate.Limits(MAX_HELD, Duration.ofMinutes(1)));
        listener.begin();
        return listener;
    }

    /** Connects to a socket of TCP. */
    public static Socket connect(ListeningSocket listener) throws IOException {
        return new Socket(addressOf(listener).getAddress(), addressOf(listener).getPort());
    }

    /** Returns the address of a socket of TCP. */
    public static InetSocketAddress addressOf(ListeningSocket listener) {
        return (InetSocketAddress) listener.address();
    }
}
