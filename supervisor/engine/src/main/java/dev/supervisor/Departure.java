package dev.supervisor;

/** How a connection left a generation that is not live any more. */
public enum Departure {
    /** Moved to the next generation as soon as that had taken over: nothing had been under way on it. */
    MOVED_IDLE,
    /** Moved to the next generation when the response had ended that was under way. */
    MOVED_AFTER_RESPONSE,
    /** Moved to the next generation by the application, with {@code handOff}. */
    HANDED_OFF,
    /** Closed when all that was begun had ended, since it can't move: HTTP/2. */
    FINISHED,
    ENDED_BY_PEER,
    ENDED_BY_APPLICATION,
    /** Closed when the drain timeout had passed. */
    ENDED_AT_DEADLINE,
    /** Closed because the supervisor stops. */
    ENDED_AT_STOP
}
