package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.supervisor.Departure;
import dev.supervisor.Event;
import dev.supervisor.Held;
import dev.supervisor.Ledger;
import dev.supervisor.Problem;
import dev.supervisor.Protocol;
import dev.supervisor.Status;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class EventJsonTest {

    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Duration MILLIS = Duration.ofNanos(12_345_678);

    @ParameterizedTest
    @MethodSource
    void anEventIsTheFieldsOfItsRecord(Event event, String fields) {
        String json = EventJson.of(Optional.empty(), event, TIME);
        JsonObject expected = JsonParser.parseString("{" + fields + "}").getAsJsonObject();
        expected.addProperty("time", "2026-01-02T03:04:05.678Z");
        assertEquals(expected, JsonParser.parseString(json));
        assertEquals(1, json.lines().count());
    }

    static Stream<Arguments> anEventIsTheFieldsOfItsRecord() {
        return Stream.of(
                Arguments.of(
                        new Event.Listening("admin", Protocol.HTTP, new InetSocketAddress(NetUtil.LOCALHOST6, 80)),
                        "'event': 'listening', 'name': 'admin', 'protocol': 'http', 'address': '[::1]:80'"),
                Arguments.of(
                        new Event.Refreshing(URI.create("http://localhost/r.js"), true),
                        "'event': 'refreshing', 'script': 'http://localhost/r.js', 'injected': true"),
                Arguments.of(new Event.SwapAsked(), "'event': 'swap-asked'"),
                Arguments.of(
                        new Event.CertificatesLoaded("web", tls(), List.of("http/1.1"), false),
                        "'event': 'certificates-loaded', 'listener': 'web', 'protocols': ['http/1.1'],"
                                + " 'clientCertificates': false, 'tls': {'engine': 'JDK', 'certificates': [{'names': ['a'],"
                                + " 'notBefore': '2026-01-02T03:04:05.678Z', 'notAfter': '2026-01-02T03:04:05.678Z',"
                                + " 'file': 'c.pem'}]}"),
                Arguments.of(
                        new Event.Checked(2, 3, MILLIS),
                        "'event': 'checked', 'generation': 2, 'checks': 3, 'took': 12.345"),
                Arguments.of(
                        new Event.WarmedUp(2, 300, 4, true, MILLIS),
                        "'event': 'warmed-up', 'generation': 2, 'requests': 300, 'failures': 4, 'steady': true,"
                                + " 'took': 12.345"),
                Arguments.of(new Event.Changed(Path.of("a", "b")), "'event': 'changed', 'path': 'a/b'"),
                Arguments.of(
                        new Event.BuildOutput("a\n\u001b[31m\"<b>"),
                        "'event': 'build-output', 'line': 'a\\n\\u001b[31m\"<b>'"),
                Arguments.of(
                        new Event.Serving(2, "app.jar", MILLIS, Duration.ZERO, TIME, new Held(3, MILLIS)),
                        "'event': 'serving', 'generation': 2, 'build': 'app.jar', 'loaded': 12.345, 'started': 0.0,"
                                + " 'since': '2026-01-02T03:04:05.678Z', 'held': {'count': 3, 'longest': 12.345}"),
                Arguments.of(
                        new Event.Ended(1, MILLIS, new Ledger(1, Map.of(Departure.MOVED_AFTER_RESPONSE, 2L))),
                        "'event': 'ended', 'generation': 1, 'drained': 12.345,"
                                + " 'ledger': {'held': 1, 'departures': {'moved-after-response': 2}}"),
                Arguments.of(
                        new Event.KeptAlive(1, MILLIS, List.of("a thread")),
                        "'event': 'kept-alive', 'generation': 1, 'after': 12.345, 'holders': ['a thread']"),
                Arguments.of(
                        new Event.Failed(problem(), Event.Failed.Next.OLD_SERVES),
                        "'event': 'failed', 'next': 'old-serves', 'problem': {'summary': 'no', 'places': [], 'causes':"
                                + " [{'text': 'an Error', 'frames': [{'text': 'a.B.c(B.java:3)', 'own': true,"
                                + " 'source': {'path': 'a/B.java', 'line': 3}}]}], 'output': ['said'], 'dropped': 0}"));
    }

    private static Status.Tls tls() {
        return new Status.Tls("JDK", List.of(new Status.Certificate(List.of("a"), TIME, TIME, Path.of("c.pem"))));
    }

    private static Problem problem() {
        Problem.Frame frame = new Problem.Frame(
                "a.B.c(B.java:3)", true, Optional.of(new Problem.Source("a/B.java", 3)), Optional.empty());
        return new Problem("no", List.of(), List.of(new Problem.Cause("an Error", List.of(frame))), List.of("said"), 0);
    }
}
