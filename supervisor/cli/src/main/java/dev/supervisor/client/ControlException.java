package dev.supervisor.client;

/** A command can't be carried out; the message says why, and what to do. */
final class ControlException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    ControlException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
