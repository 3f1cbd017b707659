package dev.supervisor.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GreetingTest {

    private final DemoConnection connection = new DemoConnection();

    @AfterEach
    void end() {
        connection.end();
    }

    private String post(String form) {
        return connection.ask("POST /greeting HTTP/1.1\nHost: demo\nContent-Length: " + form.length() + "\n\n" + form);
    }

    private static Map<String, String> fields(String answer) {
        return UrlEncoded.decode(answer.substring(answer.indexOf("\n\n") + 2));
    }

    @Test
    void theNameComesBackAsItIsWithTheGreetingOfThisBuild() {
        Map<String, String> fields = fields(post("name=%C3%81da+%3Cb%3E%26"));

        assertEquals("Áda <b>&", fields.get("name"));
        assertEquals(Page.greeting(), fields.get("greeting"));
        assertEquals("7", fields.get("generation"));
    }

    @Test
    void theRequestsOfAConnectionAreCounted() {
        String get = "GET /greeting HTTP/1.1\nHost: demo\n\n";

        assertEquals("1", fields(connection.ask(get)).get("request"));
        assertEquals("2", fields(connection.ask(get)).get("request"));
    }

    @Test
    void aFormThatComesInPartsIsReadToItsEnd() {
        assertEquals("", connection.ask("POST /greeting HTTP/1.1\nHost: demo\nContent-Length: 8\n\nname"));

        assertEquals("Ada", fields(connection.ask("=Ada")).get("name"));
    }

    @Test
    void aFormThatIsNotEncodedWellIsRefusedAndTheConnectionGoesOn() {
        assertTrue(post("name=%zz").startsWith("HTTP/1.1 400 "));
        assertEquals("Ada", fields(post("name=Ada")).get("name"));
    }

    @Test
    void aFormThatIsTooLongIsRefusedAndTheConnectionGoesOn() {
        assertTrue(post("name=" + "a".repeat(2_000)).startsWith("HTTP/1.1 413 "));
        assertEquals("Ada", fields(post("name=Ada")).get("name"));
    }
}
