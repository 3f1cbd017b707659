package dev.supervisor.admin;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a connection whose request head does not come in time, or that stands idle between requests. Its place is ahead of the
 * codec.
 */
public final class HeadTimeout extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(HeadTimeout.class);

    private final Duration head;
    private final Duration idle;
    private @Nullable Future<?> timeout;

    /** Whether a part of a head has come, or a first one is due. */
    private boolean awaitsHead = true;

    /** Whether a request is being answered, so that nothing is due. */
    private boolean answering;

    /**
     * @param head from the first byte of a head, or from the begin of the connection, to its end
     * @param idle from an answer to the next head
     */
    public HeadTimeout(Duration head, Duration idle) {
        this.head = head;
        this.idle = idle;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        start(context, head);
        context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        if (!awaitsHead && !answering) {
            awaitsHead = true;
            start(context, head);
        }
        context.fireChannelRead(bytes);
    }

    /** A head has come, and is being answered. */
    public void headCame() {
        cancel();
        awaitsHead = false;
        answering = true;
    }

    /** The answer has been written. */
    void answered(ChannelHandlerContext context) {
        answering = false;
        start(context, idle);
    }

    private void start(ChannelHandlerContext context, Duration limit) {
        cancel();
        Runnable close = () -> context.close().addListener(closed -> LOG.debug("no request came in time"));
        timeout = context.executor().schedule(close, limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void cancel() {
        if (timeout != null) {
            timeout.cancel(false);
            timeout = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        cancel();
        context.fireChannelInactive();
    }
}
