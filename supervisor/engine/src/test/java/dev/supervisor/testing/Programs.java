package dev.supervisor.testing;

/**
 * Servers with a {@code main}, which know nothing of the supervisor; the port is their first argument. Each answers {@code GET
 * /} with its version, {@code GET /slow/FILE} too, but makes the file at once and answers 700 ms later, {@code GET /until/FILE}
 * likewise, but answers when there is FILE.end, {@code GET /process} with the id of its process, and {@code POST /echo} with what
 * it gets.
 */
public enum Programs {
    HTTP_SERVER("""
            package program;

            import com.sun.net.httpserver.HttpServer;
            import java.net.InetSocketAddress;
            import java.util.concurrent.Executors;

            public class Main {
                public static void main(String[] arguments) throws Exception {
                    HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(arguments[0])), 0);
                    server.setExecutor(Executors.newCachedThreadPool());
                    server.createContext("/", exchange -> {
                        byte[] body = Answers.of(exchange.getRequestURI().getPath(), exchange.getRequestBody().readAllBytes());
                        exchange.sendResponseHeaders(200, body.length);
                        exchange.getResponseBody().write(body);
                        exchange.close();
                    });
                    server.start();
                }
            }
            """),
    SERVER_SOCKET("""
            package program;

            import java.net.ServerSocket;
            import java.net.Socket;

            public class Main {
                public static void main(String[] arguments) throws Exception {
                    ServerSocket server = new ServerSocket(Integer.parseInt(arguments[0]));
                    while (true) {
                        Socket socket = server.accept();
                        new Thread(() -> serve(socket)).start();
                    }
                }

                static void serve(Socket socket) {
                    try (socket) {
                        Http.serve(socket.getInputStream(), socket.getOutputStream());
                    } catch (java.io.IOException e) {
                        // the client has gone
                    }
                }
            }
            """),
    SERVER_SOCKET_OF_FACTORY("""
            package program;

            import java.net.ServerSocket;
            import java.net.Socket;
            import javax.net.ServerSocketFactory;

            public class Main {
                public static void main(String[] arguments) throws Exception {
                    ServerSocket server =
                            ServerSocketFactory.getDefault().createServerSocket(Integer.parseInt(arguments[0]));
                    while (true) {
                        Socket socket = server.accept();
                        new Thread(() -> serve(socket)).start();
                    }
                }

                static void serve(Socket socket) {
                    try (socket) {
                        Http.serve(socket.getInputStream(), socket.getOutputStream());
                    } catch (java.io.IOException e) {
                        // the client has gone
                    }
                }
            }
            """),
    BLOCKING_CHANNEL("""
            package program;

            import java.net.InetSocketAddress;
            import java.nio.channels.Channels;
            import java.nio.channels.ServerSocketChannel;
            import java.nio.channels.SocketChannel;

            public class Main {
                public static void main(String[] arguments) throws Exception {
                    ServerSocketChannel server = ServerSocketChannel.open();
                    server.bind(new InetSocketAddress(Integer.parseInt(arguments[0])));
                    while (true) {
                        SocketChannel channel = server.accept();
                        new Thread(() -> serve(channel)).start();
                    }
                }

                static void serve(SocketChannel channel) {
                    try (channel) {
                        Http.serve(Channels.newInputStream(channel), Channels.newOutputStream(channel));
                    } catch (java.io.IOException e) {
                        // the client has gone
                    }
                }
            }
            """),
    SELECTOR("""
            package program;

            import java.io.*;
            import java.net.InetSocketAddress;
            import java.nio.ByteBuffer;
            import java.nio.channels.*;
            import java.util.Iterator;

            /** One thread, one selector; a request is answered when all of it has come. */
            public class Main {
                public static void main(String[] arguments) throws Exception {
                    Selector selector = Selector.open();
                    ServerSocketChannel server = ServerSocketChannel.open();
                    server.configureBlocking(false);
                    server.bind(new InetSocketAddress(Integer.parseInt(arguments[0])));
                    server.register(selector, SelectionKey.OP_ACCEPT);
                    while (true) {
                        selector.select();
                        for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
                            SelectionKey key = keys.next();
                            keys.remove();
                            if (key.isAcceptable()) {
                                SocketChannel accepted = server.accept();
                                if (accepted != null) {
                                    accepted.configureBlocking(false);
                                    accepted.register(selector, SelectionKey.OP_READ, new ByteArrayOutputStream());
                                }
                            } else {
                                read(key);
                            }
                        }
                    }
                }

                static void read(SelectionKey key) throws IOException {
                    SocketChannel channel = (SocketChannel) key.channel();
                    ByteArrayOutputStream come = (ByteArrayOutputStream) key.attachment();
                    ByteBuffer buffer = ByteBuffer.allocate(1024);
                    try {
                        int length = channel.read(buffer);
                        while (length > 0) { // until there is nothing left for now, as TLS does
                            come.write(buffer.array(), 0, buffer.position());
                            buffer.clear();
                            length = channel.read(buffer);
                        }
                        if (length < 0) {
                            channel.close();
                            return;
                        }
                        ByteArrayOutputStream answers = new ByteArrayOutputStream();
                        byte[] rest = Http.answerAll(come.toByteArray(), answers);
                        come.reset();
                        come.write(rest);
                        for (ByteBuffer out = ByteBuffer.wrap(answers.toByteArray()); out.hasRemaining(); ) {
                            channel.write(out);
                        }
                    } catch (IOException e) {
                        channel.close();
                    }
                }
            }
            """),
    ASYNCHRONOUS("""
            package program;

            import java.io.*;
            import java.net.InetSocketAddress;
            import java.nio.ByteBuffer;
            import java.nio.channels.*;

            /** Each handler begins the next operation; a request is answered when all of it has come. */
            public class Main {
                public static void main(String[] arguments) throws Exception {
                    AsynchronousServerSocketChannel server = AsynchronousServerSocketChannel.open();
                    server.bind(new InetSocketAddress(Integer.parseInt(arguments[0])));
                    server.accept(null, new CompletionHandler<AsynchronousSocketChannel, Void>() {
                        @Override
                        public void completed(AsynchronousSocketChannel channel, Void none) {
                            server.accept(null, this);
                            new Reader(channel).read();
                        }

                        @Override
                        public void failed(Throwable failure, Void none) {
                            // closed
                        }
                    });
                }

                static class Reader implements CompletionHandler<Integer, ByteBuffer> {
                    private final AsynchronousSocketChannel channel;
                    private final ByteArrayOutputStream come = new ByteArrayOutputStream();

                    Reader(AsynchronousSocketChannel channel) {
                        this.channel = channel;
                    }

                    void read() {
                        ByteBuffer buffer = ByteBuffer.allocate(1024);
                        channel.read(buffer, buffer, this);
                    }

                    @Override
                    public void completed(Integer length, ByteBuffer buffer) {
                        if (length < 0) {
                            close();
                            return;
                        }
                        come.write(buffer.array(), 0, length);
                        ByteArrayOutputStream answers = new ByteArrayOutputStream();
                        try {
                            byte[] rest = Http.answerAll(come.toByteArray(), answers);
                            come.reset();
                            come.write(rest);
                        } catch (IOException e) {
                            throw new IllegalStateException(e);
                        }
                        write(ByteBuffer.wrap(answers.toByteArray()));
                    }

                    void write(ByteBuffer answers) {
                        if (!answers.hasRemaining()) {
                            read();
                            return;
                        }
                        channel.write(answers, null, new CompletionHandler<Integer, Void>() {
                            @Override
                            public void completed(Integer length, Void none) {
                                write(answers);
                            }

                            @Override
                            public void failed(Throwable failure, Void none) {
                                close();
                            }
                        });
                    }

                    @Override
                    public void failed(Throwable failure, ByteBuffer buffer) {
                        close();
                    }

                    void close() {
                        try {
                            channel.close();
                        } catch (IOException e) {
                            // it has gone
                        }
                    }
                }
            }
            """);

