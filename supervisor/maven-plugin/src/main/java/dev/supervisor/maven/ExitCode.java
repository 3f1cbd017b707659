package dev.supervisor.maven;

import org.apache.maven.plugin.MojoExecutionException;

/** What the exit codes of the supervisor mean. */
final class ExitCode {

    private static final int STOPPED = 0;
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;
    private static final int SIGNAL = 128;

    private ExitCode() {}

    /** @throws MojoExecutionException unless the supervisor was asked to end; says what to do */
    static void check(int code) throws MojoExecutionException {
        if (code != STOPPED) {
            throw new MojoExecutionException(message(code));
        }
    }

    private static String message(int code) {
        if (code == FAILED) {
            return "the supervisor has failed; its last lines above say why";
        }
        if (code == WRONG_USAGE) {
            return "the supervisor was given an option that it can't use; its message is above"
                    + " ('mvn supervisor:help -Ddetail -Dgoal=run' explains all parameters)";
        }
        if (code > SIGNAL) {
            return "the supervisor was ended by signal " + (code - SIGNAL)
                    + (code - SIGNAL == 9
                            ? " (if nobody sent it, the system ran out of memory: try -Djvm.args=-Xmx512m)"
                            : "");
        }
        return "the supervisor has ended with exit code " + code
                + "; if the application did not end it, its last lines above say why";
    }
}
