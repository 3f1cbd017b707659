package app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.io.Resource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

@RestController
class Endpoints {
    private final String version;

    Endpoints(@Value("classpath:version.txt") Resource resource) throws IOException {
        version = resource.getContentAsString(StandardCharsets.UTF_8)
                        .lines()
                        .findFirst()
                        .orElseThrow() + "\n";
    }

    @GetMapping(path = "/", produces = MediaType.TEXT_PLAIN_VALUE)
    String version() {
        return version;
    }

    @GetMapping(path = "/slow", produces = MediaType.TEXT_PLAIN_VALUE)
    Mono<String> slow(@RequestParam long millis) {
        return Mono.just(version).delayElement(Duration.ofMillis(millis));
    }

    @PostMapping("/echo")
    Flux<DataBuffer> echo(@RequestBody Flux<DataBuffer> body) {
        return body;
    }

    @GetMapping(path = "/stream", produces = MediaType.TEXT_PLAIN_VALUE)
    Flux<String> stream() {
        return Flux.just("1\n", "2\n", "3\n", "4\n", version).delayElements(Duration.ofMillis(20));
    }
}
