package app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.CompletionHandler;
import java.nio.charset.StandardCharsets;

/** A server on {@link AsynchronousServerSocketChannel}, in the default group and its threads. */
public class Main {
    public static void main(String[] args) throws IOException, InterruptedException {
        byte[] version = version();
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
        AsynchronousServerSocketChannel server =
                AsynchronousServerSocketChannel.open().bind(new InetSocketAddress(port));
        server.accept(null, new CompletionHandler<AsynchronousSocketChannel, Void>() {
            @Override
            public void completed(AsynchronousSocketChannel channel, Void attachment) {
                server.accept(null, this);
                new Connection(channel, version).read();
            }

            @Override
            public void failed(Throwable cause, Void attachment) {
                cause.printStackTrace();
                System.exit(1);
            }
        });
        Thread.currentThread().join();
    }

    private static byte[] version() throws IOException {
        try (var in = Main.class.getResourceAsStream("/version.txt")) {
            String version = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return (version.lines().findFirst().orElseThrow() + "\n").getBytes(StandardCharsets.UTF_8);
        }
    }
}
