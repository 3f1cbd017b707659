package dev.supervisor.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.spi.ApplicationContext;
import dev.supervisor.spi.Superseded;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveSocketTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private Map<Channel, byte[]> states = new HashMap<>();

    @AfterEach
    void end() {
        channel.finishAndReleaseAll();
    }

    private ApplicationContext supervisor(int generation) {
        return new DemoContext(generation, channel.eventLoop(), new DemoConnection.EmbeddedListener(), states);
    }

    private void begin(ApplicationContext supervisor) {
        channel.pipeline()
                .addLast(new LiveSocket(supervisor, new Build(supervisor.generation(), Instant.EPOCH), channel));
    }

    /** Ends the handler of one generation, and begins that of the next. */
    private void moveTo(int generation) {
        channel.pipeline().remove(LiveSocket.class);
        begin(supervisor(generation));
    }

    private void supersede() {
        channel.pipeline().fireUserEventTriggered(Superseded.INSTANCE);
    }

    private Map<String, String> ask(String text) {
        channel.writeInbound(new TextWebSocketFrame(text));
        return received();
    }

    private Map<String, String> received() {
        TextWebSocketFrame frame = channel.readOutbound();
        try {
            return UrlEncoded.decode(frame.text());
        } finally {
            frame.release();
        }
    }

    private int closeStatus() {
        CloseWebSocketFrame frame = channel.readOutbound();
        try {
            return frame.statusCode();
        } finally {
            frame.release();
        }
    }

    @Test
    void whatTheClientDoesNotReadKeepsItFromSending() {
        begin(supervisor(7));

        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        channel.runPendingTasks();
        assertFalse(channel.config().isAutoRead());

        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        channel.runPendingTasks();
        assertTrue(channel.config().isAutoRead());
    }

    @Test
    void aTextIsAnsweredByTheGenerationThatHasIt() {
        begin(supervisor(7));

        Map<String, String> answer = ask("a&b=<c>");

        assertEquals("a&b=<c>", answer.get("text"));
        assertEquals("7", answer.get("generation"));
        assertEquals(Page.greeting(), answer.get("greeting"));
        assertEquals("false", answer.get("superseded"));
    }

    @Test
    void theConnectionIsHandedOffRightAfterTheTextByWhichTheClientIsReady() {
        begin(supervisor(7));
        assertEquals("1", ask("a").get("messages"));

        supersede();
        assertEquals(Map.of("superseded", "true"), received());
        assertTrue(states.isEmpty(), "a part of a message may have come");

        assertEquals("true", ask("b").get("superseded"));
        assertTrue(states.isEmpty(), "the client may wait for a build that does not fail");

        assertEquals("true", ask("c ready").get("superseded"));
        assertTrue(states.containsKey(channel));
    }

    @Test
    void theNextGenerationsGoOnWithItsHistory() {
        begin(supervisor(7));
        for (int generation = 8; generation <= 9; generation++) {
            supersede();
            received();
            ask("ready");
            moveTo(generation);
        }

        Map<String, String> answer = ask("b");

        assertEquals("7,8,9", answer.get("generations"));
        assertEquals("3", answer.get("messages"));
    }

    @Test
    void theHistoryDoesNotGrowWithoutEnd() {
        begin(supervisor(1));
        for (int generation = 2; generation <= 100; generation++) {
            supersede();
            received();
            ask("ready");
            moveTo(generation);
        }

        String generations = ask("b").getOrDefault("generations", "");

        assertEquals(50, generations.split(",").length);
        assertTrue(generations.startsWith("51,") && generations.endsWith(",100"), generations);
    }

    @Test
    void withoutANextGenerationTheClientIsToldToGo() {
        states = new HashMap<>() {
            @Override
            public byte[] put(Channel connection, byte[] state) {
                throw new IllegalStateException("there is none");
            }
        };
        begin(supervisor(7));

        supersede();
        received();
        ask("ready");

        assertEquals(1001, closeStatus());
        assertFalse(channel.isOpen());
    }

    @Test
    void aPingIsAnswered() {
        begin(supervisor(7));

        channel.writeInbound(new PingWebSocketFrame(channel.alloc().buffer().writeByte(5)));

        PongWebSocketFrame pong = assertInstanceOf(PongWebSocketFrame.class, channel.<WebSocketFrame>readOutbound());
        assertEquals(5, pong.content().readByte());
        pong.release();
    }

    @Test
    void aCloseFrameIsAnsweredAndEndsTheConnection() {
        begin(supervisor(7));

        channel.writeInbound(new CloseWebSocketFrame(1000, "done"));

        assertEquals(1000, closeStatus());
        assertFalse(channel.isOpen());
    }

    @Test
    void aPartOfAMessageIsRefused() {
        begin(supervisor(7));

        channel.writeInbound(new TextWebSocketFrame(false, 0, "a"));

        assertEquals(1003, closeStatus());
        assertFalse(channel.isOpen());
        assertNull(channel.readOutbound());
    }
}
