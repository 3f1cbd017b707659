package dev.supervisor.generation;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The state of a jar or a directory of classes, as its attributes show it: size, times and identity of each file that
 * counts. If two stamps taken some time apart are equal, nothing is being written.
 *
 * @param directory whether the root is a directory
 * @param files the files that count, by path
 * @param directories the root, if it is a directory that counts as a whole, and the directories in it, which a class path may name
 *     even if they are empty
 */
record BuildStamp(boolean directory, Map<Path, FileStamp> files, Set<Path> directories) {

    /**
     * Returns the stamp of a root.
     *
     * @throws NoSuchFileException if the root does not exist
     */
    static BuildStamp of(ClassPathRoot root) throws IOException {
        Map<Path, FileStamp> files = new HashMap<>();
        Set<Path> directories = new HashSet<>();
        boolean directory = FileTree.visit(root, new FileTree.Visitor() {
            @Override
            public void file(Path file, FileStamp stamp) {
                files.put(file, stamp);
            }

            @Override
            public void directory(Path found) {
                if (!root.inPlace()) {
                    directories.add(found);
                }
            }
        });
        return new BuildStamp(directory, files, directories);
    }

    /**
     * Returns whether this is a single file whose identity differs from the one in the earlier stamp: it was created or
     * moved here since, so it contains nothing of the older content.
     */
    boolean isNewFileSince(Optional<BuildStamp> before) {
        if (directory || files.isEmpty() || before.isEmpty()) {
            return false;
        }
        Map.Entry<Path, FileStamp> mine = files.entrySet().iterator().next();
        FileStamp other = before.get().files.get(mine.getKey());
        Object key = mine.getValue().key();
        return key != null && other != null && !key.equals(other.key());
    }

    /**
     * Returns whether one of the files was changed after this moment. File times are coarse: two changes within one
     * tick of the file system's clock leave equal stamps.
     */
    boolean changedAfter(Instant moment) {
        return files.values().stream().anyMatch(file -> file.changedAfter(moment));
    }
}
