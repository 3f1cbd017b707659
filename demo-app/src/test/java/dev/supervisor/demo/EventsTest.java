package dev.supervisor.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventsTest {

    private static final String EVENT = "9\ndata: 7\n\n\n";

    private final DemoConnection connection = new DemoConnection();

    @AfterEach
    void end() {
        connection.end();
    }

    @Test
    void theGenerationIsToldAtOnceAndThenEachSecond() {
        String begin = connection.ask("GET /events HTTP/1.1\nHost: demo\n\n");
        assertTrue(begin.contains("content-type: text/event-stream\n"), begin);
        assertTrue(begin.endsWith(EVENT), begin);

        connection.pass(Duration.ofMillis(990));
        assertEquals("", connection.receive());
        connection.pass(Duration.ofMillis(10));
        assertEquals(EVENT, connection.receive());
        connection.pass(Duration.ofSeconds(3));
        assertEquals(EVENT.repeat(3), connection.receive());
    }

    @Test
    void theStreamEndsWhenTheGenerationIsSuperseded() {
        assertTrue(connection.ask("GET /events HTTP/1.1\nHost: demo\n\n").endsWith(EVENT));

        connection.supersede();

        assertEquals("0\n\n", connection.receive());
        connection.pass(Duration.ofSeconds(2));
        assertEquals("", connection.receive());
        assertTrue(connection.isOpen());
        assertTrue(connection.isRead());
    }

    @Test
    void theStreamEndsWhenSupersededThoughThePeerReadsSlowly() {
        connection.takeNoMore();
        connection.send("GET /events HTTP/1.1\nHost: demo\n\n");
        connection.supersede();
        connection.takeAgain();

        assertTrue(connection.receive().endsWith("0\n\n"));
        assertTrue(connection.isOpen());
    }

    @Test
    void aStreamThatBeginsInASupersededGenerationEndsAtOnce() {
        connection.send("GET /slow?ms=100 HTTP/1.1\nHost: demo\n\nGET /events HTTP/1.1\nHost: demo\n\n");
        connection.supersede();
        connection.pass(Duration.ofMillis(100));

        String answers = connection.receive();
        assertTrue(answers.contains("text/event-stream"), answers);
        assertTrue(answers.endsWith(EVENT + "0\n\n"), answers);
    }

    @Test
    void anIdleConnectionThatIsSupersededStaysUsable() {
        assertTrue(connection.ask("GET / HTTP/1.1\nHost: demo\n\n").startsWith("HTTP/1.1 200 "));

        connection.supersede();

        assertEquals("", connection.receive());
        assertTrue(connection.ask("GET / HTTP/1.1\nHost: demo\n\n").startsWith("HTTP/1.1 200 "));
    }

    @Test
    void headIsNotAStream() {
        String answer = connection.ask("HEAD /events HTTP/1.1\nHost: demo\n\n");

        assertTrue(answer.contains("content-type: text/event-stream\n"), answer);
        assertFalse(answer.contains("data:"), answer);
        assertTrue(connection.ask("GET / HTTP/1.1\nHost: demo\n\n").startsWith("HTTP/1.1 200 "));
    }

    @Test
    void nothingGoesOnWhenThePeerHasGone() {
        assertTrue(connection.ask("GET /events HTTP/1.1\nHost: demo\n\n").endsWith(EVENT));
        connection.peerGoes();

        connection.pass(Duration.ofSeconds(1));

        assertFalse(connection.hasTimer());
    }
}
