package dev.supervisor.testing;

/** An application that says in each answer who has answered what, and the builds of it. */
public final class Mirror {

    private Mirror() {}

    /** What a request is called; its answer repeats it. */
    public static final String TAG = "x-tag";

    /** How many bytes the answer to a GET has, made of the tag again and again; HEAD is answered by their number. */
    public static final String SIZE = "x-size";

    /** The answer ends only some milliseconds after it could have, and those behind it wait. */
    public static final String LATER = "x-later";

    public static final String VERSION = "x-version";
    public static final String GENERATION = "x-generation";

    /**
     * Answers in order: a GET with its tag, a POST with its body; one that came in chunks is answered in chunks, so that
     * a response may have begun and not ended.
     */
    private static final String SOURCE = """
            package app;

            import dev.supervisor.spi.*;
            import io.netty.buffer.*;
            import io.netty.channel.*;
            import io.netty.handler.codec.http.*;
            import java.nio.charset.StandardCharsets;
            import java.util.*;
            import java.util.concurrent.TimeUnit;

            public class MirrorApp implements Application {
                record Answer(List<HttpObject> parts, OptionalInt later) {}

                public void start(ApplicationContext context) throws Exception {
                    String version = new String(
                            MirrorApp.class.getResourceAsStream("/version.txt").readAllBytes(), StandardCharsets.UTF_8);
                    int generation = context.generation();
                    context.listener().serve(new ChannelInitializer<Channel>() {
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(1 << 20),
                                    new Handler(version, generation));
                        }
                    });
                }

                static final class Handler extends SimpleChannelInboundHandler<FullHttpRequest> {
                    final String version;
                    final int generation;
                    final Deque<Answer> answers = new ArrayDeque<>();
                    boolean resting;

                    Handler(String version, int generation) {
                        this.version = version;
                        this.generation = generation;
                    }

                    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
                        if (request.decoderResult().isFailure()) {
                            throw new IllegalArgumentException(request.decoderResult().cause());
                        }
                        OptionalInt later = request.headers().contains("x-later")
                                ? OptionalInt.of(request.headers().getInt("x-later")) : OptionalInt.empty();
                        answers.add(new Answer(parts(context, request), later));
                        answerNext(context);
                    }

                    void answerNext(ChannelHandlerContext context) {
                        while (!resting && !answers.isEmpty()) {
                            Answer next = answers.poll();
                            Iterator<HttpObject> parts = next.parts().iterator();
                            if (next.later().isEmpty()) {
                                parts.forEachRemaining(context::write);
                                context.flush();
                                continue;
                            }
                            if (next.parts().size() > 1) context.writeAndFlush(parts.next());
                            resting = true;
                            context.executor().schedule(() -> {
                                resting = false;
                                parts.forEachRemaining(context::write);
                                context.flush();
                                answerNext(context);
                            }, next.later().getAsInt(), TimeUnit.MILLISECONDS);
                        }
                    }

                    List<HttpObject> parts(ChannelHandlerContext context, FullHttpRequest request) {
                        if (HttpUtil.isTransferEncodingChunked(request) || request.headers().contains("x-chunked")) {
                            HttpResponse head = head(request, new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
                            HttpUtil.setTransferEncodingChunked(head, true);
                            ByteBuf rest = request.content().retain();
                            ByteBuf first = rest.readRetainedSlice(rest.readableBytes() / 2);
                            return List.of(head, new DefaultHttpContent(first), new DefaultLastHttpContent(rest));
                        }
                        int size = request.headers().getInt("x-size", 0);
                        ByteBuf body = request.method().equals(HttpMethod.POST) ? request.content().retain()
                                : request.method().equals(HttpMethod.HEAD) ? Unpooled.EMPTY_BUFFER
                                : tags(context, request.headers().get("x-tag"), size);
                        HttpResponse response = head(request,
                                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body));
                        HttpUtil.setContentLength(response,
                                request.method().equals(HttpMethod.HEAD) ? size : body.readableBytes());
                        return List.of(response);
                    }

                    HttpResponse head(FullHttpRequest request, HttpResponse response) {
                        response.headers().set("x-tag", request.headers().get("x-tag"))
                                .set("x-version", version).set("x-generation", generation);
                        return response;
                    }

                    static ByteBuf tags(ChannelHandlerContext context, String tag, int size) {
                        ByteBuf body = context.alloc().buffer(size + tag.length());
                        while (body.readableBytes() < size) body.writeCharSequence(tag, StandardCharsets.US_ASCII);
                        return body.writerIndex(size);
                    }

                    public void handlerRemoved(ChannelHandlerContext context) {
                        answers.forEach(answer -> answer.parts().forEach(io.netty.util.ReferenceCountUtil::release));
                        answers.clear();
                    }
                }
            }
            """;

    public static TestBuild build(int version) {
        return TestBuild.of(SOURCE)
                .withProvider("app.MirrorApp")
                .withResource("version.txt", Integer.toString(version));
    }
}
