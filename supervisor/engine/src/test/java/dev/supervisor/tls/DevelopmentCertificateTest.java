package dev.supervisor.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SupervisorException;
import dev.supervisor.TlsOptions.Source;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DevelopmentCertificateTest {

    private static final List<String> NAMES = List.of("localhost", "*.localhost", "127.0.0.1", "::1", "box.example");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path home;

    @SuppressWarnings("NullAway.Init")
    private DevelopmentCertificate byKeytool;

    @BeforeEach
    void chooseDirectory() {
        byKeytool = new DevelopmentCertificate(home.resolve("data"), Issuer.keytool(), "box.example");
    }

    private static CertifiedKey read(Source.Pem files) {
        FileContents contents = FileContents.read(List.of(files.certificate(), files.key()));
        return new CertificateReader(contents, variable -> null)
                .read(files, List.of())
                .get(0);
    }

    private static String mode(Path file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void keytoolMakesAnAuthorityAndACertificateOnce() throws Exception {
        DevelopmentCertificate.Made made = byKeytool.make();
        CertifiedKey key = read(made.files());
        assertEquals(NAMES, key.names());
        assertEquals(2, key.chain().size());
        Path authority = made.authority().orElseThrow().certificate();
        FileContents contents = FileContents.read(List.of(authority));
        X509Certificate root = new CertificateReader(contents, variable -> null)
                .certificates(authority)
                .get(0);
        assertEquals(root, key.chain().get(1));
        assertEquals(0, root.getBasicConstraints());
        assertEquals(-1, key.chain().get(0).getBasicConstraints());
        assertEquals("rwx------", mode(home.resolve("data/keytool")));
        assertEquals("rw-------", mode(made.files().key()));
        assertEquals("rw-------", mode(authority.resolveSibling("ca.p12")));
        try (Stream<Path> left = Files.list(home.resolve("data/keytool"))) {
            assertTrue(left.noneMatch(file -> file.getFileName().toString().startsWith("new-")));
        }

        DevelopmentCertificate.Made again = byKeytool.make();
        assertEquals(Optional.empty(), again.authority());
        assertEquals(key.key(), read(again.files()).key());
    }

    @Test
    void oneThatExpiresSoonIsMadeAnewByTheSameAuthority() throws Exception {
        DevelopmentCertificate.Made made = byKeytool.make();
        X509Bundle old = TestKeys.of("localhost")
                .notAfter(Instant.now().plus(Duration.ofDays(20)))
                .buildIssuedBy(TestKeys.authority("x"));
        Files.writeString(made.files().certificate(), old.getCertificatePathPEM());
        Files.writeString(made.files().key(), old.getPrivateKeyPEM());
        DevelopmentCertificate.Made again = byKeytool.make();
        assertEquals(Optional.empty(), again.authority());
        assertEquals(NAMES, read(again.files()).names());
    }

    @Test
    void whatIsDamagedIsMadeAnew() throws Exception {
        DevelopmentCertificate.Made made = byKeytool.make();
        Files.writeString(made.files().key(), "");
        Files.writeString(made.authority().orElseThrow().certificate().resolveSibling("ca.p12"), "nonsense");
        DevelopmentCertificate.Made again = byKeytool.make();
        assertTrue(again.authority().isPresent());
        assertEquals(NAMES, read(again.files()).names());
    }

    @Test
    void severalAtATimeMakeOne() {
        List<CompletableFuture<DevelopmentCertificate.Made>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(CompletableFuture.supplyAsync(byKeytool::make));
        }
        List<DevelopmentCertificate.Made> made =
                all.stream().map(CompletableFuture::join).toList();
        assertEquals(
                1, made.stream().filter(each -> each.authority().isPresent()).count());
        made.forEach(each -> assertEquals(NAMES, read(each.files()).names()));
    }

    @Test
    void mkcertIsUsedIfItIsThere() throws Exception {
        X509Bundle bundle =
                TestKeys.write(home, "made", TestKeys.of("localhost").buildIssuedBy(TestKeys.authority("mkcert")));
        assertFalse(bundle.isCertificateAuthority());
        Path bin = Files.createDirectory(home.resolve("bin"));
        script(bin.resolve("mkcert"), """
                if [ "$1" = -CAROOT ]; then echo /authority/of/mkcert; exit; fi
                cp '%1$s/made.pem' "$2"; cp '%1$s/made.key' "$4"; shift 4; echo "$@" > '%1$s/arguments'
                """.formatted(home));
        Issuer issuer = Issuer.mkcert("/nowhere:" + bin).orElseThrow();
        DevelopmentCertificate.Made made = new DevelopmentCertificate(home.resolve("data"), issuer, "box").make();
        assertEquals("localhost *.localhost 127.0.0.1 ::1 box\n", Files.readString(home.resolve("arguments")));
        assertEquals(bundle.getKeyPair().getPrivate(), read(made.files()).key());
        assertTrue(made.authority().orElseThrow().mkcert());
        assertEquals(
                Path.of("/authority/of/mkcert/rootCA.pem"),
                made.authority().orElseThrow().certificate());
        assertEquals("rw-------", mode(made.files().key()));
    }

    private static void script(Path file, String text) throws Exception {
        Files.writeString(file, "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void aProgramThatFailsIsNamedWithWhatItSaid() throws Exception {
        Path bin = Files.createDirectory(home.resolve("bin"));
        script(bin.resolve("mkcert"), "echo no luck; echo today >&2; exit 3\n");
        Issuer issuer = Issuer.mkcert(bin.toString()).orElseThrow();
        DevelopmentCertificate failing = new DevelopmentCertificate(home.resolve("data"), issuer, "");
        String message = String.valueOf(
                assertThrows(SupervisorException.class, failing::make).getMessage());
        assertTrue(message.contains("exit code 3: no luck; today"), message);

        DevelopmentCertificate lacking = new DevelopmentCertificate(home.resolve("data"), new Issuer.Keytool(home), "");
        assertTrue(String.valueOf(
                        assertThrows(SupervisorException.class, lacking::make).getMessage())
                .contains("install mkcert"));
    }

    @Test
    void aDirectoryThatCanNotBeMadeIsNamed() throws Exception {
        Path file = Files.createFile(home.resolve("file"));
        DevelopmentCertificate failing = new DevelopmentCertificate(file, Issuer.keytool(), "");
        String message = String.valueOf(
                assertThrows(SupervisorException.class, failing::make).getMessage());
        assertTrue(message.contains("XDG_DATA_HOME"), message);
    }
}
