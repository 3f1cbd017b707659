package dev.supervisor.socket.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.socket.http.AnswerCounts.Counts;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers are counted by the handler in a pipeline, and by the bytes of a program's connection, in the same way. */
final class AnswerCountsTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private final AnswerCounts counts = new AnswerCounts();
    private final EmbeddedChannel channel = new EmbeddedChannel(new HttpServerCodec());
    private final ByteTracker tracker = new ByteTracker(counts, false);

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    private void ask(String requests) {
        channel.writeInbound(Unpooled.copiedBuffer(requests, StandardCharsets.US_ASCII));
    }

    private void answer(int status) {
        channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status)));
    }

    @Test
    void aHandlerCountsAnswersAndServerErrors() {
        assertTrue(AnswerCountingHandler.add(channel.pipeline(), counts));
        ask(GET + GET + GET + GET);
        answer(200);
        answer(404);
        answer(500);
        answer(503);
        assertEquals(new Counts(4, 2), counts.counts());
        assertEquals(0.5, counts.counts().share());
    }

    @Test
    void anInterimAnswerIsNone() {
        assertTrue(AnswerCountingHandler.add(channel.pipeline(), counts));
        ask(GET);
        answer(100);
        answer(103);
        assertEquals(Counts.ZERO, counts.counts());
        answer(204);
        assertEquals(new Counts(1, 0), counts.counts());
    }

    @Test
    void aCloseWithoutAnAnswerIsAnError() {
        assertTrue(AnswerCountingHandler.add(channel.pipeline(), counts));
        ask(GET + GET);
        channel.close().syncUninterruptibly();
        assertEquals(new Counts(1, 1), counts.counts(), "a connection, however many requests waited");
        channel.close().syncUninterruptibly();
        assertEquals(new Counts(1, 1), counts.counts());
    }

    @Test
    void aCloseAfterTheAnswerIsNoError() {
        assertTrue(AnswerCountingHandler.add(channel.pipeline(), counts));
        ask(GET);
        answer(200);
        channel.close().syncUninterruptibly();
        assertEquals(new Counts(1, 0), counts.counts());
    }

    @Test
    void aPeerThatLeavesIsNoError() {
        assertTrue(AnswerCountingHandler.add(channel.pipeline(), counts));
        ask(GET);
        channel.unsafe().close(channel.voidPromise());
        assertEquals(Counts.ZERO, counts.counts());
    }

    @Test
    void theHandlerWaitsForACodec() {
        EmbeddedChannel other = new EmbeddedChannel();
        assertFalse(AnswerCountingHandler.add(other.pipeline(), counts));
        other.pipeline().addLast(new HttpResponseEncoder(), new HttpRequestDecoder());
        assertTrue(AnswerCountingHandler.add(other.pipeline(), counts));
        other.writeInbound(Unpooled.copiedBuffer(GET, StandardCharsets.US_ASCII));
        other.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.BAD_GATEWAY));
        assertEquals(new Counts(1, 1), counts.counts());
        other.finishAndReleaseAll();
    }

    private void exchange(String request, String response) {
        ByteBuffer asked = StandardCharsets.US_ASCII.encode(request);
        ByteBuffer answered = StandardCharsets.US_ASCII.encode(response);
        int unused = tracker.received(asked, 0, asked.limit(), false);
        tracker.sent(answered, 0, answered.limit());
    }

    @Test
    void bytesAreCountedToo() {
        exchange(GET, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        assertFalse(tracker.isUnanswered());
        exchange(GET + GET, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 No\r\nContent-Length: 3\r\n\r\nabc");
        assertTrue(tracker.isUnanswered());
        assertEquals(new Counts(2, 1), counts.counts());
        exchange("", "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
        assertFalse(tracker.isUnanswered());
        assertEquals(new Counts(3, 1), counts.counts());
    }

    @Test
    void anAnswerThatHasBegunIsOne() {
        exchange(GET, "HTTP/1.1 200 O");
        assertFalse(tracker.isUnanswered());
    }

    @Test
    void nothingIsCountedWhereNobodyAsks() {
        AnswerCounts.NONE.answered(500);
        AnswerCounts.NONE.cut();
        assertEquals(Counts.ZERO, AnswerCounts.NONE.counts());
    }
}
