package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.TlsOptions.Password;
import dev.supervisor.TlsOptions.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TlsAssignmentTest {

    private static final Path APP = Path.of("app.jar");

    /** Makes options of a command line such as {@code socket https::0 cert c.pem key k.pem}. */
    private static Map<String, TlsOptions> assign(String line) {
        SupervisorOptions.Builder options = SupervisorOptions.builder(APP);
        String[] words = line.split(" ");
        for (int i = 0; i < words.length; i += 2) {
            String value = words[i + 1];
            switch (words[i]) {
                case "socket" -> options.socket(value);
                case "cert" -> options.cert(value);
                case "key" -> options.key(value);
                case "password" -> options.certPassword(value);
                case "ca" -> options.clientCa(value);
                case "alpn" -> options.alpn(value);
                case "provider" -> options.tlsProvider(value);
                case "check" -> options.check(value.replace('_', ' '));
                default -> throw new IllegalArgumentException(words[i]);
            }
        }
        return options.build().tls();
    }

    private static TlsOptions one(String line) {
        Map<String, TlsOptions> assigned = assign(line);
        assertEquals(1, assigned.size());
        return assigned.values().iterator().next();
    }

    private static TlsOptions of(Map<String, TlsOptions> assigned, String name) {
        return Objects.requireNonNull(assigned.get(name));
    }

    private static Source pem(String certificate, String key) {
        return new Source.Pem(Path.of(certificate), Path.of(key));
    }

    @Test
    void theNthKeyBelongsToTheNthCertificateThatNeedsOne() {
        TlsOptions tls = one("socket https::0 cert a.pem cert s.p12 cert dev cert b.pem key a.key key b.key");
        assertEquals(
                List.of(
                        pem("a.pem", "a.key"),
                        new Source.Store(Path.of("s.p12")),
                        new Source.Development(),
                        pem("b.pem", "b.key")),
                tls.sources());
        assertEquals(List.of("http/1.1"), tls.protocols());
        assertEquals(Optional.empty(), tls.provider());
    }

    @Test
    void certificatesWithANameAreForThatSocketOnly() {
        Map<String, TlsOptions> tls = assign("socket https::0 socket api=https::0 socket mqtt=tls::0 socket http::0"
                + " cert a.pem key a.key cert api=b.pem key api=b.key cert mqtt=dev ca mqtt=c.pem alpn mqtt=mqtt"
                + " alpn h2,http/1.1 provider jdk password env:P password api=file:p");
        assertEquals(Set.of("https", "api", "mqtt"), tls.keySet());
        assertEquals(List.of(pem("a.pem", "a.key")), of(tls, "https").sources());
        assertEquals(List.of(pem("b.pem", "b.key")), of(tls, "api").sources());
        assertEquals(List.of(new Source.Development()), of(tls, "mqtt").sources());
        assertEquals(List.of("h2", "http/1.1"), of(tls, "api").protocols());
        assertEquals(List.of("mqtt"), of(tls, "mqtt").protocols());
        assertEquals(Optional.empty(), of(tls, "api").clientCas());
        assertEquals(Optional.of(Path.of("c.pem")), of(tls, "mqtt").clientCas());
        assertEquals(List.of(new Password.OfVariable("P")), of(tls, "https").passwords());
        assertEquals(List.of(new Password.OfFile(Path.of("p"))), of(tls, "api").passwords());
        assertEquals(Optional.of(TlsOptions.Provider.JDK), of(tls, "api").provider());
    }

    @Test
    void anHttpsSocketWithoutACertificateStaysTheApplications() {
        assertEquals(Set.of(), assign("socket https::0").keySet());
        assertEquals(
                Set.of("a"),
                assign("socket https::0 socket a=https::0 cert a=dev").keySet());
    }

    @Test
    void nothingIsOfferedOnATlsSocket() {
        assertEquals(List.of(), one("socket tls::0 cert dev").protocols());
    }

    @Test
    void whereTheSupervisorEndsTlsChecksCanAsk() {
        assertFalse(assign("socket https::0 cert dev check GET_/").isEmpty());
        assertThrows(SupervisorException.class, () -> assign("socket https::0 check GET_/"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            socket tls::0                                             | the socket 'tls' (tls::127.0.0.1:0) has no certificate: add <cert> FILE <key> FILE
            socket https::0 cert a.pem                                | <cert> a.pem has no key
            socket https::0 cert a.pem key k key l                    | <key> l has no certificate
            socket https::0 cert dev key k                            | <key> k has no certificate
            socket https::0 key k                                     | <key> k has no certificate
            socket https::0 ca c                                      | <clientCa> needs a certificate
            socket https::0 provider jdk                              | <tlsProvider> needs a certificate
            socket http::0 cert dev                                   | there is none: add <socket> https::8443
            socket http::0 cert http=dev                              | 'http' is a socket of http, without TLS
            socket https::0 cert nope=dev                             | there is no socket 'nope', but https
            socket https::0 socket a=https::0 cert a=dev key k        | <key> k has no certificate
            socket a=https::0 cert a=dev cert dev                     | <cert> dev is for no socket
            socket a=https::0 socket b=https::0 cert a=dev ca b=c     | the socket 'b' has <clientCa>, but no certificate
            socket a=https::0 cert c.pem key a=k                      | has a key of its own, but no certificate
            socket tls::0 cert dev alpn h2                            | <alpn> h2 is for no socket: without a name
            socket https::0 cert dev alpn h2,,x                       | expected names with commas between
            socket https::0 cert dev ca a ca b                        | has <clientCa> 2 times
            socket https::0 cert dev password secret                  | <certPassword> must be file:FILE
            socket https::0 cert dev provider gnutls                  | <tlsProvider> is 'gnutls'
            socket https::0 cert a=                                   | has no value
            """)
    void whatMakesNoSenseIsRefused(String line, String expected) {
        SupervisorException e = assertThrows(SupervisorException.class, () -> assign(line));
        String message = e.message(option -> "<" + option.key() + ">");
        assertTrue(message.contains(expected), message);
        assertFalse(message.contains("secret"), message);
    }
}
