package dev.supervisor.compile;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Files below some directories, with their contents' hashes. A file is read again only if its attributes can't prove that it
 * is the same. Not thread-safe.
 */
final class FileTree {

    private record Known(Stamp stamp, boolean settled, String hash) {}

    private final Collection<Path> roots;
    private final Predicate<Path> includes;
    private Map<Path, Known> known = new HashMap<>();

    /**
     * @param roots directories or files, which need not exist
     * @param includes the files that count
     */
    FileTree(Collection<Path> roots, Predicate<Path> includes) {
        this.roots = roots;
        this.includes = includes;
    }

    /** Returns the hash of each file that is there now. */
    Map<Path, String> hashes() throws IOException {
        Map<Path, Known> now = new TreeMap<>();
        for (Path root : roots) {
            walk(root, file -> {
                if (includes.test(file)) {
                    look(file).ifPresent(state -> now.put(file, state));
                }
            });
        }
        known = now;
        Map<Path, String> hashes = new TreeMap<>();
        now.forEach((file, state) -> hashes.put(file, state.hash()));
        return hashes;
    }

    /** Returns whether a file has the attributes that it had at the last look. */
    boolean isAsLastSeen(Path file) {
        try {
            @Nullable Known before = known.get(file);
            return before != null && Stamp.of(file).equals(before.stamp());
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns whether all files were changed before that time, as they were at the last look. */
    boolean isOlderThan(long millis) {
        return known.values().stream()
                .allMatch(file -> file.stamp().changed().toMillis() < millis
                        && file.stamp().modified().toMillis() < millis);
    }

    /** Returns empty if it has just been deleted. */
    private Optional<Known> look(Path file) throws IOException {
        try {
            Instant moment = Instant.now();
            Stamp stamp = Stamp.of(file); // before the content: a change in between shows in the next stamp
            @Nullable Known before = known.get(file);
            if (before != null && before.settled() && before.stamp().equals(stamp)) {
                return Optional.of(before);
            }
            String hash = Hash.of(Files.readAllBytes(file));
            return Optional.of(new Known(stamp, stamp.isSettled(moment), hash));
        } catch (IOException e) {
            if (Files.exists(file)) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** Receives a file. */
    interface Visitor {
        void visit(Path file) throws IOException;
    }

    /** Visits the regular files below a directory, or the file itself; it need not exist. Links are followed. */
    static void walk(Path root, Visitor visitor) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(
                root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                        if (attributes.isRegularFile()) { // reading a pipe would block
                            visitor.visit(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                        if (Files.isReadable(file) || !Files.exists(file)) { // a loop of links, or just deleted
                            return FileVisitResult.CONTINUE;
                        }
                        throw e;
                    }
                });
    }
}
