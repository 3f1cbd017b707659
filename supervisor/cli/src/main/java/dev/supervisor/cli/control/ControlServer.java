package dev.supervisor.cli.control;

import dev.supervisor.admin.HeadTimeout;
import dev.supervisor.client.RuntimeDirectory;
import dev.supervisor.process.SupervisorThreads;
import dev.supervisor.socket.EventLoops;
import dev.supervisor.web.RequestHeads;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens at the control socket. Its file has the mode 0600, in a directory that only this user can enter; who connects all
 * the same must be this user or root. If somebody deletes the file, it is made anew. Thread-safe.
 */
public final class ControlServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

    private static final int LONGEST_HEAD = 8 << 10;
    private static final int LONGEST_BODY = 1 << 20;
    private static final Duration REQUEST_WITHIN = Duration.ofSeconds(5);
    private static final Duration LOOKS_APART = Duration.ofSeconds(2);
    private static final Duration THREADS_LIVE = Duration.ofSeconds(10);

    /** How many connections there may be, those of followers included. */
    private static final int MOST_CONNECTIONS = 16;

    /** How many more are told that there are too many, before others are closed without a word. */
    private static final int MOST_TOLD = 16;

    private static final String PRIVATE = "rw-------";
    private static final String ROOT = "root";
    private static final ChannelOption<UnixDomainPrincipal> PEER =
            NioChannelOption.of(ExtendedSocketOptions.SO_PEERCRED);

    private final Map<String, String> environment;
    private final ControlRoutes routes;
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("supervisor-control", true), NioIoHandler.newFactory());
    private final AtomicInteger threads = new AtomicInteger();
    private final ThreadPoolExecutor background = new ThreadPoolExecutor(
            0,
            MOST_CONNECTIONS,
            THREADS_LIVE.toNanos(),
            TimeUnit.NANOSECONDS,
            new SynchronousQueue<>(),
            task -> SupervisorThreads.thread("supervisor-control-" + threads.incrementAndGet(), task));

    // Guarded by this.
    private @Nullable Channel server;
    private @Nullable Object file;
    private boolean closed;

    /** Whether the last attempt to listen has failed, which has been said. */
    private boolean failing;

    /** Belongs to the event loop. */
    private int connections;

    private ControlServer(Map<String, String> environment, ControlRoutes routes) {
        this.environment = environment;
        this.routes = routes;
    }

    /**
     * Listens, if that is possible; otherwise it is tried again and again, and logged once.
     *
     * @param environment of this process
     */
    public static ControlServer open(Map<String, String> environment, SteeredProcess process, EventFeed feed) {
        ControlServer control = new ControlServer(environment, ControlEndpoints.routes(process, feed));
        control.look();
        var unused = control.loops.scheduleWithFixedDelay(
                control::look, LOOKS_APART.toNanos(), LOOKS_APART.toNanos(), TimeUnit.NANOSECONDS);
        return control;
    }

    /** Listens, unless it does, and its file is there. */
    private synchronized void look() {
        if (closed) {
            return;
        }
        try {
            Path path = path();
            if (server != null && Objects.equals(key(path), file)) {
                return;
            }
            if (server != null) {
                LOG.warn("the control socket {} was deleted by somebody else: making it anew", path);
            }
            listen();
            failing = false;
        } catch (IOException | RuntimeException e) { // RuntimeException: a system without POSIX files
            if (!failing) {
                LOG.warn(
                        "there is no control socket, so that 'supervisor status' and the like can't reach this process:"
                                + " {} (set XDG_RUNTIME_DIR to a directory of this user, or give --no-control)",
                        e.toString());
            }
            failing = true;
        }
    }

    private Path path() {
        return RuntimeDirectory.pathOf(environment)
                .resolve(RuntimeDirectory.nameOf(ProcessHandle.current().pid()));
    }

    /** The first time by the caller of {@link #open}, and later by the event loop, so that a close is over when it returns. */
    private void listen() throws IOException {
        Channel former = server;
        server = null;
        if (former != null) {
            former.close().addListener(done -> LOG.debug("closed the former control socket"));
        }
        RuntimeDirectory directory = RuntimeDirectory.of(environment);
        List<Long> unused = directory.processes(); // removes the sockets of the ones that were killed
        Path path = directory.control(ProcessHandle.current().pid());
        Files.deleteIfExists(path); // of a process that had the same id
        ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            socket.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(PRIVATE));
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
        Channel listening = new NioServerDomainSocketChannel(socket);
        listening.pipeline().addLast(new Accepting(Files.getOwner(path).getName()));
        file = key(path);
        server = listening;
        loops.register(listening).addListener(registered -> LOG.debug("listens at {}", path));
    }

    private static @Nullable Object key(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
        } catch (IOException e) {
            return null;
        }
    }

    /** Takes no more requests; those that are being answered go on. From any thread but the event loop. */
    public void stopListening() {
        Channel listening;
        synchronized (this) {
            closed = true;
            listening = server;
            server = null;
        }
        if (listening != null) {
            listening.close().awaitUninterruptibly(); // which deletes the file
        }
    }

    /** Closes all connections, too. */
    @Override
    public void close() {
        stopListening();
        background.shutdown();
        EventLoops.end(loops);
    }

    /** Makes connections of the sockets that come. */
    private final class Accepting extends ChannelInboundHandlerAdapter {

        private final Set<String> allowed;

        /** @param user who may connect besides root */
        Accepting(String user) {
            this.allowed = Stream.of(user, ROOT).collect(Collectors.toSet());
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object accepted) {
            Channel connection = (Channel) accepted;
            String user = userOf(connection);
            if (!allowed.contains(user)) {
                LOG.warn("the user '{}' may not use the control socket", user);
                connection.unsafe().closeForcibly();
                return;
            }
            connection.pipeline().addLast(new Connected());
            loops.register(connection).addListener(registered -> LOG.debug("a client of the control socket"));
        }
    }

    /** Returns the name of the user at the other end; empty if the system does not tell. */
    private static String userOf(Channel connection) {
        try {
            UnixDomainPrincipal peer = connection.config().getOption(PEER);
            return peer == null ? "" : peer.user().getName();
        } catch (RuntimeException e) {
            LOG.debug("can't tell the user of a client", e);
            return "";
        }
    }

    private final class Connected extends ChannelInitializer<Channel> {

        @Override
        protected void initChannel(Channel connection) {
            connections++;
            connection.closeFuture().addListener(closing -> connections--);
            if (connections > MOST_CONNECTIONS + MOST_TOLD) {
                connection.close().addListener(closing -> LOG.debug("too many connections"));
                return;
            }
            HeadTimeout timeout = new HeadTimeout(REQUEST_WITHIN, REQUEST_WITHIN);
            connection
                    .pipeline()
                    .addLast(
                            timeout,
                            RequestHeads.codec(LONGEST_HEAD),
                            new Bodies(),
                            connections > MOST_CONNECTIONS
                                    ? new Full()
                                    : new ControlHandler(routes, background, timeout));
        }
    }

    /** Makes whole requests of their parts. */
    private static final class Bodies extends HttpObjectAggregator {

        Bodies() {
            super(LONGEST_BODY);
        }

        @Override
        protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
            ControlHandler.send(
                    context.channel(),
                    ControlAnswer.error(
                            HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                            "the body of the request is longer than 1 MB",
                            ControlAnswer.WRONG_USAGE),
                    false);
        }
    }

    /** Tells a client that there are too many. */
    static final class Full extends SimpleChannelInboundHandler<FullHttpRequest> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
            ControlHandler.send(
                    context.channel(),
                    ControlAnswer.error(
                            HttpResponseStatus.SERVICE_UNAVAILABLE,
                            "there are " + MOST_CONNECTIONS + " connections already, and there may be no more",
                            ControlAnswer.UNKNOWN),
                    AcceptedTypes.prefersText(request.headers().getAll(HttpHeaderNames.ACCEPT)));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.debug("a connection too many has failed", cause);
            context.close().addListener(closed -> LOG.debug("closed"));
        }
    }
}
