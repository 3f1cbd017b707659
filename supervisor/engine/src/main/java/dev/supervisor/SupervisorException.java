package dev.supervisor;

/** Something that the user can mend; the message says what failed, on which value, and what to do. */
public final class SupervisorException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SupervisorException(String message) {
        super(message);
    }

    public SupervisorException(String message, Throwable cause) {
        super(message, cause);
    }
}
