package dev.supervisor.socket.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * Divides the bytes read after a change: the rest of the request that has begun passes, and what follows it is kept for
 * the next generation. Added as the first handler only when the connection is busy while its generation holds or is
 * superseded, so it costs nothing before.
 */
public final class RequestBoundaryHandler extends ChannelInboundHandlerAdapter {

    private final ToIntFunction<ByteBuf> share;
    private final Consumer<ByteBuf> keep;

    /**
     * @param share returns how many of these bytes may pass before it is called again; 0 if all belong to the next
     *     generation
     * @param keep consumes the bytes that belong to the next generation
     */
    public RequestBoundaryHandler(ToIntFunction<ByteBuf> share, Consumer<ByteBuf> keep) {
        this.share = share;
        this.keep = keep;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            context.fireChannelRead(message);
            return;
        }
        try {
            while (bytes.isReadable()) {
                int length = share.applyAsInt(bytes);
                if (length == 0) {
                    keep.accept(bytes);
                } else {
                    context.fireChannelRead(bytes.readRetainedSlice(length));
                }
            }
        } finally {
            bytes.release();
        }
    }
}
