package dev.supervisor.socket.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.supervisor.testing.TlsKeys;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCounted;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** TLS over a transport that takes and gives as many bytes as the test says. */
@Timeout(60)
class TlsStreamTest {

    private static final List<SSLEngine> MADE = new ArrayList<>();

    static Stream<Arguments> kinds() {
        return Stream.of("TLSv1.2", "TLSv1.3")
                .flatMap(version -> TlsKeys.providers().map(provider -> Arguments.of(version, provider)));
    }

    /** The two ends of one connection. */
    private static final class Pair {

        final Pipe pipe = new Pipe();
        final TlsStream server;
        final TlsClient client;

        Pair(String version, SslProvider provider) {
            Supplier<SSLEngine> engines = TlsKeys.engines(provider);
            server = new TlsStream(pipe, () -> {
                SSLEngine engine = engines.get();
                MADE.add(engine);
                return engine;
            });
            client = new TlsClient(pipe, version);
        }

        /** Lets both go on until neither has anything to do; returns what the server has read. */
        byte[] settle() throws IOException {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            ByteBuffer buffer = ByteBuffer.allocate(8192);
            boolean moves = true;
            while (moves) {
                moves = client.run();
                int toServer = pipe.toServer.size();
                int length = server.read(buffer.clear());
                if (length > 0) {
                    all.write(buffer.array(), 0, length);
                    moves = true;
                }
                moves |= length >= 0 && (server.hasUnread() || pipe.toServer.size() < toServer);
                if (server.hasUnsent()) {
                    int before = pipe.toClient.size();
                    server.flush();
                    moves |= pipe.toClient.size() > before;
                }
            }
            return all.toByteArray();
        }

        Pair connected() throws IOException {
            settle();
            assertTrue(server.isEstablished());
            return this;
        }
    }

