package app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Answers one request after the other: one operation is under way at any time, a read, a write or a timer. */
class Connection {
    private static final int MAX_REQUEST = 16 << 20;

    private final AsynchronousSocketChannel channel;
    private final byte[] version;
    private byte[] in = new byte[4096];
    private int length;
    private boolean continued;

    Connection(AsynchronousSocketChannel channel, byte[] version) {
        this.channel = channel;
        this.version = version;
    }

    void read() {
        if (length == in.length) {
            in = Arrays.copyOf(in, 2 * length);
        }
        channel.read(ByteBuffer.wrap(in, length, in.length - length), null, new Completion() {
            @Override
            void completed(int read) {
                if (read < 0 || length + read > MAX_REQUEST) {
                    close();
                } else {
                    length += read;
                    next();
                }
            }
        });
    }

    private void write(ByteBuffer bytes, Runnable then) {
        channel.write(bytes, null, new Completion() {
            @Override
            void completed(int written) {
                if (bytes.hasRemaining()) {
                    write(bytes, then);
                } else {
                    then.run();
                }
            }
        });
    }

    private void after(int millis, Runnable task) {
        CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(task);
    }

    private void next() {
        Request request = Request.parse(in, length);
        if (request == null) {
            read();
        } else if (request.body() != null) {
            continued = false;
            length -= request.end();
            System.arraycopy(in, request.end(), in, 0, length);
            answer(request);
        } else if (request.expectsContinue() && !continued) {
            continued = true;
            write(text("HTTP/1.1 100 Continue\r\n\r\n"), this::read);
        } else {
            read();
        }
    }

    private void answer(Request request) {
        switch (request.uri().replaceFirst("\\?.*", "")) {
            case "/" -> answer("200 OK", version, request);
            case "/slow" ->
                after(
                        Integer.parseInt(request.uri().substring("/slow?millis=".length())),
                        () -> answer("200 OK", version, request));
            case "/echo" -> answer("200 OK", request.body(), request);
            case "/stream" ->
                write(text(head("200 OK", "Transfer-Encoding: chunked", request)), () -> stream(request, 1));
            default -> answer("404 Not Found", new byte[0], request);
        }
    }

    private void stream(Request request, int piece) {
        if (piece < 5) {
            write(text("2\r\n" + piece + "\n\r\n"), () -> after(20, () -> stream(request, piece + 1)));
        } else {
            String text = new String(version, StandardCharsets.ISO_8859_1);
            write(text(Integer.toHexString(version.length) + "\r\n" + text + "\r\n0\r\n\r\n"), () -> answered(request));
        }
    }

    private void answer(String status, byte[] body, Request request) {
        byte[] head = head(status, "Content-Length: " + body.length, request).getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer response = ByteBuffer.allocate(head.length + body.length);
        write(response.put(head).put(body).flip(), () -> answered(request));
    }

    private void answered(Request request) {
        if (request.close()) {
            close();
        } else {
            next();
        }
    }

    private String head(String status, String framing, Request request) {
        return "HTTP/1.1 " + status + "\r\nContent-Type: text/plain\r\n" + framing
                + (request.close() ? "\r\nConnection: close" : "") + "\r\n\r\n";
    }

    private static ByteBuffer text(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone in any case.
        }
    }

    /** Closes the connection if the client is gone, or speaks no HTTP. */
    private abstract class Completion implements CompletionHandler<Integer, Void> {
        abstract void completed(int bytes);

        @Override
        public void completed(Integer bytes, Void attachment) {
            try {
                completed(bytes);
            } catch (RuntimeException e) {
                close();
            }
        }

        @Override
        public void failed(Throwable cause, Void attachment) {
            close();
        }
    }
}
