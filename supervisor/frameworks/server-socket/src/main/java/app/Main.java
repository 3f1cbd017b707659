package app;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server on {@link ServerSocket}: the main thread accepts, a pool of threads serves one connection each. */
public class Main {
    public static void main(String[] args) throws IOException {
        String version = version();
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
        ExecutorService pool = Executors.newFixedThreadPool(200);
        try (ServerSocket server = new ServerSocket(port)) {
            while (true) {
                Socket socket = server.accept();
                pool.execute(() -> serve(socket, version));
            }
        }
    }

    private static void serve(Socket socket, String version) {
        try (socket) {
            socket.setTcpNoDelay(true);
            new Connection(socket.getInputStream(), socket.getOutputStream(), version).serve();
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
