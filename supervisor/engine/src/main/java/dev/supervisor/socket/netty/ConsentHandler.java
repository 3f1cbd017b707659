package dev.supervisor.socket.netty;

import dev.supervisor.spi.Superseded;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * The last handler of a pipeline that is asked whether its WebSocket may move: no handler of the application has kept the
 * user event {@link Superseded} to itself if it comes here. Added for that only.
 */
final class ConsentHandler extends ChannelInboundHandlerAdapter {

    private final Runnable onConsent;

    ConsentHandler(Runnable onConsent) {
        this.onConsent = onConsent;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == Superseded.INSTANCE) {
            onConsent.run();
        } else {
            context.fireUserEventTriggered(event);
        }
    }
}