    private static ByteBuffer[] of(String... texts) {
        return Stream.of(texts)
                .map(text -> ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)))
                .toArray(ByteBuffer[]::new);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void bothSidesReadWhatTheOtherHasWritten(String version, SslProvider provider) throws IOException {
        Pair pair = new Pair(version, provider);
        pair.client.write(of("hello")[0]);
        assertFalse(pair.server.hasBegun());
        assertEquals("hello", text(pair.settle()));
        assertEquals(version, pair.server.session().orElseThrow().getProtocol());
        assertEquals(3 + 5, pair.server.write(of("abc", "", "defgh"), 0, 3));
        pair.settle();
        assertEquals("abcdefgh", text(pair.client.received()));
        assertFalse(pair.server.hasUnread() || pair.server.hasUnsent() || pair.server.isInsideRecord());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void recordsMayBeSplitAtEveryByte(String version, SslProvider provider) throws IOException {
        Pair pair = new Pair(version, provider);
        pair.pipe.chunk(() -> 1);
        byte[] sent = random(3000, 1);
        pair.client.write(ByteBuffer.wrap(sent));
        assertArrayEquals(sent, pair.settle());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void muchGoesThroughBothWaysInPiecesOfAnySize(String version, SslProvider provider) throws IOException {
        for (long seed = 0; seed < 4; seed++) {
            Random random = new Random(seed);
            Pair pair = new Pair(version, provider).connected();
            pair.pipe.chunk(() -> random.nextInt(100) == 0 ? 0 : 1 + random.nextInt(1 << random.nextInt(18)));
            pair.pipe.room(20_000);
            byte[] up = random(150_000 + random.nextInt(100_000), seed);
            byte[] down = random(150_000 + random.nextInt(100_000), seed + 1);
            ByteBuffer source = ByteBuffer.wrap(down);
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            pair.client.write(ByteBuffer.wrap(up));
            boolean exact = seed % 2 == 0;
            while (read.size() < up.length || pair.client.count() < down.length) {
                ByteBuffer target = ByteBuffer.allocate(1 + random.nextInt(1 << random.nextInt(17)));
                int length = pair.server.read(target);
                assertEquals(Math.max(length, 0), target.position());
                read.write(target.array(), 0, target.position());
                writeSome(pair.server, source, random, exact);
                pair.client.run();
            }
            assertArrayEquals(up, read.toByteArray());
            assertArrayEquals(down, pair.client.received());
            assertFalse(source.hasRemaining());
        }
    }

    private static void writeSome(TlsStream stream, ByteBuffer source, Random random, boolean exact)
            throws IOException {
        int most = exact ? source.remaining() : Math.min(source.remaining(), 1 + random.nextInt(200_000));
        int first = random.nextInt(most + 1);
        ByteBuffer[] parts = {
            source.slice(source.position(), first), source.slice(source.position() + first, most - first)
        };
        if (exact) {
            source.position(source.position() + (int) stream.writeSent(parts, 0, 2));
        } else {
            int written = (int) stream.write(parts, 0, 2);
            assertEquals(written, parts[0].position() + parts[1].position());
            source.position(source.position() + written);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void nothingCountsAsWrittenThatTheSocketHasNotTaken(String version, SslProvider provider) throws IOException {
        Pair pair = new Pair(version, provider).connected();
        pair.client.run();
        pair.pipe.room(100);
        ByteBuffer source = ByteBuffer.wrap(random(1000, 3));
        assertEquals(0, pair.server.writeSent(new ByteBuffer[] {source.duplicate()}, 0, 1));
        assertTrue(pair.server.hasUnsent());
        assertEquals(0, pair.server.writeSent(new ByteBuffer[] {source.duplicate()}, 0, 1));
        pair.pipe.room(1 << 20);
        assertEquals(1000, pair.server.writeSent(new ByteBuffer[] {source.duplicate()}, 0, 1));
        pair.settle();
        assertArrayEquals(source.array(), pair.client.received());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theLastByteIsWrittenAgainWhenTheSocketIsFull(String version, SslProvider provider) throws IOException {
        Pair pair = new Pair(version, provider).connected();
        pair.pipe.room(100);
        ByteBuffer source = ByteBuffer.wrap(random(1000, 3));
        assertEquals(999, pair.server.write(new ByteBuffer[] {source}, 0, 1));
        assertEquals(1, source.remaining());
        assertEquals(0, pair.server.write(new ByteBuffer[] {source}, 0, 1));
        pair.pipe.room(1 << 20);
        assertEquals(1, pair.server.write(new ByteBuffer[] {source}, 0, 1));
        pair.settle();
        assertArrayEquals(source.array(), pair.client.received());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aCloseNotifyIsTheEnd(String version, SslProvider provider) throws IOException {
        Pair pair = new Pair(version, provider).connected();
        pair.client.write(of("last")[0]);
        pair.client.close();
        assertEquals("last", text(pair.settle()));
        assertEquals(-1, pair.server.read(ByteBuffer.allocate(10)));
        assertFalse(pair.server.hasFailed());
    }

    /** The socket has nothing more by then, so that no selector would tell of it. */
    @ParameterizedTest
    @MethodSource("kinds")
    void anEndThatCameWithBytesIsUnreadUntilItIsTold(String version, SslProvider provider) throws IOException {
        Pair pair = new Pair(version, provider).connected();
        pair.client.write(of("last")[0]);
        pair.client.close();
        pair.client.run();
        assertEquals(4, pair.server.read(ByteBuffer.allocate(10)));
        assertTrue(pair.server.hasUnread());
        assertEquals(-1, pair.server.read(ByteBuffer.allocate(10)));
        assertFalse(pair.server.hasUnread());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void anEndIsStillToBeToldWhenBytesWereLookedFor(String version, SslProvider provider) throws IOException {
        Pair pair = new Pair(version, provider).connected();
        pair.client.close();
        pair.client.run();
        assertEquals(0, pair.server.available());
        assertTrue(pair.server.hasUnread());
        assertEquals(-1, pair.server.read(ByteBuffer.allocate(10)));
        assertFalse(pair.server.hasUnread());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void anEndWithoutCloseNotifyIsAnEndToo(String version, SslProvider provider) throws IOException {
        Pair pair = new Pair(version, provider).connected();
        pair.client.write(of("last")[0]);
        pair.client.run();
        pair.pipe.endToServer();
        assertEquals("last", text(pair.settle()));
        assertEquals(-1, pair.server.read(ByteBuffer.allocate(10)));
        assertFalse(pair.server.hasFailed());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void thePeerIsToldOfTheEnd(String version, SslProvider provider) throws IOException {
        Pair pair = new Pair(version, provider).connected();
        assertTrue(pair.server.closeOutput());
        assertTrue(pair.server.closeOutput());
        pair.settle();
        assertTrue(pair.client.isClosed());
        pair.client.write(of("after")[0]);
        if (version.equals("TLSv1.3")) {
            assertEquals("after", text(pair.settle()), "the other direction goes on");
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aWriteAfterTheEndFails(String version, SslProvider provider) throws IOException {
        Pair pair = new Pair(version, provider).connected();
        pair.server.closeOutput();
        assertThrows(IOException.class, () -> pair.server.write(of("late"), 0, 1));
        pair.server.release();
        assertThrows(IOException.class, () -> pair.server.write(of("late"), 0, 1));
        assertEquals(-1, pair.server.read(ByteBuffer.allocate(1)));
        assertTrue(pair.server.closeOutput());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aSpoiltRecordIsAnsweredByAnAlert(String version, SslProvider provider) throws IOException {
        Pair pair = new Pair(version, provider).connected();
        pair.client.write(of("spoilt")[0]);
        pair.pipe.spoilNext();
        assertEquals("", text(pair.settle()));
        assertTrue(pair.server.hasFailed());
        assertEquals(-1, pair.server.read(ByteBuffer.allocate(10)));
        assertThrows(SSLException.class, pair.client::rethrow);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aClientThatCantAgreeIsAnsweredByAnAlert(String version, SslProvider provider) throws IOException {
        Pair pair = new Pair(version, provider);
        pair.client.spoilHello();
        pair.settle();
        assertTrue(pair.server.hasFailed());
        assertFalse(pair.server.isEstablished());
        if (!pair.client.isClosed()) { // the engine of Java 17 says user_canceled and close_notify
            assertThrows(SSLException.class, pair.client::rethrow);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void renegotiationIsRefused(String version, SslProvider provider) throws IOException {
        assumeTrue(version.equals("TLSv1.2"));
        Pair pair = new Pair(version, provider).connected();
        pair.client.handshakeAgain();
        pair.settle();
        assertTrue(pair.server.hasFailed());
        assertTrue(pair.client.isClosed());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void keysMayBeUpdatedWhileNothingCanBeWritten(String version, SslProvider provider) throws IOException {
        assumeTrue(version.equals("TLSv1.3"));
        Pair pair = new Pair(version, provider).connected();
        pair.pipe.room(0);
        for (int i = 0; i < 20; i++) {
            pair.client.handshakeAgain();
            pair.client.write(of("x")[0]);
            pair.client.send();
            assertEquals("x", text(readOnce(pair.server)));
        }
        ByteBuffer[] later = of("later");
        long written = pair.server.write(later, 0, 1);
        assertTrue(written < 5);
        pair.pipe.room(1 << 20);
        assertEquals(5, written + pair.server.write(later, 0, 1));
        pair.settle();
        assertEquals("later", text(pair.client.received()));
    }

    private static byte[] readOnce(TlsStream stream) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        while (buffer.position() == 0) {
            stream.read(buffer);
        }
        byte[] bytes = new byte[buffer.position()];
        buffer.flip().get(bytes);
        return bytes;
    }

    @ParameterizedTest
    @EnumSource(
            value = SslProvider.class,
            names = {"JDK"})
    void keysMayBeUpdatedOnlySoOftenWithoutReadingTheAnswers(SslProvider provider) throws IOException {
        Pair pair = new Pair("TLSv1.3", provider).connected();
        pair.pipe.room(0);
        for (int i = 0; i < 10_000 && !pair.server.hasFailed(); i++) {
            pair.client.handshakeAgain();
            pair.client.send();
            pair.server.read(ByteBuffer.allocate(10));
        }
        assertTrue(pair.server.hasFailed());
        assertEquals(-1, pair.server.read(ByteBuffer.allocate(10)));
    }

    /** They cost the server much, the client little, and would keep the thread as long as they come. */
    @ParameterizedTest
    @MethodSource("kinds")
    void newKeysWithoutAnythingBetweenThemEndTheStream(String version, SslProvider provider) throws IOException {
        assumeTrue(version.equals("TLSv1.3"));
        Pair pair = new Pair(version, provider).connected();
        for (int i = 0; i < 100; i++) {
            pair.client.handshakeAgain();
            pair.client.send();
        }
        assertEquals(-1, pair.server.read(ByteBuffer.allocate(10)));
        assertTrue(pair.server.hasFailed());
    }

    /** A begin of a message in very many records of one byte. */
    @ParameterizedTest
    @MethodSource("kinds")
    void aHelloInTooManyRecordsEndsTheStream(String version, SslProvider provider) throws IOException {
        Pair pair = new Pair(version, provider);
        byte[] begin = {1, 0, 0x7f, 0};
        for (int i = 0; i < 30_000 && !pair.server.hasFailed(); i++) {
            byte content = i < begin.length ? begin[i] : 0;
            pair.pipe.toServer.append(ByteBuffer.wrap(new byte[] {22, 3, 1, 0, 1, content}));
            pair.server.read(ByteBuffer.allocate(10));
            assertTrue(i < 5000, "it goes on and on");
        }
        assertTrue(pair.server.hasFailed());
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aHelloMayComeInSeveralRecords(String version, SslProvider provider) throws IOException {
        Pair pair = new Pair(version, provider);
        pair.client.send();
        byte[] hello = pair.pipe.toServer.takeAll();
        for (int at = 5; at < hello.length; at += 7) {
            int length = Math.min(7, hello.length - at);
            pair.pipe.toServer.append(ByteBuffer.wrap(new byte[] {22, 3, 1, 0, (byte) length}));
            pair.pipe.toServer.append(ByteBuffer.wrap(hello, at, length));
        }
        pair.client.write(of("hello")[0]);
        assertEquals("hello", text(pair.settle()));
    }

    @Test
    void aRequestInClearTextIsAnsweredInClearText() throws IOException {
        Pair pair = new Pair("TLSv1.3", SslProvider.JDK);
        for (byte letter : "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII)) {
            pair.pipe.toServer.append(ByteBuffer.wrap(new byte[] {letter}));
            pair.server.read(ByteBuffer.allocate(10));
        }
        String answer = text(pair.pipe.toClient.takeAll());
        assertTrue(answer.startsWith("HTTP/1.0 400 ") && answer.contains("HTTPS server"), answer);
        assertEquals(-1, pair.server.read(ByteBuffer.allocate(10)));
        assertTrue(pair.server.hasFailed());
    }

    @Test
    void whatIsNeitherIsAnsweredByAnAlert() throws IOException {
        for (String garbage : List.of("\0\0\0\0\0\0", "SSH-2.0-OpenSSH", "\u0016abcdefghijkl", "a", "HEAD\u0001")) {
            Pair pair = new Pair("TLSv1.3", SslProvider.JDK);
            pair.pipe.toServer.append(ByteBuffer.wrap(garbage.getBytes(StandardCharsets.ISO_8859_1)));
            assertEquals(-1, pair.server.read(ByteBuffer.allocate(10)), garbage);
            byte[] answer = pair.pipe.toClient.takeAll();
            assertEquals(21, answer[0], garbage);
            assertTrue(answer.length >= 7, garbage);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aHelloThatIsTooLargeEndsInAnAlert(String version, SslProvider provider) throws IOException {
        Pair pair = new Pair(version, provider);
        byte[] record = new byte[5 + 16384];
        record[0] = 22;
        record[1] = 3;
        record[2] = 1;
        record[3] = 64;
        for (int i = 0; i < 20 && !pair.server.hasFailed(); i++) {
            if (i == 0) {
                record[5] = 1;
                record[6] = (byte) 0xFF; // 16 MB
            } else {
                record[5] = 0;
                record[6] = 0;
            }
            pair.pipe.toServer.append(ByteBuffer.wrap(record));
            pair.server.read(ByteBuffer.allocate(10));
        }
        assertTrue(pair.server.hasFailed());
        assertEquals(21, pair.pipe.toClient.takeAll()[0]);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void availableSaysWhatCanBeReadWithoutReadingIt(String version, SslProvider provider) throws IOException {
        Pair pair = new Pair(version, provider).connected();
        assertEquals(0, pair.server.available());
        pair.client.write(of("hello")[0]);
        pair.client.run();
        assertEquals(5, pair.server.available());
        assertEquals(5, pair.server.available());
        assertTrue(pair.server.hasUnread());
        assertEquals("hello", text(pair.settle()));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void anEngineIsReleasedExactlyOnce(String version, SslProvider provider) throws IOException {
        MADE.clear();
        Pair pair = new Pair(version, provider).connected();
        pair.server.release();
        pair.server.release();
        assertEquals(1, MADE.size());
        if (MADE.get(0) instanceof ReferenceCounted counted) {
            assertEquals(0, counted.refCnt());
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatSomebodyElseHasReadComesFirst(String version, SslProvider provider) throws IOException {
        Pair pair = new Pair(version, provider);
        pair.client.write(of("hello")[0]);
        pair.client.send();
        ByteBuffer ahead = ByteBuffer.allocate(100);
        pair.pipe.read(ahead);
        pair.server.append(ahead.flip());
        assertEquals(100, pair.server.unread());
        assertEquals("hello", text(pair.settle()));
    }

    @Test
    void anEngineThatCantBeMadeEndsTheStream() throws IOException {
        Pipe pipe = new Pipe();
        TlsStream stream = new TlsStream(pipe, () -> {
            throw new IllegalStateException("no keys");
        });
        TlsClient client = new TlsClient(pipe, "TLSv1.3");
        client.run();
        assertEquals(-1, stream.read(ByteBuffer.allocate(10)));
        assertTrue(stream.hasFailed());
    }
}
