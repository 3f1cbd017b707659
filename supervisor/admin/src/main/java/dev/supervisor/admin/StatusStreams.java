package dev.supervisor.admin;

import com.google.gson.JsonObject;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open event streams of status pages, in the form of <a
 * href="https://html.spec.whatwg.org/multipage/server-sent-events.html">server-sent events</a>. While there are some, looks at
 * the status a few times a second, and sends it when it has changed: so a burst of changes is one event, and nothing is
 * done while nobody looks. Belongs to the event loop.
 */
final class StatusStreams {

    private static final Logger LOG = LoggerFactory.getLogger(StatusStreams.class);

    private static final Duration LOOKS_APART = Duration.ofMillis(250);

    /** A reader that hears nothing for longer than that may think that the connection is lost. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(15);

    private static final String RECONNECT_AFTER_MILLIS = "retry: 1000\n\n";

    /** Members that change all the time. */
    private static final List<String> VOLATILE = List.of("uptimeSeconds", "memory");

    /** @param since when it was sent, by {@link System#nanoTime} */
    private record Sent(JsonObject status, long since) {}

    private final EventLoop loop;
    private final Supplier<StatusJson> json;
    private final Map<Channel, Viewer> open = new LinkedHashMap<>();
    private final Map<Viewer, Sent> last = new EnumMap<>(Viewer.class);
    private @Nullable Future<?> looking;

    StatusStreams(EventLoop loop, Supplier<StatusJson> json) {
        this.loop = loop;
        this.json = json;
    }

    /** Adds a stream, and sends it the status now and at each change. The head of the response has been written. */
    void add(Channel stream, Viewer viewer) {
        assert loop.inEventLoop();
        open.put(stream, viewer);
        stream.closeFuture().addListener(closed -> loop.execute(() -> remove(stream)));
        JsonObject status = json.get().tree(viewer);
        last.putIfAbsent(viewer, new Sent(lasting(status), System.nanoTime()));
        send(stream, RECONNECT_AFTER_MILLIS + event(status));
        if (looking == null) {
            long pause = LOOKS_APART.toNanos();
            looking = loop.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.NANOSECONDS);
        }
    }

    private void remove(Channel stream) {
        open.remove(stream);
        if (open.isEmpty() && looking != null) {
            looking.cancel(false);
            looking = null;
            last.clear();
        }
    }

    private void look() {
        try {
            for (Viewer viewer : Viewer.values()) {
                if (open.containsValue(viewer)) {
                    look(viewer);
                }
            }
        } catch (RuntimeException e) { // or it would be the last look
            LOG.warn("can't tell the status", e);
        }
    }

    private void look(Viewer viewer) {
        JsonObject status = json.get().tree(viewer);
        JsonObject lasting = lasting(status);
        Sent before = last.get(viewer);
        long now = System.nanoTime();
        if (before != null && before.status().equals(lasting) && now - before.since() < LONGEST_SILENCE.toNanos()) {
            return;
        }
        last.put(viewer, new Sent(lasting, now));
        String event = event(status);
        List.copyOf(open.entrySet()).stream()
                .filter(stream -> stream.getValue() == viewer)
                .forEach(stream -> send(stream.getKey(), event));
    }

    private static JsonObject lasting(JsonObject status) {
        JsonObject lasting = status.deepCopy();
        VOLATILE.forEach(lasting::remove);
        return lasting;
    }

    private static String event(JsonObject status) {
        return "event: status\ndata: " + StatusJson.text(status) + "\n\n";
    }

    private static void send(Channel stream, String text) {
        if (!stream.isWritable()) { // the peer does not read
            stream.close().addListener(closed -> LOG.debug("closed {}", stream));
            return;
        }
        stream.writeAndFlush(new DefaultHttpContent(ByteBufUtil.writeUtf8(stream.alloc(), text)))
                .addListener(sent -> {
                    if (!sent.isSuccess()) {
                        LOG.debug("a page has left", sent.cause());
                    }
                });
    }
}
