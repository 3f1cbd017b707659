package dev.supervisor.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;

/**
 * A keep-alive connection that asks {@link Mirror} back to back, and looks at each answer: bursts of pipelined requests,
 * sent in pieces that are cut anywhere, the next one when only some answers are outstanding. Belongs to its event loop.
 */
final class MirrorConnection extends SimpleChannelInboundHandler<FullHttpResponse> {

    private static final int LONGEST_BURST = 8;
    private static final int MOST_CUTS = 6;
    private static final int MOST_OUTSTANDING = 4;
    private static final int LONGEST_PAUSE_MILLIS = 8;
    private static final int HEAD_LENGTH = 150;

    /** A request on its way, and the newest build that anybody had seen when its first byte was sent. */
    private record Outstanding(MirrorRequest request, int atLeast) {}

    /** A part of a burst, and the requests that begin in it. */
    private record Piece(ByteBuf bytes, List<MirrorRequest> beginning) {}

    private final int number;
    private final boolean tls;
    private final Random random;
    private final MirrorAnswers answers;
    private final Queue<Outstanding> outstanding = new ArrayDeque<>();
    private final Queue<Piece> pieces = new ArrayDeque<>();
    private final CompletableFuture<Integer> finished = new CompletableFuture<>();

    private int sent;
    private int nextBurstAt;
    private int version;
    private int generation;
    private boolean finishing;
    private boolean lastSent;

    MirrorConnection(int number, long seed, MirrorAnswers answers, boolean tls) {
        this.tls = tls;
        this.number = number;
        this.random = new Random(seed + number);
        this.answers = answers;
    }

    void addTo(Channel channel) {
        if (tls) {
            SSLEngine engine = TlsKeys.clients().createSSLEngine("localhost", 443);
            engine.setUseClientMode(true);
            engine.setEnabledProtocols(new String[] {number % 2 == 0 ? "TLSv1.3" : "TLSv1.2"});
            channel.pipeline().addLast(new RandomPieces(random.nextLong()), new SslHandler(engine));
        }
        channel.pipeline().addLast(new Decoder(), new HttpObjectAggregator(1 << 20), this);
    }

    /** On the event loop, as {@link #finish}. */
    void begin(Channel channel) {
        sendMore(channel);
    }

    /** Completes with the build that has answered its last request, for which all others must have been answered. */
    CompletableFuture<Integer> finished() {
        return finished;
    }

    /** Sends no more bursts, but one last request when all has been answered. */
    void finish(Channel channel) {
        finishing = true;
        sendMore(channel);
    }

    // Asking

    private void sendMore(Channel channel) {
        if (!pieces.isEmpty() || outstanding.size() > nextBurstAt || finished.isDone()) {
            return;
        }
        if (!finishing) {
            nextBurstAt = random.nextInt(MOST_OUTSTANDING + 1);
            cut(burst());
            sendPiece(channel);
        } else if (outstanding.isEmpty() && !lastSent) {
            lastSent = true;
            cut(List.of(MirrorRequest.get(nextTag(), 100, random)));
            sendPiece(channel);
        } else {
            nextBurstAt = 0;
        }
    }

    private List<MirrorRequest> burst() {
        List<MirrorRequest> burst = new ArrayList<>();
        for (int i = 1 + random.nextInt(LONGEST_BURST); i > 0; i--) {
            burst.add(MirrorRequest.random(nextTag(), random));
        }
        return burst;
    }

    private String nextTag() {
        return number + "-" + sent++;
    }

    /** Anywhere, but half of the cuts within a head. */
    private void cut(List<MirrorRequest> burst) {
        ByteBuf bytes = Unpooled.buffer();
        List<Integer> starts = new ArrayList<>();
        for (MirrorRequest request : burst) {
            starts.add(bytes.writerIndex());
            bytes.writeBytes(request.bytes());
        }
        int length = bytes.writerIndex();
        TreeSet<Integer> ends = new TreeSet<>(List.of(length));
        for (int i = random.nextInt(MOST_CUTS + 1); i > 0; i--) {
            int inHead = starts.get(random.nextInt(starts.size())) + 1 + random.nextInt(HEAD_LENGTH);
            ends.add(random.nextBoolean() ? Math.min(inHead, length) : 1 + random.nextInt(length));
        }
        int from = 0;
        for (int to : ends) {
            pieces.add(new Piece(bytes.copy(from, to - from), between(from, to, starts, burst)));
            from = to;
        }
    }

    private static List<MirrorRequest> between(int from, int to, List<Integer> starts, List<MirrorRequest> burst) {
        List<MirrorRequest> beginning = new ArrayList<>();
        for (int i = 0; i < burst.size(); i++) {
            if (starts.get(i) >= from && starts.get(i) < to) {
                beginning.add(burst.get(i));
            }
        }
        return beginning;
    }

    /** Each in a turn of its own, so that they arrive one by one; after some cuts there is nothing for a while. */
    private void sendPiece(Channel channel) {
        Piece piece = pieces.remove();
        piece.beginning().forEach(request -> outstanding.add(new Outstanding(request, answers.newest())));
        answers.sent(piece.beginning().size());
        channel.writeAndFlush(piece.bytes()).addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        if (!pieces.isEmpty()) {
            int pause = random.nextInt(8) == 0 ? random.nextInt(LONGEST_PAUSE_MILLIS + 1) : 0;
            var unused = channel.eventLoop().schedule(() -> sendPiece(channel), pause, TimeUnit.MILLISECONDS);
        }
    }

    // Looking at answers

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpResponse answer) {
        Outstanding next = outstanding.poll();
        if (next == null) {
            fail("answered without having asked: " + answer);
            return;
        }
        answers.received();
        next.request().wrongWith(answer).ifPresent(wrong -> fail(next.request().tag() + " was " + wrong));
        look(next, answer);
        if (lastSent && outstanding.isEmpty() && pieces.isEmpty()) {
            finished.complete(version);
        }
        sendMore(context.channel());
    }

    private void look(Outstanding asked, FullHttpResponse answer) {
        int itsVersion = answer.headers().getInt(Mirror.VERSION, -1);
        int itsGeneration = answer.headers().getInt(Mirror.GENERATION, -1);
        if (itsVersion < version || itsGeneration < generation) {
            fail("went backwards: version " + itsVersion + " after " + version);
        }
        if (itsVersion < asked.atLeast()) {
            fail(asked.request().tag() + " was answered by version " + itsVersion + ", but sent after version "
                    + asked.atLeast() + " had been seen");
        }
        if (itsGeneration > generation) {
            answers.generationSeen(itsGeneration, itsVersion);
        }
        version = itsVersion;
        generation = itsGeneration;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (!finished.isDone()) {
            fail("was closed with " + outstanding.size() + " requests outstanding, after " + sent);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        fail("broke: " + cause);
    }

    private void fail(String why) {
        String failure = "connection " + number + " " + why;
        answers.failed(failure);
        finished.completeExceptionally(new AssertionError(failure));
    }

    /** Knows which answers have no body; those to pipelined requests come one by one. */
    private final class Decoder extends HttpResponseDecoder {
        @Override
        protected boolean isContentAlwaysEmpty(HttpMessage message) {
            Outstanding next = outstanding.peek();
            return (next != null && next.request().kind() == MirrorRequest.Kind.HEAD)
                    || super.isContentAlwaysEmpty(message);
        }
    }
}
