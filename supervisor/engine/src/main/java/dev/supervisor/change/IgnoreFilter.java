package dev.supervisor.change;

import java.nio.file.Path;

/** Decides which files below a watcher's targets are ignored. Thread-safe. */
interface IgnoreFilter {

    /** Returns whether changes of this file are ignored. */
    boolean includes(Path file);

    /** Returns whether this directory is ignored, with everything in it. */
    boolean includesDirectory(Path directory);

    /**
     * Returns whether a change of this path has changed which files are ignored. The path may be a rule file, or a link
     * on the way to a target. If true, the rules have been read again, and files that were ignored until now may
     * matter.
     */
    default boolean changedBy(Path path) {
        return false;
    }

    /**
     * Reads the rules again if any rule file or link has changed, and returns whether the rules have changed. Called by
     * watchers that look at all files without events, or that have only now begun to receive events.
     */
    default boolean lookAgain() {
        return false;
    }

    /**
     * Returns the filter for a build. It ignores only editor files, since all output of the build tool belongs to the
     * build.
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
