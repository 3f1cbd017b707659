package dev.supervisor.socket;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shuts down the supervisor's own event loops. */
public final class EventLoops {

    private static final Logger LOG = LoggerFactory.getLogger(EventLoops.class);
    private static final long ENDS_WITHIN_SECONDS = 1;

    /** Long mainly because an event loop's thread frees its memory slowly when it ends. */
    private static final long PATIENCE_SECONDS = 10;

    private EventLoops() {}

    /**
     * Shuts the loops down and waits for their threads. Their futures are no use: these complete on Netty's
     * GlobalEventExecutor, which an application may block.
     */
    public static void end(EventLoopGroup loops) {
        Future<?> unused = loops.shutdownGracefully(0, ENDS_WITHIN_SECONDS, TimeUnit.SECONDS);
        try {
            if (!loops.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("an event loop of the supervisor does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
