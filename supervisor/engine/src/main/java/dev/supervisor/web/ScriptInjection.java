package dev.supervisor.web;

import dev.supervisor.socket.http.CodecContext;
import dev.supervisor.socket.netty.PipelineCustomizer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Appends a script to each page, after the application's last byte. Browsers take a script there for part of the body,
 * so nothing of the page must be parsed or kept. Its place in the pipeline is directly behind the codec.
 */
final class ScriptInjection extends ChannelDuplexHandler {

    private final byte[] script;

    /** Whether each unanswered request is one whose response may get the script, in the order of the requests. */
    private final Queue<Boolean> forPages = new ArrayDeque<>();

    /** Whether the response being written is a page. */
    private boolean injecting;

    /** Whether the response being written is chunked, and so marks its own end. */
    private boolean chunked;

    ScriptInjection(String script) {
        this.script = script.getBytes(StandardCharsets.US_ASCII);
    }

    static PipelineCustomizer customizer(String script) {
        return pipeline -> {
            ChannelHandlerContext codec = CodecContext.in(pipeline);
            if (codec != null) {
                pipeline.addAfter(codec.name(), null, new ScriptInjection(script));
            }
            return codec != null;
        };
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
    @SuppressWarnings("FutureReturnValueIgnored") // the application is told by its own promise
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

    /** Returns a copy, since the application may send the same response again and again. */
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
     * Appends the script when the application ends a response by closing the connection, since the announced length
     * includes the script. A chunked response that ends in this way was cut off, which the browser must see.
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
