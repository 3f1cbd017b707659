package dev.supervisor.maven;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

/** A directory for a Unix socket that only this user can enter, and whose path is short: the system allows some 100 bytes. */
final class SocketDirectory implements AutoCloseable {

    /** macOS has 104 with the zero at the end, Linux 108. */
    private static final int LONGEST = 103;

    private static final String PREFIX = "sv";
    private static final String SOCKET = "s";

    private final Path directory;

    private SocketDirectory(Path directory) {
        this.directory = directory;
    }

    static SocketDirectory create() throws IOException {
        Path usual = Files.createTempDirectory(PREFIX); // mode 700
        if (length(usual.resolve(SOCKET)) <= LONGEST) {
            return new SocketDirectory(usual);
        }
        Files.delete(usual);
        return new SocketDirectory(Files.createTempDirectory(
                Path.of("/tmp"),
                PREFIX,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
    }

    private static int length(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    Path socket() {
        return directory.resolve(SOCKET);
    }

    @Override
    public void close() throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.deleteIfExists(file);
                }
            }
            Files.deleteIfExists(directory);
        }
    }
}
