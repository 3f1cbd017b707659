package dev.supervisor.socket.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LastResponseHandlerTest {

    private final EmbeddedChannel channel = new EmbeddedChannel(new HttpServerCodec());
    private final AtomicBoolean last = new AtomicBoolean();

    @BeforeEach
    void observe() {
        channel.pipeline().addLast(new LastResponseHandler(() -> last.set(true)));
    }

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    private static FullHttpResponse response(HttpVersion version, HttpResponseStatus status) {
        FullHttpResponse response = new DefaultFullHttpResponse(version, status);
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
        return response;
    }

    @Test
    void aResponseThatKeepsTheConnectionIsNotTheLast() {
        channel.writeOutbound(response(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
        assertFalse(last.get());
    }

    @Test
    void aResponseThatSaysCloseIsTheLast() {
        FullHttpResponse response = response(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        response.headers().set(HttpHeaderNames.CONNECTION, "close");
        channel.writeOutbound(response);
        assertTrue(last.get());
    }

    @Test
    void aResponseOfHttp10IsTheLastUnlessItSaysOtherwise() {
        FullHttpResponse response = response(HttpVersion.HTTP_1_0, HttpResponseStatus.OK);
        response.headers().set(HttpHeaderNames.CONNECTION, "keep-alive");
        channel.writeOutbound(response);
        assertFalse(last.get());
        channel.writeOutbound(response(HttpVersion.HTTP_1_0, HttpResponseStatus.OK));
        assertTrue(last.get());
    }

    @Test
    void anInformationalResponseIsNeverTheLast() {
        FullHttpResponse response = response(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE);
        response.headers().set(HttpHeaderNames.CONNECTION, "close");
        channel.writeOutbound(response);
        assertFalse(last.get());
    }

    @Test
    void whatAHandlerBehindItAddsIsSeen() {
        channel.pipeline().addLast(new HttpServerKeepAliveHandler()); // no request was kept alive: it says close
        channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
        assertTrue(last.get());
    }

    @Test
    void responsesPassUnchanged() {
        channel.writeOutbound(response(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
        ByteBuf bytes = channel.readOutbound();
        assertEquals("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", bytes.toString(US_ASCII));
        bytes.release();
    }
}
