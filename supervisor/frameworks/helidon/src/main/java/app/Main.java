package app;

import io.helidon.http.HeaderNames;
import io.helidon.logging.common.LogConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Helidon SE, with a virtual thread per request. */
public class Main {
    private final String version;

    private Main(String version) {
        this.version = version;
    }

    public static void main(String[] args) throws IOException {
        LogConfig.configureRuntime();
        Main main = new Main(version());
        WebServer.builder()
                .port(Integer.parseInt(System.getenv().getOrDefault("PORT", "8080")))
                .routing(main::routing)
                .build()
                .start();
    }

    private void routing(HttpRouting.Builder routing) {
        routing.get("/", (request, response) -> response.send(version))
                .get("/slow", this::slow)
                .post("/echo", this::echo)
                .get("/stream", this::stream);
    }

    private void slow(ServerRequest request, ServerResponse response) throws InterruptedException {
        Thread.sleep(request.query().first("millis").asLong().get());
        response.send(version);
    }

    private void echo(ServerRequest request, ServerResponse response) throws IOException {
        try (var in = request.content().inputStream();
                var out = response.outputStream()) {
            in.transferTo(out);
        }
    }

    private void stream(ServerRequest request, ServerResponse response) throws IOException, InterruptedException {
        response.header(HeaderNames.CONTENT_TYPE, "text/plain");
        try (var out = response.outputStream()) {
            for (int i = 1; i < 5; i++) {
                out.write((i + "\n").getBytes(StandardCharsets.US_ASCII));
                out.flush();
                Thread.sleep(20);
            }
            out.write(version.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String version() throws IOException {
        try (var in = Main.class.getResourceAsStream("/version.txt")) {
            String version = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return version.lines().findFirst().orElseThrow() + "\n";
        }
    }
}
