package dev.supervisor.source;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Searches directories for files, until it has found all of them or has seen too many files. */
final class SourceSearch extends SimpleFileVisitor<Path> {

    private static final Logger LOG = LoggerFactory.getLogger(SourceSearch.class);
    private static final int MOST_FILES = 50_000;

    private final Set<Path> roots;
    private final Map<Path, String> missing = new HashMap<>();
    private final Map<String, Path> found = new HashMap<>();
    private final Set<String> ambiguous = new HashSet<>();
    private final boolean inAllPlaces;
    private int visited;

    private SourceSearch(List<Path> roots, Set<String> wanted, boolean inAllPlaces) {
        this.roots = Set.copyOf(roots);
        this.inAllPlaces = inAllPlaces;
        for (String path : wanted) {
            try {
                missing.put(Path.of(path), path);
            } catch (InvalidPathException e) {
                LOG.debug("no file can have this name", e);
            }
        }
    }

    /**
     * Returns the paths of the files that were found, by name.
     *
     * @param wanted the names, by package and below any directory: {@code a/b/C.java}
     */
    static Map<String, Path> find(List<Path> roots, Set<String> wanted) {
        SourceSearch search = new SourceSearch(roots, wanted, false);
        roots.forEach(search::walk);
        return search.found;
    }

    /** Does the same, without files that were found in several places. */
    static Map<String, Path> findUnambiguous(List<Path> roots, Set<String> wanted) {
        SourceSearch search = new SourceSearch(roots, wanted, true);
        roots.forEach(search::walk);
        search.found.keySet().removeAll(search.ambiguous);
        return search.found;
    }

    private void walk(Path root) {
        if (!missing.isEmpty()) {
            try {
                Files.walkFileTree(root, this);
            } catch (IOException | RuntimeException e) {
                LOG.debug("can't look for sources in {}", root, e);
            }
        }
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
        Path name = directory.getFileName();
        boolean uninteresting = name != null
                && (name.toString().startsWith(".") || name.toString().equals("node_modules"));
        return uninteresting && !roots.contains(directory) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        missing.entrySet().removeIf(wanted -> {
            boolean isIt = file.endsWith(wanted.getKey());
            if (isIt) {
                found(wanted.getValue(), file);
            }
            return isIt && !inAllPlaces;
        });
        return missing.isEmpty() || ++visited > MOST_FILES ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
    }

    /** Notes a found file. A file can be found twice, since a root may lie within another. */
    private void found(String wanted, Path file) {
        Path before = found.put(wanted, file);
        if (before != null && !before.equals(file)) {
            ambiguous.add(wanted);
        }
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
        return FileVisitResult.CONTINUE;
    }
}
