package app;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/** HTTP/1.1 on one selector, in the main thread. */
public class Main {
    private static final int MAX_REQUEST = 16 << 20;

    private final byte[] version;
    private final Selector selector;
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong(Timer::due));

    private Main(byte[] version) throws IOException {
        this.version = version;
        selector = Selector.open();
    }

    public static void main(String[] args) throws IOException {
        Main main = new Main(version());
        ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"))));
        server.configureBlocking(false);
        server.register(main.selector, SelectionKey.OP_ACCEPT);
        main.loop(server);
    }

    private void loop(ServerSocketChannel server) throws IOException {
        while (true) {
            selector.select(millisToNextTimer());
            for (SelectionKey key : selector.selectedKeys()) {
                if (key.attachment() instanceof Connection connection) {
                    connection.ready();
                } else {
                    accept(server);
                }
            }
            selector.selectedKeys().clear();
            while (!timers.isEmpty() && timers.peek().due <= System.nanoTime()) {
                timers.poll().task.run();
            }
        }
    }

    private void accept(ServerSocketChannel server) throws IOException {
        for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            new Connection(channel);
        }
    }

    /** Returns 0, which is for ever, if there is no timer. */
    private long millisToNextTimer() {
        return timers.isEmpty()
                ? 0
                : Math.max(1, TimeUnit.NANOSECONDS.toMillis(timers.peek().due - System.nanoTime() + 999_999));
    }

    private void after(int millis, Runnable task) {
        timers.add(new Timer(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis), task));
    }

    private static byte[] version() throws IOException {
        try (var in = Main.class.getResourceAsStream("/version.txt")) {
            String version = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return (version.lines().findFirst().orElseThrow() + "\n").getBytes(StandardCharsets.UTF_8);
        }
    }

    private record Timer(long due, Runnable task) {}

    /** Answers one request after the other: the next one is parsed when the answer to this one is written. */
    private class Connection {
        private final SocketChannel channel;
        private final SelectionKey key;
        private byte[] in = new byte[4096];
        private int length;
        private ByteBuffer out = ByteBuffer.allocate(0);
        private boolean busy;
        private boolean continued;
        private boolean ended;

        Connection(SocketChannel channel) throws IOException {
            this.channel = channel;
            key = channel.register(selector, SelectionKey.OP_READ, this);
        }

        void ready() {
            if (key.isValid()) {
                attempt(() -> {
                    if (key.isReadable()) {
                        read();
                    }
                    proceed();
                });
            }
        }

        private void read() throws IOException {
            if (length == in.length) {
                if (length >= MAX_REQUEST) {
                    throw new IOException("request too long");
                }
                in = Arrays.copyOf(in, 2 * length);
            }
            int read = channel.read(ByteBuffer.wrap(in, length, in.length - length));
            ended |= read < 0;
            length += Math.max(0, read);
        }

        /** Writes and answers as much as can be, and waits for what is missing. */
        private void proceed() throws IOException {
            do {
                channel.write(out);
            } while (!out.hasRemaining() && !busy && next());
            if (out.hasRemaining()) {
                key.interestOps(SelectionKey.OP_WRITE);
            } else if (busy) {
                key.interestOps(0);
            } else if (ended) {
                channel.close();
            } else {
                key.interestOps(SelectionKey.OP_READ);
            }
        }

        /** Answers the next request, and returns false if it is not all here. */
        private boolean next() throws IOException {
            Request request = ended && length == 0 ? null : Request.parse(in, length);
            if (request == null) {
                return false;
            }
            if (request.body == null) {
                boolean first = request.expectsContinue && !continued;
                continued = true;
                out = first ? text("HTTP/1.1 100 Continue\r\n\r\n") : out;
                return first;
            }
            continued = false;
            length -= request.end;
            System.arraycopy(in, request.end, in, 0, length);
            if (request.close) {
                ended = true;
                length = 0;
            }
            answer(request);
            return true;
        }

        private void answer(Request request) {
            switch (request.uri.replaceFirst("\\?.*", "")) {
                case "/" -> answer("200 OK", version, request);
                case "/slow" -> {
                    busy = true;
                    int millis = Integer.parseInt(request.uri.substring("/slow?millis=".length()));
                    after(
                            millis,
                            () -> attempt(() -> {
                                busy = false;
                                answer("200 OK", version, request);
                                proceed();
                            }));
                }
                case "/echo" -> answer("200 OK", request.body, request);
                case "/stream" -> {
                    busy = true;
                    String head = head("200 OK", "Transfer-Encoding: chunked", request);
                    out = text(head + "2\r\n1\n\r\n");
                    after(20, () -> attempt(() -> stream(2)));
                }
                default -> answer("404 Not Found", new byte[0], request);
            }
        }

        private void stream(int piece) throws IOException {
            if (out.hasRemaining()) {
                after(20, () -> attempt(() -> stream(piece)));
            } else if (piece < 5) {
                out = text("2\r\n" + piece + "\n\r\n");
                after(20, () -> attempt(() -> stream(piece + 1)));
            } else {
                busy = false;
                String text = new String(version, StandardCharsets.ISO_8859_1);
                out = text(Integer.toHexString(version.length) + "\r\n" + text + "\r\n0\r\n\r\n");
            }
            proceed();
        }

        private void answer(String status, byte[] body, Request request) {
            byte[] head =
                    head(status, "Content-Length: " + body.length, request).getBytes(StandardCharsets.ISO_8859_1);
            out = ByteBuffer.allocate(head.length + body.length)
                    .put(head)
                    .put(body)
                    .flip();
        }

        private String head(String status, String framing, Request request) {
            return "HTTP/1.1 " + status + "\r\nContent-Type: text/plain\r\n" + framing
                    + (request.close ? "\r\nConnection: close" : "") + "\r\n\r\n";
        }

        private ByteBuffer text(String text) {
            return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        /** Closes the connection if the client is gone, or speaks no HTTP. */
        private void attempt(Step step) {
            try {
                step.run();
            } catch (IOException | RuntimeException e) {
                try {
                    channel.close();
                } catch (IOException closed) {
                    // It is gone in any case.
                }
            }
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    /** The body is null, and the end 0, as long as not all of it is here. */
    private record Request(String uri, byte[] body, int end, boolean close, boolean expectsContinue) {
        /** Returns null if the head is not all here. */
        static Request parse(byte[] bytes, int length) {
            int begin = 0;
            while (begin + 1 < length && bytes[begin] == '\r' && bytes[begin + 1] == '\n') {
                begin += 2; // RFC 9112, 2.2
            }
            int end = endOfHead(bytes, begin, length);
            if (end < 0) {
                return null;
            }
            String head = new String(bytes, begin, end - begin, StandardCharsets.ISO_8859_1);
            String[] words = head.substring(0, head.indexOf('\r')).split(" ");
            boolean close = "close".equalsIgnoreCase(header(head, "connection")) || words[2].equals("HTTP/1.0");
            boolean expectsContinue = "100-continue".equalsIgnoreCase(header(head, "expect"));
            if ("chunked".equalsIgnoreCase(header(head, "transfer-encoding"))) {
                var body = new ByteArrayOutputStream();
                int last = chunks(bytes, end, length, body);
                return new Request(
                        words[1], last < 0 ? null : body.toByteArray(), Math.max(0, last), close, expectsContinue);
            }
            String contentLength = header(head, "content-length");
            int last = end + (contentLength == null ? 0 : Integer.parseInt(contentLength));
            boolean complete = last <= length;
            byte[] body = complete ? Arrays.copyOfRange(bytes, end, last) : null;
            return new Request(words[1], body, complete ? last : 0, close, expectsContinue);
        }

        private static int endOfHead(byte[] bytes, int begin, int length) {
            for (int i = begin; i + 3 < length; i++) {
                if (bytes[i] == '\r' && bytes[i + 1] == '\n' && bytes[i + 2] == '\r' && bytes[i + 3] == '\n') {
                    return i + 4;
                }
            }
            return -1;
        }

        private static String header(String head, String name) {
            int at = head.toLowerCase(Locale.ROOT).indexOf("\r\n" + name + ":");
            if (at < 0) {
                return null;
            }
            int begin = at + name.length() + 3;
            return head.substring(begin, head.indexOf('\r', begin)).trim();
        }

        /** Returns the end of the chunks and of the trailers, or -1 if not all is here. */
        private static int chunks(byte[] bytes, int begin, int length, ByteArrayOutputStream body) {
            int at = begin;
            while (true) {
                int line = endOfLine(bytes, at, length);
                if (line < 0) {
                    return -1;
                }
                String size = new String(bytes, at, line - 2 - at, StandardCharsets.ISO_8859_1);
                int chunk = Integer.parseInt(size.replaceFirst(";.*", "").trim(), 16);
                if (chunk == 0) {
                    return trailers(bytes, line, length);
                }
                if (line + chunk + 2 > length) {
                    return -1;
                }
                body.write(bytes, line, chunk);
                at = line + chunk + 2;
            }
        }

        private static int trailers(byte[] bytes, int begin, int length) {
            for (int at = begin, next; (next = endOfLine(bytes, at, length)) >= 0; at = next) {
                if (next == at + 2) {
                    return next;
                }
            }
            return -1;
        }

        private static int endOfLine(byte[] bytes, int begin, int length) {
            for (int i = begin; i + 1 < length; i++) {
                if (bytes[i] == '\r' && bytes[i + 1] == '\n') {
                    return i + 2;
                }
            }
            return -1;
        }
    }
}
