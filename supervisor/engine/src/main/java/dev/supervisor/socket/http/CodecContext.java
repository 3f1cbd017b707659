package dev.supervisor.socket.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpServerCodec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds Netty's codec of HTTP/1 in a pipeline. */
public final class CodecContext {

    private CodecContext() {}

    /**
     * Returns the context behind which requests are decoded, and responses not yet encoded; null if there is no codec.
     */
    public static @Nullable ChannelHandlerContext in(ChannelPipeline pipeline) {
        ChannelHandlerContext codec = pipeline.context(HttpServerCodec.class);
        ChannelHandlerContext decoder = pipeline.context(HttpRequestDecoder.class);
        ChannelHandlerContext encoder = pipeline.context(HttpResponseEncoder.class);
        if (codec != null || decoder == null || encoder == null) {
            return codec;
        }
        List<String> names = pipeline.names();
        return names.indexOf(decoder.name()) > names.indexOf(encoder.name()) ? decoder : encoder;
    }
}