    private static final String ON_PORTS = """
            package program;

            import com.sun.net.httpserver.HttpServer;
            import java.net.InetSocketAddress;

            public class Main {
                public static void main(String[] arguments) throws Exception {
                    for (int i = 0; i < @PORTS@; i++) {
                        HttpServer server =
                                HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[i])), 0);
                        server.createContext("/", exchange -> {
                            byte[] body = Answers.of(exchange.getRequestURI().getPath(), new byte[0]);
                            exchange.sendResponseHeaders(200, body.length);
                            exchange.getResponseBody().write(body);
                            exchange.close();
                        });
                        server.start();
                    }
                }
            }
            """;

    private static final String ANSWERS = """
            package program;

            import java.nio.charset.StandardCharsets;

            class Answers {
                static final String VERSION = version();

                static String version() {
                    try (java.io.InputStream in = Answers.class.getResourceAsStream("/version.txt")) {
                        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
                    } catch (java.io.IOException e) {
                        throw new IllegalStateException(e);
                    }
                }

                static byte[] of(String path, byte[] body) {
                    if (path.startsWith("/slow/")) {
                        try {
                            java.nio.file.Files.createFile(java.nio.file.Path.of(path.substring("/slow".length())));
                            Thread.sleep(700);
                        } catch (InterruptedException | java.io.IOException e) {
                            return "interrupted".getBytes(StandardCharsets.UTF_8);
                        }
                    }
                    if (path.equals("/process")) {
                        return Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
                    }
                    if (path.startsWith("/until/")) {
                        try {
                            java.nio.file.Path file = java.nio.file.Path.of(path.substring("/until".length()));
                            java.nio.file.Files.createFile(file);
                            while (!java.nio.file.Files.exists(java.nio.file.Path.of(file + ".end"))) {
                                Thread.sleep(5);
                            }
                        } catch (InterruptedException | java.io.IOException e) {
                            return "interrupted".getBytes(StandardCharsets.UTF_8);
                        }
                    }
                    return path.equals("/echo") ? body : VERSION.getBytes(StandardCharsets.UTF_8);
                }
            }
            """;

