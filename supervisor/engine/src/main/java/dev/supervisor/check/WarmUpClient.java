package dev.supervisor.check;

import dev.supervisor.Checks;
import dev.supervisor.socket.Server;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client that sends its next request when it is answered, on one connection as long as that lasts. Belongs to the event loop of
 * its {@link PrivateClient}.
 */
final class WarmUpClient {

    private static final Logger LOG = LoggerFactory.getLogger(WarmUpClient.class);

    /** After so many connections without an answer it gives up. */
    private static final int MOST_IN_VAIN = 3;

    /** @param request is sent to the server */
    record Target(Server server, Checks.Request request) {}

    private final PrivateClient client;
    private final List<Target> targets;
    private final LongAdder answers;
    private final LongAdder failures;

    private int next;
    private int inVain;
    private boolean ending;

    /**
     * @param targets are asked in turn; each connection is for one server
     * @param first the number of the target that is asked first
     */
    WarmUpClient(PrivateClient client, List<Target> targets, int first, LongAdder answers, LongAdder failures) {
        this.client = client;
        this.targets = targets;
        this.next = first;
        this.answers = answers;
        this.failures = failures;
    }

    void begin() {
        if (ending || targets.isEmpty() || inVain >= MOST_IN_VAIN) {
            return;
        }
        Target target = targets.get(Math.floorMod(next, targets.size()));
        try {
            client.connect(target.server(), List.of(new HttpClientCodec(), new Exchange(target.server())));
        } catch (IOException | RuntimeException e) {
            LOG.debug("no connection for the warm-up", e);
            inVain = MOST_IN_VAIN;
        }
    }

    /** Ends the connection with the answer that is under way: the generation is about to serve, or has been given up. */
    void end() {
        ending = true;
    }

    /** The exchanges on one connection. */
    private final class Exchange extends ChannelInboundHandlerAdapter {

        private final Server server;
        private boolean awaits;
        private boolean interim;

        Exchange(Server server) {
            this.server = server;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            send(context);
        }

        /** Sends the next request, or ends the connection if that is for another server. */
        private void send(ChannelHandlerContext context) {
            Target target = targets.get(Math.floorMod(next, targets.size()));
            if (ending || target.server() != server) {
                close(context);
                return;
            }
            next++;
            awaits = true;
            var unused = context.writeAndFlush(RequestMessages.of(target.request(), false), context.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                read(context, message);
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        private void read(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
                inVain = MOST_IN_VAIN;
                close(context);
                return;
            }
            if (message instanceof HttpResponse response) {
                interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
                if (response.status().codeClass() == HttpStatusClass.SERVER_ERROR) {
                    failures.increment();
                }
            }
            if (message instanceof LastHttpContent && !interim && awaits) {
                awaits = false;
                inVain = 0;
                answers.increment();
                send(context);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (awaits && !ending) {
                failures.increment();
                inVain++;
            }
            begin();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.debug("a connection of the warm-up has failed", cause);
            close(context);
        }

        private static void close(ChannelHandlerContext context) {
            context.close().addListener(closed -> LOG.debug("closed {}", context.channel()));
        }
    }
}
