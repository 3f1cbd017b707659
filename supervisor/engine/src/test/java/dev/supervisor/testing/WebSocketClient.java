package dev.supervisor.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A client of a WebSocket that offers compression, and whose messages come in as many pieces as it likes. */
public final class WebSocketClient implements AutoCloseable {

    public static final int TEXT = 1;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    private static final int FIN = 0x80;
    private static final int TIMEOUT_MILLIS = 60_000;

    /**
     * A frame of the server.
     *
     * @param payload a character for each byte
     */
    public record Frame(int opcode, String payload) {

        public String text() {
            return new String(payload.getBytes(ISO_8859_1), UTF_8);
        }

        /** The status code of a close frame. */
        public int status() {
            return payload.charAt(0) << 8 | payload.charAt(1);
        }
    }

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final List<String> head = new ArrayList<>();
    private final Random random;

    private WebSocketClient(Socket socket, Random random) throws IOException {
        this.socket = socket;
        this.random = random;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        this.out = socket.getOutputStream();
    }

    public static WebSocketClient connect(InetSocketAddress address, String path, long seed) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(address);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.setTcpNoDelay(true);
            WebSocketClient client = new WebSocketClient(socket, new Random(seed));
            client.upgrade(path);
            return client;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Connects by TLS of this version. */
    public static WebSocketClient connectByTls(InetSocketAddress address, String version, String path, long seed)
            throws IOException {
        WebSocketClient client = new WebSocketClient(TlsKeys.connect(address, version, ""), new Random(seed));
        client.upgrade(path);
        return client;
    }

    private void upgrade(String path) throws IOException {
        String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n";
        inPieces(request.getBytes(ISO_8859_1));
        StringBuilder line = new StringBuilder();
        while (true) {
            char next = (char) in.readUnsignedByte();
            if (next != '\n') {
                line.append(next);
            } else if (line.toString().isBlank()) {
                return;
            } else {
                head.add(line.toString().strip());
                line.setLength(0);
            }
        }
    }

    /** The head of the server's answer to the request. */
    public List<String> head() {
        return List.copyOf(head);
    }

    private void inPieces(byte[] bytes) throws IOException {
        int at = 0;
        while (at < bytes.length) {
            int length = random.nextInt(4) == 0 ? bytes.length - at : 1 + random.nextInt(bytes.length - at);
            out.write(bytes, at, length);
            at += length;
        }
    }

    /** Sends a text as one frame. */
    public void send(String text) throws IOException {
        out.write(frame(FIN | TEXT, text.getBytes(UTF_8)));
    }

    /**
     * Sends a text as one frame or in fragments, in pieces, and pings between them.
     *
     * @param ping the payload of each ping
     * @return how many pings were sent
     */
    public int sendInPieces(String text, String ping) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        int fragments = random.nextBoolean() ? 1 : 1 + random.nextInt(4);
        int pings = 0;
        int at = 0;
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < fragments; i++) {
            boolean last = i == fragments - 1;
            int end = last ? bytes.length : at + random.nextInt(bytes.length - at + 1);
            byte[] part = Arrays.copyOfRange(bytes, at, end);
            frames.writeBytes(frame((last ? FIN : 0) | (i == 0 ? TEXT : 0), part));
            at = end;
            if (random.nextInt(4) == 0) {
                frames.writeBytes(frame(FIN | PING, ping.getBytes(UTF_8)));
                pings++;
            }
        }
        inPieces(frames.toByteArray());
        return pings;
    }

    public void ping(String payload) throws IOException {
        out.write(frame(FIN | PING, payload.getBytes(UTF_8)));
    }

    /** Begins to close. */
    public void sendClose(int status) throws IOException {
        out.write(frame(FIN | CLOSE, new byte[] {(byte) (status >> 8), (byte) status}));
    }

    /** Sends bytes as they are. */
    public void sendRaw(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    /** Returns a frame of a client. */
    public byte[] frame(int first, byte[] payload) {
        byte[] mask = new byte[4];
        random.nextBytes(mask);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(first);
        int length = payload.length;
        if (length < 126) {
            frame.write(0x80 | length);
        } else if (length < 1 << 16) {
            frame.write(0x80 | 126);
            frame.write(length >> 8);
            frame.write(length);
        } else {
            frame.write(0x80 | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                frame.write((int) ((long) length >> shift));
            }
        }
        frame.writeBytes(mask);
        for (int i = 0; i < length; i++) {
            frame.write(payload[i] ^ mask[i & 3]);
        }
        return frame.toByteArray();
    }

    /** Waits for the next frame, which must be a whole message. */
    public Frame next() throws IOException {
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        if ((first & 0x70) != 0 || (first & FIN) == 0 || (second & 0x80) != 0) {
            throw new IOException("not a whole frame of a server: " + first + ", " + second);
        }
        long length = second;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        byte[] payload = new byte[Math.toIntExact(length)];
        in.readFully(payload);
        return new Frame(first & 0x0f, new String(payload, ISO_8859_1));
    }

    /** Waits for the next message, which must be a text. */
    public String text() throws IOException {
        Frame frame = next();
        if (frame.opcode() != TEXT) {
            throw new IOException("not a text: " + frame);
        }
        return frame.text();
    }

    /** Sends a text as one frame, and waits for the text that answers it. */
    public String ask(String text) throws IOException {
        send(text);
        return text();
    }

    /** Waits for the end of the connection, and returns how many bytes come before it. */
    public int awaitEnd() throws IOException {
        int bytes = 0;
        while (in.read() >= 0) {
            bytes++;
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
