package dev.supervisor.socket.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@link ByteTracker} finds the boundaries of HTTP/1 where Netty's decoders find them. */
final class HttpNettyTrackerTest {

    private static final int CONNECTIONS = 500;

    /** A message has ended with these bytes, or they are malformed. */
    private record Seen(boolean ended, boolean failed) {}

    /** Netty's decoders of both directions. */
    private static final class Decoders implements AutoCloseable {

        private final Deque<HttpMethod> unanswered = new ArrayDeque<>();
        private final EmbeddedChannel requests = new EmbeddedChannel(new HttpRequestDecoder(config()));
        private final EmbeddedChannel responses = new EmbeddedChannel(new HttpResponseDecoder(config()) {
            @Override
            protected boolean isContentAlwaysEmpty(HttpMessage message) {
                boolean interim = ((HttpResponse) message).status().codeClass() == HttpStatusClass.INFORMATIONAL;
                last |= !interim && unanswered.isEmpty();
                boolean toHead = !interim && HttpMethod.HEAD.equals(unanswered.poll());
                return toHead || super.isContentAlwaysEmpty(message);
            }
        });
        private boolean last;
        private int heads;

        private static HttpDecoderConfig config() {
            return new HttpDecoderConfig().setStrictLineParsing(false);
        }

        Seen read(boolean received, byte[] bytes, int from, int to) {
            EmbeddedChannel channel = received ? requests : responses;
            channel.writeInbound(Unpooled.copiedBuffer(bytes, from, to - from));
            boolean ended = false;
            boolean failed = false;
            for (HttpObject object = channel.readInbound(); object != null; object = channel.readInbound()) {
                failed |= object.decoderResult().isFailure();
                ended |= !failed && object instanceof LastHttpContent;
                if (object instanceof HttpMessage message) {
                    begun(message);
                }
                ReferenceCountUtil.release(object);
            }
            return new Seen(ended, failed);
        }

        private void begun(HttpMessage message) {
            if (message instanceof HttpRequest request) {
                heads++;
                unanswered.add(request.method());
                last |= !HttpUtil.isKeepAlive(message);
            } else if (((HttpResponse) message).status().codeClass() != HttpStatusClass.INFORMATIONAL) {
                last |= !HttpUtil.isKeepAlive(message);
            }
        }

        @Override
        public void close() {
            requests.finishAndReleaseAll();
            responses.finishAndReleaseAll();
        }
    }

    private final Random random = new Random(3);

    private int ended;
    private int opaque;
    private int failed;

    @Test
    void exchangesEndWhereNettyEndsThem() {
        int exchanges = 0;
        for (int i = 0; i < CONNECTIONS; i++) {
            int count = 1 + random.nextInt(5);
            exchanges += count;
            RandomExchanges connection = new RandomExchanges(random, count);
            follow(connection.requests(), connection.responses());
        }
        assertEquals(0, opaque);
        assertEquals(0, failed);
        assertTrue(ended > 2 * exchanges - CONNECTIONS, () -> ended + " messages"); // some end with the connection
    }

    /** What both of them understand, they understand alike. */
    @Test
    void damagedExchangesEndWhereNettyEndsThem() {
        for (int i = 0; i < CONNECTIONS; i++) {
            RandomExchanges connection = new RandomExchanges(random, 1 + random.nextInt(3));
            damage(random.nextBoolean() ? connection.requests() : connection.responses());
            follow(connection.requests(), connection.responses());
        }
        assertTrue(opaque > CONNECTIONS / 8, () -> opaque + " opaque");
        assertTrue(ended > CONNECTIONS / 2, () -> ended + " messages");
    }

    private void damage(List<byte[]> messages) {
        byte[] message = messages.get(random.nextInt(messages.size()));
        String likely = "\r\n :;,0159aAfx\0\t-/.HTPCLK\u007f";
        for (int i = random.nextInt(3); i >= 0; i--) {
            message[random.nextInt(message.length)] = (byte) likely.charAt(random.nextInt(likely.length()));
        }
    }

    /** Interleaves the directions at random, in random portions; no response begins before its request has come. */
    private void follow(List<byte[]> requests, List<byte[]> responses) {
        try (Decoders decoders = new Decoders()) {
            Comparison comparison = new Comparison(decoders);
            Deque<byte[]> toReceive = new ArrayDeque<>(List.of(join(requests)));
            Deque<byte[]> toSend = new ArrayDeque<>(responses);
            while (!comparison.over) {
                boolean mayAnswer = responses.size() - toSend.size() < decoders.heads && !toSend.isEmpty();
                if (mayAnswer && (toReceive.isEmpty() || random.nextBoolean())) {
                    Deque<byte[]> response = new ArrayDeque<>(List.of(toSend.pop()));
                    while (!response.isEmpty() && !comparison.over) {
                        comparison.follow(false, portionOf(response));
                    }
                } else if (!toReceive.isEmpty()) {
                    comparison.follow(true, portionOf(toReceive));
                } else {
                    return;
                }
            }
        }
    }

