package dev.supervisor.socket.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.socket.Connection;
import dev.supervisor.socket.Gate;
import dev.supervisor.testing.SameOnEveryJdk;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpExpectationFailedEvent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Streams of requests, cut at every position by a swap. What the peer receives is the same as without one, but for the
 * number of the generation in each response; and that is the one that had read the request's first line before the
 * swap, or else the next.
 */
@SameOnEveryJdk
final class SwapAtEveryCutTest {

    /**
     * @param responses how many heads of responses it leads to, informational ones included
     * @param awaited whether the client sends no more before it has been answered
     */
    record Part(String bytes, int responses, boolean awaited) {

        Part unawaited() {
            return new Part(bytes, responses, false);
        }

        /** Behind its first line, which empty ones may precede. */
        int firstLineLength() {
            int start =
                    (int) bytes.chars().takeWhile(c -> c == '\r' || c == '\n').count();
            return bytes.indexOf('\n', start) + 1;
        }
    }

    static final class Conversation {

        final String name;
        final List<Part> parts;
        final String bytes;

        /** Of each part, and behind the last. */
        final List<Integer> starts = new ArrayList<>(List.of(0));

        final Random random = new Random(1);

        /** Where the client waits for answers. */
        final Set<Integer> awaited = new HashSet<>();

        Conversation(String name, Part... parts) {
            this.name = name;
            this.parts = List.of(parts);
            this.bytes = String.join("", this.parts.stream().map(Part::bytes).toList());
            int end = 0;
            for (Part part : parts) {
                end += part.bytes().length();
                starts.add(end);
                if (part.awaited()) {
                    awaited.add(end);
                }
            }
        }

        int length() {
            return bytes.length();
        }

        /** Some position from this one on; the end, or when all has been answered, rather often. */
        int later(int position) {
            return switch (random.nextInt(4)) {
                case 0 -> length();
                case 1 -> AFTER_ALL_ANSWERS;
                default -> position + random.nextInt(length() - position + 1);
            };
        }

        int responsesBefore(int position) {
            return IntStream.range(0, parts.size())
                    .filter(i -> starts.get(i + 1) <= position)
                    .map(i -> parts.get(i).responses())
                    .sum();
        }

        /** The generation of each response, if it depends on where the first line of its request ends. */
        List<Integer> generations(IntUnaryOperator byEndOfFirstLine) {
            List<Integer> generations = new ArrayList<>();
            for (int i = 0; i < parts.size(); i++) {
                Part part = parts.get(i);
                int generation = byEndOfFirstLine.applyAsInt(starts.get(i) + part.firstLineLength());
                generations.addAll(Collections.nCopies(part.responses(), generation));
            }
            return generations;
        }

