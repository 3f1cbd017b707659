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
 * The resources that an application has asked for in a directory that is served {@linkplain ClassPathRoot#inPlace in
 * place}, with their content at that time. A resource that did not exist is noted too, since it may be created. They
 * count as part of the build; other files of the directory, a log or a database, do not. Thread-safe.
 */
final class RequestedResources {

    /** The most resources that are noted: an application may ask for any number of made-up names. */
    private static final int MOST = 1000;

    /** The size in bytes above which the modification time is compared instead of the content. */
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

    /**
     * Notes a resource that the application asks for.
     *
     * @param name the resource's name, with slashes
     */
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

    /** Returns whether the application has asked for this file, whether it exists or not. */
    boolean includes(Path file) {
        return contents.containsKey(file);
    }

    /** Returns a resource that has changed since the application asked for it. */
    Optional<Path> changed() {
        return contents.keySet().stream().filter(this::isChanged).findFirst();
    }

    private boolean isChanged(Path file) {
        return !Content.of(file).equals(contents.get(file));
    }

    /** Called when the application has started: it may have written some of the resources meanwhile. */
    void started() {
        selfWritten.started(
                Set.copyOf(contents.keySet()),
                contents.keySet().stream().filter(this::isChanged).collect(Collectors.toSet()));
        contents.keySet().removeIf(selfWritten::includes);
    }
}
