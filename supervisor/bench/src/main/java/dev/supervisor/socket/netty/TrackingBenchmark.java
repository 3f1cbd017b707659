package dev.supervisor.socket.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.supervisor.socket.http.HttpBoundary;
import dev.supervisor.socket.http.LastResponseHandler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Measures what it costs to track a connection. While a generation serves, that is one volatile read for each read and
 * each write of the socket ({@link #readFlag}); the state of the codec is read at a swap only ({@link #readProgress}).
 * A handler that sees every response would cost something for each request: {@link #exchangeWithHandler} less {@link
 * #exchange}.
 *
 * <p>It is in this package since it calls package-private methods.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TrackingBenchmark {

    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII);

    private final Connections connections = new Connections(server -> {});
    private final HttpServerCodec codec = new HttpServerCodec();
    private final EmbeddedChannel plain = new EmbeddedChannel(codec, new Answering());
    private final EmbeddedChannel watched =
            new EmbeddedChannel(new HttpServerCodec(), new LastResponseHandler(() -> {}), new Answering());
    private final ByteBuf request = Unpooled.directBuffer().writeBytes(REQUEST);

    @TearDown
    public void release() {
        plain.finishAndReleaseAll();
        watched.finishAndReleaseAll();
        request.release();
    }

    @Benchmark
    public boolean readFlag() {
        return connections.isQuiescing();
    }

    @Benchmark
    public boolean readProgress() {
        return HttpBoundary.progressOf(codec).isFree();
    }

    @Benchmark
    public int exchange() {
        return exchangeOn(plain);
    }

    @Benchmark
    public int exchangeWithHandler() {
        return exchangeOn(watched);
    }

    private int exchangeOn(EmbeddedChannel channel) {
        channel.writeInbound(request.retainedDuplicate());
        int length = 0;
        for (ByteBuf bytes = channel.readOutbound(); bytes != null; bytes = channel.readOutbound()) {
            length += bytes.readableBytes();
            bytes.release();
        }
        return length;
    }

    private static final class Answering extends SimpleChannelInboundHandler<HttpObject> {

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // a void promise has no result
        protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
            if (!(part instanceof HttpRequest)) {
                return;
            }
            var response =
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.EMPTY_BUFFER);
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
            context.writeAndFlush(response, context.voidPromise());
        }
    }
}
