package dev.supervisor.socket.netty;

import dev.supervisor.Departure;
import dev.supervisor.socket.http.ProtocolProgress;
import java.util.Optional;

/**
 * A connection's way out of its generation. Pure: each transition returns the next state and what is to be done, and
 * {@link Handoff} does it.
 *
 * <pre>
 *            the next request has come        nothing is under way
 *            and is kept                      (any more)
 *   READING ────────────────────────▶ STOPPED ──────────────────────────────▶ LEAVING
 *     │ ▲                                │                                       ▲
 *     │ └───────── resumed ──────────────┘                                       │
 *     └── superseded and free; HTTP/2 that is over; handed off; drain deadline ──┘
 * </pre>
 *
 * @param ending the response that is being written is the connection's last: whoever writes it will close
 * @param departure how it leaves, once it does
 */
record HandoffState(State state, boolean ending, Optional<Departure> departure) {

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
        /** Once, to tell the next request from the end of the connection; what is read is kept for the next generation. */
        KEPT,
        NONE
    }

    enum Leave {
        NOT_YET,
        /** To the next generation. */
        MOVE,
        /** For good. */
        CLOSE
    }

    static final HandoffState INITIAL = new HandoffState(State.READING, false, Optional.empty());

    record Admitted(HandoffState next, Reading reading) {}

    record Checked(HandoffState next, Leave leave) {}

    /**
     * Something can be read.
     *
     * @param kept whether something has been read already that belongs to the next generation
     */
    Admitted readable(Phase phase, ProtocolProgress progress, boolean kept) {
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
            case NOTHING -> kept ? stop() : new Admitted(this, ending ? Reading.DIVIDED : Reading.KEPT);
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
     * @param kept whether something has been read that belongs to the next generation: a request waits
     */
    Checked check(Phase phase, ProtocolProgress progress, boolean written, boolean wasBusy, boolean kept) {
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
            case SERVING -> new Checked(this, Leave.NOT_YET);
            // a request waits at the gate, or a time-out of the application's own would close it unanswered
            case HOLDING -> kept ? move(wasBusy) : new Checked(this, Leave.NOT_YET);
            case SUPERSEDED -> move(wasBusy);
            case DISMISSED -> new Checked(leaving(Departure.ENDED_AT_STOP), Leave.CLOSE);
        };
    }

    private Checked move(boolean wasBusy) {
        return new Checked(leaving(wasBusy ? Departure.MOVED_AFTER_RESPONSE : Departure.MOVED_IDLE), Leave.MOVE);
    }

    /** The generation goes on. */
    HandoffState resumed() {
        return state == State.STOPPED ? to(State.READING) : this;
    }

    /** The response that is being written is the last. */
    HandoffState last() {
        return new HandoffState(state, true, departure);
    }

    HandoffState leaving(Departure how) {
        return new HandoffState(State.LEAVING, ending, Optional.of(how));
    }

    boolean isLeaving() {
        return state == State.LEAVING;
    }

    private HandoffState to(State next) {
        return new HandoffState(next, ending, departure);
    }
}
