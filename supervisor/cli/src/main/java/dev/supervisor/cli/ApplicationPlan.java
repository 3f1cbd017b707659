package dev.supervisor.cli;

import dev.supervisor.SupervisorOptions;
import dev.supervisor.compile.ResidentTests;
import java.util.Optional;

/**
 * An application that is to run.
 *
 * @param name by which people know it
 * @param tests that are run after saves; empty if none are
 */
record ApplicationPlan(String name, SupervisorOptions options, Optional<ResidentTests> tests) {

    private static final String JAR = ".jar";

    /** Names an application by the file name of its build, without {@code .jar}. */
    static ApplicationPlan unnamed(SupervisorOptions options, Optional<ResidentTests> tests) {
        String file =
                String.valueOf(options.app().path().toAbsolutePath().normalize().getFileName());
        return new ApplicationPlan(
                file.endsWith(JAR) ? file.substring(0, file.length() - JAR.length()) : file, options, tests);
    }

    ApplicationPlan named(String other) {
        return new ApplicationPlan(other, options, tests);
    }
}
