package app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** The server of the JDK, with a thread per exchange. */
public class Main {
    public static void main(String[] args) throws IOException {
        byte[] version = version();
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", exchange -> answer(exchange, version));
        server.createContext("/slow", exchange -> {
            pause(Integer.parseInt(exchange.getRequestURI().getQuery().substring("millis=".length())));
            answer(exchange, version);
        });
        server.createContext(
                "/echo", exchange -> answer(exchange, exchange.getRequestBody().readAllBytes()));
        server.createContext("/stream", exchange -> stream(exchange, version));
        server.start();
    }

    private static void answer(HttpExchange exchange, byte[] body) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static void stream(HttpExchange exchange, byte[] version) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "text/plain");
            exchange.sendResponseHeaders(200, 0);
            for (int i = 1; i < 5; i++) {
                exchange.getResponseBody().write((i + "\n").getBytes(StandardCharsets.US_ASCII));
                exchange.getResponseBody().flush();
                pause(20);
            }
            exchange.getResponseBody().write(version);
        }
    }

    private static void pause(int millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }

    private static byte[] version() throws IOException {
        try (var in = Main.class.getResourceAsStream("/version.txt")) {
            String version = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return (version.lines().findFirst().orElseThrow() + "\n").getBytes(StandardCharsets.UTF_8);
        }
    }
}
