package dev.supervisor.socket.netty;

import dev.supervisor.socket.http.HttpBoundary;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.handler.codec.ByteToMessageCodec;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.ReferenceCountUtil;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Takes the bytes that the first decoder of a pipeline has not consumed. Later decoders keep messages made of bytes,
 * not bytes from the socket.
 */
final class UnreadBytes {

    private UnreadBytes() {}

    /**
     * Removes the first decoder from the pipeline, which makes it pass on the bytes that it has not consumed. Leaves it
     * if it is known to have consumed all.
     *
     * @param taker consumes the bytes
     */
    static void takeFrom(ChannelPipeline pipeline, Consumer<ByteBuf> taker) {
        firstDecoder(pipeline)
                .filter(decoder -> mayKeepBytes(decoder.getValue()))
                .ifPresent(decoder -> {
                    pipeline.addAfter(decoder.getKey(), null, new Taker(taker));
                    pipeline.remove(decoder.getValue());
                });
    }

    private static boolean mayKeepBytes(ChannelHandler decoder) {
        return !(decoder instanceof HttpServerCodec codec) || HttpBoundary.hasUnconsumed(codec);
    }

    private static Optional<Map.Entry<String, ChannelHandler>> firstDecoder(ChannelPipeline pipeline) {
        for (Map.Entry<String, ChannelHandler> entry : pipeline) {
            ChannelHandler handler = entry.getValue();
            if (handler instanceof ByteToMessageDecoder
                    || handler instanceof ByteToMessageCodec
                    || handler instanceof CombinedChannelDuplexHandler) {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }

    private static final class Taker extends ChannelInboundHandlerAdapter {

        private final Consumer<ByteBuf> taker;

        Taker(Consumer<ByteBuf> taker) {
            this.taker = taker;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                if (message instanceof ByteBuf bytes) {
                    taker.accept(bytes);
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            // not passed on: it belongs to the bytes
        }
    }
}