    private static final String HTTP = """
            package program;

            import java.io.*;
            import java.nio.charset.StandardCharsets;

            class Http {
                static void serve(InputStream in, OutputStream out) throws IOException {
                    ByteArrayOutputStream come = new ByteArrayOutputStream();
                    byte[] buffer = new byte[1024];
                    for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                        come.write(buffer, 0, length);
                        byte[] rest = answerAll(come.toByteArray(), out);
                        come.reset();
                        come.write(rest);
                    }
                }

                /** Answers the complete requests, and returns the rest. */
                static byte[] answerAll(byte[] come, OutputStream out) throws IOException {
                    String text = new String(come, StandardCharsets.ISO_8859_1);
                    int begin = 0;
                    while (true) {
                        int head = text.indexOf("\\r\\n\\r\\n", begin);
                        if (head < 0) {
                            break;
                        }
                        String fields = text.substring(begin, head).toLowerCase(java.util.Locale.ROOT);
                        int field = fields.indexOf("content-length:");
                        int length = field < 0 ? 0 : Integer.parseInt(fields.substring(field + 15).split("\\r\\n")[0].trim());
                        int end = head + 4 + length;
                        if (end > come.length) {
                            break;
                        }
                        byte[] body = Answers.of(
                                text.substring(begin, head).split(" ")[1], java.util.Arrays.copyOfRange(come, head + 4, end));
                        ByteArrayOutputStream answer = new ByteArrayOutputStream();
                        answer.write(("HTTP/1.1 200 OK\\r\\nContent-Length: " + body.length + "\\r\\n\\r\\n")
                                .getBytes(StandardCharsets.ISO_8859_1));
                        answer.write(body);
                        out.write(answer.toByteArray());
                        begin = end;
                    }
                    return java.util.Arrays.copyOfRange(come, begin, come.length);
                }
            }
            """;

    private final String source;

    Programs(String source) {
        this.source = source;
    }

    public TestBuild build(String version) {
        return of(source).withResource("version.txt", version);
    }

    /** Builds a program that listens on the first of the ports that its arguments are. */
    public static TestBuild onPorts(int count, String version) {
        return of(ON_PORTS.replace("@PORTS@", Integer.toString(count))).withResource("version.txt", version);
    }

    /** Builds a program of this source of a class {@code program.Main}, which can use the others' {@code Http}. */
    public static TestBuild of(String main) {
        return TestBuild.of(main, ANSWERS, HTTP).withMainClass("program.Main");
    }
}
