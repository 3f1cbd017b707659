package dev.supervisor.socket.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.function.BooleanSupplier;

/**
 * Tells the client that its connection ends after a response, by {@code Connection: close} (RFC 9112, 9.6). Responses that
 * others follow, that have begun, or that say so already, are left alone. Added behind the codec only when the supervisor
 * is about to stop, so it costs nothing before.
 */
public final class ConnectionCloseHandler extends ChannelOutboundHandlerAdapter {

    private final BooleanSupplier isLast;
    private final Runnable onAnnounced;
    private final Runnable onWritten;
    private boolean announced;

    /**
     * @param isLast called before a response is written. Returns whether it answers the last request that has come
     * @param onAnnounced called when the header was added: no more requests may be read
     * @param onWritten called when the end of that response has been written, or could not be written
     */
    public ConnectionCloseHandler(BooleanSupplier isLast, Runnable onAnnounced, Runnable onWritten) {
        this.isLast = isLast;
        this.onAnnounced = onAnnounced;
        this.onWritten = onWritten;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the application is told by its own promise
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        Object written = message;
        if (!announced && message instanceof HttpResponse response && isToBeClosed(response)) {
            announced = true;
            onAnnounced.run();
            written = closing(response);
        }
        ChannelPromise end = promise;
        if (announced && message instanceof LastHttpContent) {
            end = promise.unvoid();
            end.addListener(done -> onWritten.run());
        }
        context.write(written, end);
    }

    private boolean isToBeClosed(HttpResponse response) {
        boolean isKnown = response instanceof FullHttpResponse || !(response instanceof HttpContent);
        return isKnown
                && response.status().codeClass() != HttpStatusClass.INFORMATIONAL
                && HttpUtil.isKeepAlive(response)
                && isLast.getAsBoolean();
    }

    /** Returns a copy, since the application may send the same response again and again. */
    private static HttpResponse closing(HttpResponse response) {
        HttpResponse copy = response instanceof FullHttpResponse full
                ? full.replace(full.content())
                : new DefaultHttpResponse(
                        response.protocolVersion(),
                        response.status(),
                        response.headers().copy());
        copy.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        return copy;
    }
}
