package dev.supervisor.generation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;

/**
 * The resources that an application has asked for in a directory that is served {@linkplain ClassPathRoot#inPlace in place}, and
 * what they were like then; a resource that is not there may come into being. They count as part of the build; what else
 * lies in the directory, a log or a database, does not. Thread-safe.
 */
final class RequestedResources {

    /** An application may ask for names that it makes up. */
    private static final int MOST = 1000;

    /** The content of a longer file is not compared; its time tells then. */
    private static final long LONGEST = 1 << 20;

    private record Content(long size, long checksum) {

        static Optional<Content> of(Path file) {
            try {
                if (!Files.isRegularFile(file)) { // a pipe would block
                    return Optional.empty();
                }
                long size = Files.size(file);
                return Optional.of(new Content(size, size > LONGEST ? time(file) : checksum(file)));
            } catch (IOException e) {
                return Optional.empty();
            }
        }

        private static long time(Path file) throws IOException {
            return Files.getLastModifiedTime(file).toMillis();
        }

        private static long checksum(Path file) throws IOException {
            CRC32C checksum = new CRC32C();
            checksum.update(Files.readAllBytes(file));
            return checksum.getValue();
        }
    }

    private final Path directory;
    private final SelfWrittenFiles selfWritten;
    private final Map<Path, Optional<Content>> contents = new ConcurrentHashMap<>();

    RequestedResources(Path directory, SelfWrittenFiles selfWritten) {
        this.directory = directory;
        this.selfWritten = selfWritten;
    }

    /** @param name of a resource, with slashes */
    void add(String name) {
        try {
            Path file = directory.resolve(name).normalize();
            if (contents.size() < MOST && file.startsWith(directory) && !selfWritten.includes(file)) {
                contents.computeIfAbsent(file, Content::of);
            }
        } catch (InvalidPathException e) {
            return; // no file can have that name
        }
    }

    /** Whether this file was asked for, there or not. */
    boolean includes(Path file) {
        return contents.containsKey(file);
    }

    /** Returns what is not as it was when it was asked for. */
    Optional<Path> changed() {
        return contents.keySet().stream().filter(this::isChanged).findFirst();
    }

    private boolean isChanged(Path file) {
        return !Content.of(file).equals(contents.get(file));
    }

    /** The application has started, and may have written some of it meanwhile. */
    void started() {
        selfWritten.started(
                Set.copyOf(contents.keySet()),
                contents.keySet().stream().filter(this::isChanged).collect(Collectors.toSet()));
        contents.keySet().removeIf(selfWritten::includes);
    }
}
