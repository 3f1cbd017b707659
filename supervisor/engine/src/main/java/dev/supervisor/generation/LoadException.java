package dev.supervisor.generation;

import dev.supervisor.Problem;

/** Thrown when a generation can't be loaded or started. */
public final class LoadException extends Exception {

    /** The kind of failure, by what may mend it. */
    public enum Kind {
        /**
         * Classes or the provider are missing, or do not fit together, as in a directory while a compiler writes to it.
         */
        INCOMPLETE,
        /** The machine lacks something: descriptors, space on a disk, threads. */
        LACKING,
        /** The application failed, or did not start in time. */
        FAILED
    }

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final Kind kind;

    public LoadException(Problem problem, Kind kind) {
        super(problem.summary());
        this.problem = problem;
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    public Problem problem() {
        return problem;
    }
}
