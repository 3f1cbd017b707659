package dev.supervisor.change;

import java.nio.file.Path;

/** What is not looked at below the targets of a watcher. Thread-safe. */
interface IgnoreFilter {

    /** Whether a change of this file means nothing. */
    boolean includes(Path file);

    /** Whether this directory, with all that is in it, means nothing. */
    boolean includesDirectory(Path directory);

    /**
     * Whether what is ignored has changed, since this path has: a rule, or a link on the way to a target. Then it is read
     * again, and what was passed over until now may matter.
     */
    default boolean changedBy(Path path) {
        return false;
    }

    /**
     * The same for all paths: for whoever looks at all files again, and hears of no event, or has begun to hear of them
     * only now.
     */
    default boolean lookAgain() {
        return false;
    }

    /** Of a build: whatever its tool makes belongs to it. */
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
