package dev.supervisor.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.load.Failures.First;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelException;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class WorkerTest {

    private static final Load ONE_CLIENT =
            new Load(1, Load.Mode.KEEPALIVE, 1, OptionalDouble.empty(), 1, Duration.ofSeconds(10));

    private static final String LONG = "line\n".repeat(200_000);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private Versions versions = new Versions(version -> {});

    private Worker start(Expectation expectation, Consumer<ClientConnection> connector) {
        WorkerContext shared =
                new WorkerContext(ONE_CLIENT, expectation, versions, Unpooled.EMPTY_BUFFER, Unpooled.EMPTY_BUFFER);
        Worker worker = new Worker(channel.eventLoop(), shared, Pace.asFastAsAnswered(), connector);
        worker.add(false);
        worker.start();
        channel.runPendingTasks();
        return worker;
    }

    private void connect(ClientConnection connection) {
        channel.pipeline().addLast(new HttpResponseDecoder(), connection);
        channel.pipeline().fireChannelActive();
    }

    private void answer(String body) {
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        channel.writeInbound(Unpooled.copiedBuffer(answer, StandardCharsets.US_ASCII));
        channel.runPendingTasks();
    }

    private static Expectation version(String regex) {
        return new Expectation(Set.of(), Optional.empty(), Optional.of(Pattern.compile(regex)));
    }

    private static void assertFailed(long times, String detail, Worker worker) {
        Map<RequestFailure, First> first = worker.findings().failures().first();
        assertEquals(Set.of(RequestFailure.OTHER), first.keySet(), first::toString);
        assertEquals(times, worker.findings().failures().total());
        assertTrue(first.values().iterator().next().detail().contains(detail), first::toString);
    }

    private static void assertOneUnderWay(long requests, Worker worker) {
        assertEquals(requests, worker.findings().counts().requests());
        assertEquals(1, worker.findings().underWay(), "the client asks again");
    }

    @Test
    void anExpressionThatIsTooComplexForABodyFailsTheRequest() {
        Worker worker = start(version("(.|\\n)*v(\\d+)"), this::connect);
        answer(LONG + "v7");
        answer(LONG + "v7");
        assertFailed(2, "the expression '(.|\\n)*v(\\d+)' is too complex for this body", worker);
        assertOneUnderWay(3, worker);
    }

    @Test
    void soDoesOneOfTheExpectedBody() {
        Expectation body = new Expectation(Set.of(), Optional.of(Pattern.compile("(.|\\n)*yes")), Optional.empty());
        Worker worker = start(body, this::connect);
        answer(LONG + "yes");
        answer("yes");
        assertFailed(1, "the expression '(.|\\n)*yes' is too complex for this body", worker);
        assertOneUnderWay(3, worker);
    }

    @Test
    void anErrorWhileAnAnswerIsJudgedFailsTheRequest() {
        versions = new Versions(version -> {
            throw new IllegalStateException("oops");
        });
        Worker worker = start(version("v(\\d+)"), this::connect);
        answer("v7");
        assertFailed(1, "oops", worker);
        assertOneUnderWay(2, worker);
    }

    @Test
    void aConnectionThatCantBeOpenedFailsTheRequest() {
        Worker worker = start(Expectation.any(), connection -> {
            throw new ChannelException("failed to open", new IOException("Too many open files"));
        });
        assertFailed(1, "can't open a connection: Too many open files", worker);
        assertEquals(0, worker.findings().underWay());
        channel.advanceTimeBy(20, TimeUnit.MILLISECONDS);
        channel.runPendingTasks();
        assertFailed(2, "Too many open files", worker);
    }
}
