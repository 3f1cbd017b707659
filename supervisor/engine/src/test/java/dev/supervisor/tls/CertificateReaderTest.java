package dev.supervisor.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.supervisor.SupervisorException;
import dev.supervisor.TlsOptions.Password;
import dev.supervisor.TlsOptions.Source;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CertificateReaderTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private X509Bundle authority;

    @SuppressWarnings("NullAway.Init")
    private X509Bundle good;

    @BeforeEach
    void makeKeys() throws Exception {
        authority = TestKeys.authority("An Authority");
        good = TestKeys.write(
                directory,
                "good",
                TestKeys.of("good.example", "www.good.example").buildIssuedBy(authority));
    }

    private Path write(String name, String text) throws Exception {
        return Files.writeString(directory.resolve(name), text);
    }

    private CertifiedKey read(String certificate, String key) {
        return read(new Source.Pem(directory.resolve(certificate), directory.resolve(key)), List.of())
                .get(0);
    }

    private List<CertifiedKey> read(Source source, List<Password> passwords) {
        List<Path> files = new ArrayList<>();
        if (source instanceof Source.Pem pem) {
            files.addAll(List.of(pem.certificate(), pem.key()));
        } else if (source instanceof Source.Store store) {
            files.add(store.file());
        }
        passwords.forEach(password -> {
            if (password instanceof Password.OfFile inFile) {
                files.add(inFile.file());
            }
        });
        return new CertificateReader(FileContents.read(files), Map.of("PASSWORD", "secret")::get)
                .read(source, passwords);
    }

    private void assertRefused(String certificate, String key, String... parts) {
        String message = String.valueOf(assertThrows(SupervisorException.class, () -> read(certificate, key))
                .getMessage());
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "'" + part + "' in: " + message);
        }
    }

    @Test
    void readsAChainAndItsKey() {
        CertifiedKey read = read("good.pem", "good.key");
        assertEquals(good.getKeyPair().getPrivate(), read.key());
        assertEquals(good.getCertificate(), read.chain().get(0));
        assertEquals(List.of("good.example", "www.good.example"), read.names());
    }

    @Test
    void readsTheIssuersBehindTheCertificateAndTextBetween() throws Exception {
        write(
                "chain.pem",
                "subject=good\r\n" + good.getCertificatePEM().replace("\n", "\r\n") + "\nissuer\n"
                        + authority.getCertificatePEM());
        assertEquals(
                List.of(good.getCertificate(), authority.getCertificate()),
                read("chain.pem", "good.key").chain());
    }

    @Test
    void oneFileCanHoldBoth() throws Exception {
        write("both.pem", good.getPrivateKeyPEM() + "\n" + good.getCertificatePEM());
        assertEquals(
                good.getKeyPair().getPrivate(), read("both.pem", "both.pem").key());
    }

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"ecp256", "ecp384", "rsa2048", "rsa3072"})
    void readsKeysOfOldForms(Algorithm algorithm) throws Exception {
        X509Bundle bundle = TestKeys.write(
                directory, "old", TestKeys.of("old").algorithm(algorithm).buildIssuedBy(authority));
        boolean isEc = algorithm.name().startsWith("ec");
        String parameters = isEc ? TestKeys.pem("EC PARAMETERS", new byte[] {6, 1, 0}) : "";
        write(
                "old-form.key",
                parameters + TestKeys.pem(isEc ? "EC PRIVATE KEY" : "RSA PRIVATE KEY", TestKeys.inOldForm(bundle)));
        assertEquals(
                bundle.getKeyPair().getPrivate(),
                read("old.pem", "old-form.key").key());
    }

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"ecp256", "ecp384", "rsa2048"})
    void aKeyOfAnotherCertificateIsRefused(Algorithm algorithm) throws Exception {
        X509Bundle other = TestKeys.write(
                directory, "other", TestKeys.of("other").algorithm(algorithm).buildIssuedBy(authority));
        assertRefused("good.pem", "other.key", "'" + directory.resolve("other.key") + "' does not belong to", "good");
        boolean isEc = algorithm.name().startsWith("ec");
        write("other.key", TestKeys.pem(isEc ? "EC PRIVATE KEY" : "RSA PRIVATE KEY", TestKeys.inOldForm(other)));
        assertRefused("good.pem", "other.key", "does not belong to");
    }

    @Test
    void filesThatCanNotBeReadAreNamed() throws Exception {
        write("empty", "");
        Files.createSymbolicLink(directory.resolve("dangling"), directory.resolve("nowhere"));
        assertRefused("none.pem", "good.key", "can't read the certificate", "none.pem", "there is no such file");
        assertRefused("good.pem", "none.key", "can't read the private key", "none.key", "there is no such file");
        assertRefused("dangling", "good.key", "a link that leads nowhere");
        assertRefused("empty", "good.key", "it is empty");
        assertRefused("good.pem", "empty", "it is empty");
        assertRefused(".", "good.key", "it is a directory");
        assertRefused("good.pem", ".", "it is a directory");
        Files.write(directory.resolve("huge"), new byte[2 << 20]);
        assertRefused("huge", "good.key", "2097152 bytes");
    }

    @Test
    void aFileWithoutPermissionSaysWhoMustReadIt() throws Exception {
        Path key = directory.resolve("good.key");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(key), "as root, everything can be read");
        assertRefused("good.pem", "good.key", "permission denied", System.getProperty("user.name"));
    }

    @Test
    void filesThatAreCutOffOrDamagedAreRefused() throws Exception {
        String certificate = good.getCertificatePEM();
        String key = good.getPrivateKeyPEM();
        write("cut.pem", certificate.substring(0, certificate.length() / 2));
        write("cut.key", key.substring(0, key.length() / 2));
        assertRefused("cut.pem", "good.key", "is cut off", "line 1 begins a CERTIFICATE");
        assertRefused("good.pem", "cut.key", "is cut off", "line 1 begins a PRIVATE KEY");
        write("cut2.pem", certificate + certificate.substring(0, certificate.length() / 2));
        assertRefused("cut2.pem", "good.key", "is cut off");
        write("damaged.pem", certificate.replaceFirst("\n....", "\n!!!!"));
        assertRefused("damaged.pem", "good.key", "is damaged", "base64");
        byte[] der = good.getCertificate().getEncoded();
        der[8] ^= 0x55;
        write("damaged.pem", TestKeys.pem("CERTIFICATE", der));
        assertRefused("damaged.pem", "good.key", "certificate 1 in", "is damaged", "openssl x509");
        byte[] keyDer = good.getKeyPair().getPrivate().getEncoded();
        keyDer[3] ^= 0x55;
        write("damaged.key", TestKeys.pem("PRIVATE KEY", keyDer));
        assertRefused("good.pem", "damaged.key", "is damaged", "openssl pkey");
        write("damaged.key", TestKeys.pem("EC PRIVATE KEY", new byte[] {48}));
        assertRefused("good.pem", "damaged.key", "is damaged");
    }

    @Test
    void otherFormsAreRefusedWithTheCommandThatConvertsThem() throws Exception {
        Files.write(directory.resolve("c.der"), good.getCertificate().getEncoded());
        Files.write(directory.resolve("k.der"), good.getKeyPair().getPrivate().getEncoded());
        store("it's.pem", "secret", "PKCS12");
        write("text", "hello");
        assertRefused("c.der", "good.key", "openssl x509 -inform der -in " + directory.resolve("c.der"));
        assertRefused("good.pem", "k.der", "openssl pkey -inform der -in " + directory.resolve("k.der"));
        assertRefused("it's.pem", "good.key", "store of PKCS#12", "ends with .p12");
        assertRefused("text", "good.key", "no line with -----BEGIN");
    }

    @Test
    void oneFileInThePlaceOfTheOtherIsRefused() throws Exception {
        write("request", TestKeys.pem("CERTIFICATE REQUEST", new byte[] {48, 0}));
        write("public", TestKeys.pem("PUBLIC KEY", new byte[] {48, 0}));
        assertRefused("good.key", "good.key", "no certificate in", "it is a private key");
        assertRefused("good.pem", "good.pem", "no private key in", "it is a certificate");
        assertRefused("request", "good.key", "has to sign");
        assertRefused("good.pem", "request", "CERTIFICATE REQUEST, and PRIVATE KEY is expected");
        assertRefused("good.pem", "public", "PUBLIC KEY, and PRIVATE KEY is expected");
    }

    @Test
    void encryptedKeysAreRefusedWithTheCommandThatDecryptsThem() throws Exception {
        write("enc 1", TestKeys.pem("ENCRYPTED PRIVATE KEY", new byte[] {48, 0}));
        write(
                "enc2",
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,"
                        + "0011223344556677889900AABBCCDDEE\n\nMAA=\n-----END RSA PRIVATE KEY-----\n");
        assertRefused("good.pem", "enc 1", "openssl pkcs8 -topk8 -nocrypt -in '" + directory.resolve("enc 1") + "'");
        assertRefused("good.pem", "enc2", "is encrypted", "openssl pkcs8 -topk8 -nocrypt -in");
    }

    @Test
    void twoKeysAreRefused() throws Exception {
        write("two.key", good.getPrivateKeyPEM() + "\n" + authority.getPrivateKeyPEM());
        assertRefused("good.pem", "two.key", "there are 2 private keys in");
    }

    @Test
    void aChainInTheWrongOrderIsRefused() throws Exception {
        write("turned.pem", authority.getCertificatePEM() + good.getCertificatePEM());
        assertRefused("turned.pem", "good.key", "wrong order", "the key belongs to certificate 2");
        write(
                "foreign.pem",
                good.getCertificatePEM() + TestKeys.authority("Another").getCertificatePEM());
        assertRefused("foreign.pem", "good.key", "wrong order", "certificate 2, of another, has not issued");
        write(
                "impostor.pem",
                good.getCertificatePEM() + TestKeys.authority("An Authority").getCertificatePEM());
        assertRefused("impostor.pem", "good.key", "wrong order");
    }

    @Test
    void keysThatBrowsersDoNotKnowAreRefused() throws Exception {
        TestKeys.write(
                directory, "ed", TestKeys.of("ed").algorithm(Algorithm.ed25519).buildIssuedBy(authority));
        assertRefused("ed.pem", "ed.key", "EC or RSA");
    }

    private Path store(String name, String password, String type) throws Exception {
        KeyStore store = KeyStore.getInstance(type);
        store.load(null, null);
        store.setKeyEntry(
                "one", good.getKeyPair().getPrivate(), password.toCharArray(), good.getCertificatePathWithRoot());
        Path file = directory.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password.toCharArray());
        }
        return file;
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(strings = {"PKCS12", "JKS"})
    void readsAStoreByAPasswordOfAFileOrAVariable(String type) throws Exception {
        Source store = new Source.Store(store("store.p12", "secret", type));
        Password wrong = new Password.OfFile(write("wrong", "guess\n"));
        Password right = new Password.OfFile(write("right", "secret\nanother line\n"));
        assertEquals(
                good.getKeyPair().getPrivate(),
                read(store, List.of(wrong, right)).get(0).key());
        assertEquals(
                good.getCertificate(),
                read(store, List.of(new Password.OfVariable("PASSWORD")))
                        .get(0)
                        .chain()
                        .get(0));
    }

    @Test
    void readsAStoreWithoutAPassword() throws Exception {
        assertEquals(
                good.getCertificate(),
                read(new Source.Store(store("store.p12", "", "PKCS12")), List.of())
                        .get(0)
                        .chain()
                        .get(0));
    }

    @Test
    void storesThatCanNotBeUsedAreRefused() throws Exception {
        Source store = new Source.Store(store("store.p12", "secret", "PKCS12"));
        Password wrong = new Password.OfFile(write("wrong", "guess"));
        assertStoreRefused(store, List.of(), "it has a password, or is damaged");
        assertStoreRefused(store, List.of(wrong), "no password of", "fits");
        assertStoreRefused(store, List.of(new Password.OfVariable("NONE")), "no such environment variable");
        assertStoreRefused(new Source.Store(directory.resolve("none.p12")), List.of(), "there is no such file");
        assertStoreRefused(new Source.Store(directory.resolve("good.pem")), List.of(), "can't open the store");
        KeyStore empty = KeyStore.getInstance("PKCS12");
        empty.load(null, null);
        empty.setCertificateEntry("trusted", authority.getCertificate());
        try (OutputStream out = Files.newOutputStream(directory.resolve("empty.p12"))) {
            empty.store(out, new char[0]);
        }
        assertStoreRefused(
                new Source.Store(directory.resolve("empty.p12")), List.of(), "no private key with a certificate");
    }

    private void assertStoreRefused(Source source, List<Password> passwords, String... parts) {
        String message = String.valueOf(assertThrows(SupervisorException.class, () -> read(source, passwords))
                .getMessage());
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "'" + part + "' in: " + message);
        }
    }
}
