package dev.supervisor.cli.config;

/**
 * What is wrong with a configuration file, or doubtful.
 *
 * @param text says what is expected
 */
public record ConfigProblem(Position position, String text) {

    /** Returns one line in the form of compilers, on which terminals and editors can be clicked. */
    public String in(String file) {
        return file + ":" + position.line() + ":" + position.column() + ": " + text;
    }
}
