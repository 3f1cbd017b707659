package dev.supervisor.cli.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.supervisor.Event;
import dev.supervisor.Problem;
import dev.supervisor.Status;
import dev.supervisor.SupervisorException;
import dev.supervisor.admin.HeadTimeout;
import dev.supervisor.admin.NamedSupervisor;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class ControlHandlerTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String MORE_THAN_THERE_IS_ROOM_FOR = "x".repeat(100 << 10);

    /** A socket that takes nothing until it is opened. */
    private static final class Full extends ChannelOutboundHandlerAdapter {

        private boolean open;

        @Override
        public void flush(ChannelHandlerContext context) {
            if (open) {
                context.flush();
            }
        }
    }

    /** Its events have long texts. */
    private static final class Talkative implements SteeredProcess {

        @Override
        public List<SteeredApplication> applications() {
            return List.of();
        }

        @Override
        public List<NamedSupervisor> shown() {
            return List.of();
        }

        @Override
        public Optional<String> admin() {
            return Optional.empty();
        }

        @Override
        public Path control() {
            return Path.of("control");
        }

        @Override
        public String version() {
            return "";
        }

        @Override
        public void stop() {}

        @Override
        public long upgrade(Path launcher, Path javaHome, Optional<List<String>> arguments, Consumer<String> progress) {
            throw new SupervisorException("no");
        }

        @Override
        public String message(SupervisorException e) {
            return "";
        }

        @Override
        public String text(String application, Event event, Instant time) {
            return event + " " + "x".repeat(1000);
        }

        @Override
        public String json(String application, Event event, Instant time) {
            return "{}";
        }

        @Override
        public String text(Problem problem) {
            return "";
        }

        @Override
        public List<String> threads(List<Status.Threads> threads) {
            return List.of();
        }
    }

    /** Returns the body of the answer, which the client reads only when it is complete. */
    private static String answer(ControlRoutes routes, String path) {
        Full socket = new Full();
        HeadTimeout timeout = new HeadTimeout(MINUTE, MINUTE);
        EmbeddedChannel channel =
                new EmbeddedChannel(socket, timeout, new ControlHandler(routes, Runnable::run, timeout));
        FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path);
        request.headers().set("Accept", "text/plain");
        channel.writeInbound(request);
        channel.runPendingTasks();
        socket.open = true;
        channel.flush();
        channel.runPendingTasks();
        StringBuilder body = new StringBuilder();
        for (Object part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            if (part instanceof HttpContent content) {
                body.append(content.content().toString(StandardCharsets.UTF_8));
                content.release();
            }
        }
        assertFalse(channel.isOpen());
        return body.toString();
    }

    @Test
    void allEventsThatAreKeptAreSentToASlowReader() {
        EventFeed feed = new EventFeed();
        for (int i = 0; i < 500; i++) {
            feed.accept("app", new Event.NotInjected(i));
        }
        List<String> lines = answer(ControlEndpoints.routes(new Talkative(), feed), "/events")
                .lines()
                .toList();
        assertEquals(500, lines.size());
        assertEquals("NotInjected[generation=0]", lines.get(0).split(" ")[0]);
        assertEquals("NotInjected[generation=499]", lines.get(499).split(" ")[0]);
    }

    @Test
    void withoutEventsTheLogIsEmpty() {
        assertEquals("", answer(ControlEndpoints.routes(new Talkative(), new EventFeed()), "/events"));
    }

    @Test
    void linesThatWereDroppedAreCountedAtTheEndToo() {
        ControlRoutes routes = new ControlRoutes().get("/lines", Set.of(), exchange -> {
            ControlExchange.Lines lines = exchange.lines();
            lines.send(MORE_THAN_THERE_IS_ROOM_FOR);
            lines.send("dropped");
            lines.send("dropped, too");
            lines.end();
        });
        assertEquals(
                "long\n{\"event\":\"dropped\",\"count\":2}\n",
                answer(routes, "/lines").replace(MORE_THAN_THERE_IS_ROOM_FOR, "long"));
    }
}
