package dev.supervisor.socket.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ByteTrackerTest {

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final String GET = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String SETTINGS = "\0\0\0\4\0\0\0\0\0";

    private static final ProtocolProgress UNTOUCHED = new ProtocolProgress.Untouched();
    private static final ProtocolProgress OPAQUE = new ProtocolProgress.Opaque();
    private static final ProtocolProgress FREE = new ProtocolProgress.Http(false, 0, false, false);
    private static final ProtocolProgress INSIDE_REQUEST = new ProtocolProgress.Http(true, 0, false, false);
    private static final ProtocolProgress STREAMS = new ProtocolProgress.Streams(0, false);

    private final TrackedConnection connection = new TrackedConnection();

    @Test
    void aConnectionBeginsUntouched() {
        assertEquals(UNTOUCHED, connection.progress());
        assertFalse(connection.isLast());
        assertFalse(connection.tracker().isOpaque());
        connection.received("").sent("");
        assertEquals(UNTOUCHED, connection.progress());
    }

    @Test
    void dividedBytesOfAnUntouchedConnectionBelongToAnotherGeneration() {
        assertEquals(0, connection.receivedDivided(GET));
        assertEquals(0, connection.receivedDivided(PREFACE));
        assertEquals(0, connection.receivedDivided("\26\3\1"));
        assertEquals(UNTOUCHED, connection.progress());
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "PROPFIND", "PR", "PRI", "PRIX", "P"})
    void methodsThatBeginLikeThePrefaceAreHttp1(String method) {
        connection.received(method + " /a HTTP/1.1\r\nHost: a\r\n\r\n").sent(OK);
        assertEquals(FREE, connection.progress());
        connection.assertSameAtEveryCut();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PRI * HTTP/1.1\r\n\r\n",
                "PRI * HTTP/2.0\r\n\n",
                "PRI * HTTP/2.0\r\n\r\nSM\r\n\rX",
                "PRI * HTTP/2.1\r\n"
            })
    void anotherPrefaceIsNoHttp2(String bytes) {
        connection.received(bytes);
        boolean http1 = bytes.contains("HTTP/1.1");
        assertEquals(http1 ? new ProtocolProgress.Http(false, 1, false, false) : OPAQUE, connection.progress());
        connection.assertSameAtEveryCut();
    }

    @Test
    void thePrefaceBeginsHttp2() {
        connection.received(PREFACE.substring(0, PREFACE.length() - 1));
        assertEquals(INSIDE_REQUEST, connection.progress());
        assertEquals(10, connection.receivedDivided("\n" + SETTINGS));
        assertEquals(STREAMS, connection.progress());
        connection.sent(SETTINGS);
        assertEquals(STREAMS, connection.progress());
        connection.assertSameAtEveryCut();
    }

    @Test
    void dividedBytesWithinAMethodAreRead() {
        connection.received("P");
        assertEquals(GET.length(), connection.receivedDivided("O" + GET.substring(1) + GET));
        connection.assertSameAtEveryCut();
    }

    /** As Netty's handler does. */
    @Test
    void aServerOfHttp2MayBegin() {
        connection.sent(SETTINGS);
        assertEquals(STREAMS, connection.progress());
        connection.received(PREFACE + SETTINGS);
        assertEquals(STREAMS, connection.progress());
        connection.assertSameAtEveryCut();
    }

    @Test
    void aServerOfHttp2MayBeginWithinThePreface() {
        connection.received(PREFACE.substring(0, 7)).sent(SETTINGS).received(PREFACE.substring(7) + SETTINGS);
        assertEquals(STREAMS, connection.progress());
        connection.assertSameAtEveryCut();
    }

    @Test
    void aClientOfHttp1AtAServerOfHttp2IsOpaque() {
        connection.sent(SETTINGS).received(GET);
        assertEquals(OPAQUE, connection.progress());
        connection.assertSameAtEveryCut();
    }

    @Test
    void aServerMayAnswerWithinThePreface() {
        connection.received("PR").sent("HTTP/1.1 400 \r\nContent-Length: 0\r\n\r\n");
        assertEquals(INSIDE_REQUEST, connection.progress());
        assertTrue(connection.isLast());
        connection.assertSameAtEveryCut();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\26\3\1\2\0", // TLS
                "\0\0\0\10\4\322\26\57", // PostgreSQL
                "\20", // MQTT
                "\1", // FastCGI
                " ",
                "(",
                "\u00ff",
            })
    void whatIsNoHttpIsOpaqueByItsFirstByte(String bytes) {
        connection.received(bytes.substring(0, 1));
        assertEquals(OPAQUE, connection.progress());
        assertTrue(connection.tracker().isOpaque());
        connection.received(bytes.substring(1)).sent(OK).received(GET);
        assertEquals(OPAQUE, connection.progress());
        assertEquals(GET.length(), connection.receivedDivided(GET));
        connection.assertSameAtEveryCut();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"220 mail ESMTP\r\n", "SSH-2.0-a\r\n", "J\0\0\0\12", "\0\0\0\1\0\0\0\0\0", "+OK\r\n", "HTTP/2"})
    void aServerThatBeginsAnotherProtocolIsOpaque(String bytes) {
        connection.sent(bytes);
        assertEquals(OPAQUE, connection.progress());
        connection.received(GET).sent(OK);
        assertEquals(OPAQUE, connection.progress());
        connection.assertSameAtEveryCut();
    }

    @Test
    void onlyHttp2SaysGoAway() {
        ByteBuffer into = ByteBuffer.allocate(ByteTracker.GOAWAY_LENGTH);
        assertFalse(connection.tracker().canGoAway());
        assertThrows(IllegalStateException.class, () -> connection.tracker().goAway(into, false));
        connection.received(GET);
        assertFalse(connection.tracker().canGoAway());
        assertThrows(IllegalStateException.class, () -> connection.tracker().goAway(into, false));
        assertEquals(0, into.position());
    }

    /** The bytes are those of HTTP, put together at random, so that all states are reached. */
    @Test
    void noBytesMakeItThrow() {
        Random random = new Random(1);
        String[] pieces = {
            GET,
            OK,
            PREFACE,
            SETTINGS,
            "\r\n",
            "\n",
            "\r",
            " ",
            ":",
            ",",
            "GET ",
            "HEAD ",
            "CONNECT ",
            "/ HTTP/1.1\r\n",
            "/ HTTP/1.0\r\n",
            "HTTP/1.1 ",
            "200 ",
            "100 ",
            "204 ",
            "101 ",
            "Content-Length: ",
            "Transfer-Encoding: ",
            "chunked",
            "Connection: ",
            "close",
            "Expect: 100-continue",
            "5",
            "0",
            "a",
            "fffffffff",
            "\0",
            "\1",
            "\2",
            "\3",
            "\4",
            "\5",
            "\7",
            "\10",
            "\11",
            "\0\0\0\1\5\0\0\0\1",
            "\0\0\0\1\5\0\0\0\3",
            "\0\0\4\3\0\0\0\0\1abcd",
            "\u00ff",
            "\0\0\1\0\10\0\0\0\1"
        };
        for (int round = 0; round < 20_000; round++) {
            ByteTracker tracker = new ByteTracker();
            if (random.nextInt(4) == 0) {
                received(tracker, bytesOf(PREFACE + SETTINGS), false);
                sent(tracker, bytesOf(SETTINGS));
            } else if (random.nextInt(2) == 0) {
                received(tracker, bytesOf(GET), false);
            }
            for (int i = 0; i < 30; i++) {
                byte[] bytes =
                        random.nextInt(8) == 0 ? randomBytes(random) : bytesOf(pieces[random.nextInt(pieces.length)]);
                if (random.nextBoolean()) {
                    received(tracker, bytes, random.nextInt(4) == 0);
                } else {
                    sent(tracker, bytes);
                }
                tracker.progress();
                if (tracker.canGoAway() && random.nextInt(8) == 0) {
                    tracker.goAway(ByteBuffer.allocate(ByteTracker.GOAWAY_LENGTH), random.nextBoolean());
                }
            }
        }
    }

    private static byte[] bytesOf(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static byte[] randomBytes(Random random) {
        byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void received(ByteTracker tracker, byte[] bytes, boolean divided) {
        boolean opaque = tracker.isOpaque();
        int share = tracker.received(ByteBuffer.wrap(bytes), 0, bytes.length, divided);
        assertTrue(share >= 0 && share <= bytes.length, () -> share + " of " + bytes.length);
        assertTrue(divided || share == bytes.length);
        assertTrue(!opaque || (share == bytes.length && tracker.isOpaque()));
    }

    private static void sent(ByteTracker tracker, byte[] bytes) {
        tracker.sent(ByteBuffer.wrap(bytes), 0, bytes.length);
    }

    @Test
    void requestsAllocateNothing() {
        ByteBuffer request = direct(
                "POST /a?b=c HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\nContent-Length: 3\r\n\r\nabc"
                        + "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\nExpect: x\r\n\r\n3;a\r\nabc\r\n0\r\nt: 1\r\n\r\n");
        ByteBuffer response =
                direct(OK + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a\r\nabc\r\n0\r\n\r\n");
        ByteTracker tracker = new ByteTracker();
        assertAllocatesNothing(() -> exchange(tracker, request, response));
        assertEquals(FREE, tracker.progress());
    }

    @Test
    void streamsAllocateNothing() {
        ByteTracker tracker = new ByteTracker();
        exchange(tracker, direct(PREFACE + SETTINGS), direct(SETTINGS));
        ByteBuffer request = ByteBuffer.allocateDirect(10).put(bytesOf("\0\0\1\1\5\0\0\0\0x"));
        ByteBuffer response = ByteBuffer.allocateDirect(11).put(bytesOf("\0\0\2\1\5\0\0\0\0xy"));
        int[] stream = {1};
        assertAllocatesNothing(() -> {
            request.putInt(5, stream[0]);
            response.putInt(5, stream[0]);
            stream[0] += 2;
            exchange(tracker, request, response);
        });
        assertEquals(STREAMS, tracker.progress());
    }

    private static ByteBuffer direct(String text) {
        return ByteBuffer.allocateDirect(text.length()).put(bytesOf(text));
    }

    private static void exchange(ByteTracker tracker, ByteBuffer request, ByteBuffer response) {
        tracker.received(request, 0, request.capacity() - 1, false);
        tracker.received(request, request.capacity() - 1, request.capacity(), true);
        tracker.sent(response, 0, 1);
        tracker.sent(response, 1, response.capacity());
    }

    private static void assertAllocatesNothing(Runnable exchange) {
        int repetitions = 10_000;
        for (int i = 0; i < repetitions; i++) {
            exchange.run();
        }
        LongSupplier allocated = allocatedByThisThread();
        long before = allocated.getAsLong();
        for (int i = 0; i < repetitions; i++) {
            exchange.run();
        }
        long bytes = allocated.getAsLong() - before;
        assertTrue(bytes < repetitions, () -> bytes + " bytes for " + repetitions + " repetitions");
    }

    private static LongSupplier allocatedByThisThread() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        return () -> threads.getThreadAllocatedBytes(thread);
    }

    @Test
    void aConnectionTakesAFewHundredBytes() {
        ByteBuffer request = direct(GET);
        ByteBuffer response = direct(OK);
        exchange(new ByteTracker(), request, response);
        LongSupplier allocated = allocatedByThisThread();
        int connections = 1000;
        long before = allocated.getAsLong();
        for (int i = 0; i < connections; i++) {
            exchange(new ByteTracker(), request, response);
        }
        long bytes = (allocated.getAsLong() - before) / connections;
        assertTrue(bytes < 600, () -> bytes + " bytes");
    }
}