        /** Where the request ends whose first line has been read at this position but not all; or else the position. */
        int endOfWhatHasBegun(int position) {
            for (int i = 0; i < parts.size(); i++) {
                if (starts.get(i) + parts.get(i).firstLineLength() <= position && position < starts.get(i + 1)) {
                    return starts.get(i + 1);
                }
            }
            return position;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Part answered(String bytes) {
        return new Part(bytes, 1, false);
    }

    private static Part unanswered(String bytes) {
        return new Part(bytes, 0, false);
    }

    private static final Part GET = answered("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
    private static final Part ANOTHER = answered("GET /22 HTTP/1.1\r\na: b\r\n\r\n");
    private static final Part SHORT = answered("GET / HTTP/1.1\r\n\r\n");
    private static final Part HEAD = answered("HEAD /3 HTTP/1.1\r\n\r\n");
    private static final Part NO_CONTENT = answered("GET /204 HTTP/1.1\r\n\r\n");
    private static final Part NOT_MODIFIED = answered("GET /304 HTTP/1.1\r\n\r\n");
    private static final Part EARLY_HINTS = new Part("GET /103 HTTP/1.1\r\n\r\n", 2, false);
    private static final Part CHUNKED_RESPONSE = answered("GET /chunked HTTP/1.1\r\n\r\n");
    private static final Part POST = answered("POST /4 HTTP/1.1\r\nContent-Length: 9\r\n\r\nGET / HT\n");
    private static final Part CHUNKED = answered("POST /5 HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTrailer: t\r\n\r\n"
            + "4;x=\"y z\"\r\n\r\nGE\r\nA\r\n0123456\r\n\n\r\n0;last\r\nt: 1\r\nu: 2\r\n\r\n");
    private static final Part ANSWERED_EARLY =
            answered("POST /403 HTTP/1.1\r\nContent-Length: 20\r\n\r\nGET /x HTTP/1.1\r\n\r\n\n");
    private static final Part EXPECT =
            new Part("PUT /6 HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nput", 2, false);
    private static final Part EXPECTATION_FAILED =
            new Part("PUT /417 HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n", 1, true);
    private static final Part HTTP_10 = answered("GET /7 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    private static final Part AFTER_EMPTY_LINES = answered("\r\n\n\r\nGET /8 HTTP/1.1\r\n\r\n");
    private static final Part CLOSE = answered("GET /9 HTTP/1.1\r\nConnection: close\r\n\r\n");
    private static final Part HTTP_10_CLOSE = answered("GET /10 HTTP/1.0\r\n\r\n");
    private static final Part UPGRADE =
            new Part("GET /101 HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n", 1, true);
    private static final Part CONNECT = new Part("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", 1, true);
    private static final Part REFUSED = answered("CONNECT /405 HTTP/1.1\r\n\r\n");
    private static final Part NO_HTTP = unanswered("GET /not HTTP/1.1\r\n\r\nany\u0000thing");
    private static final Part GARBAGE = answered("garbage\r\n");
    private static final Part IGNORED = unanswered("GET /ignored HTTP/1.1\r\n\r\n");

    static Stream<Conversation> conversations() {
        return Stream.of(
                new Conversation("pipelined", GET, ANOTHER, GET),
                new Conversation("with a length", POST, GET, POST),
                new Conversation("chunked", CHUNKED, CHUNKED, GET),
                new Conversation("100-continue", EXPECT, EXPECT, GET),
                new Conversation("417", EXPECTATION_FAILED, GET),
                new Conversation("without a body", HEAD, NO_CONTENT, NOT_MODIFIED, HEAD, GET),
                new Conversation("informational", EARLY_HINTS, GET, EARLY_HINTS),
                new Conversation("HTTP/1.0", HTTP_10, HTTP_10, GET),
                new Conversation("empty lines", AFTER_EMPTY_LINES, AFTER_EMPTY_LINES, GET),
                new Conversation("answered early", ANSWERED_EARLY, ANSWERED_EARLY, GET),
                new Conversation("upgrade", GET, UPGRADE, NO_HTTP),
                new Conversation("connect", GET, CONNECT, NO_HTTP),
                new Conversation("close", GET, CLOSE, IGNORED),
                new Conversation("close of HTTP/1.0", POST, HTTP_10_CLOSE, IGNORED),
                new Conversation("garbage", GET, GARBAGE, IGNORED),
                new Conversation(
                        "mixed",
                        POST,
                        HEAD,
                        CHUNKED,
                        AFTER_EMPTY_LINES,
                        EARLY_HINTS,
                        NOT_MODIFIED,
                        EXPECT,
                        CHUNKED_RESPONSE),
                new Conversation(
                        "mixed, closed", CHUNKED_RESPONSE, HTTP_10, EXPECT, NO_CONTENT, ANSWERED_EARLY, CLOSE, IGNORED),
                new Conversation("mixed, upgraded", CHUNKED, HEAD, AFTER_EMPTY_LINES, UPGRADE, NO_HTTP));
    }

    /** The client does not wait for the answer, though it should. */
    static Stream<Conversation> eagerConversations() {
        Part frame = unanswered("any");
        return Stream.of(
                new Conversation("upgrade", SHORT, UPGRADE.unawaited(), frame),
                new Conversation("connect", SHORT, CONNECT.unawaited(), frame));
    }

    static Stream<Conversation> shortConversations() {
        return Stream.of(
                new Conversation("pipelined", ANOTHER, HEAD, SHORT),
                new Conversation("with a length", POST, SHORT),
                new Conversation(
                        "chunked",
                        answered("PUT /0 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n\n\r\n0\r\n\r\n"),
                        SHORT),
                new Conversation("empty lines", SHORT, AFTER_EMPTY_LINES),
                new Conversation("upgrade", SHORT, UPGRADE, unanswered("PUT")),
                new Conversation("close", SHORT, CLOSE, IGNORED));
    }

    /** How the bytes come. */
    private enum Arrival {
        AT_ONCE(1024),
        /** At once, but the receive buffer is small, so that a turn consists of many reads. */
        IN_SMALL_READS(5),
        BYTE_BY_BYTE(1024),
        IN_RANDOM_PIECES(1024);

        final int receiveBuffer;

        Arrival(int receiveBuffer) {
            this.receiveBuffer = receiveBuffer;
        }

        boolean isCut(Random random) {
            return this == BYTE_BY_BYTE || (this == IN_RANDOM_PIECES && random.nextInt(12) == 0);
        }
    }

    /** When the application writes the pieces of its responses. */
    private enum Answers {
        AT_ONCE,
        /** One with each piece that arrives. */
        PIECE_BY_PIECE,
        AT_THE_END
    }

    private record Event(int position, Consumer<EmbeddedConnection> action) {}

    private static final int AFTER_ALL_ANSWERS = Integer.MAX_VALUE;

    private static final Pattern GENERATION = Pattern.compile("generation: (\\d)");

    private final EmbeddedChannel gateLoop = new EmbeddedChannel();
    private final Gate gate = new Gate(
            "http",
            gateLoop.eventLoop(),
            new Gate.Limits(1, Duration.ofMinutes(1)),
            System::nanoTime,
            (c, left) -> () -> {},
            accepting -> {});

    @SuppressWarnings("NullAway.Init")
    private SocketChannel unused;

    /** What the application has still to write. */
    private final Deque<Runnable> pieces = new ArrayDeque<>();

    private Answers answers = Answers.AT_ONCE;

    private int turn;

    /** What is received without a swap. */
    private final Map<Answers, String> uncut = new EnumMap<>(Answers.class);

    @BeforeEach
    void open() throws IOException {
        unused = SocketChannel.open();
    }

    @AfterEach
    void close() throws IOException {
        unused.close();
        gateLoop.finishAndReleaseAll();
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void withOverlapARequestIsAnsweredByWhoHadReadItsFirstLine(Conversation conversation) {
        for (int cut = 0; cut <= conversation.length(); cut++) {
            int swap = cut;
            List<Integer> expected = conversation.generations(firstLine -> firstLine <= swap ? 1 : 2);
            expect(conversation, expected, () -> List.of(new Event(swap, EmbeddedConnection::supersede)));
        }
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void withHoldARequestThatComesAfterTheChangeWaitsForTheNextGeneration(Conversation conversation) {
        for (int cut = 0; cut <= conversation.length(); cut++) {
            int hold = cut;
            List<Integer> expected = conversation.generations(firstLine -> firstLine <= hold ? 1 : 2);
            expect(
                    conversation,
                    expected,
                    () -> List.of(
                            new Event(hold, EmbeddedConnection::hold),
                            new Event(conversation.later(hold), EmbeddedConnection::supersede)));
        }
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void aHoldThatIsResumedLosesAndDoublesNothing(Conversation conversation) {
        List<Integer> expected = conversation.generations(firstLine -> 1);
        for (int cut = 0; cut <= conversation.length(); cut++) {
            int hold = cut;
            expect(
                    conversation,
                    expected,
                    () -> List.of(
                            new Event(hold, EmbeddedConnection::hold),
                            new Event(conversation.later(hold), EmbeddedConnection::resume)));
        }
    }

    /** It could be one for all that the supervisor knows, so it stays. */
    @Test
    void behindATunnelThatIsRefusedRequestsAreAnswered() {
        Conversation conversation = new Conversation("refused", SHORT, REFUSED, SHORT, SHORT);
        for (int cut = 0; cut <= conversation.length(); cut++) {
            int swap = cut;
            List<Integer> latest = conversation.generations(firstLine -> firstLine <= swap ? 1 : 2);
            List<Event> events = List.of(new Event(swap, EmbeddedConnection::supersede));
            for (Arrival arrival : Arrival.values()) {
                expect(conversation, List.of(1, 1, 1, 1), latest, arrival, Answers.AT_ONCE, events);
                expect(conversation, List.of(1, 1, 1, 1), latest, arrival, Answers.PIECE_BY_PIECE, events);
                expect(conversation, List.of(1, 1, 1, 1), latest, arrival, Answers.AT_THE_END, events);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("eagerConversations")
    void whatComesBeforeTheProtocolHasChangedIsReadByWhoChangesIt(Conversation conversation) {
        for (int cut = 0; cut <= conversation.length(); cut++) {
            int swap = cut;
            List<Integer> expected = conversation.generations(firstLine -> firstLine <= swap ? 1 : 2);
            expect(conversation, expected, () -> List.of(new Event(swap, EmbeddedConnection::supersede)));
        }
    }

    @ParameterizedTest
    @MethodSource("shortConversations")
    void afterAHoldThatIsResumedTheNextSwapIsLikeTheFirst(Conversation conversation) {
        for (int cut = 0; cut <= conversation.length(); cut++) {
            int swap = cut;
            List<Integer> expected = conversation.generations(firstLine -> firstLine <= swap ? 1 : 2);
            expect(
                    conversation,
                    expected,
                    () -> List.of(
                            new Event(swap / 2, EmbeddedConnection::hold),
                            new Event(swap - swap / 4, EmbeddedConnection::resume),
                            new Event(swap, EmbeddedConnection::hold),
                            new Event(conversation.later(swap), EmbeddedConnection::supersede)));
        }
    }

    @ParameterizedTest
    @MethodSource("shortConversations")
    void aSecondSwapMayComeAtAnyMomentOfTheFirst(Conversation conversation) {
        for (int first = 0; first <= conversation.length(); first++) {
            for (int second = first; second <= conversation.length(); second++) {
                overlapTwice(conversation, first, second);
                holdTwice(conversation, first, second);
            }
        }
    }

    private void overlapTwice(Conversation conversation, int first, int second) {
        expectOneOfThree(
                conversation,
                first,
                second,
                List.of(
                        new Event(first, EmbeddedConnection::supersede),
                        new Event(second, EmbeddedConnection::supersede)));
    }

    private void holdTwice(Conversation conversation, int first, int second) {
        expectOneOfThree(
                conversation,
                first,
                second,
                List.of(
                        new Event(first, EmbeddedConnection::hold),
                        new Event((first + second) / 2, EmbeddedConnection::supersede),
                        new Event(second, EmbeddedConnection::hold),
                        new Event(conversation.later(second), EmbeddedConnection::supersede)));
    }

    /** The second generation is left out where the first is busy until the third takes over. */
    private void expectOneOfThree(Conversation conversation, int first, int second, List<Event> events) {
        int middle = conversation.endOfWhatHasBegun(first) <= second ? 2 : 3;
        List<Integer> expected =
                conversation.generations(firstLine -> firstLine <= first ? 1 : firstLine <= second ? middle : 3);
        List<Integer> latest = conversation.generations(firstLine -> firstLine <= first ? 1 : 3);
        Arrival arrival = (first + second) % 2 == 0 ? Arrival.AT_ONCE : Arrival.IN_RANDOM_PIECES;
        expect(conversation, expected, expected, arrival, Answers.AT_ONCE, events);
        expect(conversation, expected, latest, arrival, Answers.PIECE_BY_PIECE, events); // busy for longer
        expect(conversation, expected, latest, arrival, Answers.AT_THE_END, events);
    }

    private void expect(Conversation conversation, List<Integer> generations, Supplier<List<Event>> events) {
        for (Arrival arrival : Arrival.values()) {
            for (Answers when : arrival == Arrival.BYTE_BY_BYTE ? List.of(nextInTurn()) : List.of(Answers.values())) {
                expect(conversation, generations, generations, arrival, when, events.get());
            }
        }
    }

    /** Not all of them where a run takes long. */
    private Answers nextInTurn() {
        turn = (turn + 1) % Answers.values().length;
        return Answers.values()[turn];
    }

    /** Expects the same as without a swap, and generations that don't go backwards and are within these bounds. */
    private void expect(
            Conversation conversation,
            List<Integer> earliest,
            List<Integer> latest,
            Arrival arrival,
            Answers when,
            List<Event> events) {
        answers = when;
        String expected = uncut.computeIfAbsent(when, w -> play(conversation, Arrival.AT_ONCE, List.of()));
        String received = play(conversation, arrival, events);
        Supplier<String> where = () -> conversation + " " + arrival + ", answers " + when + ", swap at "
                + events.stream().map(Event::position).toList();
        assertEquals(expected, GENERATION.matcher(received).replaceAll("generation: 1"), where);
        List<Integer> generations = generationsIn(received);
        if (earliest.equals(latest)) {
            assertEquals(earliest, generations, where);
            return;
        }
        assertEquals(generations.stream().sorted().toList(), generations, where);
        for (int i = 0; i < earliest.size(); i++) {
            int generation = generations.get(i);
            assertTrue(earliest.get(i) <= generation && generation <= latest.get(i), where);
        }
    }

    private static List<Integer> generationsIn(String received) {
        return GENERATION
                .matcher(received)
                .results()
                .map(SwapAtEveryCutTest::number)
                .toList();
    }

    private static int number(MatchResult result) {
        return Integer.parseInt(result.group(1));
    }

    /** Returns what the client has received when all has been sent and answered. */
    private String play(Conversation conversation, Arrival arrival, List<Event> events) {
        EmbeddedConnection connection =
                new EmbeddedConnection(new Connection(unused, gate), arrival.receiveBuffer, Application::new);
        Deque<Event> ahead = new ArrayDeque<>(events);
        String bytes = conversation.bytes;
        int sent = 0;
        for (int cut : cuts(conversation, arrival, events)) {
            connection.arrive(bytes.substring(sent, cut));
            sent = cut;
            while (!ahead.isEmpty() && ahead.getFirst().position() == cut) {
                ahead.removeFirst().action().accept(connection);
            }
            if (answers == Answers.PIECE_BY_PIECE) {
                writeNext(connection);
            }
            if (conversation.awaited.contains(cut)) {
                writeAll(connection);
                while (generationsIn(connection.received()).size() < conversation.responsesBefore(cut)) {
                    ahead.removeFirst().action().accept(connection); // it is held: the hold ends
                    writeAll(connection);
                }
            }
        }
        writeAll(connection);
        while (!ahead.isEmpty()) {
            ahead.removeFirst().action().accept(connection);
            writeAll(connection);
        }
        String received = connection.received() + (connection.isClosed() ? "closed" : "open");
        assertEquals(0, connection.end(), "bytes of buffers that were not released");
        return received;
    }

    private static NavigableSet<Integer> cuts(Conversation conversation, Arrival arrival, List<Event> events) {
        List<Integer> positions = events.stream().map(Event::position).toList();
        TreeSet<Integer> cuts = new TreeSet<>(conversation.awaited);
        cuts.addAll(positions);
        cuts.add(conversation.length());
        Random random = new Random(positions.hashCode());
        for (int i = cuts.first(); i < conversation.length(); i++) {
            if (arrival.isCut(random)) {
                cuts.add(i);
            }
        }
        return cuts.headSet(conversation.length(), true);
    }

    private void writeNext(EmbeddedConnection connection) {
        if (!pieces.isEmpty()) {
            pieces.removeFirst().run();
            connection.endTurn();
        }
    }

    private void writeAll(EmbeddedConnection connection) {
        while (!pieces.isEmpty()) {
            writeNext(connection);
        }
    }

    /** Answers requests in order and in pieces, with what it has read. */
    @SuppressWarnings("FutureReturnValueIgnored") // the test sees what was written
    private final class Application extends SimpleChannelInboundHandler<HttpObject> {

        private final int generation;
        private final StringBuilder content = new StringBuilder();
        private HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
        private boolean ended;

        Application(int generation) {
            this.generation = generation;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
            if (message instanceof HttpRequest head) {
                request = head;
                content.setLength(0);
                begin(context);
            }
            if (message instanceof HttpContent part) {
                content.append(part.content().toString(US_ASCII));
            }
            if (message instanceof LastHttpContent last) {
                last.trailingHeaders().forEach(trailer -> content.append(trailer));
                if (status() != 403) {
                    answer(context);
                }
            }
        }

        private void begin(ChannelHandlerContext context) {
            if (status() == 417) {
                context.pipeline().fireUserEventTriggered(HttpExpectationFailedEvent.INSTANCE);
            }
            if (status() == 417 || status() == 403) {
                answer(context);
            } else if (HttpUtil.is100ContinueExpected(request)) {
                later(() -> inform(context, HttpResponseStatus.CONTINUE));
            }
        }

        /** The path may be the status that is asked for. */
        private int status() {
            return request.uri().length() == 4 ? Integer.parseInt(request.uri().substring(1)) : 200;
        }

        private void answer(ChannelHandlerContext context) {
            int status = request.decoderResult().isFailure() ? 400 : status();
            if (status == 101 || (status == 200 && request.method().equals(HttpMethod.CONNECT))) {
                later(() -> switchProtocols(context, HttpResponseStatus.valueOf(status)));
                return;
            }
            if (status == 103) {
                later(() -> inform(context, HttpResponseStatus.EARLY_HINTS));
            }
            boolean last = status == 400 || !HttpUtil.isKeepAlive(request);
            boolean empty = status == 204 || status == 304;
            String body = empty ? "" : request.method() + request.uri() + content;
            HttpResponse response = head(HttpResponseStatus.valueOf(status == 103 ? 200 : status));
            HttpUtil.setKeepAlive(response, !last);
            if (request.uri().equals("/chunked")) {
                HttpUtil.setTransferEncodingChunked(response, true);
            } else if (!empty) {
                HttpUtil.setContentLength(response, body.length());
            }
            later(() -> context.writeAndFlush(response));
            if (!empty && !request.method().equals(HttpMethod.HEAD)) {
                for (String piece : List.of(body.substring(0, 3), body.substring(3))) {
                    later(() -> context.write(new DefaultHttpContent(Unpooled.copiedBuffer(piece, US_ASCII))));
                }
            }
            later(() -> end(context, last));
            later(context::flush);
        }

        private HttpResponse head(HttpResponseStatus status) {
            HttpResponse response = new DefaultHttpResponse(request.protocolVersion(), status);
            response.headers().set("generation", generation);
            return response;
        }

        private void inform(ChannelHandlerContext context, HttpResponseStatus status) {
            DefaultFullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
            response.headers().set("generation", generation);
            context.writeAndFlush(response);
        }

        private void end(ChannelHandlerContext context, boolean last) {
            ChannelFuture written = context.write(LastHttpContent.EMPTY_LAST_CONTENT);
            if (last) {
                ended = true;
                written.addListener(ChannelFutureListener.CLOSE);
            }
        }

        private void switchProtocols(ChannelHandlerContext context, HttpResponseStatus status) {
            inform(context, status);
            ChannelPipeline pipeline = context.pipeline();
            pipeline.replace(this, null, new Echo());
            pipeline.remove(HttpServerCodec.class);
        }

        private void later(Runnable piece) {
            if (answers == Answers.AT_ONCE) {
                piece.run();
            } else {
                pieces.add(piece);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (ended) {
                pieces.clear();
            }
            assertEquals(0, pieces.size(), "pieces of responses that were not written when the connection moved");
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the test sees what was written
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            context.writeAndFlush(bytes);
        }
    }
}
