package dev.supervisor.socket.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ConnectionCloseHandlerTest {

    private final List<String> said = new ArrayList<>();
    private boolean last = true;
    private final EmbeddedChannel channel = new EmbeddedChannel(
            new HttpServerCodec(),
            new ConnectionCloseHandler(() -> last, () -> said.add("announced"), () -> said.add("written")));

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    private String written() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            text.append(bytes.toString(US_ASCII));
            bytes.release();
        }
        return text.toString();
    }

    private static FullHttpResponse response(HttpVersion version, HttpResponseStatus status) {
        FullHttpResponse response = new DefaultFullHttpResponse(version, status, Unpooled.copiedBuffer("x", US_ASCII));
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, 1);
        return response;
    }

    @Test
    void theLastResponseSaysCloseAndTheApplicationsObjectDoesNot() {
        FullHttpResponse response = response(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        channel.writeOutbound(response);
        assertEquals("HTTP/1.1 200 OK\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx", written());
        assertFalse(response.headers().contains(HttpHeaderNames.CONNECTION));
        assertEquals(0, response.refCnt());
        assertEquals(List.of("announced", "written"), said);
    }

    @Test
    void aResponseThatOthersFollowIsLeftAlone() {
        last = false;
        channel.writeOutbound(response(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
        assertEquals("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx", written());
        assertEquals(List.of(), said);
        last = true;
        channel.writeOutbound(response(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
        assertTrue(written().contains("connection: close\r\n"));
    }

    @Test
    void aResponseInPartsEndsWithItsLastPart() {
        HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        HttpUtil.setTransferEncodingChunked(head, true);
        channel.writeOutbound(head, new DefaultHttpContent(Unpooled.copiedBuffer("x", US_ASCII)));
        assertEquals(List.of("announced"), said);
        var unused = channel.pipeline().writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT, channel.voidPromise());
        assertEquals(List.of("announced", "written"), said);
        assertEquals(
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n1\r\nx\r\n0\r\n\r\n",
                written());
    }

    @Test
    void aResponseOfHttp10NoLongerKeepsTheConnection() {
        FullHttpResponse response = response(HttpVersion.HTTP_1_0, HttpResponseStatus.OK);
        response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        channel.writeOutbound(response);
        assertEquals("HTTP/1.0 200 OK\r\ncontent-length: 1\r\nconnection: close\r\n\r\nx", written());
    }

    @Test
    void informationalResponsesAndUpgradesPassUnchanged() {
        channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        FullHttpResponse upgrade =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
        upgrade.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        channel.writeOutbound(upgrade);
        assertEquals(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\n\r\n",
                written());
        assertEquals(List.of(), said);
    }

    @Test
    void aResponseThatClosesAnywayIsTheApplications() {
        FullHttpResponse response = response(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        channel.writeOutbound(response);
        assertEquals(List.of(), said);
    }
}
