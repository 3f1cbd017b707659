package dev.supervisor.cli;

import dev.supervisor.SupervisorOptions;
import dev.supervisor.compile.ResidentTests;
import java.util.Optional;

/**
 * An application that is to run.
 *
 * @param tests that are run after saves; empty if none are
 */
record ApplicationPlan(SupervisorOptions options, Optional<ResidentTests> tests) {

    /** Returns the name by which people know it. */
    String name() {
        return options.app().name();
    }
}
