package dev.supervisor.bench.clients;

import dev.supervisor.bench.tools.Polling;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A long request: a generation has begun it, and does not answer before {@link #complete}. */
public final class Upload implements AutoCloseable {

    private static final String HEAD = """
            POST / HTTP/1.1\r
            Host: localhost\r
            Expect: 100-continue\r
            Content-Length: 4\r
            Connection: close\r
            \r
            """;

    private final Socket socket = new Socket();

    private Upload() {}

    public static Upload begin(InetSocketAddress address) throws IOException {
        Upload upload = new Upload();
        upload.socket.setSoTimeout(Polling.TIMEOUT_SECONDS * 1000);
        upload.socket.connect(address);
        upload.socket.getOutputStream().write(HEAD.getBytes(StandardCharsets.US_ASCII));
        byte[] line = upload.socket.getInputStream().readNBytes("HTTP/1.1 100 Continue\r\n\r\n".length());
        if (!new String(line, StandardCharsets.US_ASCII).startsWith("HTTP/1.1 100")) {
            throw new IOException("not 100-continue: " + new String(line, StandardCharsets.US_ASCII));
        }
        return upload;
    }

    /** Sends the rest of the request, and returns the answer. */
    public String complete() throws IOException {
        socket.getOutputStream().write(new byte[] {'e', 'n', 'd', '\n'});
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
