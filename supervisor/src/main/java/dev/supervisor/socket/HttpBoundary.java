package dev.supervisor.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.ByteToMessageCodec;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpObjectDecoder;
import io.netty.handler.codec.http.HttpObjectEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.handler.traffic.AbstractTrafficShapingHandler;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whether an HTTP/1.1 connection is between two messages: no request begun, none without its response, no
 * response unfinished. Nothing is in the pipeline for that while it serves; at a swap the state of Netty's own
 * {@link HttpServerCodec} is read, which is private. So this is the one class that reads private fields of Netty's
 * codec: pinned to the Netty that the supervisor ships and self-tested when it is first used. Should the test fail,
 * connections do not move but end where they began.
 *
 * <p>Called on the connection's event loop; holds no state of its own.
 */
final class HttpBoundary {

    private static final Logger LOG = LoggerFactory.getLogger(HttpBoundary.class);

    private static final List<Class<? extends ChannelHandler>> KEEPERS = List.of(
            ByteToMessageDecoder.class,
            ByteToMessageCodec.class,
            CombinedChannelDuplexHandler.class,
            AbstractTrafficShapingHandler.class,
            FlowControlHandler.class,
            ChunkedWriteHandler.class);

    private static final Optional<HttpBoundary> INSTANCE = selfTested();

    private final Field pendingInline;
    private final Field pendingOverflow;
    private final Field inbound;
    private final Field outbound;
    private final Field cumulation;
    private final Field decoderState;
    private final Field encoderState;

    private HttpBoundary() throws ReflectiveOperationException {
        pendingInline = open(HttpServerCodec.class, "methodQueueSize");
        pendingOverflow = open(HttpServerCodec.class, "methodOverflowQueue");
        inbound = open(CombinedChannelDuplexHandler.class, "inboundHandler");
        outbound = open(CombinedChannelDuplexHandler.class, "outboundHandler");
        cumulation = open(ByteToMessageDecoder.class, "cumulation");
        decoderState = open(HttpObjectDecoder.class, "currentState");
        encoderState = open(HttpObjectEncoder.class, "state");
    }

    private static Field open(Class<?> type, String name) throws ReflectiveOperationException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    /** Returns the codec of a connection that speaks HTTP/1.1, or null; it leaves the pipeline after an upgrade. */
    static @Nullable HttpServerCodec codecIn(ChannelPipeline pipeline) {
        return INSTANCE.isEmpty() || keepsBytesAhead(pipeline) ? null : pipeline.get(HttpServerCodec.class);
    }

    /**
     * Whether a handler is ahead of the codec that may keep bytes, or knows of some that have passed: TLS, a proxy
     * protocol, another protocol's decoder, traffic shaping. Such a connection can't be moved.
     */
    static boolean keepsBytesAhead(ChannelPipeline pipeline) {
        for (Map.Entry<String, ChannelHandler> entry : pipeline) {
            ChannelHandler handler = entry.getValue();
            if (handler instanceof HttpServerCodec) {
                return false;
            }
            if (KEEPERS.stream().anyMatch(keeper -> keeper.isInstance(handler))) {
                return true;
            }
        }
        return false;
    }

    static boolean isBetweenMessages(HttpServerCodec codec) {
        return INSTANCE.isPresent() && INSTANCE.get().betweenMessages(codec);
    }

    private boolean betweenMessages(HttpServerCodec codec) {
        try {
            Object decoder = inbound.get(codec);
            Queue<?> overflow = (Queue<?>) pendingOverflow.get(codec);
            ByteBuf unconsumed = (ByteBuf) cumulation.get(decoder);
            return pendingInline.getInt(codec) == 0
                    && (overflow == null || overflow.isEmpty())
                    && encoderState.getInt(outbound.get(codec)) == 0
                    && (unconsumed == null || !unconsumed.isReadable())
                    && ((Enum<?>) decoderState.get(decoder)).name().equals("SKIP_INITIAL_LINE_CHARS");
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<HttpBoundary> selfTested() {
        try {
            HttpBoundary boundary = new HttpBoundary();
            if (boundary.tellsTheStatesApart()) {
                return Optional.of(boundary);
            }
            LOG.warn("this Netty's HttpServerCodec behaves otherwise than expected: {}", EFFECT);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.warn("this Netty's HttpServerCodec can't be read: {}", EFFECT, e);
        }
        return Optional.empty();
    }

    private static final String EFFECT = "established connections won't move to a new build, but end with the old one";

    private boolean tellsTheStatesApart() {
        HttpServerCodec codec = new HttpServerCodec();
        EmbeddedChannel channel = new EmbeddedChannel(codec);
        try {
            boolean fresh = betweenMessages(codec);
            channel.writeInbound(Unpooled.copiedBuffer("GET / HTTP/1.1\r\nHost: a\r\n", StandardCharsets.US_ASCII));
            boolean inHead = betweenMessages(codec);
            channel.writeInbound(Unpooled.copiedBuffer("\r\n", StandardCharsets.US_ASCII));
            boolean unanswered = betweenMessages(codec);
            channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
            return fresh && !inHead && !unanswered && betweenMessages(codec);
        } finally {
            channel.finishAndReleaseAll();
        }
    }
}
