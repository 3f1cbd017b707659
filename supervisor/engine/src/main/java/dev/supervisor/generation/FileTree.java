package dev.supervisor.generation;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;

/**
 * Walks through the files of a root that count, links followed. {@link Files#walkFileTree} is not used: the time of change (ctime)
 * is not among what it reads of a file, so that each would have to be looked at twice.
 */
final class FileTree {

    /** Receives what a walk finds. */
    interface Visitor {
        void file(Path file, FileStamp stamp) throws IOException;

        /** Called for each directory, including the root, before its content is visited. */
        void directory(Path directory) throws IOException;
    }

    private record Ancestor(Path path, FileStamp stamp) {

        /** Without keys (Windows) the paths are compared, which takes longer. */
        boolean is(Path other, FileStamp found) throws IOException {
            return (stamp.key() == null && found.key() == null)
                    ? Files.isSameFile(path, other)
                    : Objects.equals(stamp.key(), found.key());
        }
    }

    private final ClassPathRoot root;
    private final Visitor visitor;
    private final Deque<Ancestor> ancestors = new ArrayDeque<>();

    private FileTree(ClassPathRoot root, Visitor visitor) {
        this.root = root;
        this.visitor = visitor;
    }

    /**
     * Visits each file that counts. Dangling links, cycles of links, pipes, sockets and devices do not count: no class
     * or resource can be read from them, and opening one might block.
     *
     * @return whether the root is a directory
     * @throws NoSuchFileException if the root does not exist
     */
    static boolean visit(ClassPathRoot root, Visitor visitor) throws IOException {
        FileStamp found = FileStamp.of(root.path());
        if (found.isDirectory()) {
            new FileTree(root, visitor).enter(root.path(), found);
        } else if (found.isRegularFile()) {
            visitor.file(root.path(), found);
        }
        return found.isDirectory();
    }

    private void enter(Path directory, FileStamp found) throws IOException {
        if (!root.includesDirectory(directory) || isCycle(directory, found)) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            visitor.directory(directory);
            ancestors.push(new Ancestor(directory, found));
            for (Path entry : entries) {
                look(entry);
            }
            ancestors.pop();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (NoSuchFileException | AccessDeniedException e) {
            throwUnlessIgnored(root, directory, e);
        }
    }

    private boolean isCycle(Path directory, FileStamp found) throws IOException {
        for (Ancestor ancestor : ancestors) {
            if (ancestor.is(directory, found)) {
                return true;
            }
        }
        return false;
    }

    private void look(Path entry) throws IOException {
        FileStamp found;
        try {
            found = FileStamp.of(entry);
        } catch (IOException e) {
            if (!Files.isSymbolicLink(entry)) { // a link that leads nowhere, or in a circle
                throwUnlessIgnored(root, entry, e);
            }
            return;
        }
        if (found.isDirectory()) {
            enter(entry, found);
        } else if (found.isRegularFile() && root.includesFile(entry)) {
            visitor.file(entry, found);
        }
    }

    /**
     * Ignores what does not exist, since it has just been deleted, and a directory of another user that can't be read; in {@code
     * /tmp}, they lie beside a build.
     */
    static void throwUnlessIgnored(ClassPathRoot root, Path file, IOException e) throws IOException {
        boolean isOfOthers = root.inPlace() && e instanceof AccessDeniedException && !file.equals(root.path());
        if (!isOfOthers && !(e instanceof NoSuchFileException)) {
            throw e;
        }
    }
}
