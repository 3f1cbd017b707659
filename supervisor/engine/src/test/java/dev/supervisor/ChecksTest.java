package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SupervisorOptions.Swap;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChecksTest {

    private static Checks.Request parsed(String text) {
        return Checks.Request.parse(text, OptionKey.CHECK);
    }

    @ParameterizedTest
    @CsvSource({
        "GET /health, GET, /health, 200, 399",
        "GET /health 204, GET, /health, 204, 204",
        "HEAD / 2xx, HEAD, /, 200, 299",
        "POST /a?b=c&d=%20 200-404, POST, /a?b=c&d=%20, 200, 404",
        "'  GET   /a   200 ', GET, /a, 200, 200",
    })
    void aRequestIsMethodPathAndStatus(String text, String method, String target, int lowest, int highest) {
        Checks.Request request = parsed(text);
        assertEquals(Optional.empty(), request.socket());
        assertEquals(method, request.method());
        assertEquals(target, request.target());
        assertTrue(request.isGood(lowest));
        assertTrue(request.isGood(highest));
        assertFalse(request.isGood(lowest - 1));
        assertFalse(request.isGood(highest + 1));
    }

    @Test
    void aSocketMayBeNamed() {
        assertEquals(Optional.of("admin"), parsed("admin=GET /a=b").socket());
        assertEquals(Optional.empty(), parsed("GET /a=b").socket());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/health",
                "GET",
                "GET health",
                "get /health",
                "GET /a b",
                "GET /health 700",
                "GET /health 20",
                "GET /health 299-200",
                "GET /health 2XX",
                "CONNECT /",
                "GTE /health",
                "FETCH /health 204",
                "=GET /",
                "a b=GET /",
                "GET /\r\nX: y",
                "GET /ü",
                "GET http://localhost/"
            })
    void anotherFormIsRefused(String text) {
        String message =
                assertThrows(SupervisorException.class, () -> parsed(text)).message(OptionKey::key);
        assertTrue(message.startsWith("'" + text + "' is no check: "), message);
    }

    @Test
    void aMethodThatThereIsNotIsNamed() {
        assertEquals(
                "'GTE /' is no check: 'GTE' is none of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
                assertThrows(SupervisorException.class, () -> parsed("GTE /")).message(OptionKey::key));
    }

    private static String refused(UnaryOperator<SupervisorOptions.Builder> more) {
        return assertThrows(
                        SupervisorException.class,
                        () -> more.apply(SupervisorOptions.builder(Path.of("app.jar")))
                                .build())
                .message(OptionKey::key);
    }

    @Test
    void theSocketMustBeThereAndSpeakHttpWithoutTls() {
        assertEquals(
                "check 'GET /' asks a socket of HTTP, and there is none (name another one: check 'NAME=GET /')",
                refused(options -> options.socket("tcp::0").check("GET /")));
        assertEquals(
                "check 'x=GET /' names no socket: there is http, tcp",
                refused(options -> options.port(0).socket("tcp::0").check("x=GET /")));
        assertEquals(
                "check 'https=GET /' can't ask 'https', a socket of https: it asks by HTTP/1.1 without TLS",
                refused(options -> options.socket("https::0").check("https=GET /")));
        assertEquals(
                "warmUp 'udp=GET /' can't ask 'udp', a socket of udp: it asks by HTTP/1.1 without TLS",
                refused(options -> options.socket("udp::0").swap(Swap.OVERLAP).warmUp("udp=GET /")));
        SupervisorOptions options = SupervisorOptions.builder(Path.of("app.jar"))
                .socket("tcp::0")
                .socket("http::0")
                .check("GET /")
                .check("tcp=GET /")
                .build();
        assertEquals(
                List.of("http", "tcp"),
                options.checks().requests().stream()
                        .map(request -> request.socketName(options.sockets()))
                        .toList());
    }

    @Test
    void aWarmUpAndWatchedErrorsNeedOverlap() {
        for (Swap swap : List.of(Swap.HOLD, Swap.RECREATE)) {
            assertTrue(refused(options -> options.port(0).swap(swap).warmUp("GET /"))
                    .startsWith("warmUp needs swap overlap"));
            assertTrue(refused(options ->
                            options.port(0).swap(swap).watchErrors(new Checks.ErrorLimit(0.1, Duration.ofSeconds(1))))
                    .startsWith("watchErrors needs swap overlap"));
        }
    }

    @Test
    void boundsAreChecked() {
        assertEquals(
                "checkTries must be at least 1",
                refused(options -> options.port(0).checkTries(0)));
        assertEquals(
                "checkTimeout must be more than 0, and at most 1h",
                refused(options -> options.port(0).checkTimeout(Duration.ZERO)));
        assertEquals(
                "warmUpTime must be more than 0, and at most 1h",
                refused(options -> options.port(0).warmUpTime(Duration.ofDays(1))));
        assertEquals(
                "watchErrors must be at least 0% and less than 100%",
                assertThrows(SupervisorException.class, () -> new Checks.ErrorLimit(1, Duration.ofSeconds(1)))
                        .message(OptionKey::key));
        assertEquals(
                "watchErrors must watch for more than 0, and at most 1h",
                assertThrows(SupervisorException.class, () -> new Checks.ErrorLimit(0, Duration.ZERO))
                        .message(OptionKey::key));
    }
}
