package dev.supervisor.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlowTest {

    private final DemoConnection connection = new DemoConnection();

    @AfterEach
    void end() {
        connection.end();
    }

    @Test
    void aLineComesEachTenthOfASecondUntilTheTimeIsOver() {
        String begin = connection.ask("GET /slow?ms=250 HTTP/1.1\nHost: demo\n\n");
        assertTrue(begin.contains("transfer-encoding: chunked\n"), begin);
        assertTrue(begin.endsWith("generation 7: 0 of 250 ms\n\n"), begin);

        connection.pass(Duration.ofMillis(90));
        assertEquals("", connection.receive());

        connection.pass(Duration.ofMillis(10));
        assertEquals("1c\ngeneration 7: 100 of 250 ms\n\n", connection.receive());

        connection.pass(Duration.ofMillis(100));
        assertEquals("1c\ngeneration 7: 200 of 250 ms\n\n", connection.receive());

        connection.pass(Duration.ofMillis(50));
        assertEquals("1c\ngeneration 7: 250 of 250 ms\n\n0\n\n", connection.receive());
        assertTrue(connection.isOpen());
    }

    @ParameterizedTest
    @ValueSource(strings = {"60001", "99999999999999999999999999"})
    void moreThanAMinuteIsAMinute(String millis) {
        assertTrue(slow(millis).contains("0 of 60000 ms"));

        connection.pass(Duration.ofSeconds(60));
        assertTrue(connection.receive().endsWith("60000 of 60000 ms\n\n0\n\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "-99999999999999999999999999"})
    void noTimeAtAllIsAnsweredAtOnce(String millis) {
        assertTrue(slow(millis).endsWith("0 of 0 ms\n\n0\n\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "", "1.5", "%zz"})
    void whatIsNotANumberIsABadRequestThatSaysSo(String millis) {
        String answer = slow(millis);

        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
        assertTrue(answer.contains("ms must be a whole number of milliseconds"), answer);
        assertTrue(connection.isOpen());
    }

    @Test
    void headIsNotKeptWaiting() {
        String answer = connection.ask("HEAD /slow?ms=60000 HTTP/1.1\nHost: demo\n\n");

        assertTrue(answer.startsWith("HTTP/1.1 200 OK\n"), answer);
        assertTrue(answer.endsWith("\n\n"), answer);
        assertFalse(answer.contains("generation"), answer);
        assertTrue(connection.ask("GET / HTTP/1.1\nHost: demo\n\n").startsWith("HTTP/1.1 200 "));
    }

    @Test
    void nothingGoesOnWhenThePeerHasGone() {
        assertTrue(slow("60000").startsWith("HTTP/1.1 200 "));
        connection.peerGoes();

        connection.pass(Duration.ofMillis(100));

        assertFalse(connection.hasTimer());
        assertEquals("", connection.receive());
    }

    @Test
    void aPeerThatReadsSlowlyIsNotSentMoreThanItTakes() {
        connection.takeNoMore();
        assertEquals("", slow("60000"));

        connection.pass(Duration.ofSeconds(10));
        connection.takeAgain();

        assertTrue(connection.receive().endsWith("0 of 60000 ms\n\n"));
        connection.pass(Duration.ofMillis(100));
        assertEquals("1e\ngeneration 7: 100 of 60000 ms\n\n", connection.receive());
    }

    @Test
    void aReloadLetsItFinish() {
        assertTrue(slow("200").startsWith("HTTP/1.1 200 "));

        connection.supersede();
        connection.pass(Duration.ofMillis(200));

        assertTrue(connection.receive().endsWith("200 of 200 ms\n\n0\n\n"));
        assertTrue(connection.isOpen());
    }

    private String slow(String millis) {
        return connection.ask("GET /slow?ms=" + millis + " HTTP/1.1\nHost: demo\n\n");
    }
}
