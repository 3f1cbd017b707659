package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SocketSpecTest {

    @ParameterizedTest
    @MethodSource
    void readsEachForm(String text, SocketSpec expected) {
        assertEquals(expected, SocketSpec.parse(text));
    }

    static Stream<Arguments> readsEachForm() {
        return Stream.of(
                Arguments.of("http::8888", new SocketSpec("", Protocol.HTTP, new Endpoint.Tcp("127.0.0.1", 8888))),
                Arguments.of("tcp::0", new SocketSpec("", Protocol.STREAM, new Endpoint.Tcp("127.0.0.1", 0))),
                Arguments.of("https::8443", new SocketSpec("", Protocol.HTTPS, new Endpoint.Tcp("127.0.0.1", 8443))),
                Arguments.of("mq=tls::1", new SocketSpec("mq", Protocol.TLS, new Endpoint.Tcp("127.0.0.1", 1))),
                Arguments.of("unix::a.sock", new SocketSpec("", Protocol.STREAM, new Endpoint.Unix(Path.of("a.sock")))),
                Arguments.of("http::/a:b", new SocketSpec("", Protocol.HTTP, new Endpoint.Unix(Path.of("/a:b")))),
                Arguments.of("x=tcp::./a", new SocketSpec("x", Protocol.STREAM, new Endpoint.Unix(Path.of("./a")))),
                Arguments.of("tcp::65535", new SocketSpec("", Protocol.STREAM, new Endpoint.Tcp("127.0.0.1", 65535))),
                Arguments.of("http::0.0.0.0:80", new SocketSpec("", Protocol.HTTP, new Endpoint.Tcp("0.0.0.0", 80))),
                Arguments.of(
                        "http::example.org:80", new SocketSpec("", Protocol.HTTP, new Endpoint.Tcp("example.org", 80))),
                Arguments.of("http::[::1]:80", new SocketSpec("", Protocol.HTTP, new Endpoint.Tcp("::1", 80))),
                Arguments.of("http::[::]:80", new SocketSpec("", Protocol.HTTP, new Endpoint.Tcp("::", 80))),
                Arguments.of(
                        "admin=http::9000",
                        new SocketSpec("admin", Protocol.HTTP, new Endpoint.Tcp("127.0.0.1", 9000))),
                Arguments.of(
                        "dns=udp::[::1]:53", new SocketSpec("dns", Protocol.DATAGRAM, new Endpoint.Tcp("::1", 53))),
                Arguments.of(
                        "a.b_c-1=tcp::[::1]:9",
                        new SocketSpec("a.b_c-1", Protocol.STREAM, new Endpoint.Tcp("::1", 9))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "8888",
                "http",
                "http:8888",
                "udp2::8888",
                "unix::",
                "HTTP::8888",
                "=http::8888",
                "my socket=http::8888",
                "a=b=http::8888",
                "http:::80",
                "http::::1:80",
                "http::[localhost]:80",
                "http::[]:80",
                "http::[::1:80",
                "http::[::1]"
            })
    void saysWhatTheFormShouldBe(String text) {
        SupervisorException e = assertThrows(SupervisorException.class, () -> SocketSpec.parse(text));
        assertTrue(
                String.valueOf(e.getMessage())
                        .startsWith(
                                "'" + text + "' is no socket: expected [NAME=]TYPE::SPEC, where TYPE is http, https,"),
                e::getMessage);
    }

    @ParameterizedTest
    @CsvSource({
        "http::, ''",
        "http::65536, 65536",
        "http::localhost:99999, 99999",
        "http::localhost:-1, -1",
        "http::localhost:, ''",
        "http::١٢, ١٢",
        "http::123456, 123456"
    })
    void saysThatAPortIsNone(String text, String port) {
        SupervisorException e = assertThrows(SupervisorException.class, () -> SocketSpec.parse(text));
        assertEquals("'" + port + "' in '" + text + "' is no port: it must be between 0 and 65535", e.getMessage());
    }

    @Test
    void saysWhatAWordThatIsNoPortMayBe() {
        SupervisorException e = assertThrows(SupervisorException.class, () -> SocketSpec.parse("http::app.sock"));
        assertEquals(
                "'app.sock' in 'http::app.sock' is no port: it must be between 0 and 65535 (a host needs a port behind it, and"
                        + " the path of a Unix socket a slash: ./app.sock)",
                e.getMessage());
    }

    @Test
    void datagramsNeedAPort() {
        SupervisorException e = assertThrows(SupervisorException.class, () -> SocketSpec.parse("udp::/run/x"));
        assertEquals(
                "'udp::/run/x' is no socket: udp needs a port, and not a path (unix:: is for connections)",
                e.getMessage());
        assertEquals("udp::127.0.0.1:53", SocketSpec.parse("udp::53").toString());
    }

    @Test
    void theShortFormIsCheckedToo() {
        assertEquals(SocketSpec.parse("http::8888"), SocketSpec.http(8888));
        SupervisorException e = assertThrows(SupervisorException.class, () -> SocketSpec.http(70_000));
        assertEquals("'70000' in 'port 70000' is no port: it must be between 0 and 65535", e.getMessage());
        assertThrows(SupervisorException.class, () -> SocketSpec.http(-1));
    }

    @Test
    void namesDefaultToTheTypeAndANumber() {
        assertEquals(List.of("http", "http-2", "tcp", "http-3"), names("http::1", "http::2", "tcp::3", "http::4"));
    }

    @Test
    void aDefaultGivesWayToANameThatWasGiven() {
        assertEquals(List.of("http-2", "http", "http-3"), names("http::1", "http=http::2", "http-3=http::3"));
        assertEquals(List.of("http", "http-2", "http-3"), names("http::1", "http-2=http::2", "http::3"));
    }

    @Test
    void twoSocketsOfOneNameAreRefused() {
        SupervisorException e = assertThrows(SupervisorException.class, () -> names("a=http::1", "a=tcp::2"));
        assertEquals("two sockets are named 'a': give each a name of its own", e.getMessage());
    }

    private static List<String> names(String... specs) {
        return SocketSpec.named(Stream.of(specs).map(SocketSpec::parse).toList()).stream()
                .map(SocketSpec::name)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http::127.0.0.1:8888", "tcp::[::1]:0"})
    void printsTheFormThatItReads(String text) {
        assertEquals(text, SocketSpec.parse(text).toString());
    }

    @Test
    void aLiteralAddressIsResolvedWithoutANameServer() {
        assertEquals(
                80,
                ((Endpoint.Tcp) SocketSpec.parse("http::[::1]:80").endpoint())
                        .resolve()
                        .getPort());
        assertTrue(((Endpoint.Tcp) SocketSpec.parse("http::[::1]:80").endpoint())
                .resolve()
                .getAddress()
                .isLoopbackAddress());
    }

    @Test
    void aKeptSocketIsNamedAfterItsNameAndItsAddress() {
        String kept = SocketSpec.parse("a=http::8888").keptName();
        assertEquals(kept, SocketSpec.parse("a=http::127.0.0.1:8888").keptName());
        assertTrue(SocketSpec.isKeptName(kept));
        assertTrue(kept.matches("a=[0-9a-f]+"), "systemd takes printable ASCII without a colon");
        for (String other : List.of("b=http::8888", "a=http::8889", "a=tcp::8888", "a=http::[::1]:8888")) {
            assertNotEquals(kept, SocketSpec.parse(other).keptName());
        }
        assertFalse(SocketSpec.isKeptName("a.b_c-1"));
    }
}
