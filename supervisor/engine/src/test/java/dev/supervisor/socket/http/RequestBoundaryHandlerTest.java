package dev.supervisor.socket.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RequestBoundaryHandlerTest {

    private final List<String> asked = new ArrayList<>();
    private final List<String> passed = new ArrayList<>();
    private final List<String> kept = new ArrayList<>();
    private int left;

    /** Bytes up to so many pass, at most three at a time. */
    private final EmbeddedChannel channel = new EmbeddedChannel(new RequestBoundaryHandler(this::share, this::keep));

    @AfterEach
    void release() {
        assertFalse(channel.finishAndReleaseAll(), "all that passed was expected");
    }

    private int share(ByteBuf bytes) {
        asked.add(bytes.toString(US_ASCII));
        int share = Math.min(Math.min(3, left), bytes.readableBytes());
        left -= share;
        return share;
    }

    private void keep(ByteBuf bytes) {
        kept.add(bytes.readCharSequence(bytes.readableBytes(), US_ASCII).toString());
    }

    private void receive(String text) {
        ByteBuf bytes = Unpooled.copiedBuffer(text, US_ASCII);
        channel.writeInbound(bytes);
        List<ByteBuf> slices = new ArrayList<>();
        for (ByteBuf slice = channel.readInbound(); slice != null; slice = channel.readInbound()) {
            passed.add(slice.toString(US_ASCII));
            slices.add(slice);
        }
        slices.forEach(ByteBuf::release);
        assertEquals(0, bytes.refCnt());
    }

    @Test
    void theShareOfTheRequestPassesAndTheRestIsKept() {
        left = 5;
        receive("abcdefgh");
        assertEquals(List.of("abc", "de"), passed);
        assertEquals(List.of("fgh"), kept);
        assertEquals(List.of("abcdefgh", "defgh", "fgh"), asked, "asked again after each share");
    }

    @Test
    void allPassesIfAllBelongsToTheRequest() {
        left = 4;
        receive("abc");
        receive("d");
        assertEquals(List.of("abc", "d"), passed);
        assertEquals(List.of(), kept);
    }

    @Test
    void allIsKeptIfNothingDoes() {
        receive("abc");
        receive("def");
        assertEquals(List.of(), passed);
        assertEquals(List.of("abc", "def"), kept);
    }

    @Test
    void noBytesAreNobodys() {
        receive("");
        assertEquals(List.of(), passed);
        assertEquals(List.of(), asked);
    }

    @Test
    void whatIsNoBytesPasses() {
        channel.writeInbound("message");
        assertEquals("message", channel.readInbound());
        assertNull(channel.readInbound());
    }
}
