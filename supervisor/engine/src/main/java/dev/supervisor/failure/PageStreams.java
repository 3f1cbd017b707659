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
 * The failure pages that are open in browsers, each waiting at a response that has begun and says nothing until the page
 * is outdated: then it says so, in the form of
 * <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">server-sent events</a>, and ends. Ending all
 * at once leaves nothing under way that a swap would wait for. Belongs to the event loop of the failure page.
 */
final class PageStreams {

    private static final Logger LOG = LoggerFactory.getLogger(PageStreams.class);

    /** The only event. The script of the page takes an end without it for the end of the supervisor. */
    static final String OUTDATED = "data: outdated\n\n";

    /** By the channel, the problem that the page shows. */
    private final Map<Channel, String> open = new LinkedHashMap<>();

    /** @param problem that the page shows; the head of the response has been written */
    void add(Channel channel, String problem) {
        open.put(channel, problem);
        channel.closeFuture().addListener(closed -> open.remove(channel));
    }

    /** Another problem is shown now: the pages that show another one than this are outdated. */
    void outdateAllBut(String problem) {
        endAll(OUTDATED, shown -> !shown.equals(problem));
    }

    /** A build serves now. */
    void outdateAll() {
        endAll(OUTDATED, shown -> true);
    }

    /** The supervisor stops: the pages wait for it to come back. */
    void endAll() {
        endAll("", shown -> true);
    }

    /** Ends the stream of this channel, if it has one: another request has come. */
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
