package dev.supervisor.tls;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Event;
import dev.supervisor.OptionKey;
import dev.supervisor.SupervisorException;
import dev.supervisor.TlsOptions;
import dev.supervisor.TlsOptions.Source;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CertificatesTest {

    private static final String SOCKET = "web";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    @SuppressWarnings("NullAway.Init")
    private X509Bundle authority;

    @BeforeEach
    void makeAuthority() throws Exception {
        authority = TestKeys.authority("An Authority");
    }

    private X509Bundle write(Path in, String name) throws Exception {
        Files.createDirectories(in);
        return TestKeys.write(in, "web", TestKeys.of(name).buildIssuedBy(authority));
    }

    private Certificates open(Path in) {
        return open(in, Optional.empty());
    }

    private Certificates open(Path in, Optional<Path> clientCas) {
        TlsOptions options = new TlsOptions(
                List.of(new Source.Pem(in.resolve("web.pem"), in.resolve("web.key"))),
                List.of(),
                clientCas,
                List.of("http/1.1"),
                Optional.of(TlsOptions.Provider.JDK));
        Certificates certificates = Certificates.open(
                Map.of(SOCKET, options), events::add, message -> OptionKey.render(message, OptionKey::key));
        certificates.start();
        return certificates;
    }

    private <E extends Event> E await(Class<E> type) throws Exception {
        Event event = events.poll(30, TimeUnit.SECONDS);
        assertNotNull(event, "an event");
        return type.cast(event);
    }

    /** Skips refusals: on a machine that does much else, two files may be written too far apart for the patience. */
    private void awaitLoaded(String name) throws Exception {
        Event event = await(Event.class);
        while (event instanceof Event.CertificatesRefused) {
            event = await(Event.class);
        }
        Event.CertificatesLoaded loaded = (Event.CertificatesLoaded) event;
        assertEquals(List.of(name), loaded.tls().certificates().get(0).names());
    }

    private static X509Certificate used(Certificates certificates) throws Exception {
        return Handshake.of(certificates.engines(SOCKET).orElseThrow().newEngine(), Handshake.Client.ANY)
                .certificate();
    }

    private void assertReloaded(Certificates certificates, X509Bundle expected, String name) throws Exception {
        awaitLoaded(name);
        assertEquals(expected.getCertificate(), used(certificates));
        assertEquals(
                List.of(name),
                certificates.status(SOCKET).orElseThrow().certificates().get(0).names());
        assertTrue(events.isEmpty(), events::toString);
    }

    @Test
    void filesThatAreWrittenInPlaceAreReadAgain() throws Exception {
        write(directory, "one");
        try (Certificates certificates = open(directory)) {
            awaitLoaded("one");
            assertReloaded(certificates, write(directory, "two"), "two");
        }
    }

    @Test
    void filesThatAreRenamedAreReadAgain() throws Exception {
        write(directory, "one");
        try (Certificates certificates = open(directory)) {
            awaitLoaded("one");
            X509Bundle next = write(directory.resolve("new"), "two");
            for (String file : List.of("web.pem", "web.key")) {
                Files.move(
                        directory.resolve("new").resolve(file), directory.resolve(file), ATOMIC_MOVE, REPLACE_EXISTING);
            }
            assertReloaded(certificates, next, "two");
        }
    }

    @Test
    void aDirectoryThatTakesThePlaceOfAnotherIsReadAgain() throws Exception {
        Path certs = directory.resolve("certs");
        write(certs, "one");
        X509Bundle next = write(directory.resolve("new"), "two");
        try (Certificates certificates = open(certs)) {
            awaitLoaded("one");
            Files.move(certs, directory.resolve("old"));
            Files.move(directory.resolve("new"), certs);
            assertReloaded(certificates, next, "two");
        }
    }

    /** A volume of Kubernetes: each file is a link through the link {@code ..data}, which alone is replaced. */
    @Test
    void theDataLinkOfKubernetesIsFollowed() throws Exception {
        write(directory.resolve("..2026_01"), "one");
        Files.createSymbolicLink(directory.resolve("..data"), Path.of("..2026_01"));
        for (String file : List.of("web.pem", "web.key")) {
            Files.createSymbolicLink(directory.resolve(file), Path.of("..data", file));
        }
        try (Certificates certificates = open(directory)) {
            awaitLoaded("one");
            X509Bundle next = write(directory.resolve("..2026_02"), "two");
            Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of("..2026_02"));
            Files.move(directory.resolve("..data_tmp"), directory.resolve("..data"), ATOMIC_MOVE, REPLACE_EXISTING);
            Files.delete(directory.resolve("..2026_01/web.pem"));
            Files.delete(directory.resolve("..2026_01/web.key"));
            assertReloaded(certificates, next, "two");
        }
    }

    /** What certbot makes: live/web.pem is a link to archive/web1.pem, then to archive/web2.pem. */
    @Test
    void theLinksOfCertbotAreFollowed() throws Exception {
        Path live = Files.createDirectory(directory.resolve("live"));
        write(directory.resolve("archive1"), "one");
        link(live, "archive1");
        try (Certificates certificates = open(live)) {
            awaitLoaded("one");
            X509Bundle next = write(directory.resolve("archive2"), "two");
            link(live, "archive2");
            assertReloaded(certificates, next, "two");
        }
    }

    private static void link(Path live, String archive) throws Exception {
        for (String file : List.of("web.pem", "web.key")) {
            Files.deleteIfExists(live.resolve(file));
            Files.createSymbolicLink(live.resolve(file), Path.of("..", archive, file));
        }
    }

    @Test
    void aPairThatDoesNotFitIsRefusedOnceAndTheFormerOneStays() throws Exception {
        X509Bundle first = write(directory, "one");
        X509Bundle second = TestKeys.of("two").buildIssuedBy(authority);
        try (Certificates certificates = open(directory)) {
            awaitLoaded("one");
            Files.writeString(directory.resolve("web.pem"), second.getCertificatePathPEM());
            Event.CertificatesRefused refused = await(Event.CertificatesRefused.class);
            assertEquals(SOCKET, refused.listener());
            assertTrue(refused.why().contains("does not belong to the certificate"), refused::why);
            assertEquals(first.getCertificate(), used(certificates));
            Files.writeString(directory.resolve("web.key"), second.getPrivateKeyPEM());
            assertReloaded(certificates, second, "two");
        }
    }

    @Test
    void filesThatVanishAreRefusedAndTheFormerOnesStay() throws Exception {
        X509Bundle first = write(directory, "one");
        try (Certificates certificates = open(directory)) {
            awaitLoaded("one");
            Files.delete(directory.resolve("web.key"));
            String why = await(Event.CertificatesRefused.class).why();
            assertTrue(why.contains("web.key") && why.contains("no such file"), why);
            assertEquals(first.getCertificate(), used(certificates));
            assertReloaded(certificates, write(directory, "two"), "two");
        }
    }

    @Test
    void authoritiesOfClientsAreReadAgain() throws Exception {
        write(directory, "one");
        Path clients = directory.resolve("clients.pem");
        Files.writeString(clients, TestKeys.authority("Former").getCertificatePEM());
        X509Bundle next = TestKeys.authority("Next");
        Handshake.Client client = Handshake.Client.ANY.with(TestKeys.of("client")
                .addExtendedKeyUsageClientAuth()
                .buildIssuedBy(next)
                .toKeyManagerFactory());
        try (Certificates certificates = open(directory, Optional.of(clients))) {
            awaitLoaded("one");
            var engines = certificates.engines(SOCKET).orElseThrow();
            assertThrows(javax.net.ssl.SSLException.class, () -> Handshake.of(engines.newEngine(), client));
            Files.writeString(clients, next.getCertificatePEM());
            awaitLoaded("one");
            assertEquals("TLSv1.3", Handshake.of(engines.newEngine(), client).protocol());
        }
    }

    @Test
    void oneThatHasExpiredOrIsNotValidYetIsUsedWithAWarning() throws Exception {
        Instant now = Instant.now();
        TestKeys.write(
                directory,
                "web",
                TestKeys.of("late")
                        .notBefore(now.minus(Duration.ofDays(9)))
                        .notAfter(now.minus(Duration.ofDays(2)))
                        .buildIssuedBy(authority));
        try (Certificates certificates = open(directory)) {
            awaitLoaded("late");
            Event.CertificateExpires expires = await(Event.CertificateExpires.class);
            assertEquals(-2, expires.left().toDays());
            TestKeys.write(
                    directory,
                    "web",
                    TestKeys.of("early")
                            .notBefore(now.plus(Duration.ofDays(2)))
                            .notAfter(now.plus(Duration.ofDays(90)))
                            .buildIssuedBy(authority));
            awaitLoaded("early");
            assertEquals(List.of("early"), CertificateNames.of(used(certificates)));
            assertTrue(await(Event.CertificateExpires.class)
                    .certificate()
                    .notBefore()
                    .isAfter(now));
        }
    }

    @Test
    void whatCanNotBeUsedAtTheStartIsAnError() {
        SupervisorException e = assertThrows(SupervisorException.class, () -> open(directory));
        assertTrue(String.valueOf(e.getMessage()).contains("web.pem"), e::getMessage);
    }
}
