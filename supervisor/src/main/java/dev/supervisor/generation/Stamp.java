package dev.supervisor.generation;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a jar or a directory of classes looks like from outside: size, time and identity of each file. Two equal stamps
 * some time apart mean that nobody is writing.
 */
record Stamp(boolean directory, Map<Path, File> files) {

    /** What a link leads to belongs to the build. */
    static final Set<FileVisitOption> FOLLOW_LINKS = EnumSet.of(FileVisitOption.FOLLOW_LINKS);

    /** @param key identity of the file on its file system, null where there is none (Windows) */
    record File(long size, FileTime modified, @Nullable Object key) {}

    /** @throws NoSuchFileException if it is not there, or something in it has just vanished */
    static Stamp of(Path root) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(root, BasicFileAttributes.class);
        Map<Path, File> files = new TreeMap<>();
        if (!attributes.isDirectory()) {
            files.put(root, file(attributes));
            return new Stamp(false, files);
        }
        Files.walkFileTree(root, FOLLOW_LINKS, Integer.MAX_VALUE, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes found) {
                files.put(path, file(found));
                return FileVisitResult.CONTINUE;
            }
        });
        return new Stamp(true, files);
    }

    private static File file(BasicFileAttributes attributes) {
        return new File(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
    }

    /**
     * Whether this is one file, and another one than the stamp before: it was created or moved here since, so nothing of
     * an older content can be left in it.
     */
    boolean isNewFileSince(Optional<Stamp> before) {
        if (directory || before.isEmpty()) {
            return false;
        }
        Map.Entry<Path, File> mine = files.entrySet().iterator().next();
        File other = before.get().files.get(mine.getKey());
        Object key = mine.getValue().key();
        return key != null && other != null && !key.equals(other.key());
    }
}
