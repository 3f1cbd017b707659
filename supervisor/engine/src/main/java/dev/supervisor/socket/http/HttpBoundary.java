package dev.supervisor.socket.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
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
import io.netty.handler.codec.http2.CleartextHttp2ServerUpgradeHandler;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.handler.traffic.AbstractTrafficShapingHandler;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads how far an HTTP/1 connection is. While a generation serves, no handler is in the pipeline for that; at a swap
 * the private state of Netty's own {@link HttpServerCodec} is read. So this is the one class that reads private fields
 * of Netty's codec: pinned to the Netty that the supervisor ships, and self-tested when it is first used. If the test
 * fails, connections do not move but end where they began.
 *
 * <p>Called on the connection's event loop; holds no state of its own.
 */
public final class HttpBoundary {

    private static final Logger LOG = LoggerFactory.getLogger(HttpBoundary.class);

    private static final String EFFECT = "established connections won't move to a new build, but end with the old one";

    private static final List<Class<? extends ChannelHandler>> BUFFERING = List.of(
            ByteToMessageDecoder.class,
            ByteToMessageCodec.class,
            CombinedChannelDuplexHandler.class,
            AbstractTrafficShapingHandler.class,
            FlowControlHandler.class,
            ChunkedWriteHandler.class);

    /** Looks at the first bytes only, and passes them on unchanged. */
    private static final Class<? extends ChannelHandler> SNIFFER = CleartextHttp2ServerUpgradeHandler.class;

    /** The value in Netty's encoder that says that it answers a CONNECT. */
    private static final byte CONNECT = 2;

    private static final Optional<HttpBoundary> INSTANCE = selfTested();

    private final Field pendingInline;
    private final Field pendingOverflow;
    private final Field inbound;
    private final Field outbound;
    private final Field decoderState;
    private final Field resetRequested;
    private final Field missing;
    private final Field cumulation;
    private final Field encoderState;
    private final Field answeredMethod;

    private HttpBoundary() throws ReflectiveOperationException {
        pendingInline = open(HttpServerCodec.class, "methodQueueSize");
        pendingOverflow = open(HttpServerCodec.class, "methodOverflowQueue");
        inbound = open(CombinedChannelDuplexHandler.class, "inboundHandler");
        outbound = open(CombinedChannelDuplexHandler.class, "outboundHandler");
        decoderState = open(HttpObjectDecoder.class, "currentState");
        resetRequested = open(HttpObjectDecoder.class, "resetRequested");
        missing = open(HttpObjectDecoder.class, "chunkSize");
        cumulation = open(ByteToMessageDecoder.class, "cumulation");
        encoderState = open(HttpObjectEncoder.class, "state");
        answeredMethod = open(outbound.get(new HttpServerCodec()).getClass(), "methodFlag");
    }

    private static Field open(Class<?> type, String name) throws ReflectiveOperationException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    /**
     * Returns the codec of a connection that speaks HTTP/1. Returns null if there is none, as after an upgrade, or if
     * its state can't be read, since it does not run on the connection's event loop.
     */
    public static @Nullable HttpServerCodec codecIn(ChannelPipeline pipeline) {
        if (INSTANCE.isEmpty() || keepsBytesAhead(pipeline)) {
            return null;
        }
        ChannelHandlerContext context = pipeline.context(HttpServerCodec.class);
        return context != null && context.executor().inEventLoop() ? (HttpServerCodec) context.handler() : null;
    }

    /**
     * Returns whether a handler ahead of the codec may keep bytes, or has seen some pass: TLS, PROXY protocol, another
     * protocol's decoder, traffic shaping. Such a connection can't be moved.
     */
    public static boolean keepsBytesAhead(ChannelPipeline pipeline) {
        if (pipeline.first() instanceof HttpServerCodec) { // the usual case; the iterator would copy the pipeline
            return false;
        }
        for (Map.Entry<String, ChannelHandler> entry : pipeline) {
            ChannelHandler handler = entry.getValue();
            if (handler instanceof HttpServerCodec) {
                return false;
            }
            if (BUFFERING.stream().anyMatch(type -> type.isInstance(handler)) && !SNIFFER.isInstance(handler)) {
                return true;
            }
        }
        return false;
    }

    public static ProtocolProgress.Http progressOf(HttpServerCodec codec) {
        return INSTANCE.orElseThrow().progress(codec);
    }

