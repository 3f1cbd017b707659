package dev.supervisor.inspect;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The JDK's table of jars that are open as file systems, by path. */
public final class JarFileSystems {

    private static final Optional<InternalField> OPEN =
            InternalField.field("jdk.nio.zipfs.ZipFileSystemProvider", "filesystems");

    private JarFileSystems() {}

    /**
     * Removes a file system from the table, without closing it, so that the jar can be opened once more.
     *
     * @param mayGo whether the file system that is open under this URI may be removed
     * @return whether it was removed
     */
    public static boolean makeRoom(URI uri, Predicate<FileSystem> mayGo) {
        FileSystem open = FileSystems.getFileSystem(uri);
        return mayGo.test(open)
                && OPEN.filter(field -> field.isIn(open.provider()))
                        .map(field -> field.get(open.provider()))
                        .filter(table -> remove((Map<?, ?>) table, open))
                        .isPresent();
    }

    private static boolean remove(Map<?, ?> table, FileSystem open) {
        synchronized (table) { // as the JDK does
            return table.values().remove(open);
        }
    }
}
