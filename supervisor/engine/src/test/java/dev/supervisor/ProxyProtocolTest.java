package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.supervisor.socket.proxy.TrustedProxies;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProxyProtocolTest {

    private static SupervisorOptions options(String... sources) {
        SupervisorOptions.Builder options = SupervisorOptions.builder(Path.of("app.jar"))
                .socket("http::0")
                .socket("other=tcp::0")
                .socket("dns=udp::0");
        Stream.of(sources).forEach(options::proxyProtocol);
        return options.build();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.7, 10.0.0.7, true",
        "10.0.0.7, 10.0.0.8, false",
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.1.2.3/8, 10.0.0.0, true",
        "10.0.0.0/9, 10.128.0.0, false",
        "0.0.0.0/0, 203.0.113.255, true",
        "0.0.0.0/0, ::1, false",
        "::/0, 2001:db8::1, true",
        "::/0, 127.0.0.1, false",
        "::1, ::1, true",
        "fd00::/8, fdff:ffff::1, true",
        "fd00::/8, fe00::1, false",
        "2001:db8::/33, 2001:db8:8000::, false",
        "::ffff:10.0.0.7, 10.0.0.7, true",
        "10.0.0.7, ::ffff:10.0.0.7, true"
    })
    void aSourceIsAnAddressOrANetwork(String source, String peer, boolean expected) {
        TrustedProxies proxies = new TrustedProxies(options(source).proxies().sources());
        assertEquals(expected, proxies.has(new InetSocketAddress(peer, 1)));
        assertEquals(false, proxies.has(UnixDomainSocketAddress.of("")));
    }

    @Test
    void peersOnAUnixSocketAreOneSource() {
        TrustedProxies proxies = new TrustedProxies(options("unix").proxies().sources());
        assertEquals(true, proxies.has(UnixDomainSocketAddress.of("")));
        assertEquals(false, proxies.has(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "all",
                "10.0.0",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.256",
                "::1/129",
                ":::",
                "fe80::1%lo",
                "localhost",
                "10.0.0.0/-1",
                "a b=10.0.0.7",
                "=10.0.0.7",
                "unix:/run/a",
                "10.0.0.7:80",
                "10.0.0.0/8/8",
                "::ffff:10.0.0.0/104"
            })
    void anythingElseIsRefusedWithTheTextInTheMessage(String source) {
        SupervisorException e = assertThrows(SupervisorException.class, () -> options(source));
        assertEquals(
                true, e.message(OptionKey::key).startsWith("'" + source + "' is no proxyProtocol: "), e.getMessage());
    }

    @Test
    void aNameIsThatOfASocketForConnections() {
        ProxyProtocol proxies = options("10.0.0.0/8", "other=unix", "http=::1").proxies();
        List<SocketSpec> sockets = options().sockets();
        assertEquals(2, proxies.of(sockets.get(0)).sources().size());
        assertEquals(2, proxies.of(sockets.get(1)).sources().size());
        assertEquals(0, proxies.of(sockets.get(2)).sources().size(), "datagrams have no header");
        for (String name : List.of("dns", "gone")) {
            SupervisorException e = assertThrows(SupervisorException.class, () -> options(name + "=::1"));
            assertEquals(
                    "proxyProtocol names '" + name + "', which is no socket for connections: there is http, other, dns",
                    e.message(OptionKey::key));
        }
        SupervisorException e = assertThrows(
                SupervisorException.class,
                () -> SupervisorOptions.builder(Path.of("app.jar"))
                        .socket("udp::0")
                        .proxyProtocol("::1")
                        .build());
        assertEquals(
                "proxyProtocol is about connections, and there are only sockets of datagrams",
                e.message(OptionKey::key));
    }

    @Test
    void aTimeoutHasBounds() {
        for (Duration bad : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofHours(2))) {
            SupervisorException e = assertThrows(SupervisorException.class, () -> new ProxyProtocol(List.of(), bad));
            assertEquals("proxyTimeout must be more than 0, and at most 1h", e.message(OptionKey::key));
        }
    }
}
