package dev.supervisor.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpDrainTest {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private final List<String> requests = new ArrayList<>();
    private final EmbeddedChannel connection =
            new EmbeddedChannel(new HttpServerCodec(), new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext ctx, Object message) {
                    if (message instanceof HttpRequest request) {
                        requests.add(request.uri());
                    }
                    ReferenceCountUtil.release(message);
                }
            });

    HttpDrainTest() {
        connection.freezeTime();
        HttpDrain.addTo(connection.pipeline());
    }

    @AfterEach
    void end() {
        connection.finishAndReleaseAll();
    }

    private void send(String text) {
        connection.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    private void answer(HttpResponseStatus status) {
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
        if (status != HttpResponseStatus.CONTINUE) {
            HttpUtil.setContentLength(response, 0);
        }
        connection.writeOutbound(response);
    }

    private String received() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf part = connection.readOutbound(); part != null; part = connection.readOutbound()) {
            text.append(part.toString(StandardCharsets.US_ASCII));
            part.release();
        }
        return text.toString();
    }

    private void supersede() {
        connection.pipeline().fireUserEventTriggered(Superseded.INSTANCE);
        connection.runPendingTasks();
    }

    private void pass(long millis) {
        connection.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        connection.runScheduledPendingTasks();
    }

    @Test
    void anIdleConnectionClosesAtOnce() {
        send(GET);
        answer(HttpResponseStatus.OK);
        assertTrue(connection.isOpen());
        supersede();
        assertFalse(connection.isOpen());
    }

    @Test
    void aRequestUnderWayIsAnsweredAndTheConnectionClosed() {
        send(GET);
        supersede();
        assertTrue(connection.isOpen());
        answer(HttpResponseStatus.CONTINUE);
        assertTrue(connection.isOpen());
        received();
        answer(HttpResponseStatus.OK);
        assertEquals("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", received());
        assertFalse(connection.isOpen());
    }

    @Test
    void aResponseThatHasBegunEnds() {
        send(GET);
        connection.writeOutbound(new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
        supersede();
        assertTrue(connection.isOpen());
        connection.writeOutbound(LastHttpContent.EMPTY_LAST_CONTENT);
        assertFalse(connection.isOpen());
    }

    @Test
    void anAnswerToTheEventIsTheLastOne() {
        connection.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                answer(HttpResponseStatus.OK);
            }
        });
        send(GET);
        supersede();
        assertTrue(received().contains("connection: close"));
        assertFalse(connection.isOpen());
    }

    @Test
    void pipelinedRequestsAreAllAnswered() {
        send(GET + GET);
        supersede();
        answer(HttpResponseStatus.OK);
        assertFalse(received().contains("close"));
        assertTrue(connection.isOpen());
        answer(HttpResponseStatus.OK);
        assertTrue(received().contains("connection: close"));
        assertFalse(connection.isOpen());
    }

    @Test
    void aNewConnectionHasTimeForItsFirstRequest() {
        supersede();
        pass(900);
        send(GET);
        pass(10_000);
        assertTrue(connection.isOpen());
        answer(HttpResponseStatus.OK);
        assertFalse(connection.isOpen());
        assertEquals(List.of("/"), requests);
    }

    @Test
    void aNewConnectionWithoutRequestCloses() {
        supersede();
        pass(900);
        assertTrue(connection.isOpen());
        pass(100);
        assertFalse(connection.isOpen());
    }

    @Test
    void anotherProtocolIsLeftAlone() {
        send(GET);
        answer(HttpResponseStatus.OK);
        connection.pipeline().remove(HttpServerCodec.class);
        supersede();
        assertTrue(connection.isOpen());
    }

    @Test
    void withoutTheCodecThereIsNothingToDo() {
        EmbeddedChannel opaque = new EmbeddedChannel();
        HttpDrain.addTo(opaque.pipeline());
        opaque.pipeline().fireUserEventTriggered(Superseded.INSTANCE);
        assertTrue(opaque.isOpen());
        opaque.finishAndReleaseAll();
    }
}
