package dev.supervisor.web;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open event streams of pages. Each is a response that does not end, in the form of <a
 * href="https://html.spec.whatwg.org/multipage/server-sent-events.html">server-sent events</a>. Belongs to the event
 * loop.
 */
final class EventStreams {

    private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);

    /**
     * A version that is never live. A page that does not know its version takes this one for its own, and refreshes
     * itself at the live version that follows.
     */
    private static final String FORMER = "former";

    private static final String RECONNECT_AFTER_MILLIS = "retry: 500\n\n";

    private final EventLoop loop;
    private final ChannelGroup open;
    private @Nullable Live live;

    /**
     * The live version.
     *
     * @param since when the first page of this version can have begun to load
     */
    record Live(String version, Instant since) {}

    EventStreams(EventLoop loop) {
        this.loop = loop;
        this.open = new DefaultChannelGroup("refresh", loop);
    }

    /** Sends the live version to all streams. May be called from any thread. */
    void publish(Live next) {
        loop.execute(() -> {
            live = next;
            open.forEach(stream -> send(stream, event(next.version())));
        });
    }

    /**
     * Adds a stream, and sends it the live version now and at each change. The head of the response has been written.
     *
     * @param begun when the page began to load, if it does not know its version; better too late than too early
     */
    void add(Channel stream, Optional<Instant> begun) {
        assert loop.inEventLoop();
        open.add(stream);
        send(stream, RECONNECT_AFTER_MILLIS + (live == null ? "" : first(live, begun)));
    }

    private static String first(Live live, Optional<Instant> begun) {
        boolean former = begun.isPresent() && begun.get().isBefore(live.since());
        return (former ? event(FORMER) : "") + event(live.version());
    }

    private static String event(String version) {
        return "data: " + version + "\n\n";
    }

    private static void send(Channel stream, String text) {
        if (!stream.isWritable()) { // the peer does not read
            stream.close().addListener(closed -> LOG.debug("closed {}", stream));
            return;
        }
        HttpContent content = new DefaultHttpContent(ByteBufUtil.writeAscii(stream.alloc(), text));
        stream.writeAndFlush(content).addListener(sent -> {
            if (!sent.isSuccess()) {
                LOG.debug("a page has left", sent.cause());
            }
        });
    }
}
