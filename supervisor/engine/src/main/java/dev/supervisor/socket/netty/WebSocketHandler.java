package dev.supervisor.socket.netty;

import dev.supervisor.socket.http.AnswerCounts;
import dev.supervisor.socket.http.ByteTracker;
import dev.supervisor.socket.http.ProtocolProgress;
import dev.supervisor.socket.http.WebSocketReplay;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Follows a connection that is a WebSocket or may become one, by its bytes: the first handler of the pipeline. Where the
 * connection comes from another generation, the application gets the request that has opened the WebSocket again, and its
 * answer goes nowhere. Removes itself when the connection has become something else.
 *
 * <p>Only in pipelines of generations whose WebSockets move, or to which one has moved. On the connection's event loop.
 */
final class WebSocketHandler extends ChannelDuplexHandler {

    /** What the handler needs of its connection. */
    interface Owner {

        /** Whether messages that begin now belong to the next generation. */
        boolean keepsMessages();

        /** Keeps bytes of the next message, for the next generation. */
        void keep(ByteBuf bytes);

        /** The application has opened the WebSocket, which had come from another generation. */
        void accepted();

        /** The application does not go on with the WebSocket, and the client has been told. */
        void refused();
    }

    private final Owner owner;
    private ByteTracker tracker = new ByteTracker(AnswerCounts.NONE, true);

    /** Null unless the application is still to open the WebSocket. */
    private @Nullable WebSocketReplay replay;

    private @Nullable ChannelHandlerContext context;

    /** Ends the wait for the answer of the application. */
    private @Nullable ScheduledFuture<?> deadline;

    /** @param request the head of the request that has opened the WebSocket; empty if it is none */
    WebSocketHandler(Owner owner, byte[] request) {
        this.owner = owner;
        this.replay = request.length == 0 ? null : new WebSocketReplay(request);
    }

    /** Whether the application is to be given the request, or a part of it, before all other bytes. */
    boolean hasToReplay() {
        return replay != null && replay.hasUnread();
    }

    /** Moves bytes of the request into the buffer, and returns how many. */
    int replay(ByteBuf buffer) {
        if (replay == null) {
            return 0;
        }
        ByteBuffer target = buffer.nioBuffer(buffer.writerIndex(), buffer.writableBytes());
        int length = replay.read(target);
        buffer.writerIndex(buffer.writerIndex() + length);
        if (replay.isAwaitingAnswer() && context != null) {
            deadline = context.executor().schedule(this::overdue, WebSocketReplay.ANSWER_SECONDS, TimeUnit.SECONDS);
        }
        return length;
    }

    private void overdue() {
        if (isAwaitingAnswer() && replay != null && context != null) {
            replay.refuse();
            refuse(context);
        }
    }

    private void endDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext removed) {
        endDeadline();
    }

    /** Whether the application has the request and has not answered: it is to get nothing now. */
    boolean isAwaitingAnswer() {
        return replay != null && replay.isAwaitingAnswer();
    }

    /** Whether the application is still to open a WebSocket that has come from another generation. */
    boolean isReplaying() {
        return replay != null;
    }

    /** Whether the connection is a WebSocket, though it may be closing. */
    boolean isOpen() {
        return replay == null && tracker.isWebSocket();
    }

    /** Returns the head of the request that has opened the WebSocket; empty if it is none. */
    byte[] request() {
        return tracker.webSocketRequest();
    }

    ProtocolProgress progress() {
        return tracker.progress();
    }

    /** Returns how long answers may still come, by what is known now, in nanoseconds; 0 if none is expected. */
    long settlesIn() {
        return tracker.settlesIn();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (replay != null || !(message instanceof ByteBuf bytes)) {
            context.fireChannelRead(message);
            return;
        }
        ByteBuffer seen = seen(bytes);
        int from = seen.position();
        int mine = tracker.received(seen, from, seen.limit(), tracker.isWebSocket() && owner.keepsMessages());
        if (mine == bytes.readableBytes()) {
            context.fireChannelRead(bytes);
        } else {
            divide(context, bytes, mine);
        }
        removeIfOver(context);
    }

    private void divide(ChannelHandlerContext context, ByteBuf bytes, int mine) {
        try {
            ByteBuf rest = bytes.slice(bytes.readerIndex() + mine, bytes.readableBytes() - mine);
            owner.keep(rest); // first: what the application does with its part may move the connection
            if (mine > 0) {
                context.fireChannelRead(bytes.readRetainedSlice(mine));
            }
        } finally {
            bytes.release();
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the application is told by its own promise
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (replay != null) {
            writeAnswer(context, replay, message, promise);
            return;
        }
        if (message instanceof ByteBuf bytes && bytes.isReadable()) {
            ByteBuffer seen = seen(bytes);
            tracker.sent(seen, seen.position(), seen.limit());
        } else if (message instanceof FileRegion file) {
            tracker.sentUnseen(file.count());
        }
        context.write(message, promise);
        removeIfOver(context);
    }

    /** Takes what is of the answer to the request that the client has not sent to this application. */
    @SuppressWarnings("FutureReturnValueIgnored") // as above
    private void writeAnswer(
            ChannelHandlerContext context, WebSocketReplay answered, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            ByteBuffer seen = seen(bytes);
            boolean wasRefused = answered.isRefused();
            int end = answered.swallow(seen, seen.position(), seen.limit());
            bytes.skipBytes(end - seen.position());
            if (answered.isAccepted()) {
                replay = null;
                endDeadline();
                tracker = ByteTracker.ofWebSocket(answered.request());
                owner.accepted();
            } else if (answered.isRefused() && !wasRefused) {
                refuse(context);
            }
            if (bytes.isReadable()) {
                write(context, message, promise);
                return;
            }
        }
        ReferenceCountUtil.release(message);
        promise.trySuccess();
    }

    private void refuse(ChannelHandlerContext context) {
        context.writeAndFlush(Unpooled.wrappedBuffer(WebSocketReplay.closeFrame()))
                .addListener(written -> owner.refused());
    }

    /** The application closes instead of answering: the client is told why. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // as above
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (replay == null
                || replay.isRefused()
                || replay.isUntouched()
                || !context.channel().isActive()) {
            context.close(promise);
        } else {
            context.writeAndFlush(Unpooled.wrappedBuffer(WebSocketReplay.closeFrame()))
                    .addListener(written -> context.close(promise));
        }
    }

    /** Returns the bytes; changes of them are changes of the buffer. */
    private static ByteBuffer seen(ByteBuf bytes) {
        return bytes.nioBufferCount() == 1
                ? bytes.internalNioBuffer(bytes.readerIndex(), bytes.readableBytes())
                : bytes.nioBuffer();
    }

    private void removeIfOver(ChannelHandlerContext context) {
        if ((tracker.isOpaque() || tracker.isHttp2()) && !context.isRemoved()) {
            context.pipeline().remove(this);
        }
    }
}
