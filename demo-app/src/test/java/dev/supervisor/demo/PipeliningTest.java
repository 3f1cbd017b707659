package dev.supervisor.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PipeliningTest {

    private static final String SLOW = "GET /slow?ms=100 HTTP/1.1\nHost: demo\n\n";
    private static final String PAGE = "GET / HTTP/1.1\nHost: demo\n\n";

    private final DemoConnection connection = new DemoConnection();

    @AfterEach
    void end() {
        connection.end();
    }

    @Test
    void aPipelinedRequestWaitsForTheSlowAnswerBeforeIt() {
        String begin = connection.ask(SLOW + PAGE);
        assertTrue(begin.endsWith("0 of 100 ms\n\n"), begin);

        connection.pass(Duration.ofMillis(100));

        String end = connection.receive();
        assertTrue(end.startsWith("1c\ngeneration 7: 100 of 100 ms\n\n0\n\nHTTP/1.1 200 OK\n"), end);
        assertTrue(end.contains("Request 2 of"), end);
    }

    @Test
    void aRequestThatComesWhileAnAnswerIsStreamedWaitsAsWell() {
        connection.send(SLOW);
        connection.pass(Duration.ofMillis(50));
        connection.receive();

        assertEquals("", connection.ask(PAGE));
        connection.pass(Duration.ofMillis(50));
        assertTrue(connection.receive().contains("0\n\nHTTP/1.1 200 OK\n"));
    }

    @Test
    void nothingMoreIsReadWhileAnAnswerIsStreamed() {
        connection.send(SLOW);
        assertFalse(connection.isRead());

        connection.pass(Duration.ofMillis(100));
        assertTrue(connection.isRead());
    }

    @Test
    void aClientThatAsksWithoutReadingIsMadeToWait() {
        connection.takeNoMore();
        connection.send(PAGE.repeat(100));
        assertTrue(connection.partsThatWait() < 10, "answers that wait");

        connection.takeAgain();
        assertTrue(connection.receive().contains("Request 100 of"));
    }

    @Test
    void manyPipelinedRequestsAreAnsweredInOrder() {
        connection.send(PAGE.repeat(1000));

        String answers = connection.receive();
        int before = 0;
        for (int i = 1; i <= 1000; i++) {
            int at = answers.indexOf("Request " + i + " of");
            assertTrue(at > before, "request " + i + " at " + at + ", the one before it at " + before);
            before = at;
        }
    }

    @Test
    void aPipelinedRequestWaitsForTheEchoBeforeIt() {
        connection.send("POST /echo HTTP/1.1\nHost: demo\nContent-Length: 3\n\nab");
        String answers = connection.ask("c" + PAGE);

        assertTrue(answers.contains("abcHTTP/1.1 200 OK\n"), answers);
    }

    @Test
    void aRequestThatIsPipelinedAfterTheLastOneIsNotDealtWith() {
        AtomicInteger count = new AtomicInteger();
        DemoConnection counting = new DemoConnection(exchange -> {
            exchange.reply(HttpResponseStatus.OK, ContentType.TEXT, "answer " + count.incrementAndGet());
        });

        String answers = counting.ask("GET / HTTP/1.1\nHost: demo\nConnection: close\n\n" + PAGE);

        assertTrue(answers.endsWith("answer 1"), answers);
        assertFalse(counting.isOpen());
        assertEquals(1, count.get());
        counting.end();
    }
}
