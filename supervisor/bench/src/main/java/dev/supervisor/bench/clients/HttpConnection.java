package dev.supervisor.bench.clients;

import dev.supervisor.bench.tools.Polling;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A keep-alive connection of HTTP/1.1 that hides nothing: no request is sent a second time. */
final class HttpConnection implements Closeable {

    /**
     * An answer.
     *
     * @param isLast whether the server has announced that it closes the connection
     */
    record Answer(int status, String body, boolean isLast) {}

    private final SocketChannel channel;
    private final InputStream in;

    private HttpConnection(SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.socket().setTcpNoDelay(true);
        channel.socket().setSoTimeout((int) TimeUnit.SECONDS.toMillis(Polling.TIMEOUT_SECONDS));
        in = new BufferedInputStream(channel.socket().getInputStream());
    }

    static HttpConnection open(int port) throws IOException {
        return new HttpConnection(SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
    }

    /** Returns whether the server has closed the connection, on which no answer is due. */
    boolean isClosedByServer() {
        try {
            channel.configureBlocking(false);
            boolean isClosed = channel.read(ByteBuffer.allocate(1)) != 0;
            channel.configureBlocking(true);
            return isClosed;
        } catch (IOException e) {
            return true; // reset
        }
    }

    Answer ask(String path) throws IOException {
        String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n";
        channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        String[] statusLine = line().split(" ", 3);
        int length = -1;
        boolean isChunked = false;
        boolean isLast = false;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String lower = header.toLowerCase(Locale.ROOT);
            String value = lower.substring(lower.indexOf(':') + 1).strip();
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(value);
            } else if (lower.startsWith("transfer-encoding:")) {
                isChunked = value.equals("chunked");
            } else if (lower.startsWith("connection:")) {
                isLast = value.equals("close");
            }
        }
        byte[] body = isChunked ? chunks() : length < 0 ? in.readAllBytes() : exactly(length);
        return new Answer(
                Integer.parseInt(statusLine[1]),
                new String(body, StandardCharsets.UTF_8),
                isLast || (length < 0 && !isChunked));
    }

    private byte[] chunks() throws IOException {
        var body = new ByteArrayOutputStream();
        for (int length = Integer.parseInt(line(), 16); length > 0; length = Integer.parseInt(line(), 16)) {
            body.writeBytes(exactly(length));
            line();
        }
        line();
        return body.toByteArray();
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the answer is not complete");
        }
        return bytes;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the server has closed the connection");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
