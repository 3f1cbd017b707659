package dev.supervisor;

import java.nio.file.Path;
import java.util.Collection;

/** Sees that a build has changed. It may see changes where there are none, but never the other way round. */
public interface Watcher extends AutoCloseable {

    /** Told on the watcher's thread; must not block. */
    interface Observer {
        void changed(Path path);
    }

    /**
     * Watches these files and directories, and no others any more; they need not exist yet.
     *
     * @param targets jars, or directories with all that is in them
     */
    void watch(Collection<Path> targets);

    /** Ends watching. Idempotent. */
    @Override
    void close();
}
