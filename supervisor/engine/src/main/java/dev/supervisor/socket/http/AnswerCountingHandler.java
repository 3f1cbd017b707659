package dev.supervisor.socket.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * Counts the answers on one connection. Its place is directly behind the codec. Only there if errors are watched, so that it costs
 * nothing otherwise.
 */
public final class AnswerCountingHandler extends ChannelDuplexHandler {

    private final AnswerCounts counts;

    /** Requests whose response has not begun. */
    private int unanswered;

    private AnswerCountingHandler(AnswerCounts counts) {
        this.counts = counts;
    }

    /** Adds a handler to a pipeline, once there is a codec. Returns whether there is. */
    public static boolean add(ChannelPipeline pipeline, AnswerCounts counts) {
        ChannelHandlerContext codec = CodecContext.in(pipeline);
        if (codec != null) {
            pipeline.addAfter(codec.name(), null, new AnswerCountingHandler(counts));
        }
        return codec != null;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest) {
            unanswered++;
        }
        context.fireChannelRead(message);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the application is told by its own promise
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof HttpResponse response && unanswered > 0) {
            int status = response.status().code();
            if (status >= HttpResponseStatus.OK.code() || status == HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
                unanswered--;
                counts.answered(status);
            }
        }
        context.write(message, promise);
    }

    /** Only the application's own close comes here: neither that of the peer, nor that of the supervisor. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // as above
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (unanswered > 0 && context.channel().isActive()) {
            unanswered = 0;
            counts.cut();
        }
        context.close(promise);
    }
}
