package app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** Blocking channels: the main thread accepts, a virtual thread serves each connection. */
public class Main {
    public static void main(String[] args) throws IOException {
        String version = version();
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(port));
            while (true) {
                SocketChannel channel = server.accept();
                Thread.startVirtualThread(() -> serve(channel, version));
            }
        }
    }

    private static void serve(SocketChannel channel, String version) {
        try (channel) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            new Connection(Channels.newInputStream(channel), Channels.newOutputStream(channel), version).serve();
        } catch (IOException | InterruptedException e) {
            // The client is gone.
        }
    }

    private static String version() throws IOException {
        try (var in = Main.class.getResourceAsStream("/version.txt")) {
            String version = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return version.lines().findFirst().orElseThrow() + "\n";
        }
    }
}
