package dev.supervisor.socket.http;

import static dev.supervisor.socket.http.FrameReader.ACK;
import static dev.supervisor.socket.http.FrameReader.CONTINUATION;
import static dev.supervisor.socket.http.FrameReader.DATA;
import static dev.supervisor.socket.http.FrameReader.END_HEADERS;
import static dev.supervisor.socket.http.FrameReader.END_STREAM;
import static dev.supervisor.socket.http.FrameReader.GOAWAY;
import static dev.supervisor.socket.http.FrameReader.HEADERS;
import static dev.supervisor.socket.http.FrameReader.PADDED;
import static dev.supervisor.socket.http.FrameReader.PING;
import static dev.supervisor.socket.http.FrameReader.PRIORITY;
import static dev.supervisor.socket.http.FrameReader.PUSH_PROMISE;
import static dev.supervisor.socket.http.FrameReader.RST_STREAM;
import static dev.supervisor.socket.http.FrameReader.SETTINGS;
import static dev.supervisor.socket.http.FrameReader.WINDOW_UPDATE;
import static dev.supervisor.socket.http.FrameReader.WITH_PRIORITY;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connections are followed again byte by byte and with every cut. */
final class Http2TrackerTest {

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int ALL = END_STREAM | END_HEADERS;

    private final TrackedConnection connection = new TrackedConnection();

    private static byte[] frame(int type, int flags, int stream, int... payload) {
        ByteBuffer frame = ByteBuffer.allocate(FrameReader.HEADER_LENGTH + payload.length);
        frame.put((byte) (payload.length >>> 16)).putShort((short) payload.length);
        frame.put((byte) type).put((byte) flags).putInt(stream);
        for (int b : payload) {
            frame.put((byte) b);
        }
        return frame.array();
    }

    private void open() {
        connection.received(PREFACE).received(frame(SETTINGS, 0, 0, 0, 3, 0, 0, 0, 9));
        connection.sent(frame(SETTINGS, 0, 0));
    }

    private void received(int type, int flags, int stream, int... payload) {
        connection.received(frame(type, flags, stream, payload));
    }

    private void sent(int type, int flags, int stream, int... payload) {
        connection.sent(frame(type, flags, stream, payload));
    }

    private void assertActive(int expected) {
        assertEquals(new ProtocolProgress.Streams(expected, false), connection.progress());
    }

    @Test
    void aStreamIsActiveUntilBothPeersHaveEndedIt() {
        open();
        assertActive(0);
        received(HEADERS, ALL, 1, 1, 2);
        assertActive(1);
        received(HEADERS, END_HEADERS, 5, 1, 2);
        assertActive(2);
        sent(HEADERS, END_HEADERS, 1, 1);
        sent(DATA, 0, 1, 1, 2, 3);
        assertActive(2);
        byte[] end = frame(DATA, END_STREAM, 1, 1, 2, 3);
        connection.sent(Arrays.copyOf(end, end.length - 1));
        assertActive(2);
        connection.sent(new byte[1]);
        assertActive(1);
        sent(HEADERS, ALL, 5, 1);
        assertActive(1);
        received(DATA, 0, 5, 1);
        received(DATA, END_STREAM, 5);
        assertActive(0);
        connection.assertSameAtEveryCut();
    }

    @Test
    void trailersEndAStream() {
        open();
        received(HEADERS, END_HEADERS, 1, 1);
        received(DATA, 0, 1, 1);
        received(HEADERS, ALL, 1, 1);
        assertActive(1);
        sent(HEADERS, END_HEADERS, 1, 1);
        sent(HEADERS, ALL, 1, 1);
        assertActive(0);
        connection.assertSameAtEveryCut();
    }

    @Test
    void aHeaderBlockEndsItsStreamWithItsLastFrame() {
        open();
        received(HEADERS, END_STREAM, 1, 1);
        received(CONTINUATION, 0, 1, 1);
        received(CONTINUATION, END_HEADERS, 1, 1);
        assertActive(1);
        sent(HEADERS, END_STREAM, 1, 1);
        assertFalse(connection.tracker().canGoAway());
        sent(CONTINUATION, 0, 1);
        assertActive(1);
        sent(CONTINUATION, END_HEADERS, 1, 1);
        assertActive(0);
        assertTrue(connection.tracker().canGoAway());
        connection.assertSameAtEveryCut();
    }

    @Test
    void eitherPeerMayResetAStream() {
        open();
        received(HEADERS, ALL, 1, 1);
        received(HEADERS, END_HEADERS, 3, 1);
        sent(RST_STREAM, 0, 3, 0, 0, 0, 8);
        assertActive(1);
        received(DATA, END_STREAM, 3, 1); // was on its way
        received(HEADERS, ALL, 3, 1);
        assertActive(1);
        received(RST_STREAM, 0, 1, 0, 0, 0, 8);
        assertActive(0);
        sent(HEADERS, ALL, 1, 1);
        assertActive(0);
        connection.assertSameAtEveryCut();
    }

