package dev.supervisor.web;

import dev.supervisor.socket.netty.PipelineCustomizer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Puts a script at the end of each page, behind whatever the application sends: there a browser takes it for part of the
 * body, and nothing of the page has to be looked at or kept. Stands right behind the codec.
 */
final class ScriptInjection extends ChannelDuplexHandler {

    private final byte[] script;

    /** Of the requests that have not been answered. */
    private final Queue<Boolean> forPages = new ArrayDeque<>();

    /** What is written at the moment is a page. */
    private boolean injecting;

    /** What is written at the moment says by itself where it ends. */
    private boolean chunked;

    ScriptInjection(String script) {
        this.script = script.getBytes(StandardCharsets.US_ASCII);
    }

    static PipelineCustomizer customizer(String script) {
        return pipeline -> {
            ChannelHandlerContext codec = codecIn(pipeline);
            if (codec != null) {
                pipeline.addAfter(codec.name(), null, new ScriptInjection(script));
            }
            return codec != null;
        };
    }

    /** Where requests have been decoded, and responses have not been encoded. */
    private static @Nullable ChannelHandlerContext codecIn(ChannelPipeline pipeline) {
        ChannelHandlerContext codec = pipeline.context(HttpServerCodec.class);
        ChannelHandlerContext decoder = pipeline.context(HttpRequestDecoder.class);
        ChannelHandlerContext encoder = pipeline.context(HttpResponseEncoder.class);
        if (codec != null || decoder == null || encoder == null) {
            return codec;
        }
        List<String> names = pipeline.names();
        return names.indexOf(decoder.name()) > names.indexOf(encoder.name()) ? decoder : encoder;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            boolean forPage = isOnLoopback(context.channel()) && HtmlResponses.isAskedFor(request);
            forPages.add(forPage);
            if (forPage) {
                HtmlResponses.askForAllOfIt(request.headers());
            }
        }
        context.fireChannelRead(message);
    }

    private static boolean isOnLoopback(Channel connection) {
        return !(connection.localAddress() instanceof InetSocketAddress address)
                || address.getAddress().isLoopbackAddress();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the promise is the application's, and tells it
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        context.write(injected(message), promise);
    }

    private Object injected(Object message) {
        if (message instanceof HttpResponse response
                && response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
            injecting = Boolean.TRUE.equals(forPages.poll()) && HtmlResponses.isOne(response);
            return injecting ? injected(response) : message;
        }
        if (injecting && message instanceof LastHttpContent last) {
            return injected(last);
        }
        return message;
    }

    /** The application's own may be one that it sends again and again. */
    private HttpResponse injected(HttpResponse response) {
        HttpHeaders headers = response.headers().copy();
        chunked = HttpUtil.isTransferEncodingChunked(response);
        HtmlResponses.longer(headers, script.length);
        if (response instanceof FullHttpResponse full) {
            injecting = false;
            return new DefaultFullHttpResponse(
                    response.protocolVersion(),
                    response.status(),
                    followed(full.content()),
                    headers,
                    full.trailingHeaders());
        }
        return new DefaultHttpResponse(response.protocolVersion(), response.status(), headers);
    }

    private HttpContent injected(LastHttpContent last) {
        injecting = false;
        LastHttpContent longer = new DefaultLastHttpContent(followed(last.content()));
        longer.trailingHeaders().set(last.trailingHeaders());
        return longer;
    }

    private ByteBuf followed(ByteBuf content) {
        return Unpooled.wrappedBuffer(content, Unpooled.wrappedBuffer(script));
    }

    /**
     * An application may end a response by the end of the connection; but so many bytes have been announced. One in chunks
     * that ends so was cut off, and the browser is to see that.
     */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // as above
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (injecting && !chunked) {
            context.writeAndFlush(injected(LastHttpContent.EMPTY_LAST_CONTENT));
        }
        context.close(promise);
    }
}
