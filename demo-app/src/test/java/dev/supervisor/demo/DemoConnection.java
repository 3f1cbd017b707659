package dev.supervisor.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.spi.Listener;
import dev.supervisor.spi.Superseded;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ServerChannel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A connection to generation 7, without a socket: HTTP as text in and out, and a clock that the test moves. */
final class DemoConnection {

    private static final Duration STEP = Duration.ofMillis(10);

    private final List<ByteBuf> sent = new ArrayList<>();
    private final Wire wire = new Wire();
    private final EmbeddedChannel channel;

    DemoConnection() {
        this(demo());
    }

    /** A connection to an application that has this one answer. */
    DemoConnection(Answer answer) {
        this(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel connection) {
                Routes routes = new Routes(Map.of("/", Route.get(() -> answer)));
                connection
                        .pipeline()
                        .addLast(new HttpServerCodec(), new FlowControlHandler(), new RequestHandler(routes));
            }
        });
    }

    private DemoConnection(ChannelHandler childHandler) {
        channel = new EmbeddedChannel(wire, childHandler);
        channel.freezeTime();
    }

    private static ChannelHandler demo() {
        EmbeddedListener listener = new EmbeddedListener();
        try {
            new DemoApplication().start(new DemoContext(7, new EmbeddedChannel().eventLoop(), listener));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return listener.childHandler;
    }

    /** Sends a text, with lines that end as HTTP wants it. */
    void send(String text) {
        ByteBuf bytes = Unpooled.copiedBuffer(text.replace("\n", "\r\n"), StandardCharsets.ISO_8859_1);
        sent.add(bytes);
        channel.writeInbound(bytes);
    }

    /** Returns all that has come since the last time, as text, with lines that end as Java wants it. */
    String receive() {
        StringBuilder text = new StringBuilder();
        for (ByteBuf part = channel.readOutbound(); part != null; part = channel.readOutbound()) {
            text.append(part.toString(StandardCharsets.UTF_8));
            part.release();
        }
        return text.toString().replace("\r\n", "\n");
    }

    /** Sends, and returns what comes at once. */
    String ask(String text) {
        send(text);
        return receive();
    }

    /** Lets time go by, in steps small enough that each timer runs when it is due. */
    void pass(Duration time) {
        for (Duration gone = Duration.ZERO; gone.compareTo(time) < 0; gone = gone.plus(STEP)) {
            channel.advanceTimeBy(STEP.toNanos(), TimeUnit.NANOSECONDS);
            channel.runScheduledPendingTasks();
        }
        channel.checkException();
    }

    void supersede() {
        channel.pipeline().fireUserEventTriggered(Superseded.INSTANCE);
        channel.runPendingTasks();
        channel.checkException();
    }

    /** The peer takes no more, as if its window were full, until {@link #takeAgain}. */
    void takeNoMore() {
        wire.full = true;
    }

    void takeAgain() {
        wire.full = false;
        channel.flush();
        channel.runPendingTasks();
    }

    /** How many parts of answers have been written, and wait for the peer to take them. */
    int partsThatWait() {
        return wire.waiting;
    }

    /** Ends the connection as a peer would; unlike {@link EmbeddedChannel#close}, timers go on. */
    void peerGoes() {
        var unused = channel.pipeline().close();
        channel.runPendingTasks();
    }

    /** Whether something still waits for its time to come. */
    boolean hasTimer() {
        return channel.runScheduledPendingTasks() != -1;
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    boolean isRead() {
        return channel.config().isAutoRead();
    }

    /** Ends the connection, and makes sure that all that was sent has been released. */
    void end() {
        channel.finishAndReleaseAll();
        sent.forEach(bytes -> assertEquals(0, bytes.refCnt(), "references to what was sent"));
    }

    private static final class Wire extends ChannelOutboundHandlerAdapter {

        private boolean full;
        private int waiting;

        @Override
        public void write(ChannelHandlerContext ctx, Object part, ChannelPromise promise) {
            waiting++;
            var unused = ctx.write(part, promise.addListener(taken -> waiting--));
        }

        @Override
        public void flush(ChannelHandlerContext ctx) {
            if (!full) {
                ctx.flush();
            }
        }
    }

    /** A listener whose connections the test makes. */
    static final class EmbeddedListener implements Listener {

        private ChannelHandler childHandler = new ChannelOutboundHandlerAdapter();

        @Override
        public String name() {
            return "http";
        }

        @Override
        public SocketAddress address() {
            return new InetSocketAddress(0);
        }

        @Override
        public void serve(ChannelHandler childHandler) {
            this.childHandler = childHandler;
        }

        @Override
        public ServerChannel open() {
            throw new UnsupportedOperationException("there is no socket");
        }
    }
}
