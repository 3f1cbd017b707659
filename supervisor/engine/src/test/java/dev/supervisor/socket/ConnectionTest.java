package dev.supervisor.socket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Tally;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ConnectionTest {

    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final Gate gate = new Gate(
            "http",
            loop.eventLoop(),
            new Gate.Limits(1, Duration.ofMinutes(1)),
            System::nanoTime,
            (c, left) -> () -> {},
            accepting -> {});

    @SuppressWarnings("NullAway.Init")
    private Connection connection;

    @BeforeEach
    void accept() throws IOException {
        connection = new Connection(SocketChannel.open(), gate);
        gate.counter().accepted();
    }

    @AfterEach
    void close() {
        connection.end();
        loop.finishAndReleaseAll();
    }

    private void pushBack(String text) {
        ByteBuf bytes = Unpooled.copiedBuffer(text, US_ASCII);
        connection.pushBack(bytes);
        assertFalse(bytes.isReadable(), "consumed");
        assertEquals(1, bytes.refCnt(), "and still the caller's to release");
        bytes.release();
    }

    private String read(int room) {
        ByteBuf buffer = Unpooled.buffer(room, room);
        assertEquals(connection.read(buffer), buffer.readableBytes());
        return buffer.toString(US_ASCII);
    }

    @Test
    void aFreshOneHasNothingUnread() {
        assertFalse(connection.hasUnread());
        assertEquals("", read(10));
    }

    @Test
    void whatIsPushedBackIsReadBeforeWhatIsUnreadAlready() {
        pushBack("last");
        pushBack("middle ");
        pushBack("first ");
        assertEquals("first middle last", read(100));
        assertFalse(connection.hasUnread());
    }

    @Test
    void itIsReadInPieces() {
        pushBack("abcdefg");
        assertEquals("abc", read(3));
        assertTrue(connection.hasUnread());
        assertEquals("def", read(3));
        assertEquals("g", read(3));
        assertFalse(connection.hasUnread());
        assertEquals("", read(3));
    }

    @Test
    void whatWasReadCanBePushedBack() {
        pushBack("abcdef");
        assertEquals("abc", read(3));
        pushBack("bc");
        assertEquals("bcdef", read(100));
    }

    @Test
    void whatTheBufferHoldsAlreadyStays() {
        pushBack("def");
        ByteBuf buffer = Unpooled.buffer(5, 5).writeBytes("abc".getBytes(US_ASCII));
        assertEquals(2, connection.read(buffer));
        assertEquals("abcde", buffer.toString(US_ASCII));
        assertEquals("f", read(9));
    }

    @Test
    void itEndsOnce() {
        assertEquals(new Tally(1, 1, 0), gate.counter().tally());
        connection.end();
        connection.end();
        assertFalse(connection.socket().isOpen());
        assertEquals(new Tally(1, 0, 1), gate.counter().tally());
    }
}