    @Test
    void aPushIsActiveUntilTheServerHasEndedIt() {
        open();
        received(HEADERS, ALL, 1, 1);
        sent(PUSH_PROMISE, END_HEADERS | PADDED, 1, 3, 0x80, 0, 0, 2, 9, 0, 0, 0);
        sent(PUSH_PROMISE, 0, 1, 0, 0, 0, 4, 9);
        sent(CONTINUATION, END_HEADERS, 1, 9);
        assertActive(3);
        sent(HEADERS, ALL, 1, 1);
        assertActive(2);
        sent(HEADERS, END_HEADERS, 2, 1);
        sent(DATA, END_STREAM | PADDED, 2, 1, 7, 0);
        assertActive(1);
        received(RST_STREAM, 0, 4, 0, 0, 0, 8);
        assertActive(0);
        connection.assertSameAtEveryCut();
    }

    @Test
    void otherFramesChangeNothing() {
        open();
        received(SETTINGS, ACK, 0);
        received(PRIORITY, 0, 3, 0, 0, 0, 1, 9);
        received(PING, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8);
        received(WINDOW_UPDATE, 0, 0, 0, 0, 0, 9);
        received(WINDOW_UPDATE, 0, 1, 0, 0, 0, 9);
        received(0x10, 0xff, 0, 1, 2, 3);
        received(0xff, 0xff, 7, 1, 2, 3);
        received(GOAWAY, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        sent(0x0c, 0, 0);
        sent(PING, ACK, 0, 1, 2, 3, 4, 5, 6, 7, 8);
        assertActive(0);
        connection.assertSameAtEveryCut();
    }

    @Test
    void theReservedBitOfAStreamIsIgnored() {
        open();
        received(HEADERS, END_HEADERS, 0x80000001, 1);
        received(DATA, END_STREAM, 1, 1);
        sent(HEADERS, ALL, 1, 1);
        assertActive(0);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0, 0", // DATA
        "0, 8, 1, 0",
        "1, 4, 0, 1", // HEADERS
        "1, 12, 1, 0",
        "1, 36, 1, 4",
        "1, 44, 1, 5",
        "1, 4, 2, 1",
        "2, 0, 0, 5", // PRIORITY
        "2, 0, 1, 4",
        "3, 0, 0, 4", // RST_STREAM
        "3, 0, 1, 5",
        "4, 0, 0, 5", // SETTINGS
        "4, 1, 0, 6",
        "4, 0, 1, 0",
        "5, 4, 1, 4", // PUSH_PROMISE
        "6, 0, 0, 7", // PING
        "6, 0, 1, 8",
        "7, 0, 0, 7", // GOAWAY
        "7, 0, 1, 8",
        "8, 0, 0, 3", // WINDOW_UPDATE
        "9, 4, 1, 1", // CONTINUATION
    })
    void malformedFramesOfAClientMakeItOpaque(int type, int flags, int stream, int length) {
        open();
        received(type, flags, stream, new int[length]);
        assertTrue(connection.tracker().isOpaque());
        connection.assertSameAtEveryCut();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 5, 1", // a response to nothing
        "5, 4, 0", // PUSH_PROMISE
        "5, 12, 1", // no promised stream
        "9, 4, 1", // CONTINUATION
    })
    void malformedFramesOfAServerMakeItOpaque(int type, int flags, int stream) {
        open();
        sent(type, flags, stream, 0, 0, 0, 0);
        assertTrue(connection.tracker().isOpaque());
        connection.assertSameAtEveryCut();
    }

    @Test
    void aServerPromisesOnlyNewStreamsOfItsOwn() {
        open();
        received(HEADERS, ALL, 1, 1);
        sent(PUSH_PROMISE, END_HEADERS, 1, 0, 0, 0, 2);
        assertActive(2);
        sent(PUSH_PROMISE, END_HEADERS, 1, 0, 0, 0, 2);
        assertTrue(connection.tracker().isOpaque());
        TrackedConnection other = new TrackedConnection().received(PREFACE).sent(frame(SETTINGS, 0, 0));
        other.received(frame(SETTINGS, 0, 0)).received(frame(HEADERS, ALL, 1, 1));
        other.sent(frame(PUSH_PROMISE, END_HEADERS, 1, 0, 0, 0, 3));
        assertTrue(other.tracker().isOpaque());
    }

    @ParameterizedTest
    @CsvSource({"0, 4, 1", "1, 5, 1", "9, 4, 3", "16, 0, 0"})
    void nothingInterruptsAHeaderBlock(int type, int flags, int stream) {
        open();
        received(HEADERS, END_STREAM | WITH_PRIORITY, 1, 0, 0, 0, 0, 1);
        assertActive(1);
        received(type, flags, stream, 1);
        assertTrue(connection.tracker().isOpaque());
        connection.assertSameAtEveryCut();
    }

    @ParameterizedTest
    @CsvSource({"4, 1", "6, 0", "1, 5"})
    void bothPeersBeginWithTheirSettings(int type, int flags) {
        connection.received(PREFACE).received(frame(type, flags, 0));
        assertTrue(connection.tracker().isOpaque());
        connection.assertSameAtEveryCut();
        TrackedConnection other = new TrackedConnection().received(PREFACE).sent(frame(type, flags, 0));
        assertTrue(other.tracker().isOpaque());
        other.assertSameAtEveryCut();
    }

    @Test
    void aGoAwayFitsBetweenTheFramesOfTheServer() {
        connection.received(PREFACE);
        ByteTracker tracker = connection.tracker();
        assertFalse(tracker.canGoAway());
        byte[] settings = frame(SETTINGS, 0, 0);
        for (byte b : settings) {
            assertFalse(tracker.canGoAway());
            connection.sent(new byte[] {b});
        }
        assertTrue(tracker.canGoAway());
        connection.sent(new byte[1]);
        assertFalse(tracker.canGoAway());
        assertThrows(IllegalStateException.class, () -> tracker.goAway(ByteBuffer.allocate(20), false));
        assertActive(0);
        connection.assertSameAtEveryCut();
    }

    @Test
    void aGoAwayAnnouncesTheEndAndAnotherNamesTheLastStream() {
        open();
        received(HEADERS, ALL, 1, 1);
        received(HEADERS, ALL, 7, 1);
        ByteBuffer into = ByteBuffer.allocate(2 * ByteTracker.GOAWAY_LENGTH + 1);
        into.put((byte) 0x55);
        connection.tracker().goAway(into, false);
        assertEquals(new ProtocolProgress.Streams(2, true), connection.progress());
        received(HEADERS, ALL, 9, 1);
        connection.tracker().goAway(into, true);
        assertEquals(
                "U\0\0\10\7\0\0\0\0\0\u007f\u00ff\u00ff\u00ff\0\0\0\0\0\0\10\7\0\0\0\0\0\0\0\0\11\0\0\0\0",
                new String(into.array(), ISO_8859_1));
        assertEquals(0, into.remaining());
        sent(HEADERS, ALL, 1, 1);
        sent(HEADERS, ALL, 7, 1);
        sent(HEADERS, ALL, 9, 1);
        assertEquals(new ProtocolProgress.Streams(0, true), connection.progress());
        assertTrue(connection.progress().isOver());
    }

    /** The last stream of a GOAWAY must not be higher than that of the one before (RFC 9113, 6.8). */
    @Test
    void theServersOwnGoAwayCounts() {
        open();
        received(HEADERS, ALL, 1, 1);
        received(HEADERS, ALL, 3, 1);
        byte[] own = frame(GOAWAY, 0, 0, 0x80, 0, 0, 1, 0, 0, 0, 0, 'b', 'y', 'e');
        connection.sent(Arrays.copyOf(own, own.length - 1));
        assertActive(2);
        connection.sent(new byte[1]);
        assertEquals(new ProtocolProgress.Streams(2, true), connection.progress());
        connection.assertSameAtEveryCut();
        ByteBuffer into = ByteBuffer.allocate(ByteTracker.GOAWAY_LENGTH);
        connection.tracker().goAway(into, false);
        assertEquals(1, into.getInt(9));
        into.clear();
        connection.tracker().goAway(into, true);
        assertEquals(1, into.getInt(9));
    }

    @Test
    void streamsAreFoundAgainHoweverManyThereAre() {
        Random random = new Random(2);
        StreamTable table = new StreamTable();
        Map<Integer, Integer> expected = new HashMap<>();
        for (int round = 0; round < 200_000; round++) {
            int id = 1 + random.nextInt(round % 50_000 < 30_000 ? 40 : 2000) * (random.nextInt(4) == 0 ? 1 << 16 : 1);
            int action = random.nextInt(5);
            if (action == 0) {
                table.reset(id);
                expected.remove(id);
            } else if (action < 3 && expected.containsKey(id)) {
                table.end(id, action);
                expected.merge(id, action, (a, b) -> (a | b) == 3 ? null : a | b);
            } else if (!expected.containsKey(id)) {
                assertTrue(table.open(id, action % 3));
                expected.put(id, action % 3);
            }
            assertEquals(expected.size(), table.size());
            assertEquals(expected.containsKey(id), table.contains(id));
            if (round % 10_000 == 0) {
                for (int i = 1; i < 2001; i++) {
                    assertEquals(expected.containsKey(i), table.contains(i));
                }
            }
        }
        assertTrue(expected.size() > 100, () -> expected.size() + " streams");
    }

    @Test
    void aClientThatOpensStreamsWithoutEndIsFollowedNoMore() {
        StreamTable table = new StreamTable();
        for (int i = 0; i < StreamTable.MOST; i++) {
            assertTrue(table.open(2 * i + 1, 0));
        }
        assertFalse(table.open(Integer.MAX_VALUE, 0));
        assertTrue(table.contains(1));
        assertFalse(table.contains(Integer.MAX_VALUE));
    }
}
