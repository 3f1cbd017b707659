package dev.supervisor.exec;

/** A command that can't be run. The message says why. */
public final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What a shell exits with if it does not find a command, or must not execute it. */
    static final int NOT_FOUND = 127;

    static final int NOT_EXECUTABLE = 126;

    private final int exitCode;

    CommandFailure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** Returns the exit code that a shell would have. */
    public int exitCode() {
        return exitCode;
    }
}
