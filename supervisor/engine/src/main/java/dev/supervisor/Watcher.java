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

    /** Ends watching. Idempotent. */
    @Override
    void close();
}
