package dev.supervisor.testing;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;

/** Cuts what is written anywhere, and sends each piece in a turn of its own, so that they arrive one by one. */
final class RandomPieces extends ChannelOutboundHandlerAdapter {

    private static final int MOST_CUTS = 3;

    private record Piece(ByteBuf bytes, ChannelPromise promise) {}

    private final Random random;
    private final Queue<Piece> pieces = new ArrayDeque<>();
    private boolean scheduled;

    RandomPieces(long seed) {
        random = new Random(seed);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        ByteBuf bytes = (ByteBuf) message;
        for (int cuts = random.nextInt(MOST_CUTS + 1); cuts > 0 && bytes.readableBytes() > 1; cuts--) {
            int length = 1 + random.nextInt(bytes.readableBytes() - 1);
            pieces.add(new Piece(bytes.readRetainedSlice(length), context.voidPromise()));
        }
        pieces.add(new Piece(bytes, promise));
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        if (!scheduled && !pieces.isEmpty()) {
            scheduled = true;
            context.executor().execute(() -> send(context));
        }
    }

    private void send(ChannelHandlerContext context) {
        scheduled = false;
        Piece next = pieces.poll();
        if (next != null) {
            var unused = context.writeAndFlush(next.bytes(), next.promise());
            flush(context);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        pieces.forEach(piece -> piece.bytes().release());
        pieces.clear();
    }
}
