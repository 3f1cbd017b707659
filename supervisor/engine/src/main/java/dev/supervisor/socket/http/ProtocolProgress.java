package dev.supervisor.socket.http;

/**
 * How far the peers of a connection are in their protocol, as far as the supervisor understands it. Pure; taken anew
 * whenever it is needed.
 */
public sealed interface ProtocolProgress {

    /** What may be read from the socket while the generation does no new work. */
    enum Intake {
        /** Everything. */
        ALL,
        /** To the end of the request that has begun; what follows it belongs to the next generation. */
        REST_OF_REQUEST,
        /** Bytes belong to the next generation, but the end of the connection to this one. */
        END_ONLY,
        /** Nothing is under way: everything that comes belongs to the next generation. */
        NOTHING
    }

    Intake intake();

    /** Whether nothing is under way, so that another generation could go on. */
    boolean isFree();

    /** Whether something is under way that was begun before. */
    default boolean isBusy() {
        return !isFree();
    }

    /** Whether nothing is under way and nothing new can begin, so that the connection should be closed. */
    default boolean isOver() {
        return false;
    }

    /** Nothing has been read or written yet: another generation can begin with it, whatever the protocol is. */
    record Untouched() implements ProtocolProgress {
        @Override
        public Intake intake() {
            return Intake.NOTHING;
        }

        @Override
        public boolean isFree() {
            return true;
        }
    }

    /**
     * HTTP/1.
     *
     * @param insideRequest the decoder has consumed a part of a request and lacks the rest
     * @param unanswered requests whose response has not begun
     * @param insideResponse the response has begun and has not ended
     * @param tunnel CONNECT was the last request to be answered: what follows may be anything
     * @param closing the peer knows that no further request is answered
     */
    record Http(boolean insideRequest, int unanswered, boolean insideResponse, boolean tunnel, boolean closing)
            implements ProtocolProgress {

        public Http(boolean insideRequest, int unanswered, boolean insideResponse, boolean tunnel) {
            this(insideRequest, unanswered, insideResponse, tunnel, false);
        }

        /** Returns this progress of a connection whose peer knows that no further request is answered. */
        public Http asClosing() {
            return new Http(insideRequest, unanswered, insideResponse, tunnel, true);
        }

        /** Whether the next response to begin answers the last request that has come, which has come as a whole. */
        public boolean isAwaitingLastResponse() {
            return unanswered == 1 && !insideRequest;
        }

        @Override
        public Intake intake() {
            if (tunnel || closing) {
                return Intake.ALL;
            }
            if (insideRequest) {
                return Intake.REST_OF_REQUEST;
            }
            return isFree() ? Intake.NOTHING : Intake.END_ONLY;
        }

        @Override
        public boolean isFree() {
            return !insideRequest && unanswered == 0 && !insideResponse && !tunnel;
        }

        @Override
        public boolean isOver() {
            return closing && isFree();
        }
    }

    /**
     * HTTP/2. Its state (header compression, windows, stream numbers) belongs to the generation that began it.
     *
     * @param active the number of active streams
     * @param goneAway the peer knows that it can't open more
     */
    record Streams(int active, boolean goneAway) implements ProtocolProgress {
        @Override
        public Intake intake() {
            return active == 0 && !goneAway ? Intake.NOTHING : Intake.ALL;
        }

        @Override
        public boolean isFree() {
            return false;
        }

        @Override
        public boolean isOver() {
            return active == 0 && goneAway;
        }
    }

    /**
     * A WebSocket without extensions, which another generation could go on with between two messages.
     *
     * @param insideMessage a part of a message of the client has come
     * @param insideAnswer a part of a message of the server has been sent
     * @param settled no answer is expected any more, and the connection may move
     */
    record WebSocket(boolean insideMessage, boolean insideAnswer, boolean settled) implements ProtocolProgress {

        /** Returns this progress of a connection that must not move now. */
        public WebSocket unsettled() {
            return settled ? new WebSocket(insideMessage, insideAnswer, false) : this;
        }

        @Override
        public Intake intake() {
            if (insideMessage) {
                return Intake.REST_OF_REQUEST;
            }
            return isFree() ? Intake.NOTHING : Intake.END_ONLY;
        }

        @Override
        public boolean isFree() {
            return !isBusy() && settled;
        }

        @Override
        public boolean isBusy() {
            return insideMessage || insideAnswer;
        }
    }

    /** A protocol that the supervisor does not know, or one behind a handler that keeps bytes, such as TLS. */
    record Opaque() implements ProtocolProgress {
        @Override
        public Intake intake() {
            return Intake.ALL;
        }

        @Override
        public boolean isFree() {
            return false;
        }
    }
}
