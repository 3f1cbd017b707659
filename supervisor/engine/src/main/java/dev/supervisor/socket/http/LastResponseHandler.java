package dev.supervisor.socket.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;

/**
 * Sees whether a response ends its connection: the client waits for the end then, and the connection must not move.
 * Added behind the codec of a connection that is busy when its generation holds or is superseded, so it costs nothing
 * before.
 */
public final class LastResponseHandler extends ChannelOutboundHandlerAdapter {

    private final Runnable onLast;

    /** @param onLast told when such a response is written */
    public LastResponseHandler(Runnable onLast) {
        this.onLast = onLast;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the promise is the application's, and tells it
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response
                && response.status().codeClass() != HttpStatusClass.INFORMATIONAL
                && !HttpUtil.isKeepAlive(response)) {
            onLast.run();
        }
        context.write(message, promise);
    }
}
