package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Running;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whether the supervisor's threads are stuck can be asked, and so can swaps. */
@Timeout(120)
class RespondIT {

    @TempDir
    private Path directory;

    @BeforeEach
    void build() throws Exception {
        Apps.http("v1").moveTo(jar());
    }

    private Path jar() {
        return directory.resolve("app.jar");
    }

    @Test
    void aSwapLoopThatIsStuckDoesNotRespond() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        SupervisorOptions options = SupervisorOptions.builder(jar()).port(0).build();
        Supervisor supervisor = Supervisor.start(options, event -> {
            if (event instanceof Event.SwapAsked) {
                stuck.countDown();
                assertFreed(free);
            }
        });
        try (supervisor) {
            supervisor.respond().join();
            supervisor.swap();
            assertTrue(stuck.await(60, TimeUnit.SECONDS));
            CompletableFuture<?> response = supervisor.respond();
            CompletableFuture<?> later = supervisor.respond();
            assertFalse(response.isDone() || later.isDone());
            free.countDown();
            response.join();
            later.join();
        }
        assertThrows(CompletionException.class, () -> supervisor.respond().join());
    }

    private static void assertFreed(CountDownLatch free) {
        try {
            assertTrue(free.await(60, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void eachRequestOfASwapIsReported() throws Exception {
        try (Running running = Running.http(jar())) {
            running.awaitServing(1);
            for (int i = 0; i < 10; i++) {
                running.supervisor().swap(); // most of them during another swap
            }
            running.supervisor().respond().join();
            assertEquals(10, running.events(Event.SwapAsked.class).size());
        }
    }
}
