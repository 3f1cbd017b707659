package dev.supervisor.testing;

import dev.supervisor.SupervisorOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Builds that pass a check, or don't: as an application of the SPI, and as a program whose port is its first argument. Each answers
 * {@code GET /} with its version.
 */
public final class TriedBuilds {

    /** What is wrong with a build. */
    public enum Fault {
        NONE,
        /** Answers {@code /health} by 500 and a text. */
        ANSWERS_500,
        /** Never answers {@code /health}. */
        HANGS,
        /** Closes the connection at {@code /health}. */
        CLOSES,
        THROWS_IN_START,
        /** Answers {@code /health} well, and each second other request by 500. */
        ANSWERS_500_LATER,
        /** Answers {@code /health} well, and closes the connection at each second other request. */
        CLOSES_LATER,
        /** Answers {@code /health} well, and exits at the 30th other request. */
        EXITS_LATER
    }

    /** What is built, and how it gets its connections. */
    public enum Kind {
        APPLICATION,
        PROGRAM,
        /** A program to which connections are relayed. */
        RELAYED;

        public TestBuild build(String version, Fault fault) {
            return build(version, fault, Path.of(""));
        }

        /** @param lost gets a byte for each connection that is closed without an answer */
        public TestBuild build(String version, Fault fault, Path lost) {
            TestBuild build = this == APPLICATION
                    ? TestBuild.of(DECISIONS, APPLICATION_SOURCE).withProvider("tried.TriedApp")
                    : TestBuild.of(DECISIONS, PROGRAM_SOURCE).withMainClass("tried.Main");
            return build.withResource("version.txt", version)
                    .withResource("fault.txt", fault.name())
                    .withResource("lost.txt", lost.toString());
        }

        /** Runs a supervisor of such a build. */
        public Running run(Path jar, UnaryOperator<SupervisorOptions.Builder> more) throws IOException {
            int port = FreePort.find();
            return Running.with(
                    jar,
                    options -> more.apply(
                            options.port(port).relay(this == RELAYED).arguments(List.of(Integer.toString(port)))));
        }
    }

    /** What both kinds of builds do. {@code lost.txt} names a file that gets a byte for each connection that is closed. */
    private static final String DECISIONS = """
            package tried;

            import java.io.InputStream;
            import java.nio.charset.StandardCharsets;
            import java.nio.file.*;
            import java.util.concurrent.atomic.AtomicInteger;

            public class Decisions {
                static final int HANG = -1, CLOSE = -2;
                static final String VERSION = text("/version.txt");
                static final String FAULT = text("/fault.txt");
                static final AtomicInteger REQUESTS = new AtomicInteger();

                static String text(String name) {
                    try (InputStream file = Decisions.class.getResourceAsStream(name)) {
                        return new String(file.readAllBytes(), StandardCharsets.UTF_8);
                    } catch (java.io.IOException e) {
                        throw new IllegalStateException(e);
                    }
                }

                static void start() {
                    if (FAULT.equals("THROWS_IN_START")) throw new IllegalStateException("no database");
                }

                static int status(String path) {
                    if (path.equals("/health")) {
                        return switch (FAULT) {
                            case "ANSWERS_500" -> 500;
                            case "HANGS" -> HANG;
                            case "CLOSES" -> CLOSE;
                            default -> 200;
                        };
                    }
                    int number = REQUESTS.incrementAndGet();
                    if (FAULT.equals("EXITS_LATER") && number == 30) System.exit(7);
                    return number % 2 == 0 ? 200 : switch (FAULT) {
                        case "ANSWERS_500_LATER" -> 500;
                        case "CLOSES_LATER" -> lost();
                        default -> 200;
                    };
                }

                static synchronized int lost() {
                    try {
                        Files.writeString(Path.of(text("/lost.txt")), "x", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                    } catch (java.io.IOException e) {
                        throw new IllegalStateException(e);
                    }
                    return CLOSE;
                }

                static String body(int status) {
                    return status == 200 ? VERSION : VERSION + " has no database";
                }
            }
            """;

    private static final String APPLICATION_SOURCE = """
            package tried;

            import dev.supervisor.spi.*;
            import io.netty.buffer.*;
            import io.netty.channel.*;
            import io.netty.handler.codec.http.*;
            import java.nio.charset.StandardCharsets;

            public class TriedApp implements Application {
                public void start(ApplicationContext context) {
                    Decisions.start();
                    for (Listener listener : context.listeners()) {
                        listener.serve(new ChannelInitializer<Channel>() {
                            protected void initChannel(Channel channel) {
                                channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(1 << 20),
                                        new Handler(listener.name()));
                            }
                        });
                    }
                }

                static final class Handler extends SimpleChannelInboundHandler<FullHttpRequest> {
                    final String listener;

                    Handler(String listener) { this.listener = listener; }

                    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
                        if (request.uri().equals("/who")) {
                            System.setProperty("tried.who", listener + " " + request.method() + " "
                                    + request.headers().get("Host") + " " + request.headers().get("User-Agent"));
                        }
                        int status = Decisions.status(request.uri());
                        if (status == Decisions.CLOSE) {
                            context.close();
                        } else if (status != Decisions.HANG) {
                            ByteBuf body = Unpooled.copiedBuffer(Decisions.body(status), StandardCharsets.UTF_8);
                            FullHttpResponse response = new DefaultFullHttpResponse(
                                    HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), body);
                            HttpUtil.setContentLength(response, body.readableBytes());
                            context.writeAndFlush(response);
                        }
                    }
                }
            }
            """;

    private static final String PROGRAM_SOURCE = """
            package tried;

            import com.sun.net.httpserver.HttpServer;
            import java.net.InetSocketAddress;
            import java.nio.charset.StandardCharsets;
            import java.util.concurrent.Executors;

            public class Main {
                public static void main(String[] arguments) throws Exception {
                    Decisions.start();
                    HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(arguments[0])), 0);
                    server.setExecutor(Executors.newCachedThreadPool());
                    server.createContext("/", exchange -> {
                        int status = Decisions.status(exchange.getRequestURI().getPath());
                        if (status == Decisions.CLOSE) {
                            exchange.close();
                        } else if (status == Decisions.HANG) {
                            try {
                                Thread.sleep(60_000);
                            } catch (InterruptedException e) {
                                exchange.close();
                            }
                        } else {
                            byte[] body = Decisions.body(status).getBytes(StandardCharsets.UTF_8);
                            exchange.sendResponseHeaders(status, body.length);
                            exchange.getResponseBody().write(body);
                            exchange.close();
                        }
                    });
                    server.start();
                }
            }
            """;

    private TriedBuilds() {}
}
