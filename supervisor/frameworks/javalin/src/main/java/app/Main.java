package app;

import io.javalin.Javalin;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Javalin, which is Jetty with servlets. */
public class Main {
    public static void main(String[] args) throws IOException {
        String version = version();
        Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    config.routes.get("/", context -> context.result(version));
                    config.routes.get("/slow", context -> slow(context, version));
                    config.routes.post("/echo", context -> context.result(context.bodyAsBytes()));
                    config.routes.get("/stream", context -> stream(context, version));
                })
                .start(Integer.parseInt(System.getenv().getOrDefault("PORT", "8080")));
    }

    private static void slow(Context context, String version) {
        long millis = context.queryParamAsClass("millis", Long.class).get();
        Executor later = CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
        context.future(() -> CompletableFuture.runAsync(() -> context.result(version), later));
    }

    private static void stream(Context context, String version) throws IOException, InterruptedException {
        context.contentType("text/plain");
        for (int i = 1; i < 5; i++) {
            context.outputStream().write((i + "\n").getBytes(StandardCharsets.US_ASCII));
            context.res().flushBuffer();
            Thread.sleep(20);
        }
        context.outputStream().write(version.getBytes(StandardCharsets.UTF_8));
    }

    private static String version() throws IOException {
        try (var in = Main.class.getResourceAsStream("/version.txt")) {
            String version = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return version.lines().findFirst().orElseThrow() + "\n";
        }
    }
}
