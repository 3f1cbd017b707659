package dev.supervisor.testing;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One connection, read to the byte, so that nothing hides a close, a reset or a doubled answer. */
public final class Client implements AutoCloseable {

    /** @param headers with names in lower case */
    public record Answer(int status, Map<String, String> headers, String body) {

        /** The header of this name, in lower case; empty if there is none. */
        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final Socket socket;
    private final InputStream in;

    private Client(Socket socket) throws IOException {
        this.socket = socket;
        in = new BufferedInputStream(socket.getInputStream());
    }

    public static Client connect(InetSocketAddress address) throws IOException {
        return connect(address, new Socket());
    }

    /** One whose system takes no more than some kilobytes ahead of what is read. */
    public static Client connectSlowly(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        return connect(address, socket);
    }

    private static Client connect(InetSocketAddress address, Socket socket) throws IOException {
        socket.connect(address, (int) TIMEOUT.toMillis());
        socket.setSoTimeout((int) TIMEOUT.toMillis());
        socket.setTcpNoDelay(true);
        return new Client(socket);
    }

    /** Connects by TLS of this version; the other side's certificate is not looked at. */
    public static Client connectByTls(InetSocketAddress address, String version) throws IOException {
        return new Client(TlsKeys.connect(address, version, ""));
    }

    /** The same behind what a proxy says first. */
    public static Client connectByTls(InetSocketAddress address, String version, String header) throws IOException {
        return new Client(TlsKeys.connect(address, version, header));
    }

    /** The same by this socket. */
    public static Client connectByTls(Socket plain, InetSocketAddress address, String version) throws IOException {
        return new Client(TlsKeys.connect(plain, address, version, ""));
    }

    /** The same as {@link #connectSlowly}. */
    public static Client connectSlowlyByTls(InetSocketAddress address, String version) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        return connectByTls(socket, address, version);
    }

    /** Connects to a Unix socket; nothing on this connection times out. */
    public static Client connect(Path path) throws IOException {
        return new Client(new UnixSocket(SocketChannel.open(UnixDomainSocketAddress.of(path))));
    }

    /** As much of a socket as a client needs. */
    private static final class UnixSocket extends Socket {

        private final SocketChannel channel;

        UnixSocket(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public InputStream getInputStream() {
            return Channels.newInputStream(channel);
        }

        @Override
        public OutputStream getOutputStream() {
            return Channels.newOutputStream(channel);
        }

        @Override
        public void shutdownOutput() throws IOException {
            channel.shutdownOutput();
        }

        @Override
        public synchronized void close() throws IOException {
            channel.close();
        }
    }

    /** Connects, asks once and closes. */
    public static Answer get(InetSocketAddress address, String path) throws IOException {
        try (Client client = connect(address)) {
            return client.get(path);
        }
    }

    public Answer get(String path) throws IOException {
        send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        return answer();
    }

    /** Begins a request of which one byte is left to be sent, and returns when the other side has begun to read it. */
    public void beginPost(String path) throws IOException {
        send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n");
        int status = head().status();
        if (status != 100) {
            throw new IOException("status " + status + " instead of 100");
        }
    }

    public void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    public byte[] readBytes(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("closed after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    /** Reads the next answer; of a HEAD request use {@link #head}. */
    public Answer answer() throws IOException {
        Answer head = head();
        return new Answer(head.status(), head.headers(), body(head.headers()));
    }

    public Answer head() throws IOException {
        String statusLine = line();
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).trim());
        }
        return new Answer(Integer.parseInt(statusLine.split(" ", 3)[1]), headers, "");
    }

    private String body(Map<String, String> headers) throws IOException {
        if (!"chunked".equals(headers.get("transfer-encoding"))) {
            return read(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        }
        StringBuilder body = new StringBuilder();
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            body.append(read(size));
            line();
        }
        line();
        return body.toString();
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    public String read(int length) throws IOException {
        return new String(readBytes(length), StandardCharsets.UTF_8);
    }

    /** Reads up to a line feed, which is not returned, nor is a carriage return before it. */
    public String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (true) {
            int c = in.read();
            if (c < 0) {
                throw new EOFException("closed after '" + line + "'");
            }
            if (c == '\n') {
                return line.toString();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
    }

    /** Reads up to the end of this text. */
    public void readUpTo(String text) throws IOException {
        StringBuilder read = new StringBuilder();
        while (!read.toString().endsWith(text)) {
            read.append(read(1));
        }
    }

    public InetSocketAddress localAddress() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    public InetSocketAddress remoteAddress() {
        return (InetSocketAddress) socket.getRemoteSocketAddress();
    }

    /** Waits until nobody listens any more where this client has connected to. */
    public void awaitRefusal() throws IOException {
        while (true) {
            try {
                connect(remoteAddress()).close();
            } catch (ConnectException e) {
                return;
            } catch (SocketException e) {
                // the kernel completed it between the last accept and the close of the listener, and has reset it
            }
        }
    }

    /** Waits until the other side closes, and says whether nothing came before that. */
    public boolean isClosed() throws IOException {
        return in.read() < 0;
    }

    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Ends in order. */
    public void leave() throws IOException {
        socket.close();
    }

    /** Ends with a reset instead of an orderly close. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
