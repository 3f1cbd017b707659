package dev.supervisor.cli.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class ResponseCheckTest {

    private final List<CompletableFuture<?>> asked = new ArrayList<>();
    private int responses;

    private final ResponseCheck check = new ResponseCheck(
            () -> {
                CompletableFuture<?> response = new CompletableFuture<>();
                asked.add(response);
                return response;
            },
            () -> responses++,
            Runnable::run);

    @Test
    void threadsThatAreStuckAreNeitherAliveNorAskedAgain() {
        check.run();
        check.run();
        assertEquals(1, asked.size());
        assertEquals(0, responses);
    }

    @Test
    void threadsThatRespondAreAskedAgain() {
        check.run();
        asked.get(0).complete(null);
        assertEquals(1, responses);
        check.run();
        assertEquals(2, asked.size());
        assertEquals(1, responses);
        asked.get(1).complete(null);
        assertEquals(2, responses);
    }

    @Test
    void threadsThatHaveEndedAreNotAlive() {
        check.run();
        asked.get(0).completeExceptionally(new IllegalStateException("for a test"));
        check.run();
        assertEquals(2, asked.size());
        assertEquals(0, responses);
    }
}
