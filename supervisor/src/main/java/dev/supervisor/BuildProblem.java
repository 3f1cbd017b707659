package dev.supervisor;

import dev.supervisor.build.Builder;
import dev.supervisor.failure.Problem;

/** What a failed build is shown as. */
final class BuildProblem {

    private BuildProblem() {}

    static Problem of(Builder.Failed failed) {
        return Problem.of(failed.summary());
    }
}
