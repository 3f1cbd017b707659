package dev.supervisor.socket;

import java.util.Optional;

/**
 * A connection's way out of its generation. Pure: each transition returns the next state and what is to be done, and
 * {@link WayOut} does it.
 *
 * <pre>
 *            the next request comes           generation is superseded,
 *            while the generation holds       nothing is under way (any more)
 *   READING ────────────────────────▶ STOPPED ──────────────────────────────▶ LEAVING
 *     │ ▲                                │                                       ▲
 *     │ └───────── resumed ──────────────┘                                       │
 *     └── superseded and free; HTTP/2 that is over; handed off; drain deadline ──┘
 * </pre>
 *
 * @param ending the response that is being written is the connection's last: whoever writes it will close
 * @param departure how it leaves, once it does
 */
record Passage(State state, boolean ending, Optional<Departure> departure) {

    enum State {
        READING,
        /** What comes waits, here or in the kernel. */
        STOPPED,
        LEAVING
    }

    /** What a generation does with its connections. */
    enum Phase {
        SERVING,
        /** Another is being made: new requests wait. */
        HOLDING,
        /** Another has taken over: connections move to it. */
        SUPERSEDED,
        /** The supervisor stops: connections end. */
        DISMISSED
    }

    enum Reading {
        /** Whatever comes. */
        ALL,
        /** No further than to the end of the request that has begun. */
        DIVIDED,
        NONE
    }

    enum Leave {
        NOT_YET,
        /** To the next generation. */
        MOVE,
        /** For good. */
        CLOSE
    }

    static final Passage INITIAL = new Passage(State.READING, false, Optional.empty());

    record Admitted(Passage next, Reading reading) {}

    record Checked(Passage next, Leave leave) {}

    /**
     * Something can be read.
     *
     * @param kept whether something has been read already that belongs to the next generation
     */
    Admitted readable(Phase phase, Progress progress, boolean kept) {
        if (state != State.READING) {
            return new Admitted(this, Reading.NONE);
        }
        if (phase == Phase.SERVING) {
            return new Admitted(this, Reading.ALL);
        }
        return switch (progress.intake()) {
            case ALL -> new Admitted(this, Reading.ALL);
            case REST_OF_REQUEST -> new Admitted(this, Reading.DIVIDED);
            case END_ONLY -> kept ? stop() : new Admitted(this, Reading.DIVIDED);
            case NOTHING -> ending && !kept ? new Admitted(this, Reading.DIVIDED) : stop();
        };
    }

    private Admitted stop() {
        return new Admitted(to(State.STOPPED), Reading.NONE);
    }

    /**
     * Something has changed: the generation's phase, or the connection's progress.
     *
     * @param written whether all that was to be written has been
     * @param wasBusy whether something was under way when the generation began to do no new work
     */
    Checked check(Phase phase, Progress progress, boolean written, boolean wasBusy) {
        if (state == State.LEAVING || !written) {
            return new Checked(this, Leave.NOT_YET);
        }
        if (progress.isOver()) {
            return new Checked(leaving(Departure.FINISHED), Leave.CLOSE);
        }
        if (ending || !progress.isFree()) {
            return new Checked(this, Leave.NOT_YET);
        }
        return switch (phase) {
            case SERVING, HOLDING -> new Checked(this, Leave.NOT_YET);
            case SUPERSEDED ->
                new Checked(leaving(wasBusy ? Departure.MOVED_AFTER_RESPONSE : Departure.MOVED_IDLE), Leave.MOVE);
            case DISMISSED -> new Checked(leaving(Departure.ENDED_AT_STOP), Leave.CLOSE);
        };
    }

    /** The generation goes on. */
    Passage resumed() {
        return state == State.STOPPED ? to(State.READING) : this;
    }

    /** The response that is being written is the last. */
    Passage last() {
        return new Passage(state, true, departure);
    }

    Passage leaving(Departure how) {
        return new Passage(State.LEAVING, ending, Optional.of(how));
    }

    boolean isLeaving() {
        return state == State.LEAVING;
    }

    private Passage to(State next) {
        return new Passage(next, ending, departure);
    }
}
