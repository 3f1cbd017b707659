package dev.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import dev.supervisor.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
final class ProcessStatTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void theStateIsFoundWhateverTheProgramIsCalled() throws Exception {
        Path odd = Files.copy(Path.of("/bin/sleep"), directory.resolve("a) Z 1 2 (b"));
        Process process = new ProcessBuilder(odd.toString(), "1000").start();
        try {
            Await.until(
                    "it sleeps", () -> ProcessStat.of(process.toHandle()).orElseThrow().state() == 'S');
            assertTrue(ProcessStat.isAlive(process.toHandle()));
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertFalse(ProcessStat.isAlive(process.toHandle()));
    }

    @Test
    void whoHasEndedAndIsNotWaitedForIsNotAlive() throws Exception {
        // the program that takes the shell's place does not know that it has a child
        Process process = new ProcessBuilder("sh", "-c", "sh -c 'exit' & echo $! > child; exec sleep 1000")
                .directory(directory.toFile())
                .start();
        try {
            ProcessHandle child =
                    ProcessHandle.of(Await.pid(directory.resolve("child"))).orElseThrow();
            Await.until("it has ended", () -> !ProcessStat.isAlive(child));
            assertEquals('Z', ProcessStat.of(child).orElseThrow().state());
            assertTrue(child.isAlive(), "as Java sees it");
        } finally {
            process.destroyForcibly();
        }
    }
}
