package dev.supervisor.generation;

import dev.supervisor.failure.Problem;

/** A generation could not be loaded or started; what it holds has been released. */
public final class LoadException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    LoadException(Problem problem) {
        super(problem.summary());
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
