package dev.supervisor.generation;

import dev.supervisor.Problem;

/** A generation could not be loaded or started; what it holds has been released. */
public final class LoadException extends Exception {

    /** What may mend it. */
    public enum Kind {
        /** Classes or the provider are missing, or do not fit together: as in a directory that is being compiled to. */
        INCOMPLETE,
        /** The machine lacks something: descriptors, space on a disk, threads. */
        LACKING,
        /** The application failed, or did not start in time. */
        FAILED
    }

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final Kind kind;

    LoadException(Problem problem, Kind kind) {
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
