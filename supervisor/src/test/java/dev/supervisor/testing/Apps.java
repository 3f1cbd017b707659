package dev.supervisor.testing;

/** The applications that most tests serve. Each build names a version, which its answers begin with. */
public final class Apps {

    private Apps() {}

    /**
     * HTTP by {@code listener.serve}: answers {@code VERSION gen=N n=REQUESTS}, where the last counts the requests that
     * this generation had on this connection. {@code /slow} answers in two parts, the second once another request has
     * asked for {@code /go}; so is {@code /last}, which closes the connection some time later; {@code /echo} sends the body back; {@code /close} ends the connection; {@code /stuck} never
     * returns after the first part of {@code /slow}.
     */
    public static final String HTTP = """
            package app;

            import dev.supervisor.spi.*;
            import io.netty.buffer.*;
            import io.netty.channel.*;
            import io.netty.handler.codec.http.*;
            import java.io.InputStream;
            import java.nio.charset.StandardCharsets;
            import java.util.concurrent.*;

            public class HttpApp implements Application {
                static final CompletableFuture<Void> GO = new CompletableFuture<>();

                public void start(ApplicationContext context) throws Exception {
                    String version;
                    try (InputStream file = HttpApp.class.getResourceAsStream("/version.txt")) {
                        version = new String(file.readAllBytes(), StandardCharsets.UTF_8);
                    }
                    for (Listener listener : context.listeners()) {
                        if (!listener.name().startsWith("http")) continue;
                        listener.serve(new ChannelInitializer<Channel>() {
                            protected void initChannel(Channel channel) {
                                channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(1 << 20),
                                        new Handler(version + " gen=" + context.generation()));
                            }
                        });
                    }
                }

                static final class Handler extends SimpleChannelInboundHandler<FullHttpRequest> {
                    final String name;
                    int requests;

                    Handler(String name) { this.name = name; }

                    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) throws Exception {
                        requests++;
                        switch (request.uri()) {
                            case "/slow" -> slow(context);
                            case "/go" -> { GO.complete(null); answer(context, request, "gone"); }
                            case "/echo" -> answer(context, request, request.content().toString(StandardCharsets.UTF_8));
                            case "/last" -> last(context, request);
                            case "/stuck" -> { slow(context); new CountDownLatch(1).await(); }
                            default -> answer(context, request, name + " n=" + requests);
                        }
                    }

                    void slow(ChannelHandlerContext context) {
                        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
                        HttpUtil.setTransferEncodingChunked(head, true);
                        context.write(head);
                        context.writeAndFlush(new DefaultHttpContent(Unpooled.copiedBuffer("begun by " + name, StandardCharsets.UTF_8)));
                        GO.thenRunAsync(() -> context.writeAndFlush(new DefaultLastHttpContent(
                                Unpooled.copiedBuffer(", ended by " + name, StandardCharsets.UTF_8))), context.executor());
                    }

                    void last(ChannelHandlerContext context, FullHttpRequest request) {
                        context.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.PROCESSING));
                        GO.thenRunAsync(() -> {
                            FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
                            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0).set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
                            context.writeAndFlush(response);
                            context.executor().schedule(() -> context.close(), 500, TimeUnit.MILLISECONDS);
                        }, context.executor());
                    }

                    void answer(ChannelHandlerContext context, HttpRequest request, String text) {
                        ByteBuf body = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
                        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
                        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
                        boolean keep = HttpUtil.isKeepAlive(request) && !request.uri().equals("/close");
                        HttpUtil.setKeepAlive(response, keep);
                        ChannelFuture written = context.writeAndFlush(response);
                        if (!keep) written.addListener(ChannelFutureListener.CLOSE);
                    }
                }
            }
            """;

    /** The same by a bootstrap of the application's own; {@code HttpApp.Handler} answers. */
    public static final String OWN_BOOTSTRAP = """
            package app;

            import dev.supervisor.spi.*;
            import io.netty.bootstrap.ServerBootstrap;
            import io.netty.channel.*;
            import io.netty.channel.nio.NioIoHandler;
            import io.netty.handler.codec.http.*;
            import java.nio.charset.StandardCharsets;

            public class OwnBootstrap implements Application {
                final EventLoopGroup own = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());

                public void start(ApplicationContext context) throws Exception {
                    String version = new String(
                            OwnBootstrap.class.getResourceAsStream("/version.txt").readAllBytes(), StandardCharsets.UTF_8);
                    boolean ownGroup = context.arguments().contains("--own-group");
                    new ServerBootstrap()
                            .group(ownGroup ? own : context.eventLoopGroup())
                            .channelFactory(context.listener()::open)
                            .option(ChannelOption.SO_BACKLOG, 17)
                            .option(ChannelOption.SO_REUSEADDR, true)
                            .option(ChannelOption.SO_RCVBUF, 4711)
                            .childOption(ChannelOption.TCP_NODELAY, true)
                            .childHandler(new ChannelInitializer<Channel>() {
                                protected void initChannel(Channel channel) {
                                    channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(1 << 20),
                                            new HttpApp.Handler(version + " gen=" + context.generation()));
                                }
                            })
                            .bind(1)
                            .sync();
                }

                public void close() {
                    own.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).awaitUninterruptibly();
                }
            }
            """;

    /** Lines over plain TCP on the listener {@code tcp}: each is answered by {@code VERSION gen=N: LINE}. */
    public static final String TCP = """
            package app;

            import dev.supervisor.spi.*;
            import io.netty.channel.*;
            import io.netty.handler.codec.LineBasedFrameDecoder;
            import io.netty.handler.codec.string.*;
            import java.nio.charset.StandardCharsets;

            public class TcpApp implements Application {
                public void start(ApplicationContext context) throws Exception {
                    String version = new String(
                            TcpApp.class.getResourceAsStream("/version.txt").readAllBytes(), StandardCharsets.UTF_8);
                    context.listener("tcp").serve(new ChannelInitializer<Channel>() {
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new LineBasedFrameDecoder(1000), new StringDecoder(), new StringEncoder(),
                                    new SimpleChannelInboundHandler<String>() {
                                        protected void channelRead0(ChannelHandlerContext context, String line) {
                                            context.writeAndFlush(version + " gen=" + GENERATION + ": " + line + "\\n");
                                        }

                                        public void userEventTriggered(ChannelHandlerContext context, Object event) {
                                            if (event == Superseded.INSTANCE) context.writeAndFlush("superseded\\n");
                                        }
                                    });
                        }
                    });
                    GENERATION = context.generation();
                }

                static volatile int GENERATION;
            }
            """;

    public static TestBuild http(String version) {
        return TestBuild.of(HTTP).withProvider("app.HttpApp").withResource("version.txt", version);
    }

    public static TestBuild ownBootstrap(String version) {
        return TestBuild.of(HTTP, OWN_BOOTSTRAP)
                .withProvider("app.OwnBootstrap")
                .withResource("version.txt", version);
    }

    public static TestBuild tcp(String version) {
        return TestBuild.of(TCP).withProvider("app.TcpApp").withResource("version.txt", version);
    }

    /** Its start runs this statement; {@code context} is there, and a failure of any kind is allowed. */
    public static TestBuild starting(String statement) {
        return TestBuild.of("""
                        package app;

                        import dev.supervisor.spi.*;

                        public class Special implements Application {
                            public void start(ApplicationContext context) throws Exception {
                                %s
                            }
                        }
                        """.formatted(statement)).withProvider("app.Special");
    }
}
