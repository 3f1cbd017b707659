package app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;

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
    ResponseEntity<ResponseBodyEmitter> stream() {
        ResponseBodyEmitter emitter = new ResponseBodyEmitter();
        later(() -> piece(emitter, 1));
        return ResponseEntity.ok().contentType(MediaType.TEXT_PLAIN).body(emitter);
    }

    private void piece(ResponseBodyEmitter emitter, int piece) {
        try {
            if (piece == 5) {
                emitter.send(version, MediaType.TEXT_PLAIN);
                emitter.complete();
            } else {
                emitter.send(piece + "\n", MediaType.TEXT_PLAIN);
                later(() -> piece(emitter, piece + 1));
            }
        } catch (IOException e) {
            emitter.completeWithError(e);
        }
    }

    private static void later(Runnable task) {
        CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS).execute(task);
    }
}
