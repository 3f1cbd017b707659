package dev.supervisor.change;

import java.nio.file.Path;

/** Decides which files below a watcher's targets are ignored. Thread-safe. */
interface IgnoreFilter {

    /** Whether changes of this file are ignored. */
    boolean includes(Path file);

    /** Whether this directory is ignored, with everything in it. */
    boolean includesDirectory(Path directory);

    /**
     * Returns whether a change of this path, a rule file or a link on the way to a target, has changed what is ignored.
     * If so, the rules have been read again, and files that were passed over until now may matter.
     */
    default boolean changedBy(Path path) {
        return false;
    }

    /**
     * Does the same for all paths: for watchers that look at all files again without events, or have only now begun to
     * receive them.
     */
    default boolean lookAgain() {
        return false;
    }

    /**
     * Returns the filter for a build: only editor files are ignored, since all output of the build tool belongs to it.
     */
    static IgnoreFilter editorFiles() {
        return new IgnoreFilter() {
            @Override
            public boolean includes(Path file) {
                return EditorFiles.include(file);
            }

            @Override
            public boolean includesDirectory(Path directory) {
                return false;
            }
        };
    }
}
