package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.load.LoadTestException;
import dev.supervisor.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
final class ReloadCommandIT {

    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void tellsTheCommandItsNumber() throws Exception {
        Path file = directory.resolve("number");
        new ReloadCommand("echo $RELOAD > '" + file + "'", LONG).apply(3);
        assertEquals("3\n", Files.readString(file));
    }

    @Test
    void aCommandThatFailsIsShownWithItsLastLines() {
        ReloadCommand command = new ReloadCommand("echo compiling; echo it does not compile >&2; exit 7", LONG);
        LoadTestException failure = assertThrows(LoadTestException.class, () -> command.apply(1));
        assertTrue(String.valueOf(failure.getMessage())
                .endsWith("ended with exit code 7:\n  compiling\n  it does not compile"));
    }

    @Test
    void aCommandThatHangsIsEndedWithItsChildren() throws Exception {
        Path pid = directory.resolve("pid");
        ReloadCommand command = new ReloadCommand("sleep 300 & echo $! > '" + pid + "'; wait", Duration.ofSeconds(1));
        LoadTestException failure = assertThrows(LoadTestException.class, () -> command.apply(1));
        assertTrue(String.valueOf(failure.getMessage()).contains("did not end within 1 s"), failure::getMessage);
        long child = Long.parseLong(Files.readString(pid).strip());
        Await.end(child);
    }
}
