package dev.supervisor.spi;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A blocking client of {@link Lines}, and of the lines of HTTP. */
final class LineClient implements AutoCloseable {

    private final SocketChannel channel;
    private final BufferedReader lines;

    private LineClient(SocketChannel channel) {
        this.channel = channel;
        this.lines = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
    }

    static LineClient connect(SocketAddress address) throws IOException {
        return new LineClient(SocketChannel.open(address));
    }

    static @Nullable String ask(SocketAddress address, String line) throws IOException {
        try (LineClient client = connect(address)) {
            client.send(line);
            return client.line();
        }
    }

    void send(String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Returns the next line, or null at the end. */
    @Nullable
    String line() throws IOException {
        return lines.readLine();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
