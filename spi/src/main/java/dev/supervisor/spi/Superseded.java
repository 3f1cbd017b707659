package dev.supervisor.spi;

/**
 * User event, fired into the pipeline of each connection that does not move by itself, on its event loop: a newer
 * generation has taken over. Finish what was begun and close; at the drain deadline the supervisor closes.
 */
public enum Superseded {
    /** The only event of this kind. */
    INSTANCE
}
