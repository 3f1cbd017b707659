package dev.supervisor.load;

/** A failure that the user can mend; the message says what failed, on which value, and what to do. */
public final class LoadTestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LoadTestException(String message) {
        super(message);
    }

    public LoadTestException(String message, Throwable cause) {
        super(message, cause);
    }
}
