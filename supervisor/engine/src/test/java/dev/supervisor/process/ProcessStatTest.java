package dev.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Await;
import java.io.IOException;
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
                    "it sleeps",
                    () -> ProcessStat.of(process.toHandle()).orElseThrow().state() == 'S');
            assertTrue(ProcessStat.isAlive(process.toHandle()));
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertFalse(ProcessStat.isAlive(process.toHandle()));
    }

    @Test
    void whoHasEndedAndIsNotWaitedForIsNotAlive() throws Exception {
        // the program that takes the shell's place does not know that it has a child, which ends only after that
        Process process = new ProcessBuilder(
                        "sh", "-c", "exec 3<&0; sh -c 'read word' <&3 & echo $! > child; exec sleep 1000")
                .directory(directory.toFile())
                .start();
        try {
            ProcessHandle child =
                    ProcessHandle.of(Await.pid(directory.resolve("child"))).orElseThrow();
            Await.until("sleep has taken the shell's place", () -> name(process).equals("sleep"));
            assertTrue(ProcessStat.isAlive(child));
            process.outputWriter().append("end\n").flush();
            Await.until("it has ended", () -> !ProcessStat.isAlive(child));
            assertEquals('Z', ProcessStat.of(child).orElseThrow().state());
            assertTrue(child.isAlive(), "as Java sees it");
        } finally {
            process.destroyForcibly();
        }
    }

    private static String name(Process process) throws IOException {
        return Files.readString(Path.of("/proc/" + process.pid() + "/comm")).strip();
    }
}
