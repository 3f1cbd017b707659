package app;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.server.handlers.HttpContinueReadHandler;
import io.undertow.server.protocol.http.HttpAttachments;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.SameThreadExecutor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Undertow: answers on its I/O threads, streams on its workers. */
public class Main {
    private final String version;

    private Main(String version) {
        this.version = version;
    }

    public static void main(String[] args) throws IOException {
        Main main = new Main(version());
        Undertow.builder()
                .addHttpListener(Integer.parseInt(System.getenv().getOrDefault("PORT", "8080")), "localhost")
                .setWorkerThreads(256) // each waits for the rest of a request
                .setHandler(Handlers.path()
                        .addExactPath("/", main::answer)
                        .addExactPath("/slow", main::slow)
                        .addExactPath("/echo", main::echo)
                        .addExactPath("/stream", new BlockingHandler(main::stream))
                        .addExactPath("/message", exact(main::message))
                        .addExactPath("/chunks", exact(main::chunks))
                        .addExactPath("/close", exact(main::close))
                        .addExactPath("/refuse", exact(exchange -> exchange.setStatusCode(403)))
                        .addExactPath("/nothing", exact(exchange -> exchange.setStatusCode(204))))
                .build()
                .start();
    }

    private void answer(HttpServerExchange exchange) {
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain");
        exchange.getResponseSender().send(version);
    }

    private void slow(HttpServerExchange exchange) {
        int millis =
                Integer.parseInt(exchange.getQueryParameters().get("millis").getFirst());
        exchange.dispatch(
                SameThreadExecutor.INSTANCE,
                () -> exchange.getIoThread().executeAfter(() -> answer(exchange), millis, TimeUnit.MILLISECONDS));
    }

    private void echo(HttpServerExchange exchange) {
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain");
        exchange.getRequestReceiver()
                .receiveFullBytes((echo, body) -> echo.getResponseSender().send(ByteBuffer.wrap(body)));
    }

    private void stream(HttpServerExchange exchange) throws IOException, InterruptedException {
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain");
        for (int i = 1; i < 5; i++) {
            exchange.getOutputStream().write((i + "\n").getBytes(StandardCharsets.US_ASCII));
            exchange.getOutputStream().flush();
            Thread.sleep(20);
        }
        exchange.getOutputStream().write(version.getBytes(StandardCharsets.UTF_8));
    }

    /** For tests that look at each byte: each method is answered alike, and in a way of its own at each path. */
    private static HttpHandler exact(HttpHandler handler) {
        return new HttpContinueReadHandler(new BlockingHandler(handler));
    }

    private void message(HttpServerExchange exchange) throws IOException {
        byte[] message = asked(exchange);
        exchange.setResponseContentLength(message.length);
        exchange.getOutputStream().write(message);
    }

    private void chunks(HttpServerExchange exchange) throws IOException {
        HeaderMap trailers = new HeaderMap().put(HttpString.tryFromString("Check"), version.strip());
        exchange.putAttachment(HttpAttachments.RESPONSE_TRAILERS, trailers);
        inTwoPieces(exchange, asked(exchange));
    }

    private void close(HttpServerExchange exchange) throws IOException {
        exchange.getResponseHeaders().put(Headers.CONNECTION, "close");
        inTwoPieces(exchange, asked(exchange));
    }

    private void inTwoPieces(HttpServerExchange exchange, byte[] message) throws IOException {
        exchange.getOutputStream().write(message);
        exchange.getOutputStream().flush();
        exchange.getOutputStream().write(version.getBytes(StandardCharsets.UTF_8));
    }

    private byte[] asked(HttpServerExchange exchange) throws IOException {
        exchange.getResponseHeaders().put(HttpString.tryFromString("Version"), version.strip());
        String line = version + exchange.getRequestMethod() + " " + exchange.getQueryString() + "\n";
        String body = new String(exchange.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return (line + body).getBytes(StandardCharsets.UTF_8);
    }

    private static String version() throws IOException {
        try (var in = Main.class.getResourceAsStream("/version.txt")) {
            String version = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return version.lines().findFirst().orElseThrow() + "\n";
        }
    }
}
