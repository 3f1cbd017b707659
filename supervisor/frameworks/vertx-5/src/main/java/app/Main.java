package app;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;

/** A verticle with a router. */
public class Main extends VerticleBase {
    private String version;

    public static void main(String[] args) {
        Vertx.vertx().deployVerticle(new Main()).await();
    }

    @Override
    public Future<?> start() {
        version = vertx.fileSystem()
                        .readFileBlocking("version.txt")
                        .toString()
                        .lines()
                        .findFirst()
                        .orElseThrow() + "\n";
        Router router = Router.router(vertx);
        router.get("/").handler(this::answer);
        router.get("/slow").handler(this::slow);
        router.post("/echo")
                .handler(BodyHandler.create(false))
                .handler(context -> plain(context).response().end(context.body().buffer()));
        router.get("/stream").handler(this::stream);
        return vertx.createHttpServer()
                .requestHandler(router)
                .listen(Integer.parseInt(System.getenv().getOrDefault("PORT", "8080")));
    }

    private void answer(RoutingContext context) {
        plain(context).response().end(version);
    }

    private void slow(RoutingContext context) {
        vertx.setTimer(Long.parseLong(context.queryParams().get("millis")), id -> answer(context));
    }

    private void stream(RoutingContext context) {
        plain(context).response().setChunked(true);
        piece(context, 1);
    }

    private void piece(RoutingContext context, int piece) {
        if (piece == 5) {
            context.response().end(version);
        } else {
            context.response().write(piece + "\n");
            vertx.setTimer(20, id -> piece(context, piece + 1));
        }
    }

    private static RoutingContext plain(RoutingContext context) {
        context.response().putHeader("Content-Type", "text/plain");
        return context;
    }
}
