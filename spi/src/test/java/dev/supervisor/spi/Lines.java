package dev.supervisor.spi;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** A protocol of lines for tests, in which each line is answered by the name of the listener and the line. */
final class Lines extends ChannelInitializer<Channel> {

    private final String name;
    private final Consumer<ChannelHandlerContext> onSuperseded;

    Lines(String name) {
        this(name, ctx -> ctx.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE));
    }

    Lines(String name, Consumer<ChannelHandlerContext> onSuperseded) {
        this.name = name;
        this.onSuperseded = onSuperseded;
    }

    @Override
    protected void initChannel(Channel connection) {
        connection.pipeline().addLast(new LineBasedFrameDecoder(100), new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object line) {
                String text = ((ByteBuf) line).toString(StandardCharsets.UTF_8);
                ReferenceCountUtil.release(line);
                var unused = ctx.writeAndFlush(
                        ctx.alloc().buffer().writeBytes((name + " " + text + "\n").getBytes(StandardCharsets.UTF_8)));
            }

            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
                if (event == Superseded.INSTANCE) {
                    onSuperseded.accept(ctx);
                }
            }
        });
    }
}
