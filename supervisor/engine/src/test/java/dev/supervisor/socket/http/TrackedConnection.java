package dev.supervisor.socket.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** A {@link ByteTracker} whose bytes are recorded, so that they can be followed again in other portions. */
final class TrackedConnection {

    /** What a tracker says. */
    record Answers(ProtocolProgress progress, boolean last, boolean opaque, boolean canGoAway) {
        static Answers of(ByteTracker tracker) {
            return new Answers(tracker.progress(), tracker.isLast(), tracker.isOpaque(), tracker.canGoAway());
        }
    }

    private static final class Portion {
        private final boolean received;
        private final byte[] bytes;

        Portion(boolean received, byte[] bytes) {
            this.received = received;
            this.bytes = bytes;
        }

        /** Follows [from, to) by one call, in a buffer of which it is a part. */
        void follow(ByteTracker tracker, int from, int to) {
            ByteBuffer buffer = bufferOf(bytes, from, to);
            int position = buffer.position();
            int limit = buffer.limit();
            if (received) {
                assertEquals(to - from, tracker.received(buffer, position, position + to - from, false));
            } else {
                tracker.sent(buffer, position, position + to - from);
            }
            assertEquals(position, buffer.position());
            assertEquals(limit, buffer.limit());
        }

        /** Buffers of all kinds, by turns. */
        private static ByteBuffer bufferOf(byte[] bytes, int from, int to) {
            int length = to - from;
            int ahead = length % 5;
            int size = ahead + length + 9;
            ByteBuffer buffer = length % 2 == 0 ? ByteBuffer.allocate(size) : ByteBuffer.allocateDirect(size);
            buffer.order(length % 3 == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
            buffer.put(new byte[] {'\r', '\n', '\r', '\n'}, 0, ahead);
            buffer.put(bytes, from, length);
            buffer.put("\r\n\r\nGET /".getBytes(ISO_8859_1));
            return buffer.position(ahead);
        }
    }

    private final ByteTracker tracker = new ByteTracker();
    private final List<Portion> portions = new ArrayList<>();

    TrackedConnection received(String text) {
        return received(text.getBytes(ISO_8859_1));
    }

    TrackedConnection received(byte[] bytes) {
        return follow(new Portion(true, bytes));
    }

    TrackedConnection sent(String text) {
        return sent(text.getBytes(ISO_8859_1));
    }

    TrackedConnection sent(byte[] bytes) {
        return follow(new Portion(false, bytes));
    }

    private TrackedConnection follow(Portion portion) {
        portions.add(portion);
        portion.follow(tracker, 0, portion.bytes.length);
        return this;
    }

    /** Follows divided bytes, which are recorded as far as they are the application's. */
    int receivedDivided(String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        int share = tracker.received(ByteBuffer.wrap(bytes), 0, bytes.length, true);
        portions.add(new Portion(true, text.substring(0, share).getBytes(ISO_8859_1)));
        return share;
    }

    ByteTracker tracker() {
        return tracker;
    }

    ProtocolProgress progress() {
        return tracker.progress();
    }

    boolean isLast() {
        return tracker.isLast();
    }

    /** Follows everything again, byte by byte and cut at every place, and expects the same answers everywhere. */
    void assertSameAtEveryCut() {
        ByteTracker single = new ByteTracker();
        for (int i = 0; i < portions.size(); i++) {
            Portion portion = portions.get(i);
            List<Answers> expected = new ArrayList<>();
            expected.add(Answers.of(single));
            for (int at = 0; at < portion.bytes.length; at++) {
                portion.follow(single, at, at + 1);
                expected.add(Answers.of(single));
            }
            for (int cut = 0; cut <= portion.bytes.length; cut++) {
                assertSame(i, cut, expected);
            }
        }
        assertEquals(Answers.of(tracker), Answers.of(single), "byte by byte");
    }

    private void assertSame(int index, int cut, List<Answers> expected) {
        ByteTracker other = new ByteTracker();
        for (Portion before : portions.subList(0, index)) {
            before.follow(other, 0, before.bytes.length);
        }
        Portion portion = portions.get(index);
        portion.follow(other, 0, cut);
        assertEquals(expected.get(cut), Answers.of(other), () -> "portion " + index + " to " + cut);
        portion.follow(other, cut, portion.bytes.length);
        assertEquals(
                expected.get(portion.bytes.length), Answers.of(other), () -> "portion " + index + " cut at " + cut);
    }
}
