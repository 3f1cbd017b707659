package dev.supervisor.check;

import dev.supervisor.Checks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Sends one request when its connection is there, and tells what comes back. Its place is behind the client's codec. */
final class ProbeHandler extends ChannelInboundHandlerAdapter {

    /** How many bytes of a body are kept for a message. */
    private static final int KEPT = 300;

    /** From here on a body counts as whole: it may be a stream without end. */
    private static final int LONG = 64 * 1024;

    private final Checks.Request request;
    private final CompletableFuture<Answer> answer;
    private final ByteBuf begin = Unpooled.buffer(KEPT);
    private final ByteBuf body = Unpooled.buffer(KEPT);

    private @Nullable HttpResponse response;
    private long length;

    ProbeHandler(Checks.Request request, CompletableFuture<Answer> answer) {
        this.request = request;
        this.answer = answer;
    }

    /** Keeps the first bytes, for when they are no HTTP. Its place is before the codec. */
    ChannelInboundHandlerAdapter first() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                if (message instanceof ByteBuf bytes) {
                    keep(bytes, begin);
                }
                context.fireChannelRead(message);
            }
        };
    }

    private static void keep(ByteBuf bytes, ByteBuf kept) {
        int length = Math.min(bytes.readableBytes(), KEPT - kept.writerIndex());
        kept.writeBytes(bytes, bytes.readerIndex(), length);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.writeAndFlush(RequestMessages.of(request, true)).addListener(sent -> {
            if (!sent.isSuccess()) {
                none("can't be asked: " + sent.cause());
            }
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
                none("answered with what is no HTTP/1.1");
            } else {
                read(message);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void read(Object message) {
        if (message instanceof HttpResponse head) {
            response = head;
        }
        if (message instanceof HttpContent content) {
            length += content.content().readableBytes();
            keep(content.content(), body);
        }
        HttpResponse head = response;
        boolean ends = message instanceof LastHttpContent;
        if (head == null || isInterim(head)) {
            response = ends ? null : head;
        } else if (ends || length >= LONG) {
            answer.complete(
                    new Answer.Response(head.status().code(), head.status().reasonPhrase(), text(body)));
        }
    }

    private static boolean isInterim(HttpResponse head) {
        return head.status().codeClass() == HttpStatusClass.INFORMATIONAL
                && head.status().code() != 101; // after that, no other response follows
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        none(
                begin.writerIndex() == 0
                        ? "closed the connection without an answer"
                        : "closed the connection within its answer");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        none("broke the connection: " + cause);
    }

    /** The time is over. Called on the connection's event loop. */
    void timedOut(String after) {
        none(
                begin.writerIndex() == 0
                        ? "has not answered within " + after
                        : "has not come to the end of its answer within " + after);
    }

    private void none(String why) {
        answer.complete(new Answer.None(why, text(begin)));
    }

    private static String text(ByteBuf bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
