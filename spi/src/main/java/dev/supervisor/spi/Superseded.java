package dev.supervisor.spi;

/**
 * User event: a newer generation has taken over. Fired once into the pipeline of each connection that could not move at
 * once, on its event loop. Finish what was begun: an HTTP/1.1 connection moves by itself after that, so an endless
 * response, such as server-sent events, should end now; connections of other protocols should be closed. At the drain
 * deadline the supervisor closes what is left.
 */
public enum Superseded {
    /** The only event of this kind. */
    INSTANCE
}
