package dev.supervisor.testing;

import java.net.InetSocketAddress;

/** Applications that answer each request with their version and the addresses of the connection, as they see them. */
public enum AddressApps {
    NETTY("""
            package app;

            import dev.supervisor.spi.*;
            import io.netty.buffer.*;
            import io.netty.channel.*;
            import io.netty.handler.codec.http.*;
            import java.net.InetSocketAddress;
            import java.nio.charset.StandardCharsets;

            public class Main implements Application {
                public void start(ApplicationContext context) throws Exception {
                    for (Listener listener : context.listeners()) {
                        listener.serve(new ChannelInitializer<Channel>() {
                            protected void initChannel(Channel channel) {
                                channel.pipeline().addLast(
                                        new HttpServerCodec(), new HttpObjectAggregator(1 << 20), new Answering());
                            }
                        });
                    }
                }

                static final class Answering extends SimpleChannelInboundHandler<FullHttpRequest> {
                    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
                        String text = Version.of((InetSocketAddress) context.channel().remoteAddress(),
                                (InetSocketAddress) context.channel().localAddress());
                        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK,
                                Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
                        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
                        context.writeAndFlush(response);
                    }
                    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) { context.close(); }
                }
            }
            """),
    HTTP_SERVER("""
            package app;

            import com.sun.net.httpserver.HttpServer;
            import java.net.InetSocketAddress;

            public class Main {
                public static void main(String[] arguments) throws Exception {
                    HttpServer server = HttpServer.create(
                            new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1])), 0);
                    server.createContext("/", exchange -> {
                        byte[] body = Version.of(exchange.getRemoteAddress(), exchange.getLocalAddress()).getBytes();
                        exchange.sendResponseHeaders(200, body.length);
                        exchange.getResponseBody().write(body);
                        exchange.close();
                    });
                    server.start();
                }
            }
            """),
    SOCKETS("""
            package app;

            import java.io.*;
            import java.net.*;

            public class Main {
                public static void main(String[] arguments) throws Exception {
                    ServerSocket server = new ServerSocket(
                            Integer.parseInt(arguments[1]), 50, InetAddress.getByName(arguments[0]));
                    while (true) {
                        Socket socket = server.accept();
                        new Thread(() -> serve(socket)).start();
                    }
                }

                static void serve(Socket socket) {
                    try (socket) {
                        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream()));
                        for (String line = in.readLine(); line != null; line = in.readLine()) {
                            if (line.isEmpty()) {
                                String body = Version.of(
                                        new InetSocketAddress(socket.getInetAddress(), socket.getPort()),
                                        new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort()));
                                if (!socket.getRemoteSocketAddress().equals(
                                        new InetSocketAddress(socket.getInetAddress(), socket.getPort()))) {
                                    body = "different";
                                }
                                socket.getOutputStream().write(("HTTP/1.1 200 OK\\r\\nContent-Length: " + body.length()
                                        + "\\r\\n\\r\\n" + body).getBytes());
                            }
                        }
                    } catch (IOException e) {
                        // it has left
                    }
                }
            }
            """);

    private static final String VERSION = """
            package app;

            import java.net.InetSocketAddress;
            import java.nio.charset.StandardCharsets;

            class Version {
                static String of(InetSocketAddress client, InetSocketAddress server) {
                    try (java.io.InputStream in = Version.class.getResourceAsStream("/version.txt")) {
                        return new String(in.readAllBytes(), StandardCharsets.UTF_8) + " " + text(client) + " " + text(server);
                    } catch (java.io.IOException e) {
                        throw new IllegalStateException(e);
                    }
                }

                static String text(InetSocketAddress address) {
                    return address.getAddress().getHostAddress() + "|" + address.getPort();
                }
            }
            """;

    private final String source;

    AddressApps(String source) {
        this.source = source;
    }

    /** Whether its arguments are to be the host and the port on which it listens. */
    public boolean isProgram() {
        return this != NETTY;
    }

    public TestBuild build(String version) {
        TestBuild build = TestBuild.of(source, VERSION).withResource("version.txt", version);
        return isProgram() ? build.withMainClass("app.Main") : build.withProvider("app.Main");
    }

    /** Returns the answer of a build. */
    public static String answer(String version, InetSocketAddress client, InetSocketAddress server) {
        return version + " " + text(client) + " " + text(server);
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + "|" + address.getPort();
    }
}
