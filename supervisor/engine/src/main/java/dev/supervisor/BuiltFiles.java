package dev.supervisor;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a build has changed, for a builder in this JVM that knows it. The directories of classes that it names are not looked at on
 * disk then, and nothing of the class path has to stand still: the build has ended.
 *
 * <p>The files are on disk all the same. They are read there for the first build, after one that could not be loaded from disk,
 * and whenever a new generation is wanted in any case.
 *
 * @param changes by directory of classes, as the class path has it: what has changed since the last {@link
 *     ApplicationBuilder.Built} of the same builder. A directory in which nothing has changed is named, too, or it is looked at
 * @param classPath what the application is loaded from, from this build on; empty if that is as before
 */
public record BuiltFiles(Map<Path, Changes> changes, Optional<ClassPath> classPath) {

    public BuiltFiles {
        changes = Map.copyOf(changes);
    }

    public BuiltFiles(Map<Path, Changes> changes) {
        this(changes, Optional.empty());
    }

    /** The build has ended, so that nothing has to stand still. What it has changed is not known: all is looked at. */
    public static BuiltFiles ended() {
        return new BuiltFiles(Map.of());
    }

    /**
     * The changes of one directory. Their paths are relative to it.
     *
     * @param written the content of each file that is new or was written. The arrays are kept, and must not be changed
     * @param deleted files, not directories
     */
    public record Changes(Map<Path, byte[]> written, Set<Path> deleted) {

        public Changes {
            written = Map.copyOf(written);
            deleted = Set.copyOf(deleted);
            written.keySet().forEach(Changes::check);
            deleted.forEach(Changes::check);
        }

        public static Changes none() {
            return new Changes(Map.of(), Set.of());
        }

        private static void check(Path name) {
            if (name.isAbsolute() || name.startsWith("..") || !name.equals(name.normalize())) {
                throw new IllegalArgumentException(name + " is no path relative to a directory of classes");
            }
        }
    }

    /**
     * The places of {@link SupervisorOptions.App}.
     *
     * @param app the jar or directory of classes
     * @param libraries jars, directories of jars, and directories of classes
     */
    public record ClassPath(Path app, List<Path> libraries) {
        public ClassPath {
            libraries = List.copyOf(libraries);
        }
    }
}
