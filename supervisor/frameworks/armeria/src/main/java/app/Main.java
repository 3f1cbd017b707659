package app;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Armeria, which serves HTTP/1.1 and HTTP/2 at its port. */
public class Main {
    private final String version;

    private Main(String version) {
        this.version = version;
    }

    public static void main(String[] args) throws IOException {
        Main main = new Main(version());
        Server server = Server.builder()
                .http(Integer.parseInt(System.getenv().getOrDefault("PORT", "8080")))
                .service("/", (context, request) -> HttpResponse.of(main.version))
                .service("/slow", main::slow)
                .service("/echo", main::echo)
                .service("/stream", main::stream)
                .build();
        server.closeOnJvmShutdown();
        server.start().join();
    }

    private HttpResponse slow(ServiceRequestContext context, HttpRequest request) {
        long millis = Long.parseLong(context.queryParam("millis"));
        return HttpResponse.delayed(HttpResponse.of(version), Duration.ofMillis(millis));
    }

    private HttpResponse echo(ServiceRequestContext context, HttpRequest request) {
        return HttpResponse.of(request.aggregate()
                .thenApply(whole -> HttpResponse.of(HttpStatus.OK, MediaType.PLAIN_TEXT, whole.content())));
    }

    private HttpResponse stream(ServiceRequestContext context, HttpRequest request) {
        HttpResponseWriter response = HttpResponse.streaming();
        response.write(ResponseHeaders.of(HttpStatus.OK, "content-type", MediaType.PLAIN_TEXT));
        piece(context, response, 1);
        return response;
    }

    private void piece(ServiceRequestContext context, HttpResponseWriter response, int piece) {
        if (piece == 5) {
            response.write(HttpData.ofUtf8(version));
            response.close();
        } else {
            response.write(HttpData.ofUtf8(piece + "\n"));
            context.eventLoop().schedule(() -> piece(context, response, piece + 1), 20, TimeUnit.MILLISECONDS);
        }
    }

    private static String version() throws IOException {
        try (var in = Main.class.getResourceAsStream("/version.txt")) {
            String version = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return version.lines().findFirst().orElseThrow() + "\n";
        }
    }
}
