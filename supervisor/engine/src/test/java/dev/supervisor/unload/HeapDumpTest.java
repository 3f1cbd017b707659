package dev.supervisor.unload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SupervisorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class HeapDumpTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path temp;

    /** Run by a JVM that may write no file longer than that. */
    static final class Dumping {

        private Dumping() {}

        public static void main(String[] arguments) {
            try {
                HeapDump.write(Path.of(arguments[0]));
            } catch (SupervisorException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void aDirectoryThatCanNotBeMadeIsSaid() throws Exception {
        Path file = Files.createFile(temp.resolve("file"));
        Path directory = file.resolve("dumps");
        SupervisorException e = assertThrows(SupervisorException.class, () -> HeapDump.write(directory, 7));
        assertTrue(
                String.valueOf(e.getMessage()).startsWith("can't create " + directory + " for heap dumps: "),
                e.getMessage());
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsSaid() throws Exception {
        Path file = Files.createFile(temp.resolve("file"));
        SupervisorException e = assertThrows(SupervisorException.class, () -> HeapDump.write(file, 7));
        assertTrue(
                String.valueOf(e.getMessage()).startsWith("can't create " + file + " for heap dumps: "),
                e.getMessage());
    }

    @Test
    void anExistingFileIsNotOverwritten() throws Exception {
        Path file = Files.writeString(temp.resolve("mine.hprof"), "precious");
        SupervisorException e = assertThrows(SupervisorException.class, () -> HeapDump.write(file));
        assertEquals("can't dump the heap: " + file + " exists already", e.getMessage());
        assertEquals("precious", Files.readString(file));
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no ulimit")
    void aDumpThatCanNotBeWrittenToItsEndIsDeleted() throws Exception {
        Path file = temp.resolve("dumps").resolve("large.hprof");
        Files.createDirectory(file.getParent());
        String printed = dumpWithLimit(file);
        assertTrue(printed.startsWith("can't dump the heap to " + file + ": "), printed);
        try (Stream<Path> left = Files.list(file.getParent())) {
            assertEquals(List.of(), left.toList());
        }
    }

    private static String dumpWithLimit(Path file) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder builder = new ProcessBuilder(
                        "sh", "-c", "ulimit -f 1000; exec \"$@\"", "sh", java, Dumping.class.getName(), file.toString())
                .redirectErrorStream(true);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.start();
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly();
        }
    }
}
