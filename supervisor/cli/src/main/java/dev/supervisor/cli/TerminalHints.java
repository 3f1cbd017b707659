package dev.supervisor.cli;

import java.util.Map;

/**
 * What the environment says about a terminal.
 *
 * @param isWindows whose console takes escape sequences only if a program has asked it to, which none does here
 */
record TerminalHints(Map<String, String> environment, boolean isWindows) {

    static TerminalHints ofThisProcess() {
        return new TerminalHints(System.getenv(), System.getProperty("os.name").startsWith("Windows"));
    }

    /** Returns whether a terminal takes escape sequences. On Windows, that of the terminals which say so. */
    boolean takesEscapes() {
        String type = variable("TERM");
        if (type.equals("dumb")) {
            return false;
        }
        return !isWindows
                || !type.isEmpty()
                || !variable("WT_SESSION").isEmpty()
                || !variable("ANSICON").isEmpty()
                || variable("ConEmuANSI").equals("ON");
    }

    /** Returns whether to color what goes to a terminal (no-color.org, bixense.com/clicolors). */
    boolean colors() {
        return variable("NO_COLOR").isEmpty() && !variable("CLICOLOR").equals("0") && takesEscapes();
    }

    private String variable(String name) {
        return environment.getOrDefault(name, "");
    }
}