    /**
     * Returns how many of these bytes, the next for the codec, belong to a request that has begun: 0 between two
     * requests, otherwise at least 1, and never any of the next request, but not always all of this one. All belong to
     * a connection that may be a tunnel.
     */
    public static int shareOf(HttpServerCodec codec, ByteBuf bytes) {
        return INSTANCE.orElseThrow().share(codec, bytes);
    }

    /** Returns whether the codec has bytes that it has not consumed; true if that is unknown. */
    public static boolean hasUnconsumed(HttpServerCodec codec) {
        return INSTANCE.isEmpty() || INSTANCE.get().unconsumedBy(codec) > 0;
    }

    private int unconsumedBy(HttpServerCodec codec) {
        try {
            return unconsumed(inbound.get(codec));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private ProtocolProgress.Http progress(HttpServerCodec codec) {
        try {
            Queue<?> overflow = (Queue<?>) pendingOverflow.get(codec);
            Object encoder = outbound.get(codec);
            return new ProtocolProgress.Http(
                    isInsideRequest(inbound.get(codec)),
                    pendingInline.getInt(codec) + (overflow == null ? 0 : overflow.size()),
                    encoderState.getInt(encoder) != 0,
                    isTunnel(encoder));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean isTunnel(Object encoder) throws IllegalAccessException {
        return answeredMethod.getByte(encoder) == CONNECT;
    }

    private int share(HttpServerCodec codec, ByteBuf bytes) {
        try {
            Object decoder = inbound.get(codec);
            if (!isInsideRequest(decoder)) {
                return isTunnel(outbound.get(codec)) ? bytes.readableBytes() : 0;
            }
            return switch (stateOf(decoder)) {
                case "READ_FIXED_LENGTH_CONTENT", "READ_CHUNKED_CONTENT" -> {
                    long wanted = missing.getLong(decoder) - unconsumed(decoder);
                    yield (int) Math.max(1, Math.min(wanted, bytes.readableBytes()));
                }
                case "READ_HEADER", "READ_CHUNK_SIZE", "READ_CHUNK_DELIMITER", "READ_CHUNK_FOOTER" -> line(bytes);
                default -> bytes.readableBytes(); // malformed: there is no next request
            };
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int line(ByteBuf bytes) {
        int length = bytes.bytesBefore((byte) '\n') + 1;
        return length == 0 ? bytes.readableBytes() : length;
    }

    /**
     * While the first line is incomplete, the decoder has consumed nothing, so the bytes can be read again elsewhere.
     */
    private boolean isInsideRequest(Object decoder) throws IllegalAccessException {
        String state = stateOf(decoder);
        return !state.equals("SKIP_INITIAL_LINE_CHARS")
                && !state.equals("READ_INITIAL")
                && !((AtomicBoolean) resetRequested.get(decoder)).get();
    }

    private String stateOf(Object decoder) throws IllegalAccessException {
        return ((Enum<?>) decoderState.get(decoder)).name();
    }

    private int unconsumed(Object decoder) throws IllegalAccessException {
        ByteBuf bytes = (ByteBuf) cumulation.get(decoder);
        return bytes == null ? 0 : bytes.readableBytes();
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

    private boolean tellsTheStatesApart() {
        HttpServerCodec codec = new HttpServerCodec();
        EmbeddedChannel channel = new EmbeddedChannel(codec);
        try {
            boolean fresh = progress(codec).isFree();
            channel.writeInbound(ascii("POST / HTTP/1.1\r\nContent-Length: 3\r\n"));
            boolean inHead = progress(codec).insideRequest() && share(codec, ascii("a: b\r\n\r\nbody")) == 6;
            channel.writeInbound(ascii("\r\nb"));
            boolean inBody = progress(codec).insideRequest() && share(codec, ascii("odyGET")) == 2;
            channel.writeInbound(ascii("od"));
            boolean unanswered = progress(codec).equals(new ProtocolProgress.Http(false, 1, false, false));
            channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
            return fresh && inHead && inBody && unanswered && progress(codec).isFree() && tellsATunnel(codec, channel);
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    private boolean tellsATunnel(HttpServerCodec codec, EmbeddedChannel channel) {
        channel.writeInbound(ascii("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n"));
        boolean unanswered = progress(codec).equals(new ProtocolProgress.Http(false, 1, false, false));
        channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
        return unanswered
                && progress(codec).equals(new ProtocolProgress.Http(false, 0, false, true))
                && share(codec, ascii("GET")) == 3;
    }

    private static ByteBuf ascii(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }
}
