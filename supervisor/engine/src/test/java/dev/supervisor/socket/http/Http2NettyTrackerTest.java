package dev.supervisor.socket.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@link ByteTracker} counts the streams that Netty's HTTP/2 handlers have, a client and a server in one thread. */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails makes the counts differ
final class Http2NettyTrackerTest {

    private static final int STEPS = 500;

    private final Random random = new Random(4);
    private final ByteTracker tracker = new ByteTracker();
    private final TrackedConnection recorded = new TrackedConnection();
    private final Http2ConnectionHandler client = handler(false);
    private final Http2ConnectionHandler server = handler(true);
    private final EmbeddedChannel clientChannel = new EmbeddedChannel(client);
    private final EmbeddedChannel serverChannel = new EmbeddedChannel(server);
    private int streamsOfClient = 1;
    private int streamsOfServer = 2;
    private boolean recording;

    private static Http2ConnectionHandler handler(boolean server) {
        return new Http2ConnectionHandlerBuilder()
                .server(server)
                .frameListener(new Http2FrameAdapter())
                .initialSettings(new Http2Settings().maxHeaderListSize(100_000))
                .build();
    }

    @Test
    void streamsAreCountedAsNettyCountsThem() {
        exchangeBytes();
        int most = 0;
        for (int i = 0; i < STEPS; i++) {
            act();
            exchangeBytes();
            int active = client.connection().numActiveStreams();
            assertEquals(active, server.connection().numActiveStreams(), "Netty's");
            assertEquals(new ProtocolProgress.Streams(active, false), tracker.progress(), "step " + i);
            assertTrue(tracker.canGoAway());
            most = Math.max(most, active);
        }
        assertTrue(most > 10 && streamsOfClient > STEPS / 10 && streamsOfServer > 20, most + " " + streamsOfClient);
        finish();
    }

    @Test
    void itDoesNotMatterHowTheBytesCome() {
        recording = true;
        exchangeBytes();
        for (int i = 0; i < 12; i++) {
            write(i % 2 == 0, 0);
            exchangeBytes();
        }
        recorded.assertSameAtEveryCut();
        finish();
    }

    @Test
    void aClientUnderstandsTheGoAways() {
        exchangeBytes();
        write(false, 0);
        exchangeBytes();
        goAway(false);
        assertTrue(client.connection().goAwayReceived());
        assertEquals(Integer.MAX_VALUE, client.connection().local().lastStreamKnownByPeer());
        goAway(true);
        assertEquals(1, client.connection().local().lastStreamKnownByPeer());
        assertEquals(new ProtocolProgress.Streams(1, true), tracker.progress());
        Http2Stream stream = server.connection().stream(1);
        assertNotNull(stream);
        server.encoder()
                .writeHeaders(
                        context(true), 1, headers(0), 0, true, context(true).newPromise());
        client.encoder()
                .writeData(
                        context(false),
                        1,
                        Unpooled.EMPTY_BUFFER,
                        0,
                        true,
                        context(false).newPromise());
        exchangeBytes();
        assertTrue(tracker.progress().isOver());
        finish();
    }

    private void goAway(boolean last) {
        ByteBuffer bytes = ByteBuffer.allocate(ByteTracker.GOAWAY_LENGTH);
        tracker.goAway(bytes, last);
        clientChannel.writeInbound(Unpooled.wrappedBuffer(bytes.array()));
        clientChannel.checkException();
    }

    private ChannelHandlerContext context(boolean ofServer) {
        return (ofServer ? serverChannel : clientChannel).pipeline().firstContext();
    }

