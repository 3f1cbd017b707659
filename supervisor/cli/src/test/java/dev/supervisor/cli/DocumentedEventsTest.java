package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.supervisor.Departure;
import dev.supervisor.Event;
import dev.supervisor.Held;
import dev.supervisor.Ledger;
import dev.supervisor.Protocol;
import dev.supervisor.Status;
import dev.supervisor.testing.Document;
import dev.supervisor.testing.SameOnEveryJdk;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Lines of the transcript that the documents show are, to the letter, what the command prints of such an event. */
@SameOnEveryJdk
final class DocumentedEventsTest {

    private static final Instant TIME = Instant.parse("2026-11-28T15:12:03.123456Z");

    private static List<String> lines(String document, String beginning) {
        return Document.read(document).block(beginning).text().lines().toList();
    }

    private static void assertPrinted(List<String> lines, Event... events) {
        assertEquals(
                String.join("\n", lines),
                String.join("\n", List.of(events).stream().map(EventText::of).toList()));
    }

    @Test
    void whereTheConnectionsWent() {
        Map<Departure, Long> departures = Map.of(
                Departure.MOVED_IDLE, 200L,
                Departure.MOVED_AFTER_RESPONSE, 5L,
                Departure.ENDED_BY_PEER, 1L,
                Departure.ENDED_AT_DEADLINE, 1L);
        assertPrinted(
                lines("docs/connections.md", "generation 3 ended"),
                new Event.Ended(3, Duration.ofMillis(2400), new Ledger(0, departures)));
    }

    @Test
    void whatAGenerationLeftBehind() {
        assertPrinted(
                lines("docs/leaks.md", "generation 7 left behind"),
                new Event.LeftBehind(
                        7,
                        List.of("thread \"report-timer\" (java.util.Timer) of com.acme.Reports was never cancelled")),
                new Event.Unloaded(7, Duration.ofMillis(800)));
        assertPrinted(
                lines("docs/leaks.md", "generation 8 is kept alive"),
                new Event.KeptAlive(
                        8,
                        Duration.ofSeconds(30),
                        List.of("thread \"poller\" of com.acme.Poller was never stopped, and does not end when it is"
                                + " interrupted: at com.acme.Poller.run(Poller.java:10)")));
    }

    @Test
    void whereTheScriptIsThatRefreshesPages() {
        assertPrinted(
                lines("docs/development.md", "~> http"),
                new Event.Listening(
                        "http", Protocol.HTTP, new InetSocketAddress(InetAddress.getLoopbackAddress(), 8888)),
                new Event.Refreshing(URI.create("http://127.0.0.1:35729/.supervisor/refresh.js"), true));
    }

    @Test
    void aCertificate() {
        Instant end = Instant.parse("2027-02-28T11:22:33Z");
        Status.Certificate certificate =
                new Status.Certificate(List.of("example.org", "www.example.org"), TIME, end, Path.of("cert.pem"));
        assertPrinted(
                lines("docs/tls.md", "TLS of 'https'"),
                new Event.CertificatesLoaded(
                        "https", new Status.Tls("JDK", List.of(certificate)), List.of("http/1.1"), false));
    }

    private static Event.Serving serving(long loadedMicros) {
        return new Event.Serving(
                2,
                "app.jar",
                Duration.ofNanos(loadedMicros * 1000),
                Duration.ofNanos(10_010_000),
                Instant.parse("2026-11-28T15:12:03.123Z"),
                Held.NONE);
    }

    @Test
    void linesWithoutATerminalAndForPrograms() {
        Event.Serving serving = serving(12_345);
        Line line = Line.of(Optional.empty(), serving, TIME, Line.Level.INFO, EventText.of(serving));
        List<String> lines = lines("docs/operating.md", "2026-11-28T15:12:03.123Z INFO");
        assertEquals(2, lines.size());
        assertEquals(lines.get(0), LineFormat.text(ZoneOffset.UTC).format(line));
        JsonObject documented = json(lines.get(1));
        JsonObject printed = json(LineFormat.json().format(line));
        String beginning = documented.get("message").getAsString().replaceFirst(" …$", "");
        assertEquals(beginning, printed.get("message").getAsString().substring(0, beginning.length()));
        documented.remove("message");
        printed.remove("message");
        assertEquals(documented, printed);
    }

    @Test
    void anEventForPrograms() {
        List<String> lines = lines("docs/operating.md", "{\"time\"");
        assertEquals(json(String.join("", lines)), json(EventJson.of(Optional.empty(), serving(12_345), TIME)));
    }

    private static JsonObject json(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }
}
