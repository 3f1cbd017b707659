package dev.supervisor.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EchoTest {

    private static final String CHUNKED = "POST /echo HTTP/1.1\nHost: demo\nTransfer-Encoding: chunked\n\n";

    private final DemoConnection connection = new DemoConnection();

    @AfterEach
    void end() {
        connection.end();
    }

    @Test
    void aBodyOfFixedLengthComesBackWithThatLength() {
        String answer = connection.ask("POST /echo HTTP/1.1\nHost: demo\nContent-Length: 5\n\nhello");

        assertTrue(answer.startsWith("HTTP/1.1 200 OK\n"), answer);
        assertTrue(answer.contains("content-length: 5\n"), answer);
        assertTrue(answer.endsWith("\n\nhello"), answer);
    }

    @Test
    void aChunkedBodyComesBackInChunks() {
        String answer = connection.ask(CHUNKED + "3\nhel\n2\nlo\n0\n\n");

        assertTrue(answer.contains("transfer-encoding: chunked\n"), answer);
        assertTrue(answer.contains("\n\n3\nhel\n2\nlo\n"), answer);
        assertTrue(answer.endsWith("0\n\n"), answer);
    }

    @Test
    void aBrowserThatComesByALinkGetsAFormForIt() {
        String answer = connection.ask("GET /echo HTTP/1.1\nHost: demo\n\n");

        assertTrue(answer.startsWith("HTTP/1.1 200 OK\n"), answer);
        assertTrue(answer.contains("content-type: text/html"), answer);
        assertTrue(answer.contains("fetch(\"/echo\", {method: \"POST\""), answer);
    }

    @Test
    void noBodyAtAllComesBackAsNone() {
        String answer = connection.ask("POST /echo HTTP/1.1\nHost: demo\n\n");

        assertTrue(answer.contains("content-length: 0\n"), answer);
        assertTrue(answer.endsWith("\n\n"), answer);
    }

    @Test
    void eachPartComesBackBeforeTheNextIsSent() {
        assertEquals("", connection.ask("POST /echo HTTP/1.1\nHost: demo\nContent-Length: 6\n\n"));
        assertTrue(connection.ask("abc").endsWith("\n\nabc"));
        assertEquals("de", connection.ask("de"));
        assertEquals("f", connection.ask("f"));
        assertTrue(connection.ask("GET / HTTP/1.1\nHost: demo\n\n").startsWith("HTTP/1.1 200 "));
    }

    @Test
    void aBodyOfManySmallChunksComesBackWithoutEndingTheStack() {
        String answer = connection.ask(CHUNKED + "1\n.\n".repeat(5_000) + "0\n\n");

        assertTrue(answer.endsWith("1\n.\n".repeat(5_000) + "0\n\n"));
    }

    @Test
    void aClientThatSendsWithoutReadingIsMadeToWait() {
        connection.takeNoMore();
        connection.send(CHUNKED + "3\nhel\n2\nlo\n0\n\n");
        assertFalse(connection.isRead());

        connection.takeAgain();
        assertTrue(connection.receive().endsWith("\n\n3\nhel\n2\nlo\n0\n\n"));
        assertTrue(connection.isRead());
    }

    @Test
    void howMuchWaitsDoesNotDependOnHowMuchIsSent() {
        connection.takeNoMore();
        connection.send(CHUNKED + "3\nhel\n");
        int one = connection.partsThatWait();
        connection.send("3\nhel\n".repeat(1000));

        assertEquals(one, connection.partsThatWait());
    }

    @Test
    void aClientThatWaitsForAWordToGoOnGetsItBeforeTheAnswer() {
        String word = connection.ask("POST /echo HTTP/1.1\nHost: demo\nExpect: 100-continue\nContent-Length: 5\n\n");
        String answer = connection.ask("hello");

        assertEquals("HTTP/1.1 100 Continue\n\n", word);
        assertTrue(answer.startsWith("HTTP/1.1 200 OK\n"), answer);
        assertTrue(answer.endsWith("\n\nhello"), answer);
        assertTrue(connection.isOpen());
    }

    @Test
    void http10KnowsNoWordToGoOn() {
        String word = connection.ask("POST /echo HTTP/1.0\nHost: demo\nExpect: 100-continue\nContent-Length: 5\n\n");

        assertEquals("", word);
    }

    @Test
    void theTypeThatTheSenderNamesIsNotSentBack() {
        String answer = connection.ask(
                "POST /echo HTTP/1.1\nHost: demo\nContent-Type: text/html\nContent-Length: 8\n\n<script>");

        assertTrue(answer.contains("content-type: application/octet-stream\n"), answer);
        assertTrue(answer.contains("x-content-type-options: nosniff\n"), answer);
    }

    @Test
    void aMalformedFirstChunkIsABadRequestAndTheEnd() {
        String answer = connection.ask(CHUNKED + "many\n");

        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
        assertFalse(connection.isOpen());
    }

    @Test
    void aMalformedLaterChunkEndsTheConnectionSoThatTheEchoIsNotTakenForWhole() {
        String answer = connection.ask(CHUNKED + "3\nhel\nmany\n");

        assertTrue(answer.endsWith("3\nhel\n"), answer);
        assertFalse(connection.isOpen());
    }
}
