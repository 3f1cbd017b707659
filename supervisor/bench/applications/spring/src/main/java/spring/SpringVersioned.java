package spring;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Answers {@code /} with the version that is a resource of its build, and {@code /slow} with it after a second. */
@SpringBootApplication
@RestController
public class SpringVersioned {

    private final String version;

    public SpringVersioned() throws IOException {
        try (InputStream in = SpringVersioned.class.getResourceAsStream("/version.txt")) {
            version = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    public static void main(String[] args) {
        SpringApplication.run(SpringVersioned.class, args);
    }

    @GetMapping("/")
    Mono<String> now() {
        return Mono.just(version);
    }

    @GetMapping("/slow")
    Mono<String> slow() {
        return Mono.just(version).delayElement(Duration.ofSeconds(1));
    }
}
