package app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
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
        server.createContext("/message", exchange -> {
            byte[] message = message(exchange, version);
            send(exchange, 200, message.length, message);
        });
        server.createContext("/chunks", exchange -> send(exchange, 200, 0, message(exchange, version), version));
        server.createContext("/close", exchange -> {
            exchange.getResponseHeaders().set("Connection", "close");
            send(exchange, 200, 0, message(exchange, version), version);
        });
        server.createContext("/refuse", exchange -> send(exchange, 403, -1));
        server.createContext("/nothing", exchange -> send(exchange, 204, -1));
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

    /** What was asked. For tests that look at each byte, as the rest of the response. */
    private static byte[] message(HttpExchange exchange, byte[] version) throws IOException {
        exchange.getResponseHeaders().set("Version", new String(version, StandardCharsets.UTF_8).strip());
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.write(version);
        String line = exchange.getRequestMethod() + " " + exchange.getRequestURI().getQuery() + "\n";
        message.write(line.getBytes(StandardCharsets.UTF_8));
        exchange.getRequestBody().transferTo(message);
        return message.toByteArray();
    }

    /** @param length as {@link HttpExchange#sendResponseHeaders} takes it */
    private static void send(HttpExchange exchange, int status, long length, byte[]... pieces) throws IOException {
        try (exchange) {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, head ? -1 : length);
            for (byte[] piece : pieces) {
                if (!head) {
                    exchange.getResponseBody().write(piece);
                    exchange.getResponseBody().flush();
                }
            }
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
