package dev.supervisor.socket.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutorGroup;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpBoundaryTest {

    private static final String GET = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String HEAD = "HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String POST = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
    private static final String CHUNKED = "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: t"
            + "\r\n\r\n5;x=y\r\nhello\r\nA\r\n0123456789\r\n0\r\nt: 1\r\n\r\n";
    private static final String EXPECT_HEAD =
            "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";

    private HttpServerCodec codec = new HttpServerCodec();
    private EmbeddedChannel channel = new EmbeddedChannel(codec);

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    private void startAnew() {
        release();
        codec = new HttpServerCodec();
        channel = new EmbeddedChannel(codec);
    }

    private void receive(String bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, US_ASCII));
    }

    private void answer(HttpResponseStatus status) {
        channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status));
    }

    private boolean isFree() {
        return HttpBoundary.progressOf(codec).isFree() && !HttpBoundary.hasUnconsumed(codec);
    }

    @Test
    void aFreshConnectionIsFree() {
        assertTrue(isFree());
    }

    @ParameterizedTest
    @ValueSource(strings = {GET, HEAD, POST, CHUNKED})
    void aConnectionIsFreeOnlyBeforeARequestAndAfterItsResponse(String request) {
        for (int cut = 0; cut <= request.length(); cut++) {
            startAnew();
            receive(request.substring(0, cut));
            assertEquals(cut == 0, isFree(), "after " + cut + " bytes");
            receive(request.substring(cut));
            assertFalse(isFree(), "not answered");
            answer(HttpResponseStatus.OK);
            assertTrue(isFree(), "answered");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {GET, HEAD, POST, CHUNKED})
    void theSameHoldsByteByByteAndForEachRequestOfAConnection(String request) {
        for (int turn = 0; turn < 3; turn++) {
            for (int i = 0; i < request.length(); i++) {
                receive(request.substring(i, i + 1));
                assertFalse(isFree());
            }
            answer(HttpResponseStatus.OK);
            assertTrue(isFree());
        }
    }

    @Test
    void pipelinedRequestsAreAllAnsweredFirst() {
        String both = GET + POST;
        Set<Integer> boundaries = Set.of(0, GET.length(), both.length());
        for (int cut = 0; cut <= both.length(); cut++) {
            startAnew();
            receive(both.substring(0, cut));
            assertEquals(cut == 0, isFree(), "unanswered, after " + cut + " bytes");
            int complete = cut == both.length() ? 2 : cut >= GET.length() ? 1 : 0;
            for (int i = 0; i < complete; i++) {
                assertFalse(isFree(), "response " + i + " after " + cut + " bytes");
                answer(HttpResponseStatus.OK);
            }
            assertEquals(boundaries.contains(cut), isFree(), "answered, after " + cut + " bytes");
        }
    }

    @Test
    void soAreManyPipelinedRequests() {
        int many = 60;
        receive((GET + HEAD).repeat(many));
        for (int i = 0; i < 2 * many; i++) {
            assertFalse(isFree());
            answer(HttpResponseStatus.OK);
        }
        assertTrue(isFree());
    }

    @Test
    void anInformationalResponseIsNone() {
        for (int cut = 0; cut <= EXPECT_HEAD.length(); cut++) {
            startAnew();
            receive(EXPECT_HEAD.substring(0, cut));
            assertEquals(cut == 0, isFree());
            receive(EXPECT_HEAD.substring(cut));
            answer(HttpResponseStatus.CONTINUE);
            assertFalse(isFree(), "the body is expected");
            for (String piece : List.of("h", "el", "l", "o")) {
                receive(piece);
                assertFalse(isFree());
            }
            answer(HttpResponseStatus.PROCESSING);
            assertFalse(isFree());
            answer(HttpResponseStatus.OK);
            assertTrue(isFree());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {POST, CHUNKED})
    void aRequestThatIsAnsweredEarlyIsStillReadToItsEnd(String request) {
        int head = request.indexOf("\r\n\r\n") + 4;
        for (int cut = head; cut < request.length(); cut++) {
            startAnew();
            receive(request.substring(0, cut));
            answer(HttpResponseStatus.FORBIDDEN);
            assertFalse(isFree(), "after " + cut + " bytes");
            receive(request.substring(cut));
            assertTrue(isFree());
        }
    }

    @Test
    void aResponseIsOverWithItsLastContent() {
        receive(GET);
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        channel.writeOutbound(head);
        assertFalse(isFree());
        channel.writeOutbound(new DefaultHttpContent(Unpooled.copiedBuffer("a", US_ASCII)));
        assertFalse(isFree());
        channel.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
        assertTrue(isFree());
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void aResponseThatHasNoBodyIsOverToo(int status) {
        receive(GET);
        answer(HttpResponseStatus.valueOf(status));
        assertTrue(isFree());
    }

    @Test
    void aResponseToHeadIsOverThoughItsBodyNeverComes() {
        receive(HEAD);
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        head.headers().set(HttpHeaderNames.CONTENT_LENGTH, 1000);
        channel.writeOutbound(head);
        assertFalse(isFree());
        channel.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
        assertTrue(isFree());
    }

    @Test
    void garbageIsNeverFree() {
        receive("\u0001garbage\r\n\r\n");
        assertFalse(isFree());
        answer(HttpResponseStatus.BAD_REQUEST);
        assertFalse(isFree());
    }

    @Test
    void switchingProtocolsIsNoEndOfTheRequest() {
        receive("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        answer(HttpResponseStatus.SWITCHING_PROTOCOLS);
        assertFalse(isFree());
    }

    @Test
    void connectBeginsATunnelWhoseBytesAreAllItsOwn() {
        receive("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n");
        assertEquals(
                ProtocolProgress.Intake.END_ONLY, HttpBoundary.progressOf(codec).intake(), "not answered");
        answer(HttpResponseStatus.OK);
        assertFalse(isFree());
        assertEquals(ProtocolProgress.Intake.ALL, HttpBoundary.progressOf(codec).intake());
        ByteBuf bytes = Unpooled.copiedBuffer(GET + GET, US_ASCII);
        assertEquals(bytes.readableBytes(), HttpBoundary.shareOf(codec, bytes));
        bytes.release();
    }

    /** Gives the codec its share of the bytes until it has none, and returns how much that was. */
    private int divide(String text) {
        ByteBuf bytes = Unpooled.copiedBuffer(text, US_ASCII);
        for (int share = 1; share > 0 && bytes.isReadable(); ) {
            share = HttpBoundary.shareOf(codec, bytes);
            assertTrue(share <= bytes.readableBytes());
            channel.writeInbound(bytes.readRetainedSlice(share));
        }
        int divided = bytes.readerIndex();
        bytes.release();
        return divided;
    }

    @ParameterizedTest
    @ValueSource(strings = {GET, HEAD, POST, CHUNKED, EXPECT_HEAD + "hello"})
    void theSharesOfARequestThatHasBegunEndWhereItEnds(String request) {
        String stream = request + GET + POST;
        int begun = request.indexOf('\n') + 1;
        for (int cut = 0; cut <= request.length(); cut++) {
            startAnew();
            receive(stream.substring(0, cut));
            int expected = cut < begun ? 0 : request.length() - cut;
            assertEquals(expected, divide(stream.substring(cut)), "after " + cut + " bytes");
            assertEquals(cut < begun && cut > 0, HttpBoundary.hasUnconsumed(codec), "after " + cut + " bytes");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {GET, POST, CHUNKED})
    void soTheyDoHoweverTheRestIsSplit(String request) {
        String stream = request + GET;
        for (int cut = request.indexOf('\n') + 1; cut < request.length(); cut++) {
            for (int split = cut; split <= stream.length(); split++) {
                startAnew();
                receive(stream.substring(0, cut));
                int shares = divide(stream.substring(cut, split)) + divide(stream.substring(split));
                assertEquals(request.length() - cut, shares, "after " + cut + " and " + split + " bytes");
            }
        }
    }

    @Test
    void betweenRequestsNothingHasAShare() {
        receive(POST);
        assertEquals(0, divide(GET));
        receive("\r\n");
        assertEquals(0, divide("\r\n" + GET));
    }

    @Test
    void allThatFollowsGarbageBelongsToIt() {
        receive("garbage\r\n");
        assertEquals(GET.length(), divide(GET));
    }

    @Test
    void aChunkThatTheCodecCollectsIsNotSharedTwice() {
        codec = new HttpServerCodec(
                new HttpDecoderConfig().setAllowPartialChunks(false).setMaxChunkSize(100));
        channel.finishAndReleaseAll();
        channel = new EmbeddedChannel(codec);
        receive(CHUNKED.substring(0, CHUNKED.indexOf("0123456789")));
        receive("0123");
        assertTrue(HttpBoundary.hasUnconsumed(codec));
        String rest = CHUNKED.substring(CHUNKED.indexOf("456789"));
        assertEquals(rest.length(), divide(rest + GET));
    }

    @Test
    void theCodecIsFoundBehindHandlersThatKeepNoBytes() {
        assertSame(codec, HttpBoundary.codecIn(channel.pipeline()));
        channel.pipeline().addFirst(new ChannelDuplexHandler());
        assertSame(codec, HttpBoundary.codecIn(channel.pipeline()));
        channel.pipeline().addLast(new ByteToKeep());
        assertSame(codec, HttpBoundary.codecIn(channel.pipeline()));
    }

    @Test
    void aConnectionWhoseBytesPassAnotherDecoderFirstStays() {
        List<ChannelHandler> keepers = List.of(
                new ByteToKeep(),
                new CombinedChannelDuplexHandler<>(
                        new ChannelInboundHandlerAdapter(), new ChannelOutboundHandlerAdapter()));
        for (ChannelHandler keeper : keepers) {
            channel.pipeline().addFirst(keeper);
            assertNull(HttpBoundary.codecIn(channel.pipeline()));
            channel.pipeline().remove(keeper);
        }
        assertSame(codec, HttpBoundary.codecIn(channel.pipeline()));
    }

    @Test
    void aConnectionThatSpeaksNoHttpAnyMoreStays() {
        channel.pipeline().remove(codec);
        assertNull(HttpBoundary.codecIn(channel.pipeline()));
        channel.pipeline().addLast(new HttpRequestDecoder(), new HttpResponseEncoder());
        assertNull(HttpBoundary.codecIn(channel.pipeline()));
    }

    @Test
    @SuppressWarnings("deprecation") // applications may still do so
    void aConnectionWhoseCodecRunsOnAnotherThreadStays() {
        EventExecutorGroup others = new DefaultEventExecutorGroup(1);
        try {
            EmbeddedChannel offloaded = new EmbeddedChannel();
            offloaded.pipeline().addLast(others, new HttpServerCodec());
            assertNull(HttpBoundary.codecIn(offloaded.pipeline()));
            offloaded.finishAndReleaseAll();
        } finally {
            others.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    private static final class ByteToKeep extends ByteToMessageDecoder {
        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
            // waits for more, for ever
        }
    }
}
