package dev.supervisor.socket.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;

/**
 * Recognizes a response that ends its connection: the client waits for that end, so the connection must not move. Added
 * behind the codec only when the connection is busy while its generation holds or is superseded, so it costs nothing
 * before.
 */
public final class LastResponseHandler extends ChannelOutboundHandlerAdapter {

    private final Runnable onLast;

    /** @param onLast called when a response that ends the connection is written */
    public LastResponseHandler(Runnable onLast) {
        this.onLast = onLast;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the application is told by its own promise
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response
                && response.status().codeClass() != HttpStatusClass.INFORMATIONAL
                && !HttpUtil.isKeepAlive(response)) {
            onLast.run();
        }
        context.write(message, promise);
    }
}
