package dev.supervisor.socket.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ProtocolCloseTest {

    private static final String PREFACE = ByteBufUtil.hexDump("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
    private static final String SETTINGS = "000000" + "04" + "00" + "00000000";

    /** Length, GOAWAY, no flags, the connection; the last stream and NO_ERROR follow. */
    private static final String GOAWAY = "000008" + "07" + "00" + "00000000";

    private static final String NO_ERROR = "00000000";

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Http2FrameCodec http2 = Http2FrameCodecBuilder.forServer().build();

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    /** What has been written since it was asked last, in hexadecimal digits. */
    private String written() {
        StringBuilder written = new StringBuilder();
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            written.append(ByteBufUtil.hexDump(bytes));
            bytes.release();
        }
        return written.toString();
    }

    /** A request of HTTP/2 that is whole: GET, http, /. */
    private static String request(String stream) {
        return "000003" + "01" + "05" + stream + "828684";
    }

    private void receive(String hex) {
        channel.writeInbound(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)));
    }

    private void beginHttp2() {
        channel.pipeline().addLast(http2);
        receive(PREFACE + SETTINGS);
        assertTrue(written().startsWith("0000")); // its own settings
    }

    @Test
    void aWebSocketIsToldThatTheServiceRestarts() {
        channel.pipeline().addLast(new WebSocket13FrameDecoder(true, true, 1000), new WebSocket13FrameEncoder(false));
        assertTrue(ProtocolClose.say(channel).isSuccess());
        String reason = ByteBufUtil.hexDump("Service Restart".getBytes(US_ASCII));
        assertEquals("8811" + "03f4" + reason, written(), "one frame: close, 1012");
    }

    @Test
    void itIsToldAfterWhatWasWritten() {
        channel.pipeline().addLast(new WebSocket13FrameEncoder(false));
        ChannelFuture first = channel.write(new TextWebSocketFrame("a"));
        assertTrue(ProtocolClose.say(channel).isSuccess());
        assertTrue(first.isSuccess());
        assertTrue(written().startsWith("810161" + "88"));
    }

    @Test
    void handlersOfTheApplicationDontSeeIt() {
        channel.pipeline().addLast(new WebSocket13FrameEncoder(false), new Refusing());
        assertTrue(ProtocolClose.say(channel).isSuccess());
        assertTrue(written().startsWith("88"));
    }

    @Test
    void http2GoesAwayAfterTheLastStreamThatThePeerHasBegun() {
        beginHttp2();
        receive(request("00000001") + request("00000005"));
        written();
        assertTrue(ProtocolClose.say(channel).isSuccess());
        assertEquals(GOAWAY + "00000005" + NO_ERROR, written());
    }

    @Test
    void http2WithoutAStreamGoesAwayToo() {
        beginHttp2();
        assertTrue(ProtocolClose.say(channel).isSuccess());
        assertEquals(GOAWAY + "00000000" + NO_ERROR, written());
    }

    @Test
    void http2GoesAwayOnce() {
        beginHttp2();
        assertTrue(ProtocolClose.goAway(channel.pipeline(), http2).isSuccess());
        assertEquals(GOAWAY + "00000000" + NO_ERROR, written());
        assertTrue(ProtocolClose.goAway(channel.pipeline(), http2).isSuccess());
        assertTrue(ProtocolClose.say(channel).isSuccess());
        assertEquals("", written());
    }

    @Test
    void streamsThatHadBegunStayAndNewOnesAreIgnored() {
        beginHttp2();
        receive(request("00000001"));
        assertTrue(ProtocolClose.goAway(channel.pipeline(), http2).isSuccess());
        receive(request("00000003"));
        assertEquals(1, http2.connection().numActiveStreams());
        assertTrue(http2.connection().goAwaySent());
    }

    @Test
    void otherProtocolsHaveNoLastWords() {
        assertTrue(ProtocolClose.say(channel).isSuccess());
        channel.pipeline().addLast(new HttpServerCodec());
        assertTrue(ProtocolClose.say(channel).isSuccess());
        assertEquals("", written());
    }

    private static final class Refusing extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            throw new AssertionError(message);
        }
    }
}
