package dev.supervisor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Builds the application whenever a source has changed since it was built. {@link #build} is called by one thread; the
 * rest by any. A build ends, with all of its processes, when that thread is interrupted.
 */
public interface ApplicationBuilder {

    /** The outcome of a build. */
    sealed interface Outcome {}

    /** No source has changed since the last build began, which was a good one. */
    record NotNeeded() implements Outcome {}

    /**
     * @param warnings how many the compiler gave, if the builder knows that
     * @param files what the build has changed, if the builder knows that; empty to have the build looked at on disk, once it
     *     stands still
     */
    record Built(Duration took, int warnings, Optional<BuiltFiles> files) implements Outcome {
        public Built(Duration took) {
            this(took, 0, Optional.empty());
        }
    }

    /**
     * @param summary one line
     * @param output the lines of the build; of a long output the first and the last, with a line between them for the rest
     * @param dropped the number of lines that are not kept
     */
    record Failed(String summary, List<Diagnostic> diagnostics, List<String> output, int dropped, Duration took)
            implements Outcome {}

    /**
     * A source has changed meanwhile, so that it has to be built anew.
     *
     * @param source the last that has
     */
    record Outdated(Path source) implements Outcome {}

    /** Hears of the course of builds, on the thread that builds; must not block. */
    interface Observer {

        /**
         * It is built although the sources have not stood still for a long time.
         *
         * @param source the last that has changed
         */
        void unsettled(Path source);

        void began();

        /** A line of the build's output. */
        void said(String line);

        void ended(Outcome outcome);

        /** Tests begin, or have ended: {@link Event.Testing}, {@link Event.Tested} or {@link Event.NotTested}. From any thread. */
        default void tested(Event event) {}
    }

    /** A build tool that is not ours to run. */
    static ApplicationBuilder none() {
        return new ApplicationBuilder() {
            @Override
            public Outcome build(Runnable fixed) {
                fixed.run();
                return new NotNeeded();
            }

            @Override
            public boolean isNone() {
                return true;
            }

            @Override
            public void changed(Path source) {}

            @Override
            public void kill() {}
        };
    }

    /**
     * Returns when there is nothing to build, when the build has ended, or when a source has changed again. A build that
     * failed is not run again before a source changes, and is never taken for a build that is not needed either.
     *
     * @param fixed run once, when the sources have settled: the outcome covers all changes before this call. Must not block
     */
    Outcome build(Runnable fixed) throws InterruptedException;

    /** Returns whether another program builds. */
    default boolean isNone() {
        return false;
    }

    /** A source has changed, or the next build is wanted in any case. */
    void changed(Path source);

    /**
     * Ends a build that is running, with all of its processes, without asking them or waiting for them; and begins none
     * any more. For when the JVM is about to halt. Idempotent.
     */
    void kill();
}
