package dev.supervisor.spi;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Runs an application without the supervisor, from a {@code main} of its own:
 *
 * <pre>{@code
 * public static void main(String[] args) {
 *     Standalone.run(new DemoApplication(), args);
 * }
 * }</pre>
 *
 * <p>Each listener is the first of these that there is:
 *
 * <ol>
 *   <li>the socket that the parent process has passed for it, by the protocol of systemd and systemfd ({@link
 *       PassedDescriptor}): the one of its name, or else the next one without a name;
 *   <li>a socket that is bound to the address in the system property {@code listen.address.NAME} or in the variable {@code
 *       LISTEN_ADDRESS_NAME}: {@code PORT} on 127.0.0.1, {@code HOST:PORT}, {@code [IPV6]:PORT}, or the path of a Unix
 *       socket, with a slash in it;
 *   <li>a socket that is bound to the address in the code, which is 127.0.0.1:8888 for the listener {@code http} if the
 *       code names no listener.
 * </ol>
 *
 * <p>The event loops are those of NIO, unless a socket was passed: these need Linux and Netty's epoll transport ({@code
 * netty-transport-native-epoll}, which {@code netty-all} contains), whose event loops serve all listeners then.
 *
 * <p>The context is that of generation 1. No generation follows: {@link ApplicationContext#handOff} throws an exception,
 * and {@link Superseded} says that the process ends. HTTP/1.1 connections whose pipeline has an {@code HttpServerCodec}
 * from the beginning close by themselves after that, when each request has its response.
 */
public final class Standalone implements AutoCloseable {

    private static final String DEFAULT_NAME = "http";
    private static final int DEFAULT_PORT = 8888;

    private static final Duration LOOPS_TIMEOUT = Duration.ofSeconds(5);

    private final AcceptedConnections connections = new AcceptedConnections();
    private final AtomicBoolean ending = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final EventLoopGroup loops;
    private final List<StandaloneListener> listeners;
    private final Duration drainTimeout;

    /** Null until it has started. */
    private volatile @Nullable Application application;

    private Standalone(StandaloneSockets opened, Duration drainTimeout) {
        this.loops = new MultiThreadIoEventLoopGroup(
                0,
                new DefaultThreadFactory("standalone-loop"),
                opened.transport().loopFactory());
        this.listeners = opened.sockets().entrySet().stream()
                .map(each -> new StandaloneListener(each.getKey(), each.getValue(), loops, connections))
                .toList();
        this.drainTimeout = drainTimeout;
    }

    /**
     * Runs an application with one listener, {@code http}, on 127.0.0.1:8888; see {@link Builder#run}.
     *
     * @param arguments those of the context
     */
    public static void run(Application application, String... arguments) {
        new Builder().run(application, arguments);
    }

    /**
     * Starts an application with one listener, {@code http}, on 127.0.0.1:8888; see {@link Builder#start}.
     *
     * @param arguments those of the context
     */
    public static Standalone start(Application application, String... arguments) throws Exception {
        return new Builder().start(application, arguments);
    }

    /**
     * Names the first listener, on 127.0.0.1; see {@link Builder#listen(String, int)}.
     *
     * @param port 0 lets the system pick one
     */
    public static Builder listen(String name, int port) {
        return new Builder().listen(name, port);
    }

    /** Names the first listener; see {@link Builder#listen(String, SocketAddress)}. */
    public static Builder listen(String name, SocketAddress address) {
        return new Builder().listen(name, address);
    }

    /**
     * Returns the address that a listener is bound to.
     *
     * @throws java.util.NoSuchElementException if there is none of this name; its message lists the names
     */
    public SocketAddress address(String name) {
        return context(List.of()).listener(name).address();
    }

    private StandaloneContext context(List<String> arguments) {
        return new StandaloneContext(List.copyOf(listeners), loops, arguments);
    }

    /** Starts the application, and accepts connections from then on. */
    void begin(Application toStart, String... arguments) throws Exception {
        toStart.start(context(List.of(arguments)));
        application = toStart;
        listeners.forEach(StandaloneListener::accept);
    }

    /**
     * Stops accepting, fires {@link Superseded} into the open connections, waits until they have closed or the drain
     * timeout has passed, and ends the application and the event loops. A further call waits until the first one has
     * returned. Must not be called on an event loop.
     *
     * @throws IllegalStateException if {@link Application#close} has failed; all has ended in this case, too
     */
    @Override
    public void close() {
        if (!ending.compareAndSet(false, true)) {
            awaitEnd();
            return;
        }
        try {
            listeners.forEach(StandaloneListener::close);
            connections.drain(drainTimeout);
            closeApplication();
        } finally {
            loops.shutdownGracefully(0, LOOPS_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .awaitUninterruptibly(LOOPS_TIMEOUT.multipliedBy(2).toMillis());
            ended.countDown();
        }
    }

    /** Does nothing during {@link #close}, which an exit cuts short. */
    void closeUnlessEnding() {
        if (!ending.get()) {
            close();
        }
    }

    private void awaitEnd() {
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeApplication() {
        Application started = application;
        try {
            if (started != null) {
                started.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException("the application failed to close: " + e, e);
        }
    }

    /** The listeners of an application, and how it ends. */
    public static final class Builder {

        private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(10);

        private final Map<String, SocketAddress> addresses = new LinkedHashMap<>();
        private Duration drainTimeout = DRAIN_TIMEOUT;

        private Builder() {}

        /**
         * Adds a listener on 127.0.0.1.
         *
         * @param port 0 lets the system pick one
         * @throws IllegalArgumentException if the port is none, or there is a listener of this name
         */
        public Builder listen(String name, int port) {
            return listen(name, new InetSocketAddress(NetUtil.LOCALHOST4, port));
        }

        /**
         * Adds a listener.
         *
         * @param address an {@link InetSocketAddress}, or a {@link UnixDomainSocketAddress}, whose file is deleted at
         *     the end
         * @throws IllegalArgumentException if the address is another one, or there is a listener of this name
         */
        public Builder listen(String name, SocketAddress address) {
            if (!(address instanceof InetSocketAddress) && !(address instanceof UnixDomainSocketAddress)) {
                throw new IllegalArgumentException("can't listen on " + address + ": it is a "
                        + address.getClass().getName() + ", and neither of TCP nor of a Unix socket");
            }
            if (addresses.putIfAbsent(name, address) != null) {
                throw new IllegalArgumentException(
                        "two listeners are named '" + name + "': give each a name of its own");
            }
            return this;
        }

        /** Sets how long connections may take to finish at the end: 10 s by default. */
        public Builder drainTimeout(Duration timeout) {
            drainTimeout = timeout;
            return this;
        }

        /**
         * Runs an application until the process gets TERM or INT, then ends it as {@link Standalone#close} does, and the
         * process with exit code 0; a second signal ends the process at once. An exit by {@link System#exit} ends the
         * application likewise. If a socket can't be opened, or the start or the end of the application fails, that is
         * printed to the standard error, and the exit code is 1. Does not return.
         *
         * @param arguments those of the context
         */
        public void run(Application application, String... arguments) {
            System.exit(StandaloneProcess.run(this, application, arguments));
        }

        /**
         * Starts an application. It accepts connections when this returns.
         *
         * @param arguments those of the context
         * @throws IOException if a socket can't be opened
         * @throws IllegalArgumentException if a variable or a system property has a wrong value
         * @throws Exception of {@link Application#start}; all that was opened has been closed
         */
        public Standalone start(Application application, String... arguments) throws Exception {
            return start(System.getenv(), application, arguments);
        }

        Standalone start(Map<String, String> environment, Application application, String... arguments)
                throws Exception {
            Standalone standalone = open(environment);
            try {
                standalone.begin(application, arguments);
                return standalone;
            } catch (Throwable e) {
                standalone.close();
                throw e;
            }
        }

        /** Returns the names of the listeners, when the sockets have been opened. */
        Set<String> listeners() {
            return addresses.keySet();
        }

        /** Opens the sockets only. */
        Standalone open(Map<String, String> environment) throws IOException {
            if (addresses.isEmpty()) {
                listen(DEFAULT_NAME, DEFAULT_PORT);
            }
            return new Standalone(StandaloneSockets.open(addresses, environment, System.getProperties()), drainTimeout);
        }
    }
}
