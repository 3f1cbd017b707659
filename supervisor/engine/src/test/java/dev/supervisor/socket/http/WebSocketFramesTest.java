package dev.supervisor.socket.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where messages of a WebSocket end, compared with a sender that knows. */
class WebSocketFramesTest {

    private static final int[] LENGTHS = {0, 1, 124, 125, 126, 127, 65_535, 65_536, 65_537};

    /** Frames, and the positions between messages. */
    private static final class Stream {

        private final Random random;
        private final boolean masked;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final TreeSet<Integer> between = new TreeSet<>(List.of(0));
        private long messages;

        Stream(long seed, boolean masked) {
            this.random = new Random(seed);
            this.masked = masked;
        }

        Stream fill(int count) {
            for (int i = 0; i < count; i++) {
                if (random.nextInt(4) == 0) {
                    control();
                    between.add(bytes.size());
                } else {
                    message();
                }
            }
            return this;
        }

        private void message() {
            int fragments = 1 + random.nextInt(4);
            for (int i = 0; i < fragments; i++) {
                boolean last = i == fragments - 1;
                frame((last ? 0x80 : 0) | (i == 0 ? 1 + random.nextInt(2) : 0), length());
                if (!last && random.nextInt(3) == 0) {
                    control();
                }
            }
            messages++;
            between.add(bytes.size());
        }

        private void control() {
            boolean ping = random.nextBoolean();
            frame(ping ? 0x89 : 0x8a, random.nextInt(126));
            messages += ping == masked ? 1 : 0; // a ping asks, and a pong answers
        }

        private int length() {
            return random.nextInt(20) == 0 ? LENGTHS[random.nextInt(LENGTHS.length)] : random.nextInt(40);
        }

        private void frame(int first, int length) {
            bytes.write(first);
            int mask = masked ? 0x80 : 0;
            if (length < 126) {
                bytes.write(mask | length);
            } else if (length <= 65_535) {
                bytes.write(mask | 126);
                bytes.writeBytes(ByteBuffer.allocate(2).putShort((short) length).array());
            } else {
                bytes.write(mask | 127);
                bytes.writeBytes(ByteBuffer.allocate(8).putLong(length).array());
            }
            byte[] rest = new byte[length + (masked ? 4 : 0)];
            random.nextBytes(rest);
            bytes.writeBytes(rest);
        }
    }

    private static WebSocketFrames frames(boolean masked) {
        return masked ? WebSocketFrames.ofClient() : WebSocketFrames.ofServer();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void messagesEndWhereTheSenderEndsThemHoweverTheyArePortioned(boolean masked) {
        for (long seed = 0; seed < 200; seed++) {
            Stream stream = new Stream(seed, masked).fill(50);
            ByteBuffer bytes = ByteBuffer.wrap(stream.bytes.toByteArray());
            WebSocketFrames frames = frames(masked);
            Random random = new Random(seed);
            for (int at = 0; at < bytes.limit(); ) {
                int end = Math.min(bytes.limit(), at + 1 + random.nextInt(random.nextInt(5) == 0 ? 100_000 : 100));
                assertEquals(end, frames.read(bytes, at, end, false));
                assertEquals(stream.between.contains(end), frames.isBetweenMessages(), "seed " + seed + " at " + end);
                at = end;
            }
            assertFalse(frames.isMalformed(), "seed " + seed);
            assertFalse(frames.isClosing());
            assertEquals(stream.messages, frames.messages());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void dividedBytesAreFollowedToTheEndOfTheMessageThatHasBegun(boolean masked) {
        for (long seed = 0; seed < 200; seed++) {
            Stream stream = new Stream(seed, masked).fill(20);
            ByteBuffer bytes = ByteBuffer.wrap(stream.bytes.toByteArray());
            int from = new Random(seed).nextInt(bytes.limit());
            WebSocketFrames frames = frames(masked);
            frames.read(bytes, 0, from, false);
            int expected = stream.between.ceiling(from);
            List<Integer> ends = new ArrayList<>();
            int at = from;
            while (at < expected) { // in halves
                int to = Math.min(bytes.limit(), at + 1 + (bytes.limit() - at) / 2);
                at = frames.read(bytes, at, to, true);
                ends.add(at);
            }
            assertEquals(expected, at, "seed " + seed + " from " + from + ": " + ends);
            assertEquals(expected, frames.read(bytes, expected, bytes.limit(), true));
            assertTrue(frames.isBetweenMessages());
        }
    }

    private static WebSocketFrames read(WebSocketFrames frames, String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        for (int i = 0; i < bytes.length; i++) {
            assertEquals(i + 1, frames.read(buffer, i, i + 1, false));
        }
        return frames;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c1 80 00000000", // a reserved bit: compressed
                "a1 80 00000000",
                "91 80 00000000",
                "83 80 00000000", // reserved opcodes
                "87 80 00000000",
                "8b 80 00000000",
                "8f 80 00000000",
                "81 00", // not masked
                "80 80 00000000", // continues nothing
                "01 80 00000000 81 80 00000000", // begins a message within another
                "09 80 00000000", // a control frame in fragments
                "89 fe 007e", // a control frame that is too long
                "81 fe 007d", // lengths that are longer than they must be
                "81 ff 000000000000ffff",
                "81 ff 8000000000010000", // a length that is negative
                "47 45 54 20 2f" // no frames at all
            })
    void whatIsNoFrameOfAClientIsMalformed(String hex) {
        assertTrue(read(WebSocketFrames.ofClient(), hex).isMalformed());
    }

    @Test
    void aServerMustNotMask() {
        assertTrue(read(WebSocketFrames.ofServer(), "81 80").isMalformed());
        assertFalse(read(WebSocketFrames.ofServer(), "81 00").isMalformed());
    }

    @Test
    void aCloseFrameIsSeenWithItsFirstByte() {
        WebSocketFrames frames = read(WebSocketFrames.ofServer(), "88");
        assertTrue(frames.isClosing());
        assertTrue(read(frames, "02 03e8").isClosing());
    }

    @Test
    void emptyMessagesHaveAnEnd() {
        WebSocketFrames frames = read(WebSocketFrames.ofClient(), "81 80 000000");
        assertFalse(frames.isBetweenMessages());
        assertTrue(read(frames, "00").isBetweenMessages());
        assertTrue(read(WebSocketFrames.ofServer(), "82 00").isBetweenMessages());
    }
}
