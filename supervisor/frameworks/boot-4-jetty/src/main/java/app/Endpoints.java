package app;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

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
    String slow(@RequestParam int millis) throws InterruptedException {
        Thread.sleep(millis);
        return version;
    }

    @PostMapping("/echo")
    byte[] echo(@RequestBody byte[] body) {
        return body;
    }

    @GetMapping("/stream")
    ResponseEntity<StreamingResponseBody> stream() {
        return ResponseEntity.ok().contentType(MediaType.TEXT_PLAIN).body(out -> {
            for (int i = 1; i < 5; i++) {
                out.write((i + "\n").getBytes(StandardCharsets.US_ASCII));
                out.flush();
                pause(20);
            }
            out.write(version.getBytes(StandardCharsets.UTF_8));
        });
    }

    private static void pause(int millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
    }
}
