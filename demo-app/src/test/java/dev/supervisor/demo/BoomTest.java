package dev.supervisor.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BoomTest {

    private final DemoConnection connection = new DemoConnection();
    private final Logger logger = (Logger) Log.LOG;
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void readTheLog() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void end() {
        logger.detachAppender(log);
        connection.end();
    }

    @Test
    void anExceptionIsAnsweredWithA500AndLogged() {
        String answer = connection.ask("GET /boom HTTP/1.1\nHost: demo\n\n");

        assertTrue(answer.startsWith("HTTP/1.1 500 Internal Server Error\n"), answer);
        assertTrue(answer.contains("content-type: text/plain; charset=utf-8\n"), answer);
        assertEquals("can't answer GET /boom", failure().getFormattedMessage());
        assertEquals("/boom was asked for", failure().getThrowableProxy().getMessage());
    }

    @Test
    void theConnectionIsUsableAfterAnExceptionBeforeTheAnswer() {
        String answers = connection.ask("GET /boom HTTP/1.1\nHost: demo\n\nGET / HTTP/1.1\nHost: demo\n\n");

        assertTrue(answers.startsWith("HTTP/1.1 500 "), answers);
        assertTrue(answers.contains("Request 2 of"), answers);
        assertTrue(connection.isOpen());
    }

    @Test
    void anExceptionWithinTheAnswerEndsTheConnection() {
        assertCutOff(exchange -> {
            exchange.begin(HttpResponseStatus.OK, ContentType.TEXT);
            throw new IllegalStateException("too late");
        });
    }

    @Test
    void anExceptionAfterAPartHasLeftEndsTheConnection() {
        assertCutOff(exchange -> {
            exchange.begin(HttpResponseStatus.OK, ContentType.TEXT);
            exchange.write("begun", () -> {
                throw new IllegalStateException("too late");
            });
        });
    }

    @Test
    void anExceptionAfterAWhileEndsTheConnection() {
        assertCutOff(exchange -> {
            exchange.begin(HttpResponseStatus.OK, ContentType.TEXT);
            exchange.after(Duration.ofMillis(10), () -> {
                throw new IllegalStateException("too late");
            });
        });
    }

    /** The one failure that was logged; an application that another test has started may have logged its start. */
    private ILoggingEvent failure() {
        synchronized (log) {
            List<ILoggingEvent> failures = log.list.stream()
                    .filter(line -> line.getThrowableProxy() != null)
                    .toList();
            assertEquals(1, failures.size(), failures::toString);
            return failures.get(0);
        }
    }

    private void assertCutOff(Answer answer) {
        DemoConnection failing = new DemoConnection(answer);
        failing.send("GET / HTTP/1.1\nHost: demo\n\n");
        failing.pass(Duration.ofMillis(10));

        assertFalse(failing.isOpen());
        assertEquals("too late", failure().getThrowableProxy().getMessage());
        failing.end();
    }
}
