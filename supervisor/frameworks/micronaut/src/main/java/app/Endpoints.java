package app;

import io.micronaut.context.annotation.Context;
import io.micronaut.core.io.ResourceResolver;
import io.micronaut.http.MediaType;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.Consumes;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.Post;
import io.micronaut.http.annotation.Produces;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@Context
@Controller
@Produces(MediaType.TEXT_PLAIN)
class Endpoints {
    private final String version;

    Endpoints(ResourceResolver resources) throws IOException {
        try (var in = resources.getResourceAsStream("classpath:version.txt").orElseThrow()) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            version = text.lines().findFirst().orElseThrow() + "\n";
        }
    }

    @Get
    String version() {
        return version;
    }

    @Get("/slow")
    Mono<String> slow(long millis) {
        return Mono.just(version).delayElement(Duration.ofMillis(millis));
    }

    @Post("/echo")
    @Consumes(MediaType.ALL)
    byte[] echo(@Body byte[] body) {
        return body;
    }

    @Get("/stream")
    Publisher<String> stream() {
        return Flux.just("1\n", "2\n", "3\n", "4\n", version).delayElements(Duration.ofMillis(20));
    }
}
