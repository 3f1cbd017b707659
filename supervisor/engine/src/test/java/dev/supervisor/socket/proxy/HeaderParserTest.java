package dev.supervisor.socket.proxy;

import static dev.supervisor.testing.ProxyHeader.LOCAL;
import static dev.supervisor.testing.ProxyHeader.PROXY;
import static dev.supervisor.testing.ProxyHeader.TCP4;
import static dev.supervisor.testing.ProxyHeader.TCP6;
import static dev.supervisor.testing.ProxyHeader.UDP4;
import static dev.supervisor.testing.ProxyHeader.UNIX;
import static dev.supervisor.testing.ProxyHeader.UNSPECIFIED;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.ProxyProtocol.Addresses;
import dev.supervisor.socket.proxy.HeaderParser.Header;
import dev.supervisor.socket.proxy.HeaderParser.Incomplete;
import dev.supervisor.socket.proxy.HeaderParser.Refused;
import dev.supervisor.testing.ProxyHeader;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class HeaderParserTest {

    private static final InetSocketAddress CLIENT4 = new InetSocketAddress("198.51.100.7", 4711);
    private static final InetSocketAddress SERVER4 = new InetSocketAddress("203.0.113.1", 443);
    private static final InetSocketAddress CLIENT6 = new InetSocketAddress("2001:db8::7", 65535);
    private static final InetSocketAddress SERVER6 = new InetSocketAddress("2001:db8:ffff::1", 80);

    private final HeaderParser parser = new HeaderParser();

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }

    private static byte[] text(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static Optional<Addresses> told(InetSocketAddress client, InetSocketAddress server) {
        return Optional.of(new Addresses(Optional.of(client), Optional.of(server)));
    }

    private static Arguments header(String name, byte[] bytes, Optional<Addresses> expected) {
        return Arguments.of(name, bytes, expected);
    }

    static Stream<Arguments> headers() {
        Optional<Addresses> unknown = Optional.of(Addresses.UNKNOWN);
        byte[] extensions = joined(
                ProxyHeader.extension(0x01, 2),
                ProxyHeader.extension(0x03, 4),
                ProxyHeader.extension(0xea, 23),
                ProxyHeader.extension(0x04, 0));
        return Stream.of(
                header("v1 IPv4", ProxyHeader.version1(CLIENT4, SERVER4), told(CLIENT4, SERVER4)),
                header("v1 IPv6", ProxyHeader.version1(CLIENT6, SERVER6), told(CLIENT6, SERVER6)),
                header("v1 unknown", text("PROXY UNKNOWN\r\n"), unknown),
                header(
                        "v1 unknown, with the longest of all lines",
                        text("PROXY UNKNOWN " + "f".repeat(107 - 14 - 2) + "\r\n"),
                        unknown),
                header("v2 IPv4", ProxyHeader.version2(CLIENT4, SERVER4), told(CLIENT4, SERVER4)),
                header("v2 IPv6", ProxyHeader.version2(CLIENT6, SERVER6), told(CLIENT6, SERVER6)),
                header(
                        "v2 with extensions",
                        ProxyHeader.version2(CLIENT4, SERVER4, extensions),
                        told(CLIENT4, SERVER4)),
                header(
                        "v2 IPv6 with extensions",
                        ProxyHeader.version2(CLIENT6, SERVER6, extensions),
                        told(CLIENT6, SERVER6)),
                header(
                        "v2 of the greatest length",
                        ProxyHeader.version2(CLIENT4, SERVER4, ProxyHeader.extension(0xe0, 4096 - 16 - 12 - 3)),
                        told(CLIENT4, SERVER4)),
                header("v2 Unix", ProxyHeader.version2(PROXY, UNIX, ProxyHeader.unixPaths("/c", "/s")), unknown),
                header(
                        "v2 Unix without names",
                        ProxyHeader.version2(PROXY, UNIX, ProxyHeader.unixPaths("", "")),
                        unknown),
                header("v2 datagrams", ProxyHeader.version2(PROXY, UDP4, new byte[12]), unknown),
                header("v2 unspecified", ProxyHeader.version2(PROXY, UNSPECIFIED), unknown),
                header("v2 unspecified with content", ProxyHeader.version2(PROXY, UNSPECIFIED, new byte[40]), unknown),
                header("v2 local", ProxyHeader.version2(LOCAL, UNSPECIFIED), Optional.empty()),
                header("v2 local with addresses", ProxyHeader.version2(LOCAL, TCP4, new byte[12]), Optional.empty()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("headers")
    void aHeaderEndsWhereItEndsAndWhatFollowsIsLeftAlone(String name, byte[] header, Optional<Addresses> expected) {
        for (int i = 0; i < header.length; i++) {
            byte[] more = Arrays.copyOf(header, i + 100); // what is behind does not count
            assertEquals(Incomplete.INCOMPLETE, parser.parse(more, i), "with " + i + " bytes");
        }
        assertEquals(new Header(header.length, expected), parser.parse(header, header.length));
        byte[] more = joined(header, ProxyHeader.version1(CLIENT4, SERVER4), text("GET / HTTP/1.1\r\n\r\n"));
        assertEquals(new Header(header.length, expected), parser.parse(more, more.length));
    }

    private static Arguments bad(Refusal why, String name, byte[] bytes) {
        return Arguments.of(why, name, bytes);
    }

    private static Arguments bad(Refusal why, String line) {
        return bad(why, line, text(line));
    }

    static Stream<Arguments> badOnes() {
        byte[] good = ProxyHeader.version2(CLIENT4, SERVER4);
        byte[] version3 = good.clone();
        version3[12] = 0x31;
        byte[] command = good.clone();
        command[12] = 0x2f;
        byte[] family = good.clone();
        family[13] = 0x41;
        byte[] signature = good.clone();
        signature[11] = '\r';
        byte[] brokenExtension = ProxyHeader.extension(0x01, 2);
        brokenExtension[2] = 100;
        return Stream.of(
                bad(Refusal.NO_HEADER, "GET / HTTP/1.1\r\n\r\n"),
                bad(Refusal.NO_HEADER, "PRI * HTTP/2.0\r\n\r\n"),
                bad(Refusal.NO_HEADER, "POST / HTTP/1.1\r\n\r\n"),
                bad(Refusal.NO_HEADER, "PROXY-ish"),
                bad(Refusal.NO_HEADER, "proxy TCP4 198.51.100.7 203.0.113.1 4711 443\r\n"),
                bad(Refusal.NO_HEADER, " PROXY UNKNOWN\r\n"),
                bad(Refusal.NO_HEADER, "\r\n\r\nGET / HTTP/1.1\r\n\r\n"),
                bad(Refusal.NO_HEADER, "a record of TLS", new byte[] {0x16, 3, 1, 0, 100}),
                bad(Refusal.NO_HEADER, "another signature", signature),
                bad(Refusal.MALFORMED, "PROXY \r\n"),
                bad(Refusal.MALFORMED, "PROXY TCP4\r\n"),
                bad(Refusal.MALFORMED, "PROXY TCP5 198.51.100.7 203.0.113.1 4711 443\r\n"),
                bad(Refusal.MALFORMED, "PROXY TCP4 198.51.100.7 203.0.113.1 4711\r\n"),
                bad(Refusal.MALFORMED, "PROXY TCP4 198.51.100.7 203.0.113.1 4711 443 1\r\n"),
                bad(Refusal.MALFORMED, "PROXY TCP4 198.51.100.256 203.0.113.1 4711 443\r\n"),
                bad(Refusal.MALFORMED, "PROXY TCP4 2001:db8::7 203.0.113.1 4711 443\r\n"),
                bad(Refusal.MALFORMED, "PROXY TCP6 198.51.100.7 203.0.113.1 4711 443\r\n"),
                bad(Refusal.MALFORMED, "PROXY TCP4 localhost 203.0.113.1 4711 443\r\n"),
                bad(Refusal.MALFORMED, "PROXY TCP4 198.51.100.7 203.0.113.1 65536 443\r\n"),
                bad(Refusal.MALFORMED, "PROXY TCP4 198.51.100.7 203.0.113.1 -1 443\r\n"),
                bad(Refusal.MALFORMED, "PROXY TCP4 198.51.100.7 203.0.113.1 x 443\r\n"),
                bad(Refusal.MALFORMED, "PROXY TCP4 198.51.100.7  203.0.113.1 4711 443\r\n"),
                bad(Refusal.MALFORMED, "PROXY TCP4 198.51.100.7 203.0.113.1 4711 443\n"),
                bad(Refusal.MALFORMED, "PROXY UNKNOWN " + "f".repeat(107 - 14)),
                bad(Refusal.MALFORMED, "version 3", version3),
                bad(Refusal.MALFORMED, "an unknown command", command),
                bad(Refusal.MALFORMED, "an unknown family", family),
                bad(Refusal.MALFORMED, "too short for IPv4", ProxyHeader.version2(PROXY, TCP4, new byte[11])),
                bad(Refusal.MALFORMED, "too short for IPv6", ProxyHeader.version2(PROXY, TCP6, new byte[35])),
                bad(Refusal.MALFORMED, "too short for Unix", ProxyHeader.version2(PROXY, UNIX, new byte[215])),
                bad(Refusal.MALFORMED, "a broken extension", ProxyHeader.version2(CLIENT4, SERVER4, brokenExtension)),
                bad(
                        Refusal.TOO_LONG,
                        "too long by one byte",
                        Arrays.copyOf(ProxyHeader.version2(PROXY, TCP4, new byte[4096 - 16 + 1]), 16)),
                bad(
                        Refusal.TOO_LONG,
                        "the longest",
                        Arrays.copyOf(ProxyHeader.version2(PROXY, TCP4, new byte[65535]), 16)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("badOnes")
    void whatIsNoHeaderIsRefusedAndTheNextOneIsRead(Refusal why, String name, byte[] bytes) {
        assertEquals(new Refused(why), parser.parse(bytes, bytes.length));
        byte[] good = ProxyHeader.version2(CLIENT6, SERVER6);
        assertEquals(new Header(good.length, told(CLIENT6, SERVER6)), parser.parse(good, good.length));
    }

    @Test
    void whatCannotBecomeAHeaderIsRefusedAtOnce() {
        assertEquals(new Refused(Refusal.NO_HEADER), parser.parse(text("G"), 1));
        assertEquals(new Refused(Refusal.NO_HEADER), parser.parse(text("PO"), 2));
        assertEquals(new Refused(Refusal.NO_HEADER), parser.parse(text("\r\n\r\nG"), 5));
    }
}
