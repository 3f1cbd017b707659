package dev.supervisor.admin;

import dev.supervisor.SupervisorException;
import dev.supervisor.socket.EventLoops;
import dev.supervisor.web.RequestHeads;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows the status of the supervisors of this process by HTTP/1.1, to people and to programs. It reads, and changes nothing.
 * It has an event loop and a socket of its own, so that no swap touches it and nobody who looks at it disturbs the
 * application. {@link Access} decides which requests are answered.
 *
 * <p>Thread-safe.
 */
public final class AdminServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

    /** For the request line, and for all headers together. */
    private static final int LONGEST_HEAD = 8 << 10;

    private static final Duration HEAD_WITHIN = Duration.ofSeconds(5);
    private static final Duration IDLE = Duration.ofSeconds(60);

    /** How many connections there may be, streams of events included. */
    private static final int MOST_CONNECTIONS = 16;

    /** How many more are told that there are too many, before others are closed without a word. */
    private static final int MOST_TOLD = 16;

    /** Of one connection: longer than a status, so that only a reader that stands still has that much waiting. */
    private static final int MOST_UNSENT = 256 << 10;

    private static final long TRIES_APART_MILLIS = 200;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("supervisor-admin", true), NioIoHandler.newFactory());
    private final EventLoop loop = loops.next();
    private final AdminOptions options;
    private final AdminPages pages;
    private final Access access;
    private final StatusStreams streams;

    /** Belongs to the event loop. */
    private int connections;

    private volatile InetSocketAddress address;

    private AdminServer(AdminOptions options, String version) {
        this.options = options;
        this.address = options.address();
        this.pages = new AdminPages(version);
        this.access = new Access(options.hosts(), options.tokenFile().map(TokenFile::open));
        this.streams = new StatusStreams(loop, pages::json);
    }

    /**
     * Binds the address. Nothing is ready until {@link #show} tells of the supervisors.
     *
     * @param version of the supervisor
     * @throws SupervisorException if the address can't be bound, or there is no usable token; its message says what to do
     */
    public static AdminServer open(AdminOptions options, String version) {
        AdminServer server = new AdminServer(options, version);
        ChannelFuture bound = server.bind().awaitUninterruptibly();
        if (!bound.isSuccess()) {
            server.close();
            throw new SupervisorException(
                    "can't bind " + AdminOptions.text(options.address()) + " for --admin: "
                            + String.valueOf(bound.cause().getMessage()).toLowerCase(Locale.ROOT)
                            + " (use another port, 0 picks a free one)",
                    bound.cause());
        }
        server.bound(bound.channel());
        return server;
    }

    /**
     * Binds the address as soon as that can be done: a process that this one replaces may still have it.
     *
     * @param given whether to go on; asked before each attempt
     * @throws SupervisorException if there is no usable token
     */
    public static AdminServer openSoon(AdminOptions options, String version, BooleanSupplier given) {
        AdminServer server = new AdminServer(options, version);
        server.tryToBind(given);
        return server;
    }

    private void tryToBind(BooleanSupplier given) {
        if (!given.getAsBoolean()) {
            return;
        }
        bind().addListener((ChannelFutureListener) bound -> {
            if (bound.isSuccess()) {
                bound(bound.channel());
            } else {
                var unused = loop.schedule(() -> tryToBind(given), TRIES_APART_MILLIS, TimeUnit.MILLISECONDS);
            }
        });
    }

    private ChannelFuture bind() {
        return new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childOption(
                        ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(MOST_UNSENT / 2, MOST_UNSENT))
                .childHandler(new Connected())
                .bind(options.address());
    }

    private void bound(Channel server) {
        address = (InetSocketAddress) server.localAddress();
    }

    /** Shows these from now on. */
    public void show(List<NamedSupervisor> supervisors) {
        pages.show(supervisors);
    }

    /** Returns where it listens. */
    public InetSocketAddress address() {
        return address;
    }

    /** Returns where people look. */
    public String url() {
        return "http://" + AdminOptions.text(address) + "/";
    }

    /** Closes all connections. */
    @Override
    public void close() {
        EventLoops.end(loops);
    }

    private final class Connected extends ChannelInitializer<Channel> {

        @Override
        protected void initChannel(Channel connection) {
            connections++;
            connection.closeFuture().addListener(closed -> connections--);
            if (connections > MOST_CONNECTIONS + MOST_TOLD) {
                connection.close().addListener(closed -> LOG.debug("too many connections"));
                return;
            }
            HeadTimeout timeout = new HeadTimeout(HEAD_WITHIN, IDLE);
            connection
                    .pipeline()
                    .addLast(
                            timeout,
                            RequestHeads.codec(LONGEST_HEAD),
                            connections > MOST_CONNECTIONS
                                    ? new Full()
                                    : new AdminHandler(pages, access, streams, timeout));
        }
    }

    /** Tells a client that there are too many. */
    static final class Full extends SimpleChannelInboundHandler<HttpObject> {

        private boolean told;

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
            if (told) {
                return;
            }
            told = true;
            byte[] text = "too many connections\n".getBytes(StandardCharsets.UTF_8);
            FullHttpResponse response = new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.SERVICE_UNAVAILABLE, Unpooled.wrappedBuffer(text));
            response.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                    .set(HttpHeaderNames.RETRY_AFTER, 1);
            HttpUtil.setContentLength(response, text.length);
            HttpUtil.setKeepAlive(response, false);
            context.writeAndFlush(response)
                    .addListener((ChannelFutureListener) written -> RequestHeads.closeLingering(written.channel()));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.debug("a connection too many has failed", cause);
            context.close().addListener(closed -> LOG.debug("closed"));
        }
    }
}
