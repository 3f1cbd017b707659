package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.Event;
import dev.supervisor.Event.Failed.Next;
import dev.supervisor.Held;
import dev.supervisor.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
class SwapHookTest {

    private static final Problem PROBLEM = Problem.of("broken");

    @TempDir
    private Path directory;

    @Test
    void aFailureThatMayMendItselfIsNotReported() throws Exception {
        Path said = directory.resolve("said");
        BlockingQueue<String> complaints = new LinkedBlockingQueue<>();
        // the exit code tells that the last has run
        String command = "echo $SUPERVISOR_APPLICATION $SUPERVISOR_STATUS $SUPERVISOR_GENERATION >> '" + said
                + "'; test $SUPERVISOR_GENERATION = 1";
        try (SwapHook hook = new SwapHook("shop", command, complaints::add)) {
            hook.accept(serving(1));
            hook.accept(new Event.Awaiting(PROBLEM));
            hook.accept(new Event.Failed(PROBLEM, Next.SUPERSEDED));
            hook.accept(new Event.Failed(PROBLEM, Next.AFTER_FORMER));
            hook.accept(new Event.Failed(PROBLEM, Next.AS_BEFORE));
            hook.accept(new Event.Failed(PROBLEM, Next.TRYING_AGAIN));
            hook.accept(serving(2));
            complaints.take();
        }
        assertEquals(
                List.of("shop serving 1", "shop failed 1", "shop failed 1", "shop serving 2"),
                Files.readAllLines(said));
    }

    private static Event serving(int generation) {
        return new Event.Serving(generation, "app.jar", Duration.ZERO, Duration.ZERO, Instant.EPOCH, Held.NONE);
    }
}
