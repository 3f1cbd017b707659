package dev.supervisor;

import java.nio.file.Path;
import java.util.Collection;

/** Watches files for changes. May report a change that is none, but never misses one. */
public interface Watcher extends AutoCloseable {

    /** Called on the watcher's thread; must not block. */
    interface Observer {
        void changed(Path path);
    }

    /**
     * Watches these files and directories in place of the previous ones. They need not exist yet.
     *
     * @param targets jars, or directories with all that is in them
     */
    void watch(Collection<Path> targets);

    /**
     * Returns when all changes that were made before this call have been reported, if the watcher can tell; otherwise at once.
     * From any thread but the watcher's own. Takes less than a millisecond, as a rule.
     */
    default void catchUp() {}

    /** Ends watching. Idempotent. */
    @Override
    void close();
}
