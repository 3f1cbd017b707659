package app;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.Promise;

/** Embedded Jetty with its own asynchronous handlers, without servlets. */
public class Main extends Handler.Abstract.NonBlocking {
    private final String version;

    private Main(String version) {
        this.version = version;
    }

    public static void main(String[] args) throws Exception {
        Server server = new Server(Integer.parseInt(System.getenv().getOrDefault("PORT", "8080")));
        server.setHandler(new Main(version()));
        server.start();
        server.join();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain");
        switch (Request.getPathInContext(request)) {
            case "/" -> Content.Sink.write(response, true, version, callback);
            case "/slow" -> {
                Fields query = Request.extractQueryParameters(request);
                int millis = query.get("millis").getValueAsInt();
                after(request, millis, () -> Content.Sink.write(response, true, version, callback));
            }
            case "/echo" -> Content.copy(request, response, callback);
            case "/stream" -> stream(request, response, callback, 1);
            default -> {
                return handleExactly(request, response, callback);
            }
        }
        return true;
    }

    /** Answers each method alike, and in a way of its own at each path, for tests that look at each byte. */
    private boolean handleExactly(Request request, Response response, Callback callback) throws Exception {
        response.getHeaders().put("Version", version.strip());
        switch (Request.getPathInContext(request)) {
            case "/message" ->
                message(request, callback, message -> {
                    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, message.length());
                    Content.Sink.write(response, true, message, callback);
                });
            case "/chunks" -> {
                HttpFields trailers = HttpFields.from(new HttpField("Check", version.strip()));
                response.setTrailersSupplier(() -> trailers);
                message(request, callback, message -> twoPieces(response, message, callback));
            }
            case "/close" -> {
                response.getHeaders().put(HttpHeader.CONNECTION, "close");
                message(request, callback, message -> twoPieces(response, message, callback));
            }
            case "/refuse" -> Response.writeError(request, response, callback, 403);
            case "/nothing" -> {
                response.setStatus(204);
                callback.succeeded();
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void twoPieces(Response response, String message, Callback callback) {
        Runnable next = () -> Content.Sink.write(response, true, version, callback);
        Content.Sink.write(response, false, message, Callback.from(next, callback::failed));
    }

    /** Passes on what was asked, once it has come. */
    private void message(Request request, Callback callback, Consumer<String> then) {
        String line = version + request.getMethod() + " " + request.getHttpURI().getQuery() + "\n";
        Promise<String> body = Promise.from(text -> then.accept(line + text), callback::failed);
        Content.Source.asString(request, StandardCharsets.UTF_8, body);
    }

    private void stream(Request request, Response response, Callback callback, int piece) {
        if (piece == 5) {
            Content.Sink.write(response, true, version, callback);
            return;
        }
        Runnable next = () -> stream(request, response, callback, piece + 1);
        Content.Sink.write(
                response, false, piece + "\n", Callback.from(() -> after(request, 20, next), callback::failed));
    }

    private static void after(Request request, int millis, Runnable task) {
        request.getComponents().getScheduler().schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    private static String version() throws Exception {
        try (var in = Main.class.getResourceAsStream("/version.txt")) {
            String version = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return version.lines().findFirst().orElseThrow() + "\n";
        }
    }
}