    private static byte[] join(List<byte[]> messages) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        messages.forEach(joined::writeBytes);
        return joined.toByteArray();
    }

    private byte[] portionOf(Deque<byte[]> rest) {
        byte[] bytes = rest.pop();
        int length = random.nextInt(3) == 0 ? bytes.length : 1 + random.nextInt(bytes.length);
        if (length < bytes.length) {
            rest.push(Arrays.copyOfRange(bytes, length, bytes.length));
        }
        return Arrays.copyOf(bytes, length);
    }

    /** One connection, followed by Netty and by three trackers. */
    private final class Comparison {

        private final Decoders decoders;
        private final ByteTracker whole = new ByteTracker();
        private final ByteTracker divided = new ByteTracker();
        private final ByteTracker single = new ByteTracker();
        private final StringBuilder log = new StringBuilder();
        private boolean over;

        /** The CR of an empty line ahead of a request came last, so that its LF ends what is no message. */
        private boolean halfOfEmptyLine;

        Comparison(Decoders decoders) {
            this.decoders = decoders;
        }

        void follow(boolean received, byte[] bytes) {
            log.append(received ? "> " : "< ")
                    .append(new String(bytes, ISO_8859_1))
                    .append('\n');
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            int ofDivided = 0;
            int ofNetty = 0;
            for (int at = 0; at < bytes.length && !over; at++) {
                boolean inside = isInside(single, received);
                followOne(received, buffer, at);
                if (received && !inside) {
                    assertDivided(buffer, ofDivided, bytes.length, at);
                    divided.received(buffer, at, at + 1, false);
                    ofDivided = at + 1;
                }
                boolean emptyLine = received && halfOfEmptyLine;
                if (received) {
                    halfOfEmptyLine = !inside && bytes[at] == '\r';
                }
                if (inside && !isInside(single, received) && !emptyLine && !single.isOpaque()) {
                    assertEnd(received, bytes, ofNetty, at);
                    ofNetty = at + 1;
                }
            }
            if (over) {
                return;
            }
            assertEnded(false, received, bytes, ofNetty, bytes.length);
            if (received) {
                whole.received(buffer, 0, bytes.length, false);
                assertDivided(buffer, ofDivided, bytes.length, bytes.length);
            } else {
                whole.sent(buffer, 0, bytes.length);
                divided.sent(buffer, 0, bytes.length);
            }
            TrackedConnection.Answers expected = TrackedConnection.Answers.of(single);
            assertEquals(expected, TrackedConnection.Answers.of(whole), log::toString);
            assertEquals(expected, TrackedConnection.Answers.of(divided), log::toString);
        }

        /** Outside of a request, nothing is the application's; inside, everything to its end. */
        private void assertDivided(ByteBuffer buffer, int from, int to, int end) {
            assertEquals(end - from, divided.received(buffer, from, to, true), () -> "from " + from + " of\n" + log);
        }

        private void followOne(boolean received, ByteBuffer buffer, int at) {
            if (received) {
                single.received(buffer, at, at + 1, false);
            } else {
                single.sent(buffer, at, at + 1);
            }
            if (single.isOpaque()) {
                opaque++;
                over = true;
            }
        }

        /** A message ends with the byte at this index, and none between it and {@code from}. */
        private void assertEnd(boolean received, byte[] bytes, int from, int at) {
            assertEnded(false, received, bytes, from, at);
            assertEnded(true, received, bytes, at, at + 1);
            if (!over) {
                ended++;
                assertEnd();
            }
        }

        private void assertEnded(boolean expected, boolean received, byte[] bytes, int from, int to) {
            if (over || from == to) {
                return;
            }
            Seen seen = decoders.read(received, bytes, from, to);
            if (seen.failed) {
                failed++;
                over = true;
            } else {
                assertEquals(expected, seen.ended, () -> from + " to " + to + " of\n" + log);
            }
        }

        private void assertEnd() {
            ProtocolProgress.Http http = (ProtocolProgress.Http) single.progress();
            if (!http.insideResponse()) {
                assertEquals(decoders.unanswered.size(), http.unanswered(), log::toString);
                assertEquals(decoders.last, single.isLast(), log::toString);
            }
            assertFalse(http.tunnel());
        }
    }

    private static boolean isInside(ByteTracker tracker, boolean request) {
        return tracker.progress() instanceof ProtocolProgress.Http http
                && (request ? http.insideRequest() : http.insideResponse());
    }
}
