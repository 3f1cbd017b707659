package dev.supervisor.failure;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event streams of the failure pages that are open in browsers. Each stream is a response that has begun, and stays
 * silent until the page is outdated. Then it sends one event, in the form of <a
 * href="https://html.spec.whatwg.org/multipage/server-sent-events.html">server-sent events</a>, and ends. All streams
 * can be ended at once, so that a swap does not wait for them. Belongs to the event loop of the failure page.
 */
final class PageStreams {

    private static final Logger LOG = LoggerFactory.getLogger(PageStreams.class);

    /** The only event. If a stream ends without it, the page's script assumes that the supervisor has ended. */
    static final String OUTDATED = "data: outdated\n\n";

    /** The id of the problem that each open page shows, by the stream's channel. */
    private final Map<Channel, String> open = new LinkedHashMap<>();

    /**
     * Adds a stream. The head of its response has been written.
     *
     * @param problem the id of the problem that the page shows
     */
    void add(Channel channel, String problem) {
        open.put(channel, problem);
        channel.closeFuture().addListener(closed -> open.remove(channel));
    }

    /** Ends the streams of pages that show another problem than this, with the event. */
    void outdateAllBut(String problem) {
        endAll(OUTDATED, shown -> !shown.equals(problem));
    }

    /** Ends all streams with the event: a build serves now. */
    void outdateAll() {
        endAll(OUTDATED, shown -> true);
    }

    /** Ends all streams without the event: the supervisor stops, and the pages wait for its return. */
    void endAll() {
        endAll("", shown -> true);
    }

    /** Ends the stream of this channel, if it has one, since another request has arrived on it. */
    void end(Channel channel) {
        if (open.remove(channel) != null) {
            end(channel, "");
        }
    }

    private void endAll(String said, Predicate<String> which) {
        List<Channel> ended = open.entrySet().stream()
                .filter(stream -> which.test(stream.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        open.keySet().removeAll(Set.copyOf(ended));
        ended.forEach(channel -> end(channel, said));
    }

    private static void end(Channel channel, String said) {
        ByteBuf last = said.isEmpty() ? Unpooled.EMPTY_BUFFER : ByteBufUtil.writeAscii(channel.alloc(), said);
        channel.writeAndFlush(new DefaultLastHttpContent(last)).addListener(ended -> {
            if (!ended.isSuccess()) {
                LOG.debug("a page has left", ended.cause());
            }
        });
    }
}
