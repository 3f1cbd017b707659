package dev.supervisor.unload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SupervisorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class SearchProcessTest {

    private static final String CLASS_PATH = System.getProperty("java.class.path");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path temp;

    @SuppressWarnings("NullAway.Init")
    private Path heapDump;

    @BeforeEach
    void writeNonsense() throws Exception {
        heapDump = Files.writeString(temp.resolve("some.hprof"), "no heap dump");
    }

    private String messageOf(SearchProcess process) {
        return String.valueOf(assertThrows(SupervisorException.class, () -> process.search(heapDump, "generation 7", 1))
                .getMessage());
    }

    private static Set<Long> children() {
        return ProcessHandle.current().children().map(ProcessHandle::pid).collect(Collectors.toSet());
    }

    @Test
    void whatTheProcessSaysOfAFileThatItCanNotReadIsSaid() {
        String message = messageOf(SearchProcess.ofThisJvm());
        assertTrue(message.startsWith("can't search " + heapDump + ": Exception in thread \"main\" "), message);
    }

    @Test
    void aProcessThatCanNotStartIsSaid() {
        String message = messageOf(new SearchProcess("nowhere", Duration.ofMinutes(1)));
        assertTrue(
                message.startsWith("can't search " + heapDump + ": Error: Could not find or load main class "),
                message);
    }

    @Test
    void aSearchThatTakesTooLongIsEnded() {
        Set<Long> before = children();
        String message = messageOf(new SearchProcess(CLASS_PATH, Duration.ZERO));
        assertEquals("can't search " + heapDump + ": not done after 0 s", message);
        assertEquals(before, children());
    }

    @Test
    void aSearchThatIsInterruptedIsEnded() {
        Set<Long> before = children();
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> SearchProcess.ofThisJvm().search(heapDump, "generation 7", 1));
        assertFalse(Thread.currentThread().isInterrupted());
        assertEquals(before, children());
    }
}
