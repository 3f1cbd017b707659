package dev.supervisor.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.supervisor.TlsOptions;
import dev.supervisor.TlsOptions.Source;
import dev.supervisor.testing.Leaks;
import dev.supervisor.tls.Handshake.Client;
import io.netty.handler.ssl.OpenSsl;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.IllegalReferenceCountException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class EnginesTest {

    private static final List<String> HTTP = List.of("http/1.1");
    private static final Set<String> MODERN = Set.of("TLSv1.2", "TLSv1.3");
    private static final int AT_THE_SAME_TIME = 4;
    private static final int ROUNDS = 100;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private X509Bundle authority;

    @BeforeEach
    void makeAuthority() throws Exception {
        authority = TestKeys.authority("An Authority");
    }

    private X509Bundle write(String name, Algorithm algorithm, String... names) throws Exception {
        return TestKeys.write(
                directory, name, TestKeys.of(names).algorithm(algorithm).buildIssuedBy(authority));
    }

    private SocketTls tls(
            TlsOptions.Provider provider, List<String> alpn, Optional<Path> clientCa, String... certificates) {
        assumeTrue(
                provider == TlsOptions.Provider.JDK || OpenSsl.isAvailable(),
                "netty-tcnative has this platform's natives");
        List<Source> sources = List.of(certificates).stream()
                .<Source>map(name -> new Source.Pem(directory.resolve(name + ".pem"), directory.resolve(name + ".key")))
                .toList();
        TlsOptions options = new TlsOptions(sources, List.of(), clientCa, alpn, Optional.of(provider));
        return new SocketTls("web", options, EngineFactory.of(options.provider()));
    }

    private static Handshake shake(SocketTls tls, Client client) throws Exception {
        return Handshake.of(tls.newEngine(), client);
    }

    @ParameterizedTest
    @EnumSource
    void aClientGetsTheCertificateOfTheNameThatItAsksFor(TlsOptions.Provider provider) throws Exception {
        X509Bundle first = write("first", Algorithm.ecp256, "first.example");
        X509Bundle wild = write("wild", Algorithm.ecp256, "*.second.example");
        X509Bundle exact = write("exact", Algorithm.ecp256, "a.second.example");
        SocketTls tls = tls(provider, HTTP, Optional.empty(), "first", "wild", "exact");
        for (String version : MODERN) {
            Client client = Client.ANY.by(version);
            assertEquals(first.getCertificate(), shake(tls, client).certificate());
            assertEquals(
                    first.getCertificate(),
                    shake(tls, client.asking("first.example")).certificate());
            assertEquals(
                    wild.getCertificate(),
                    shake(tls, client.asking("b.SECOND.example")).certificate());
            assertEquals(
                    exact.getCertificate(),
                    shake(tls, client.asking("a.second.example")).certificate());
            assertEquals(
                    first.getCertificate(),
                    shake(tls, client.asking("a.b.second.example")).certificate());
            assertEquals(
                    first.getCertificate(),
                    shake(tls, client.asking("unknown.example")).certificate());
        }
    }

    /** Names of containers have underscores. The JDK's engine refuses them before any key is chosen. */
    @ParameterizedTest
    @EnumSource
    void aNameThatIsNoneOfAHostGetsTheFirstCertificateOrAnAlert(TlsOptions.Provider provider) throws Exception {
        X509Bundle first = write("first", Algorithm.ecp256, "first.example");
        write("second", Algorithm.ecp256, "second.example");
        SocketTls tls = tls(provider, HTTP, Optional.empty(), "first", "second");
        for (String name : List.of("my_app", "-", "a..b", "[::1]")) {
            if (provider == TlsOptions.Provider.OPENSSL) {
                assertEquals(
                        first.getCertificate(),
                        shake(tls, Client.ANY.asking(name)).certificate(),
                        name);
            } else {
                assertThrows(SSLException.class, () -> shake(tls, Client.ANY.asking(name)), name);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneNameCanHaveCertificatesOfTwoKindsOfKeys(TlsOptions.Provider provider) throws Exception {
        X509Bundle other = write("other", Algorithm.ecp256, "other");
        X509Bundle rsa = write("rsa", Algorithm.rsa2048, "both");
        X509Bundle ec = write("ec", Algorithm.ecp256, "both");
        SocketTls tls = tls(provider, HTTP, Optional.empty(), "other", "rsa", "ec");
        if (provider == TlsOptions.Provider.OPENSSL) {
            assertTrue(Runtime.version().feature() < 19
                    || shake(tls, Client.ANY.asking("both").signing("rsa_pss_rsae_sha256", "rsa_pkcs1_sha256"))
                            .certificate()
                            .equals(rsa.getCertificate()));
            assertEquals(
                    ec.getCertificate(), shake(tls, Client.ANY.asking("both")).certificate());
            return;
        }
        Client client = Client.ANY.by("TLSv1.2").asking("both");
        assertEquals(
                rsa.getCertificate(),
                shake(tls, client.withCiphers("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"))
                        .certificate());
        assertEquals(
                ec.getCertificate(),
                shake(tls, client.withCiphers("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"))
                        .certificate());
        assertEquals(
                List.of("both"),
                CertificateNames.of(
                        shake(tls, Client.ANY.by("TLSv1.3").asking("both")).certificate()));
        assertEquals(
                other.getCertificate(),
                shake(tls, Client.ANY.by("TLSv1.3").asking("other")).certificate());
    }

    @ParameterizedTest
    @EnumSource
    void aNameWithAnRsaKeyOnlyIsFoundByAClientThatPrefersEc(TlsOptions.Provider provider) throws Exception {
        write("ec", Algorithm.ecp256, "ec");
        X509Bundle rsa = write("rsa", Algorithm.rsa2048, "rsa");
        SocketTls tls = tls(provider, HTTP, Optional.empty(), "ec", "rsa");
        for (String version : MODERN) {
            assertEquals(
                    rsa.getCertificate(),
                    shake(tls, Client.ANY.by(version).asking("rsa")).certificate());
        }
    }

    @ParameterizedTest
    @EnumSource
    void alpnChoosesWhatTheServerPrefers(TlsOptions.Provider provider) throws Exception {
        write("a", Algorithm.ecp256, "a");
        SocketTls one = tls(provider, HTTP, Optional.empty(), "a");
        assertEquals(
                "http/1.1", shake(one, Client.ANY.offering("h2", "http/1.1")).applicationProtocol());
        assertEquals("", shake(one, Client.ANY.offering("h2")).applicationProtocol());
        assertEquals("", shake(one, Client.ANY).applicationProtocol());
        SocketTls two = tls(provider, List.of("h2", "http/1.1"), Optional.empty(), "a");
        assertEquals("h2", shake(two, Client.ANY.offering("http/1.1", "h2")).applicationProtocol());
        SocketTls none = tls(provider, List.of(), Optional.empty(), "a");
        assertEquals("", shake(none, Client.ANY.offering("h2", "http/1.1")).applicationProtocol());
    }

    @ParameterizedTest
    @EnumSource
    void onlyModernVersionsAndSuitesAreSpoken(TlsOptions.Provider provider) throws Exception {
        write("a", Algorithm.rsa2048, "a");
        SocketTls tls = tls(provider, HTTP, Optional.empty(), "a");
        assertEquals("TLSv1.3", shake(tls, Client.ANY).protocol());
        assertEquals("TLSv1.2", shake(tls, Client.ANY.by("TLSv1.2")).protocol());
        assertTrue(shake(tls, Client.ANY.by("TLSv1.2")).cipher().matches("TLS_ECDHE_RSA_WITH_AES_(128|256)_GCM_.*"));
        assertThrows(
                SSLException.class,
                () -> shake(tls, Client.ANY.by("TLSv1.2").withCiphers("TLS_RSA_WITH_AES_128_GCM_SHA256")));
        assertThrows(
                SSLException.class,
                () -> shake(tls, Client.ANY.by("TLSv1.2").withCiphers("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256")));
        List<String> enabled = List.of(tls.newEngine().getEnabledProtocols());
        assertFalse(enabled.contains("TLSv1") || enabled.contains("TLSv1.1"), enabled::toString);
    }

    @ParameterizedTest
    @EnumSource
    void keysAreExchangedOnEllipticCurvesOnly(TlsOptions.Provider provider) throws Exception {
        write("a", Algorithm.rsa2048, "a");
        SocketTls tls = tls(provider, HTTP, Optional.empty(), "a");
        for (String curve : List.of("x25519", "secp256r1", "secp384r1")) {
            assertEquals("TLSv1.3", shake(tls, Client.ANY.inGroup(curve)).protocol(), curve);
        }
        for (String field : List.of("ffdhe2048", "ffdhe8192")) {
            assertThrows(SSLException.class, () -> shake(tls, Client.ANY.inGroup(field)), field);
        }
    }

    @ParameterizedTest
    @EnumSource
    void clientsNeedACertificateOfTheAuthorityThatIsSet(TlsOptions.Provider provider) throws Exception {
        write("a", Algorithm.ecp256, "a");
        X509Bundle clients = TestKeys.write(directory, "ca", TestKeys.authority("Clients"));
        X509Bundle known = TestKeys.of("known").addExtendedKeyUsageClientAuth().buildIssuedBy(clients);
        X509Bundle stranger =
                TestKeys.of("known").addExtendedKeyUsageClientAuth().buildIssuedBy(TestKeys.authority("Clients"));
        SocketTls tls = tls(provider, HTTP, Optional.of(directory.resolve("ca.pem")), "a");
        for (String version : MODERN) {
            Client client = Client.ANY.by(version);
            assertEquals(
                    version,
                    shake(tls, client.with(known.toKeyManagerFactory())).protocol());
            assertThrows(SSLException.class, () -> shake(tls, client));
            assertThrows(SSLException.class, () -> shake(tls, client.with(stranger.toKeyManagerFactory())));
        }
    }

    /** Two first handshakes may race for the keys that the library parses. */
    @Test
    void handshakesAtTheSameTimeKeepNoKeys() throws Exception {
        write("a", Algorithm.ecp256, "a");
        try (Leaks leaks = Leaks.watch()) {
            CyclicBarrier start = new CyclicBarrier(AT_THE_SAME_TIME);
            ExecutorService clients = Executors.newFixedThreadPool(AT_THE_SAME_TIME);
            try {
                for (int round = 0; round < ROUNDS; round++) {
                    SocketTls tls = tls(TlsOptions.Provider.OPENSSL, HTTP, Optional.empty(), "a");
                    Callable<Handshake> handshake = () -> {
                        start.await();
                        return shake(tls, Client.ANY);
                    };
                    for (Future<Handshake> each : clients.invokeAll(Collections.nCopies(AT_THE_SAME_TIME, handshake))) {
                        assertEquals("TLSv1.3", each.get().protocol());
                    }
                    tls.release();
                }
            } finally {
                clients.shutdown();
            }
            assertEquals(List.of(), leaks.found());
        }
    }

    @Test
    void certificatesAreReleasedWithTheLastEngineThatUsesThem() throws Exception {
        write("a", Algorithm.ecp256, "a");
        SocketTls tls = tls(TlsOptions.Provider.OPENSSL, HTTP, Optional.empty(), "a");
        SSLEngine former = tls.newEngine();
        tls.load(FileContents.read(tls.files()));
        assertEquals("TLSv1.3", Handshake.of(former, Client.ANY).protocol());
        assertEquals("TLSv1.3", shake(tls, Client.ANY).protocol());
        SSLEngine last = tls.newEngine();
        tls.release();
        tls.release();
        assertEquals("TLSv1.3", Handshake.of(last, Client.ANY).protocol());
        assertThrows(IllegalReferenceCountException.class, tls::newEngine);
    }
}
