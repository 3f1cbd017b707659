package app;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.Headers;
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
                .setHandler(Handlers.path()
                        .addExactPath("/", main::answer)
                        .addExactPath("/slow", main::slow)
                        .addExactPath("/echo", main::echo)
                        .addExactPath("/stream", new BlockingHandler(main::stream)))
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

    private static String version() throws IOException {
        try (var in = Main.class.getResourceAsStream("/version.txt")) {
            String version = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return version.lines().findFirst().orElseThrow() + "\n";
        }
    }
}
