package dev.supervisor.demo;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import java.util.function.Consumer;

/**
 * The first handler of a connection that the former build has handed off, until its first bytes come: these are a
 * message of the WebSocket. With {@code --websocket move}, they are the request that has opened it, once again.
 */
final class Arrival extends ChannelInboundHandlerAdapter {

    private final Consumer<ChannelPipeline> http;
    private final Consumer<ChannelPipeline> webSocket;

    Arrival(Consumer<ChannelPipeline> http, Consumer<ChannelPipeline> webSocket) {
        this.http = http;
        this.webSocket = webSocket;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        boolean isRequest =
                bytes.getByte(bytes.readerIndex()) == 'G'; // of GET; no frame begins with it (RFC 6455, 5.2)
        (isRequest ? http : webSocket).accept(ctx.pipeline());
        ctx.fireChannelRead(message);
        ctx.pipeline().remove(this);
    }
}