    private Http2Headers headers(int kilobytes) {
        Http2Headers headers = new DefaultHttp2Headers().method("GET").path("/").scheme("http");
        byte[] large = new byte[kilobytes * 1024];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) ('a' + random.nextInt(26));
        }
        return kilobytes == 0 ? headers : headers.add("large", new AsciiString(large));
    }

    private void act() {
        boolean byServer = random.nextBoolean();
        int kilobytes = random.nextInt(50) == 0 ? 40 : 0; // more than a frame holds
        if (!byServer && random.nextInt(3) == 0) {
            open(kilobytes);
        } else {
            write(byServer, kilobytes);
        }
    }

    private void open(int kilobytes) {
        ChannelHandlerContext context = context(false);
        boolean last = random.nextBoolean();
        client.encoder()
                .writeHeaders(context, streamsOfClient, headers(kilobytes), padding(), last, context.newPromise());
        streamsOfClient += 2 * (1 + random.nextInt(2));
    }

    private int padding() {
        return random.nextInt(3) == 0 ? random.nextInt(100) : 0;
    }

    /** Writes a frame for one of the streams, or opens one if there is none. */
    private void write(boolean byServer, int kilobytes) {
        Http2ConnectionHandler handler = byServer ? server : client;
        List<Http2Stream> streams = new ArrayList<>();
        try {
            handler.connection().forEachActiveStream(stream -> streams.add(stream));
        } catch (Http2Exception e) {
            throw new AssertionError(e);
        }
        if (streams.isEmpty()) {
            open(kilobytes);
            return;
        }
        Http2Stream stream = streams.get(random.nextInt(streams.size()));
        write(handler.encoder(), context(byServer), stream, kilobytes, byServer);
    }

    private void write(
            Http2ConnectionEncoder encoder,
            ChannelHandlerContext context,
            Http2Stream stream,
            int kilobytes,
            boolean byServer) {
        int id = stream.id();
        if (random.nextInt(8) == 0) {
            encoder.writeRstStream(context, id, 8, context.newPromise());
        } else if (!stream.state().localSideOpen()) {
            encoder.writePing(context, false, id, context.newPromise());
        } else if (byServer && (id & 1) == 1 && random.nextInt(8) == 0) {
            push(encoder, context, id, kilobytes);
        } else if (!stream.isHeadersSent()) {
            encoder.writeHeaders(
                    context, id, headers(kilobytes), padding(), random.nextInt(4) == 0, context.newPromise());
        } else if (random.nextInt(5) == 0) {
            encoder.writeHeaders(context, id, headers(kilobytes), padding(), true, context.newPromise());
        } else {
            ByteBuf data = Unpooled.wrappedBuffer(new byte[random.nextInt(200)]);
            encoder.writeData(context, id, data, padding(), random.nextInt(3) == 0, context.newPromise());
        }
    }

    private void push(Http2ConnectionEncoder encoder, ChannelHandlerContext context, int id, int kilobytes) {
        encoder.writePushPromise(context, id, streamsOfServer, headers(kilobytes), padding(), context.newPromise());
        encoder.writeHeaders(context, streamsOfServer, headers(0), padding(), false, context.newPromise());
        streamsOfServer += 2;
    }

    /** Until neither has more to say. */
    private void exchangeBytes() {
        boolean more = true;
        while (more) {
            clientChannel.runPendingTasks();
            serverChannel.runPendingTasks();
            client.flush(context(false));
            server.flush(context(true));
            boolean sent = pass(serverChannel, clientChannel, false);
            boolean received = pass(clientChannel, serverChannel, true);
            more = sent || received;
        }
        clientChannel.checkException();
        serverChannel.checkException();
    }

    private boolean pass(EmbeddedChannel from, EmbeddedChannel to, boolean received) {
        ByteArrayOutputStream passed = new ByteArrayOutputStream();
        for (ByteBuf bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
            byte[] copy = new byte[bytes.readableBytes()];
            bytes.readBytes(copy);
            bytes.release();
            passed.writeBytes(copy);
        }
        byte[] bytes = passed.toByteArray();
        if (recording && bytes.length > 0) {
            recorded(received, bytes);
        }
        for (int at = 0; at < bytes.length; ) {
            int end = Math.min(bytes.length, at + 1 + random.nextInt(random.nextBoolean() ? 12 : 2000));
            follow(received, bytes, at, end);
            at = end;
        }
        if (bytes.length > 0) {
            to.writeInbound(Unpooled.wrappedBuffer(bytes));
        }
        return bytes.length > 0;
    }

    private void recorded(boolean received, byte[] bytes) {
        if (received) {
            recorded.received(bytes);
        } else {
            recorded.sent(bytes);
        }
    }

    private void follow(boolean received, byte[] bytes, int from, int to) {
        if (received) {
            assertEquals(
                    to - from, tracker.received(ByteBuffer.wrap(bytes), from, to, from > 0 && random.nextBoolean()));
        } else {
            tracker.sent(ByteBuffer.wrap(bytes), from, to);
        }
        assertFalse(tracker.isOpaque());
    }

    private void finish() {
        clientChannel.finishAndReleaseAll();
        serverChannel.finishAndReleaseAll();
    }
}
