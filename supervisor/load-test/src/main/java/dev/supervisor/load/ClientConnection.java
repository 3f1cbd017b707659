package dev.supervisor.load;

import dev.supervisor.load.Versions.Known;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection of a client, behind the decoder of responses. Sends requests, with at most as many under way as
 * may be pipelined, and receives their answers in that order. Belongs to its worker's event loop.
 *
 * <p>Requests may be added before the connection is established; they wait, and fail if connecting fails.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter {

    private static final int MOST_OF_BODY = 1 << 20; // the rest of a body is not checked
    private static final int MOST_INTERIM = 1000;

    private final Client client;
    private final Worker worker;

    // Requests under way: a ring, the oldest first.
    private final long[] due;
    private final long[] sent;
    private final Known[] knownWhenSent;
    private int oldest;
    private int underWay;

    /** The number of requests under way that have been flushed; the others wait for the next flush. */
    private int flushed;

    private @Nullable Channel channel;
    private boolean connected;
    private boolean reading;
    private boolean ending;
    private boolean endedByAnswer;
    private RequestFailure failure = RequestFailure.CLOSED;
    private String detail = "closed without an answer";

    // The answer that is being read.
    private boolean answering;
    private int interim;
    private int status;
    private boolean keptAlive;
    private final ByteBuf body = Unpooled.buffer(0);

    private long lastVersion = BodyCheck.NO_VERSION;
    private int lastLap;

    ClientConnection(Client client, Worker worker) {
        this.client = client;
        this.worker = worker;
        int size = worker.pipeline();
        due = new long[size];
        sent = new long[size];
        knownWhenSent = new Known[size];
    }

    // Asking

    void ask(long dueSince, long now) {
        int last = (oldest + underWay) % due.length;
        due[last] = dueSince;
        sent[last] = now;
        knownWhenSent[last] = worker.known();
        underWay++;
        if (connected) {
            send();
            if (!reading) {
                flush();
            }
        }
    }

    private void send() {
        Channel to = channel();
        // a failure comes to exceptionCaught
        ChannelFuture unused = to.write(worker.request(client.closesAfterAnswer()), to.voidPromise());
    }

    private void flush() {
        channel().flush();
        flushed = underWay;
    }

    private Channel channel() {
        if (channel == null) {
            throw new IllegalStateException("not registered yet");
        }
        return channel;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        connected = true;
        worker.findings().opened();
        for (int i = 0; i < underWay; i++) {
            send();
        }
        flush();
    }

    // Answers

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        reading = true;
        try {
            read((HttpObject) message);
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void read(HttpObject part) {
        if (ending) {
            if (part instanceof HttpResponse) {
                answeredTwice();
            }
            return;
        }
        if (part.decoderResult().isFailure()) {
            endViolating(part.decoderResult().cause());
            return;
        }
        if (part instanceof HttpResponse response) {
            begin(response);
        }
        if (!ending && part instanceof HttpContent content && worker.looksAtBodies()) {
            int length = Math.min(content.content().readableBytes(), MOST_OF_BODY - body.readableBytes());
            body.writeBytes(content.content(), content.content().readerIndex(), length);
        }
        if (!ending && part instanceof LastHttpContent && !isInterim()) {
            answered();
        }
    }

    private boolean isInterim() {
        return HttpStatusClass.valueOf(status) == HttpStatusClass.INFORMATIONAL;
    }

    /** Begins an answer. One that arrives before a request has been flushed belongs to no request. */
    private void begin(HttpResponse response) {
        status = response.status().code();
        keptAlive = HttpUtil.isKeepAlive(response);
        body.clear();
        answering = true;
        if (flushed == 0 && status == HttpResponseStatus.REQUEST_TIMEOUT.code() && !keptAlive) {
            endIdle();
        } else if (flushed == 0) {
            endViolating(RequestFailure.UNEXPECTED, "status " + status + " when nothing had been asked");
        } else if (isInterim() && ++interim > MOST_INTERIM) {
            end(RequestFailure.UNFINISHED, "more than " + MOST_INTERIM + " interim answers (status " + status + ")");
        }
    }

    /**
     * Ends an idle connection: the server has waited too long for a request, and may say so before it closes (RFC 9110,
     * 15.5.9).
     */
    private void endIdle() {
        worker.findings().closedByPeer();
        end(RequestFailure.CLOSED, "the server has closed the idle connection (status 408)");
    }

    private void answered() {
        int at = oldest;
        oldest = (oldest + 1) % due.length;
        underWay--;
        flushed--;
        answering = false;
        interim = 0;
        if (client.closesAfterAnswer() || !keptAlive || !channel().isActive()) { // a close may end an answer
            endAfterAnswer();
        }
        worker.answered(this, status, body, due[at], knownWhenSent[at]);
        worker.free(client);
    }

    /** Counts another answer after the answer that ended the connection. */
    private void answeredTwice() {
        if (endedByAnswer) {
            endedByAnswer = false;
            worker.findings()
                    .violated(RequestFailure.UNEXPECTED, "another answer behind that which ended the connection");
        }
    }

    /** Ends the connection without a failure of its own; requests pipelined behind the last answer fail. */
    private void endAfterAnswer() {
        if (!client.closesAfterAnswer()) {
            worker.findings().closedByPeer();
        }
        end(RequestFailure.CLOSED, "the answer before it was the last one of the connection");
        endedByAnswer = true;
    }

    /** Returns whether an answer's version is lower than that of the previous answer on this connection. */
    boolean goesBackTo(long version, int lap) {
        boolean back = lap == lastLap && version < lastVersion;
        lastVersion = version;
        lastLap = lap;
        return back;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        reading = false;
        flush();
    }

    // The end

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        end(RequestFailure.of(cause), cause.toString());
    }

    void connectingFailed(Throwable cause) {
        end(RequestFailure.of(cause), cause.toString());
        ended(true);
    }

    /** Fails the requests of a connection that has got no channel. */
    void openingFailed(RuntimeException cause) {
        Throwable reason = cause instanceof ChannelException && cause.getCause() != null ? cause.getCause() : cause;
        String how = reason instanceof IOException ? reason.getMessage() : reason.toString();
        end(RequestFailure.OTHER, "can't open a connection: " + how);
        ended(true);
    }

    void expire(long sentBefore) {
        if (underWay > 0 && sent[oldest] - sentBefore < 0) {
            if (answering) {
                end(RequestFailure.UNFINISHED, "the answer (status " + status + ") has not ended in time");
            } else {
                end(RequestFailure.TIMED_OUT, connected ? "no answer in time" : "no connection in time");
            }
        }
    }

    void close() {
        end(RequestFailure.OTHER, "not answered when the load test ended");
    }

    private void endViolating(Throwable cause) {
        boolean tooLong = cause instanceof TooLongHttpHeaderException || cause instanceof TooLongHttpLineException;
        endViolating(tooLong ? RequestFailure.UNFINISHED : RequestFailure.MALFORMED, cause.toString());
    }

    /** Ends the connection for a failure, and counts it even if no request is under way that could fail. */
    private void endViolating(RequestFailure why, String how) {
        if (underWay == 0) {
            worker.findings().violated(why, how);
        }
        end(why, how);
    }

    /** Closes the connection from this side; requests under way fail for this reason. */
    private void end(RequestFailure why, String how) {
        if (!ending) {
            ending = true;
            failure = why;
            detail = how;
            client.leave(this);
            if (channel != null) {
                ChannelFuture unused = channel.close(); // channelInactive reports it
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (connected) { // otherwise connectingFailed reports it
            worker.findings().closed();
            ended(false);
        }
    }

    private void ended(boolean withoutConnection) {
        if (!ending || failure == RequestFailure.RESET) {
            worker.findings().closedByPeer();
        }
        ending = true;
        client.leave(this);
        for (; underWay > 0; underWay--) {
            worker.findings().failed(failure, detail);
            worker.freeAfterFailure(client, withoutConnection);
        }
        body.release();
    }
}
