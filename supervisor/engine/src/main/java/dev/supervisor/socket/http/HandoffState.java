package dev.supervisor.socket.http;

import dev.supervisor.Departure;
import java.util.Optional;

/**
 * State of a connection that leaves its generation. Pure: each transition returns the next state and the action, which
 * the connection's owner carries out.
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
 * @param ending the response being written is the connection's last: its writer will close the connection
 * @param departure how the connection leaves, once it does
 */
public record HandoffState(State state, boolean ending, Optional<Departure> departure) {

    public enum State {
        READING,
        /** Bytes that come wait, in the {@link Connection} or in the kernel. */
        STOPPED,
        LEAVING
    }

    /** Says what a generation does with its connections. */
    public enum Phase {
        SERVING,
        /** The next generation is being made: new requests wait. */
        HOLDING,
        /** The next generation has taken over: connections move to it. */
        SUPERSEDED,
        /** The supervisor stops: connections end. */
        DISMISSED
    }

    public enum Reading {
        /** Whatever comes. */
        ALL,
        /** No further than to the end of the request that has begun. */
        DIVIDED,
        /** Once, to tell a request from the end of the connection; the bytes are kept for the next generation. */
        KEPT,
        NONE
    }

    public enum Leave {
        NOT_YET,
        /** To the next generation. */
        MOVE,
        /** For good. */
        CLOSE
    }

    public static final HandoffState INITIAL = new HandoffState(State.READING, false, Optional.empty());

    public record Admitted(HandoffState next, Reading reading) {}

    public record Checked(HandoffState next, Leave leave) {}

    /**
     * Decides how to read: something has come.
     *
     * @param kept whether bytes that belong to the next generation have been read already
     */
    public Admitted readable(Phase phase, ProtocolProgress progress, boolean kept) {
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
     * Decides whether to leave: the generation's phase or the connection's progress has changed.
     *
     * @param written whether everything that was to be written has been written
     * @param wasBusy whether something was under way when the generation stopped doing new work
     * @param kept whether bytes that belong to the next generation have been read: a request waits
     */
    public Checked check(Phase phase, ProtocolProgress progress, boolean written, boolean wasBusy, boolean kept) {
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
            // the request waits at the gate, since here a time-out of the application's own would close it unanswered
            case HOLDING -> kept ? move(wasBusy) : new Checked(this, Leave.NOT_YET);
            case SUPERSEDED -> move(wasBusy);
            case DISMISSED -> new Checked(leaving(Departure.ENDED_AT_STOP), Leave.CLOSE);
        };
    }

    private Checked move(boolean wasBusy) {
        return new Checked(leaving(wasBusy ? Departure.MOVED_AFTER_RESPONSE : Departure.MOVED_IDLE), Leave.MOVE);
    }

    /** Returns the state after the generation goes on serving. */
    public HandoffState resumed() {
        return state == State.STOPPED ? to(State.READING) : this;
    }

    /** Returns the state while the connection's last response is written. */
    public HandoffState last() {
        return new HandoffState(state, true, departure);
    }

    public HandoffState leaving(Departure how) {
        return new HandoffState(State.LEAVING, ending, Optional.of(how));
    }

    public boolean isLeaving() {
        return state == State.LEAVING;
    }

    private HandoffState to(State next) {
        return new HandoffState(next, ending, departure);
    }
}
