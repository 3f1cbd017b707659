package dev.supervisor.socket.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection that becomes a WebSocket: what is recorded, what the server sees, and when it may move. */
class WebSocketTrackerTest {

    private static final String REQUEST = "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            + "sec-webSocket-EXTENSIONS: permessage-deflate\r\nSec-WebSocket-Protocol: chat\r\n\r\n";

    private static final String SEEN = REQUEST.replace("EXTENSIONS", "EXTENSION-");

    private static final String SWITCHING = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";

    private static final String TEXT_OF_CLIENT = "\u0081\u0081\0\0\0\0a";
    private static final String PING_OF_CLIENT = "\u0089\u0080\0\0\0\0";
    private static final String PONG_OF_SERVER = "\u008a\u0000";
    private static final String TEXT_OF_SERVER = "\u0081\u0001a";

    private final ByteTracker tracker = new ByteTracker(AnswerCounts.NONE, true);

    private String received(String text) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(ISO_8859_1));
        assertEquals(text.length(), tracker.received(bytes, 0, bytes.limit(), false));
        return new String(bytes.array(), ISO_8859_1);
    }

    private void sent(String text) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(ISO_8859_1));
        tracker.sent(bytes, 0, bytes.limit());
    }

    @Test
    void theServerDoesNotSeeTheExtensionsWhereverTheHeadIsCut() {
        for (int cut = 0; cut <= REQUEST.length(); cut++) {
            ByteTracker fresh = new ByteTracker(AnswerCounts.NONE, true);
            ByteBuffer bytes = ByteBuffer.wrap(REQUEST.getBytes(ISO_8859_1));
            fresh.received(bytes, 0, cut, false);
            fresh.received(bytes, cut, bytes.limit(), false);
            assertEquals(SEEN, new String(bytes.array(), ISO_8859_1), "cut at " + cut);
            ByteBuffer answer = ByteBuffer.wrap(SWITCHING.getBytes(ISO_8859_1));
            fresh.sent(answer, 0, answer.limit());
            assertTrue(fresh.isWebSocket(), "cut at " + cut);
            assertEquals(SEEN, new String(fresh.webSocketRequest(), ISO_8859_1), "cut at " + cut);
        }
    }

    @Test
    void namesThatAreAlikeStay() {
        String alike = "GET / HTTP/1.1\r\nSec-WebSocket-Extension: a\r\nX-Sec-WebSocket-Extensions: b\r\n\r\n";
        assertEquals(alike, received(alike));
    }

    @Test
    void aTrackerThatFollowsNoWebSocketsChangesNothing() {
        ByteTracker plain = new ByteTracker();
        ByteBuffer bytes = ByteBuffer.wrap(REQUEST.getBytes(ISO_8859_1));
        plain.received(bytes, 0, bytes.limit(), false);
        assertEquals(REQUEST, new String(bytes.array(), ISO_8859_1));
        plain.sent(ByteBuffer.wrap(SWITCHING.getBytes(ISO_8859_1)), 0, SWITCHING.length());
        assertTrue(plain.isOpaque());
    }

    @Test
    void onlyTheRequestThatWasUpgradedIsRecorded() {
        received("\r\nGET /first HTTP/1.1\r\nHost: a\r\n\r\n");
        sent("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
        tracker.sentUnseen(2); // a file
        received(REQUEST);
        sent("HTTP/1.1 103 Early Hints\r\n\r\n" + SWITCHING + TEXT_OF_SERVER.charAt(0));
        assertArrayEquals(SEEN.getBytes(ISO_8859_1), tracker.webSocketRequest());
        assertEquals(new ProtocolProgress.WebSocket(false, true, true), tracker.progress());
        sent(TEXT_OF_SERVER.substring(1));
        assertEquals(new ProtocolProgress.WebSocket(false, false, true), tracker.progress());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nUpgrade: h2c\r\n\r\n",
                "POST / HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n",
                "GET / HTTP/1.0\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n",
                "GET / HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 8\r\n\r\n",
                "GET / HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nContent-Length: 1\r\n\r\nx",
                "GET / HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\r\n"
            })
    void otherUpgradesAreOpaque(String request) {
        received(request);
        sent(SWITCHING);
        assertTrue(tracker.isOpaque());
        assertFalse(tracker.isWebSocket());
    }

    @Test
    void aHeadThatIsTooLongIsNotRecorded() {
        String padding = "X: " + "a".repeat(UpgradeRequest.LONGEST) + "\r\n\r\n";
        received(REQUEST.substring(0, REQUEST.length() - 2) + padding);
        sent(SWITCHING);
        assertTrue(tracker.isOpaque());
    }

    @Test
    void framesBeforeTheAnswerAreOpaque() {
        received(REQUEST + TEXT_OF_CLIENT);
        sent(SWITCHING);
        assertTrue(tracker.isOpaque());
    }

    private static WebSocketTracker webSocket(long[] now) {
        return new WebSocketTracker(new byte[0], () -> now[0]);
    }

    private static void received(WebSocketTracker webSocket, String text) {
        webSocket.received(ByteBuffer.wrap(text.getBytes(ISO_8859_1)), 0, text.length(), false);
    }

    private static void sent(WebSocketTracker webSocket, String text) {
        webSocket.sent(ByteBuffer.wrap(text.getBytes(ISO_8859_1)), 0, text.length());
    }

    @Test
    void anAnswerIsWaitedFor() {
        long[] now = {0};
        WebSocketTracker webSocket = webSocket(now);
        assertEquals(0, webSocket.settlesIn());
        now[0] = 100;
        received(webSocket, TEXT_OF_CLIENT);
        assertEquals(WebSocketTracker.ANSWERS_AT_LAST_NANOS, webSocket.settlesIn());
        assertEquals(new ProtocolProgress.WebSocket(false, false, false), webSocket.progress());
        now[0] += 10;
        sent(webSocket, TEXT_OF_SERVER);
        assertEquals(WebSocketTracker.ANSWERS_WITHIN_NANOS - 10, webSocket.settlesIn());
        now[0] += WebSocketTracker.ANSWERS_WITHIN_NANOS;
        assertEquals(0, webSocket.settlesIn());
        assertTrue(webSocket.progress().isFree());
    }

    @Test
    void eachMessageHasAnAnswerOfItsOwn() {
        long[] now = {0};
        WebSocketTracker webSocket = webSocket(now);
        received(webSocket, TEXT_OF_CLIENT + TEXT_OF_CLIENT + PING_OF_CLIENT);
        now[0] = WebSocketTracker.ANSWERS_WITHIN_NANOS;
        sent(webSocket, TEXT_OF_SERVER + PONG_OF_SERVER);
        assertEquals(
                WebSocketTracker.ANSWERS_AT_LAST_NANOS - WebSocketTracker.ANSWERS_WITHIN_NANOS, webSocket.settlesIn());
        sent(webSocket, TEXT_OF_SERVER);
        assertEquals(0, webSocket.settlesIn());
    }

    @Test
    void aMessageThatHasHadNoAnswerForLongGetsNone() {
        long[] now = {0};
        WebSocketTracker webSocket = webSocket(now);
        received(webSocket, TEXT_OF_CLIENT);
        now[0] = WebSocketTracker.ANSWERS_AT_LAST_NANOS + 1;
        assertEquals(0, webSocket.settlesIn());
        received(webSocket, TEXT_OF_CLIENT);
        sent(webSocket, TEXT_OF_SERVER);
        assertEquals(WebSocketTracker.ANSWERS_WITHIN_NANOS, webSocket.settlesIn());
    }

    @Test
    void aPongAsksForNothing() {
        long[] now = {0};
        WebSocketTracker webSocket = webSocket(now);
        received(webSocket, "\u008a\u0080\0\0\0\0");
        assertEquals(0, webSocket.settlesIn());
    }

    @Test
    void aCloseOfEitherSideEndsItHere() {
        WebSocketTracker ofClient = webSocket(new long[1]);
        received(ofClient, "\u0088");
        assertInstanceOf(ProtocolProgress.Opaque.class, ofClient.progress());
        WebSocketTracker ofServer = webSocket(new long[1]);
        sent(ofServer, "\u0088\u0000");
        assertInstanceOf(ProtocolProgress.Opaque.class, ofServer.progress());
    }

    private static int swallow(WebSocketReplay replay, String answer) {
        return replay.swallow(ByteBuffer.wrap(answer.getBytes(ISO_8859_1)), 0, answer.length());
    }

    @Test
    void theReplayTakesTheHeadOfTheAnswerAndNothingMoreWhereverItIsCut() {
        String answer = "HTTP/1.1 100 Continue\r\n\r\n" + SWITCHING;
        for (int cut = 0; cut <= answer.length(); cut++) {
            WebSocketReplay replay = new WebSocketReplay(SEEN.getBytes(ISO_8859_1));
            assertTrue(replay.isUntouched());
            ByteBuffer given = ByteBuffer.allocate(1000);
            replay.read(given.limit(10));
            assertTrue(replay.hasUnread());
            replay.read(given.limit(1000));
            assertEquals(SEEN, new String(given.array(), 0, given.position(), ISO_8859_1));
            assertTrue(replay.isAwaitingAnswer());
            assertEquals(cut, swallow(replay, answer.substring(0, cut)));
            assertEquals(answer.length() - cut, swallow(replay, answer.substring(cut) + TEXT_OF_SERVER));
            assertTrue(replay.isAccepted());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 404 Not Found\r\n\r\nnothing", "HTTP/1.1 200 OK\r\n\r\n", "no HTTP", "\u0081\0"})
    void anyOtherAnswerRefusesAndGoesNowhere(String answer) {
        WebSocketReplay replay = new WebSocketReplay(SEEN.getBytes(ISO_8859_1));
        replay.read(ByteBuffer.allocate(1000));
        assertEquals(answer.length(), swallow(replay, answer));
        assertTrue(replay.isRefused());
        assertEquals(5, swallow(replay, "later"));
    }
}
