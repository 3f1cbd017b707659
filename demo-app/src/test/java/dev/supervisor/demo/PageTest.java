package dev.supervisor.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PageTest {

    private final DemoConnection connection = new DemoConnection();

    @AfterEach
    void end() {
        connection.end();
    }

    @Test
    void thePageNamesItsGenerationAndItsBuildTime() throws IOException {
        Instant built = BuildTime.read();

        String page = connection.ask("GET / HTTP/1.1\nHost: demo\n\n");

        assertTrue(page.startsWith("HTTP/1.1 200 OK\n"), page);
        assertTrue(page.contains("content-type: text/html; charset=utf-8\n"), page);
        assertTrue(page.contains("<h1>Generation 7</h1>"), page);
        assertTrue(page.contains("datetime=\"" + built + "\">"), page);
    }

    @Test
    void thePageCountsTheRequestsOfItsConnection() {
        assertTrue(connection.ask("GET / HTTP/1.1\nHost: demo\n\n").contains("Request 1 of"));
        assertTrue(connection.ask("GET / HTTP/1.1\nHost: demo\n\n").contains("Request 2 of"));
    }

    @Test
    void theLengthOfThePageIsRight() {
        String page = connection.ask("GET / HTTP/1.1\nHost: demo\n\n");

        String body = page.substring(page.indexOf("\n\n") + 2);
        assertTrue(page.contains("content-length: " + body.getBytes(StandardCharsets.UTF_8).length + "\n"), page);
    }

    @Test
    void thePageHasNoScriptOrStyleOfItsOwnWhichItsPolicyForbids() {
        String page = connection.ask("GET / HTTP/1.1\nHost: demo\n\n");

        assertTrue(page.contains("content-security-policy: default-src 'none'; style-src 'self';"), page);
        assertFalse(
                Pattern.compile("<style|<script>| style=| on\\w+=")
                        .matcher(page)
                        .find(),
                page);
        assertFalse(Pattern.compile("\\{\\w+}").matcher(page).find(), "each name in braces is filled in");
    }

    @Test
    void theScriptThatThePageLinksIsServed() {
        String page = connection.ask("GET / HTTP/1.1\nHost: demo\n\n");
        String script = connection.ask("GET /page.js HTTP/1.1\nHost: demo\n\n");

        assertTrue(page.contains("src=\"/page.js\""), page);
        assertTrue(script.contains("content-type: text/javascript; charset=utf-8\n"), script);
    }

    @Test
    void headAnswersLikeGetWithoutTheBody() {
        String page = connection.ask("GET /style.css HTTP/1.1\nHost: demo\n\n");
        String head = connection.ask("HEAD /style.css HTTP/1.1\nHost: demo\n\n");

        assertEquals(page.substring(0, page.indexOf("\n\n") + 2), head);
        assertTrue(connection.isOpen());
    }

    @Test
    void theStyleSheetThatThePageLinksIsServed() {
        String page = connection.ask("GET / HTTP/1.1\nHost: demo\n\n");
        String style = connection.ask("GET /style.css HTTP/1.1\nHost: demo\n\n");

        assertTrue(page.contains("href=\"/style.css\""), page);
        assertTrue(style.contains("content-type: text/css; charset=utf-8\n"), style);
        assertTrue(style.contains("color-scheme: light dark"), style);
    }

    @Test
    void aTargetMayNameTheHostAsForAProxy() {
        assertTrue(connection.ask("GET http://demo HTTP/1.1\nHost: demo\n\n").contains("<h1>Generation 7</h1>"));
    }

    @Test
    void noCacheHidesTheNextBuild() {
        assertTrue(connection.ask("GET / HTTP/1.1\nHost: demo\n\n").contains("cache-control: no-store\n"));
        assertTrue(connection.ask("GET /style.css HTTP/1.1\nHost: demo\n\n").contains("cache-control: no-store\n"));
    }
}
