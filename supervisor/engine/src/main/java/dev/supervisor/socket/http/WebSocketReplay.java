package dev.supervisor.socket.http;

import java.nio.ByteBuffer;

/**
 * Gives the request that has opened a WebSocket to the next server, and keeps its answer from the client, which has had
 * one.
 *
 * <pre>
 * UNTOUCHED ──▶ REQUEST ──▶ ANSWER ──┬─ 101 ──────────▶ ACCEPTED
 *                                    └─ anything else ─▶ REFUSED
 * </pre>
 *
 * <p>Not thread-safe.
 */
public final class WebSocketReplay {

    private enum State {
        UNTOUCHED,
        REQUEST,
        ANSWER,
        ACCEPTED,
        REFUSED
    }

    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int OK = 200;

    /** How long a server may take to answer. Meanwhile nothing is read, so that nobody would see that the client has gone. */
    public static final long ANSWER_SECONDS = 30;

    /** The server's close frame with 1012 (service restart), by which a client knows that it may connect again. */
    private static final byte[] SERVICE_RESTART = {(byte) 0x88, 2, (byte) (1012 >> 8), (byte) 1012};

    private final byte[] request;
    private final HeadReader answer = HeadReader.ofResponses();

    private State state = State.UNTOUCHED;
    private int given;
    private int status;

    /** @param request the head of the request */
    public WebSocketReplay(byte[] request) {
        this.request = request;
    }

    /** Returns the bytes of a close frame of the server, which says that it is restarted. */
    public static byte[] closeFrame() {
        return SERVICE_RESTART.clone();
    }

    public byte[] request() {
        return request;
    }

    /** Moves bytes of the request into the buffer, and returns how many. */
    public int read(ByteBuffer target) {
        int length = Math.min(request.length - given, target.remaining());
        target.put(request, given, length);
        given += length;
        state = given == request.length ? State.ANSWER : State.REQUEST;
        return length;
    }

    /** Whether the server has got nothing yet. */
    public boolean isUntouched() {
        return state == State.UNTOUCHED;
    }

    /** Whether the server is still to get a part of the request. */
    public boolean hasUnread() {
        return state == State.UNTOUCHED || state == State.REQUEST;
    }

    /** Returns how many bytes of the request the server is still to get. */
    public int unread() {
        return request.length - given;
    }

    /** Whether the server has the request and has not answered: it is to get nothing now. */
    public boolean isAwaitingAnswer() {
        return state == State.ANSWER;
    }

    /**
     * Takes bytes that the server has sent, as far as they are of its answer: all, if that refuses.
     *
     * @return the index behind the last byte that was taken
     */
    public int swallow(ByteBuffer bytes, int from, int to) {
        int at = from;
        while (at < to && state != State.ACCEPTED && state != State.REFUSED) {
            at = answer.read(bytes, at, to);
            if (answer.isMalformed()) {
                state = State.REFUSED;
            } else if (answer.isComplete()) {
                answered();
            }
        }
        return state == State.REFUSED ? to : at;
    }

    private void answered() {
        status = answer.status();
        if (status == SWITCHING_PROTOCOLS) {
            state = given == request.length ? State.ACCEPTED : State.REFUSED;
        } else if (status >= OK) {
            state = State.REFUSED;
        }
        answer.next(); // others before it are interim
    }

    /** The server is not waited for any longer. */
    public void refuse() {
        state = State.REFUSED;
    }

    /** Whether the server goes on with the WebSocket. */
    public boolean isAccepted() {
        return state == State.ACCEPTED;
    }

    /** Whether the server does not go on with it: the client is to be told that it ends. */
    public boolean isRefused() {
        return state == State.REFUSED;
    }

    /** Returns the status code of the answer; 0 if there is none. */
    public int status() {
        return status;
    }

    /** Returns how far the server is with the request. */
    public ProtocolProgress progress() {
        return isUntouched()
                ? new ProtocolProgress.Untouched()
                : new ProtocolProgress.Http(hasUnread(), hasUnread() ? 0 : 1, false, false);
    }
}
