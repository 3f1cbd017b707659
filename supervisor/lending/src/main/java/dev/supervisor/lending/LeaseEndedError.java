package dev.supervisor.lending;

/** Thrown to a thread that accepts again and again on a socket that was taken back: only an error ends such a loop. */
final class LeaseEndedError extends Error {

    private static final long serialVersionUID = 1L;

    LeaseEndedError() {
        super("this generation of the program has ended, and its socket is the next one's");
    }
}
