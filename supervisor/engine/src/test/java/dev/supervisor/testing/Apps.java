package dev.supervisor.testing;

import java.util.ArrayList;
import java.util.List;

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

                    static CompletableFuture<Void> go() { return GO; }

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

                    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) { context.close(); }

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

    private static final String DATAGRAMS = """
            package app;

            import dev.supervisor.spi.*;
            import io.netty.bootstrap.Bootstrap;
            import io.netty.buffer.Unpooled;
            import io.netty.channel.*;
            import io.netty.channel.socket.DatagramPacket;
            import java.nio.charset.StandardCharsets;
            import java.util.concurrent.*;

            public class DatagramApp implements Application {
                final CompletableFuture<Void> go = new CompletableFuture<>();
                String version;

                public void start(ApplicationContext context) throws Exception {
                    try (var file = DatagramApp.class.getResourceAsStream("/version.txt")) {
                        version = new String(file.readAllBytes(), StandardCharsets.UTF_8);
                    }
                    for (DatagramListener listener : context.datagramListeners()) {
                        if (context.arguments().contains("--own-bootstrap")) {
                            new Bootstrap().group(context.eventLoopGroup()).channelFactory(listener::open)
                                    .handler(new Handler()).bind(0).sync();
                        } else {
                            listener.serve(new Handler());
                        }
                    }
                }

                public void close() { go.complete(null); }

                final class Handler extends SimpleChannelInboundHandler<DatagramPacket> {
                    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) throws Exception {
                        String text = packet.content().toString(StandardCharsets.UTF_8);
                        var sender = packet.sender();
                        Runnable answer = () -> context.writeAndFlush(new DatagramPacket(
                                Unpooled.copiedBuffer(version + " " + text, StandardCharsets.UTF_8), sender));
                        if (text.equals("later")) {
                            go.thenRun(answer);
                        } else if (text.equals("block")) {
                            answer.run();
                            Thread.sleep(300);
                        } else {
                            answer.run();
                        }
                    }

                    public void userEventTriggered(ChannelHandlerContext context, Object event) {
                        if (event == Superseded.INSTANCE) {
                            go.complete(null);
                        }
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

    /**
     * By a bootstrap of the application's own, with all sorts of child options, an attribute, and many handlers behind the
     * codec; reads only when it is asked to: at the start, and when what was read is complete. Answers {@code VERSION gen=N PATH BODY},
     * compressed if the client wants that.
     */
    public static final String FULL = """
            package app;

            import dev.supervisor.spi.*;
            import io.netty.bootstrap.ServerBootstrap;
            import io.netty.buffer.Unpooled;
            import io.netty.channel.*;
            import io.netty.handler.codec.http.*;
            import io.netty.handler.flow.FlowControlHandler;
            import io.netty.handler.stream.ChunkedWriteHandler;
            import io.netty.util.AttributeKey;
            import java.nio.charset.StandardCharsets;

            public class Full implements Application {
                static final AttributeKey<String> NAME = AttributeKey.valueOf("app.name");

                public void start(ApplicationContext context) throws Exception {
                    String version = new String(
                            Full.class.getResourceAsStream("/version.txt").readAllBytes(), StandardCharsets.UTF_8);
                    new ServerBootstrap()
                            .group(context.eventLoopGroup())
                            .channelFactory(context.listener()::open)
                            .childOption(ChannelOption.AUTO_READ, false)
                            .childOption(ChannelOption.TCP_NODELAY, true)
                            .childOption(ChannelOption.SO_KEEPALIVE, true)
                            .childOption(ChannelOption.SO_LINGER, 5)
                            .childAttr(NAME, version + " gen=" + context.generation())
                            .childHandler(new ChannelInitializer<Channel>() {
                                protected void initChannel(Channel channel) {
                                    channel.pipeline().addLast(
                                            new HttpServerCodec(),
                                            new HttpServerExpectContinueHandler(),
                                            new HttpServerKeepAliveHandler(),
                                            new HttpContentDecompressor(0),
                                            new HttpContentCompressor(),
                                            new HttpObjectAggregator(1 << 20),
                                            new ChunkedWriteHandler(),
                                            new FlowControlHandler(),
                                            new Answer());
                                }
                            })
                            .bind(1)
                            .sync();
                }

                static final class Answer extends SimpleChannelInboundHandler<FullHttpRequest> {
                    public void channelActive(ChannelHandlerContext context) { context.read(); }

                    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
                        String text = context.channel().attr(NAME).get() + " " + request.uri() + " "
                                + request.content().toString(StandardCharsets.UTF_8);
                        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK,
                                Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
                        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
                        context.writeAndFlush(response);
                    }

                    public void channelReadComplete(ChannelHandlerContext context) { context.read(); }
                }
            }
            """;

    /**
     * HTTP/1.1, and HTTP/2 without TLS, by prior knowledge or upgrade: {@code HttpApp.Handler} answers the first, and of
     * the second each stream is answered by {@code VERSION gen=N}, one that asks for {@code /slow} once another stream or
     * connection has asked for {@code /go}.
     */
    public static final String HTTP2 = """
            package app;

            import dev.supervisor.spi.*;
            import io.netty.buffer.Unpooled;
            import io.netty.channel.*;
            import io.netty.handler.codec.http.*;
            import io.netty.handler.codec.http2.*;
            import io.netty.util.AsciiString;
            import java.nio.charset.StandardCharsets;

            public class Http2App implements Application {
                public void start(ApplicationContext context) throws Exception {
                    String name = new String(
                            Http2App.class.getResourceAsStream("/version.txt").readAllBytes(), StandardCharsets.UTF_8)
                            + " gen=" + context.generation();
                    context.listener().serve(new ChannelInitializer<Channel>() {
                        protected void initChannel(Channel channel) {
                            HttpServerCodec codec = new HttpServerCodec();
                            HttpServerUpgradeHandler upgrade = new HttpServerUpgradeHandler(codec, protocol ->
                                    AsciiString.contentEquals(Http2CodecUtil.HTTP_UPGRADE_PROTOCOL_NAME, protocol)
                                            ? new Http2ServerUpgradeCodec(frames(), streams(name)) : null, 1 << 20);
                            channel.pipeline().addLast(
                                    new CleartextHttp2ServerUpgradeHandler(codec, upgrade, new ChannelInitializer<Channel>() {
                                        protected void initChannel(Channel priorKnowledge) {
                                            priorKnowledge.pipeline().addLast(frames(), streams(name));
                                        }
                                    }),
                                    new HttpObjectAggregator(1 << 20),
                                    new HttpApp.Handler(name));
                        }
                    });
                }

                static Http2FrameCodec frames() {
                    return Http2FrameCodecBuilder.forServer().build();
                }

                static Http2MultiplexHandler streams(String name) {
                    return new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
                        protected void initChannel(Channel stream) {
                            stream.pipeline().addLast(new SimpleChannelInboundHandler<Http2HeadersFrame>() {
                                protected void channelRead0(ChannelHandlerContext context, Http2HeadersFrame request) {
                                    switch (request.headers().path().toString()) {
                                        case "/slow" -> HttpApp.Handler.go().thenRunAsync(() -> answer(context, name), context.executor());
                                        case "/go" -> { HttpApp.Handler.go().complete(null); answer(context, name); }
                                        default -> answer(context, name);
                                    }
                                }
                            });
                        }
                    });
                }

                static void answer(ChannelHandlerContext context, String text) {
                    context.write(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200"), false));
                    context.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8), true));
                }
            }
            """;

    /**
     * HTTP/2 or HTTP/1.1 over TLS, with the key in the PKCS #12 file of the first argument, whose password is
     * {@code secret}; {@code Http2App} and {@code HttpApp.Handler} answer.
     */
    public static final String TLS = """
            package app;

            import dev.supervisor.spi.*;
            import io.netty.channel.*;
            import io.netty.handler.codec.http.*;
            import io.netty.handler.codec.http2.*;
            import io.netty.handler.ssl.*;
            import java.io.InputStream;
            import java.nio.charset.StandardCharsets;
            import java.nio.file.*;
            import java.security.KeyStore;
            import javax.net.ssl.KeyManagerFactory;

            public class TlsApp implements Application {
                public void start(ApplicationContext context) throws Exception {
                    String name = new String(
                            TlsApp.class.getResourceAsStream("/version.txt").readAllBytes(), StandardCharsets.UTF_8)
                            + " gen=" + context.generation();
                    KeyStore keys = KeyStore.getInstance("PKCS12");
                    try (InputStream file = Files.newInputStream(Path.of(context.arguments().get(0)))) {
                        keys.load(file, "secret".toCharArray());
                    }
                    KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                    managers.init(keys, "secret".toCharArray());
                    SslContext tls = SslContextBuilder.forServer(managers)
                            .sslProvider(SslProvider.JDK)
                            .applicationProtocolConfig(new ApplicationProtocolConfig(
                                    ApplicationProtocolConfig.Protocol.ALPN,
                                    ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                                    ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                                    ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1))
                            .build();
                    context.listener().serve(new ChannelInitializer<Channel>() {
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(tls.newHandler(channel.alloc()),
                                    new ApplicationProtocolNegotiationHandler(ApplicationProtocolNames.HTTP_1_1) {
                                        protected void configurePipeline(ChannelHandlerContext negotiated, String protocol) {
                                            ChannelPipeline pipeline = negotiated.pipeline();
                                            if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                                                pipeline.addLast(Http2App.frames(), Http2App.streams(name));
                                            } else {
                                                pipeline.addLast(new HttpServerCodec(), new HttpObjectAggregator(1000),
                                                        new HttpApp.Handler(name));
                                            }
                                        }
                                    });
                        }
                    });
                }
            }
            """;

    /** A WebSocket at {@code /ws} that echoes each text after {@code VERSION gen=N: }; the rest is {@code HttpApp}'s. */
    public static final String WEB_SOCKET = """
            package app;

            import dev.supervisor.spi.*;
            import io.netty.channel.*;
            import io.netty.handler.codec.http.*;
            import io.netty.handler.codec.http.websocketx.*;
            import java.nio.charset.StandardCharsets;

            public class WebSocketApp implements Application {
                public void start(ApplicationContext context) throws Exception {
                    String name = new String(
                            WebSocketApp.class.getResourceAsStream("/version.txt").readAllBytes(), StandardCharsets.UTF_8)
                            + " gen=" + context.generation();
                    context.listener().serve(new ChannelInitializer<Channel>() {
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(1 << 20),
                                    new WebSocketServerProtocolHandler("/ws"),
                                    new SimpleChannelInboundHandler<TextWebSocketFrame>() {
                                        protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame) {
                                            context.writeAndFlush(new TextWebSocketFrame(name + ": " + frame.text()));
                                        }
                                    },
                                    new HttpApp.Handler(name));
                        }
                    });
                }
            }
            """;

    /**
     * Lines over plain TCP that hand off: each is answered by {@code VERSION gen=N: LINE}. When it is superseded, the
     * connection is handed off, unless {@code stay} was its last line; then it says so, and the next line hands it off, once it is answered.
     * {@code early}, {@code stranger}, {@code pending} and {@code elsewhere} misuse it and are answered by the exception.
     */
    public static final String HAND_OFF = """
            package app;

            import dev.supervisor.spi.*;
            import io.netty.channel.*;
            import io.netty.handler.codec.LineBasedFrameDecoder;
            import io.netty.handler.codec.string.*;
            import java.nio.charset.StandardCharsets;

            public class HandOffApp implements Application {
                public void start(ApplicationContext context) throws Exception {
                    String name = new String(
                            HandOffApp.class.getResourceAsStream("/version.txt").readAllBytes(), StandardCharsets.UTF_8)
                            + " gen=" + context.generation();
                    context.listener("tcp").serve(new ChannelInitializer<Channel>() {
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new LineBasedFrameDecoder(1000), new StringDecoder(), new StringEncoder(),
                                    new Lines(context, name));
                        }
                    });
                }

                static final class Lines extends SimpleChannelInboundHandler<String> {
                    final ApplicationContext supervisor;
                    final String name;
                    boolean stay, superseded;

                    Lines(ApplicationContext supervisor, String name) { this.supervisor = supervisor; this.name = name; }

                    protected void channelRead0(ChannelHandlerContext context, String line) throws Exception {
                        stay = line.equals("stay");
                        switch (line) {
                            case "early", "stranger" -> context.writeAndFlush(attempt(line, context) + "\\n");
                            case "pending" -> {
                                context.write("written before; ");
                                context.writeAndFlush(attempt(line, context) + "\\n");
                            }
                            case "elsewhere" -> new Thread(() -> context.writeAndFlush(attempt(line, context) + "\\n")).start();
                            default -> {
                                ChannelFuture written = context.writeAndFlush(name + ": " + line + "\\n");
                                if (superseded && !stay) written.addListener(done -> supervisor.handOff(context.channel()));
                            }
                        }
                    }

                    String attempt(String line, ChannelHandlerContext context) {
                        try {
                            supervisor.handOff(line.equals("stranger")
                                    ? new io.netty.channel.embedded.EmbeddedChannel() : context.channel());
                            return "handed off";
                        } catch (IllegalStateException | IllegalArgumentException e) {
                            return e.getClass().getSimpleName() + ": " + e.getMessage();
                        }
                    }

                    public void userEventTriggered(ChannelHandlerContext context, Object event) {
                        if (event == Superseded.INSTANCE) {
                            superseded = true;
                            if (stay) context.writeAndFlush("superseded\\n");
                            else supervisor.handOff(context.channel());
                        }
                    }
                }
            }
            """;

    /**
     * Keeps the body of a request in a file, and answers by that file as Netty sends it without copying: {@code x-who} is
     * the version, that of TLS, and the protocol agreed on by ALPN.
     */
    private static final String FILES = """
            package app;

            import dev.supervisor.spi.*;
            import io.netty.channel.*;
            import io.netty.handler.codec.http.*;
            import java.io.*;
            import java.nio.charset.StandardCharsets;
            import java.nio.file.*;

            public class Files implements Application {
                public void start(ApplicationContext context) throws Exception {
                    String version = new String(
                            Files.class.getResourceAsStream("/version.txt").readAllBytes(), StandardCharsets.UTF_8);
                    context.listener().serve(new ChannelInitializer<Channel>() {
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new HttpServerCodec(), new Handler(context, version));
                        }
                    });
                }

                static final class Handler extends SimpleChannelInboundHandler<HttpObject> {
                    final ApplicationContext context;
                    final String version;
                    File file;
                    OutputStream out;

                    Handler(ApplicationContext context, String version) {
                        this.context = context;
                        this.version = version;
                    }

                    protected void channelRead0(ChannelHandlerContext channel, HttpObject part) throws Exception {
                        if (part instanceof HttpRequest) {
                            file = File.createTempFile("body", ".tmp");
                            out = new BufferedOutputStream(new FileOutputStream(file));
                        }
                        if (part instanceof HttpContent content) {
                            content.content().readBytes(out, content.content().readableBytes());
                        }
                        if (part instanceof LastHttpContent) {
                            out.close();
                            answer(channel);
                        }
                    }

                    void answer(ChannelHandlerContext channel) throws IOException {
                        String tls = context.tlsSession(channel.channel())
                                .map(it -> " " + it.session().getProtocol() + " " + it.applicationProtocol().orElse("none"))
                                .orElse("");
                        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
                        HttpUtil.setContentLength(head, file.length());
                        head.headers().set("x-who", version + tls);
                        channel.write(head);
                        FileRegion region = new DefaultFileRegion(new RandomAccessFile(file, "r").getChannel(), 0, file.length());
                        file.delete();
                        channel.write(region);
                        channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
                    }
                }
            }
            """;

    public static TestBuild files(String version) {
        return TestBuild.of(FILES).withProvider("app.Files").withResource("version.txt", version);
    }

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

    /**
     * Answers each datagram {@code VERSION TEXT}: {@code later} only when the generation has been superseded; after {@code
     * block} it takes nothing else for a while. With the argument {@code --own-bootstrap} by a bootstrap of its own.
     */
    public static TestBuild datagrams(String version) {
        return TestBuild.of(DATAGRAMS).withProvider("app.DatagramApp").withResource("version.txt", version);
    }

    public static TestBuild full(String version) {
        return TestBuild.of(FULL).withProvider("app.Full").withResource("version.txt", version);
    }

    public static TestBuild http2(String version) {
        return TestBuild.of(HTTP, HTTP2).withProvider("app.Http2App").withResource("version.txt", version);
    }

    public static TestBuild tls(String version) {
        return TestBuild.of(HTTP, HTTP2, TLS).withProvider("app.TlsApp").withResource("version.txt", version);
    }

    public static TestBuild webSocket(String version) {
        return TestBuild.of(HTTP, WEB_SOCKET).withProvider("app.WebSocketApp").withResource("version.txt", version);
    }

    public static TestBuild handOff(String version) {
        return TestBuild.of(HAND_OFF).withProvider("app.HandOffApp").withResource("version.txt", version);
    }

    /** Has these members, and its start runs these statements; much is imported. Serves nothing by itself. */
    public static TestBuild with(String members, String start, String... moreSources) {
        List<String> sources = new ArrayList<>(List.of(moreSources));
        sources.add("""
                        package app;

                        import dev.supervisor.spi.*;
                        import io.netty.channel.*;
                        import io.netty.channel.nio.NioIoHandler;
                        import io.netty.util.AttributeKey;
                        import io.netty.util.HashedWheelTimer;
                        import io.netty.util.concurrent.FastThreadLocal;
                        import io.netty.util.concurrent.GlobalEventExecutor;
                        import java.io.*;
                        import java.lang.management.*;
                        import java.net.*;
                        import java.nio.file.*;
                        import java.security.*;
                        import java.sql.*;
                        import java.util.*;
                        import java.util.concurrent.*;
                        import java.util.concurrent.atomic.*;
                        import java.util.function.*;
                        import java.util.logging.Handler;
                        import java.util.logging.LogRecord;
                        import java.util.stream.*;
                        import javax.management.*;

                        public class Leaking implements Application {
                            static final Object STATIC = new Leaking();


                            static void check(boolean condition, Object otherwise) {
                                if (!condition) throw new AssertionError(otherwise);
                            }

                            %s

                            public void start(ApplicationContext context) throws Exception {
                                %s
                            }
                        }
                        """.formatted(members, start));
        return TestBuild.of(sources.toArray(String[]::new)).withProvider("app.Leaking");
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
