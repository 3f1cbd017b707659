package dev.supervisor.demo;

import dev.supervisor.spi.ApplicationContext;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The answers by path. Immutable; one for the generation, shared by its connections. */
final class Routes {

    /** The part before the path if the request target is in the form for proxies (RFC 9112, 3.2.2). */
    private static final Pattern ORIGIN = Pattern.compile("^https?://[^/?#]*", Pattern.CASE_INSENSITIVE);

    private final Map<String, Route> routes;

    Routes(Map<String, Route> routes) {
        this.routes = routes;
    }

    /**
     * Returns the routes of this generation.
     *
     * @throws IOException if a file that they serve is missing in the jar
     */
    static Routes of(Build build, ApplicationContext supervisor) throws IOException {
        int generation = build.generation();
        Page page = Page.of(build);
        StaticFile style = StaticFile.read("/style.css", ContentType.CSS);
        StaticFile script = StaticFile.read("/page.js", ContentType.SCRIPT);
        Echo echo = new Echo();
        EchoForm form = new EchoForm();
        Boom boom = new Boom();
        Supplier<Answer> greeting = () -> new Greeting(build);
        return new Routes(Map.of(
                "/", Route.of(page),
                "/style.css", Route.of(style),
                "/page.js", Route.of(script),
                "/greeting", Route.get(greeting).post(greeting),
                "/socket", Route.get(() -> new SocketUpgrade(supervisor, build)),
                "/slow", Route.get(() -> new Slow(generation)),
                "/echo", Route.of(form).post(() -> echo),
                "/events", Route.get(() -> new Events(generation)),
                "/boom", Route.of(boom)));
    }

    /** Returns the answer to this request, which may be a refusal. */
    Answer find(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return Refusal.badRequest("this is not HTTP");
        }
        String path;
        try {
            path = path(request.uri());
        } catch (IllegalArgumentException e) {
            return Refusal.badRequest("the path can't be decoded: " + e.getMessage());
        }
        Route route = routes.get(path);
        return route == null ? Refusal.notFound() : route.answer(request.method());
    }

    private static String path(String uri) {
        String path = new QueryStringDecoder(ORIGIN.matcher(uri).replaceFirst("")).path();
        return path.isEmpty() ? "/" : path;
    }
}
