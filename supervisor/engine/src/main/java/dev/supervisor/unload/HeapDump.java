package dev.supervisor.unload;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.supervisor.SupervisorException;
import dev.supervisor.text.IoReason;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Writes all live objects of this JVM to a file. It contains every secret that the JVM knows: the JVM makes it readable
 * by its owner only, and so is the directory if it had to be made.
 */
public final class HeapDump {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT);

    private HeapDump() {}

    public static Path write(Path directory, int generation) {
        String name =
                "generation-" + generation + "-" + TIME.format(LocalDateTime.now(ZoneId.systemDefault())) + ".hprof";
        Path file = directory.toAbsolutePath().resolve(name);
        create(directory);
        write(file);
        return file;
    }

    private static void create(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory, ownerOnly(directory));
            }
        } catch (IOException e) {
            throw new SupervisorException("can't create " + directory + " for heap dumps: " + IoReason.of(e), e);
        }
        if (!Files.isWritable(directory)) {
            throw new SupervisorException("can't write heap dumps to " + directory + ": permission denied");
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path directory) {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    public static void write(Path file) {
        if (Files.exists(file)) {
            throw new SupervisorException("can't dump the heap: " + file + " exists already");
        }
        HotSpotDiagnosticMXBean diagnostics = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        if (diagnostics == null) {
            throw new SupervisorException("can't dump the heap: this JVM has no HotSpotDiagnosticMXBean");
        }
        try {
            diagnostics.dumpHeap(file.toString(), true);
        } catch (IOException e) {
            deletePartsOf(file);
            throw new SupervisorException("can't dump the heap to " + file + ": " + IoReason.of(e), e);
        }
    }

    /**
     * Deletes the file and its parts: newer JVMs write in parallel, to files whose names begin with that of the dump.
     */
    private static void deletePartsOf(Path file) {
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(file.getParent(), file.getFileName() + "*")) {
            for (Path part : parts) {
                Files.delete(part);
            }
        } catch (IOException e) {
            throw new SupervisorException("can't delete the incomplete heap dump " + file + ": " + IoReason.of(e), e);
        }
    }
}
