package dev.supervisor.tls;

import dev.supervisor.OptionKey;
import dev.supervisor.SupervisorException;
import dev.supervisor.TlsOptions.Password;
import dev.supervisor.TlsOptions.Source;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads certificates with their keys, and checks that they belong together: an engine would find that out by the first
 * client's handshake only.
 */
final class CertificateReader {

    private static final String WHAT = "certificate";
    private static final Set<String> LABELS = Set.of("CERTIFICATE", "X509 CERTIFICATE");

    private final FileContents contents;
    private final UnaryOperator<@Nullable String> environment;

    /** @param environment returns the values of variables */
    CertificateReader(FileContents contents, UnaryOperator<@Nullable String> environment) {
        this.contents = contents;
        this.environment = environment;
    }

    /** @throws SupervisorException that names the file that can't be used */
    List<CertifiedKey> read(Source source, List<Password> passwords) {
        if (source instanceof Source.Pem pem) {
            return List.of(read(pem));
        }
        if (source instanceof Source.Store store) {
            return read(store.file(), passwords);
        }
        throw new IllegalArgumentException("no file: " + source);
    }

    private CertifiedKey read(Source.Pem files) {
        List<X509Certificate> chain = certificates(files.certificate());
        KeyFile file = KeyFile.read(files.key(), contents);
        checkAlgorithm(chain.get(0), files.certificate());
        Optional<PrivateKey> key = file.of(chain.get(0).getPublicKey());
        if (key.isEmpty()) {
            throw notBelonging(files, chain, file);
        }
        checkOrder(chain, files.certificate());
        return CertifiedKey.of(key.get(), chain, files.certificate());
    }

    private static SupervisorException notBelonging(Source.Pem files, List<X509Certificate> chain, KeyFile file) {
        for (int i = 1; i < chain.size(); i++) {
            if (KeyFile.ALGORITHMS.contains(chain.get(i).getPublicKey().getAlgorithm())
                    && file.of(chain.get(i).getPublicKey()).isPresent()) {
                return wrongOrder(files.certificate(), "the key belongs to certificate " + (i + 1));
            }
        }
        return new SupervisorException("the key '" + files.key() + "' does not belong to the certificate '"
                + files.certificate() + "' of " + describe(chain.get(0))
                + " (was one of them replaced without the other? both are read again when either changes)");
    }

    private static SupervisorException wrongOrder(Path file, String why) {
        return new SupervisorException("the certificates in '" + file + "' are in the wrong order: " + why
                + " (the server's must be the first, and each one be issued by the one after it)");
    }

    private static void checkOrder(List<X509Certificate> chain, Path file) {
        for (int i = 0; i + 1 < chain.size(); i++) {
            X509Certificate issued = chain.get(i);
            X509Certificate issuer = chain.get(i + 1);
            if (!isIssuedBy(issued, issuer)) {
                throw wrongOrder(
                        file,
                        "certificate " + (i + 2) + ", of " + describe(issuer) + ", has not issued certificate "
                                + (i + 1) + ", of " + describe(issued));
            }
        }
    }

    private static boolean isIssuedBy(X509Certificate issued, X509Certificate issuer) {
        if (!issued.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            return false;
        }
        try {
            issued.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static void checkAlgorithm(X509Certificate certificate, Path file) {
        String algorithm = certificate.getPublicKey().getAlgorithm();
        if (!KeyFile.ALGORITHMS.contains(algorithm)) {
            throw new SupervisorException("the certificate '" + file + "' has a key of " + algorithm
                    + ", which browsers do not know: use one of EC or RSA");
        }
    }

    private static String describe(X509Certificate certificate) {
        List<String> names = CertificateNames.of(certificate);
        return names.isEmpty() ? certificate.getSubjectX500Principal().getName() : names.get(0);
    }

    /**
     * Reads certificates.
     *
     * @return at least one
     * @throws SupervisorException if there is none, or one is damaged
     */
    List<X509Certificate> certificates(Path file) {
        PemFile pem = PemFile.read(file, WHAT, contents);
        List<PemFile.Block> blocks = pem.of(LABELS);
        if (blocks.isEmpty()) {
            throw new SupervisorException("there is no certificate in '" + file + "': " + instead(pem));
        }
        List<X509Certificate> chain = new ArrayList<>();
        for (PemFile.Block block : blocks) {
            try {
                chain.add((X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(block.der())));
            } catch (CertificateException e) {
                throw new SupervisorException(
                        "certificate " + (chain.size() + 1) + " in '" + file + "' is damaged: " + e.getMessage()
                                + " (look at it: openssl x509 -noout -text -in " + ShellWord.of(file) + ")",
                        e);
            }
        }
        return chain;
    }

    private static String instead(PemFile pem) {
        if (pem.hasLabelWith("PRIVATE KEY")) {
            return "it is a private key (is it the file of " + OptionKey.KEY + "?)";
        }
        return pem.hasLabelWith("REQUEST")
                ? "it is a request for one, which an authority has to sign yet"
                : "it has " + pem.labels() + ", and CERTIFICATE is expected";
    }

    private List<CertifiedKey> read(Path file, List<Password> passwords) {
        byte[] bytes = contents.of(file, "store");
        List<char[]> candidates = new ArrayList<>();
        passwords.forEach(password -> candidates.add(value(password)));
        candidates.add(new char[0]);
        Exception failure = new IOException("no password");
        for (char[] password : candidates) {
            try {
                // The JDK reads JKS by this, too
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(new ByteArrayInputStream(bytes), password);
                return keysOf(store, password, file);
            } catch (IOException | GeneralSecurityException e) {
                failure = e;
            }
        }
        throw new SupervisorException(
                "can't open the store '" + file + "': "
                        + (passwords.isEmpty()
                                ? "it has a password, or is damaged (add " + OptionKey.CERT_PASSWORD + " file:FILE, or "
                                        + OptionKey.CERT_PASSWORD + " env:VARIABLE)"
                                : "no password of " + OptionKey.CERT_PASSWORD
                                        + " fits, or it is damaged (try: openssl pkcs12" + " -info -noout -in "
                                        + ShellWord.of(file) + ")"),
                failure);
    }

    private List<CertifiedKey> keysOf(KeyStore store, char[] password, Path file) throws GeneralSecurityException {
        List<CertifiedKey> keys = new ArrayList<>();
        for (String alias : Collections.list(store.aliases())) {
            Key key = store.getKey(alias, password);
            Certificate[] chain = store.getCertificateChain(alias);
            if (key instanceof PrivateKey own && chain != null) {
                List<X509Certificate> certificates = new ArrayList<>();
                for (Certificate certificate : chain) {
                    certificates.add((X509Certificate) certificate);
                }
                checkAlgorithm(certificates.get(0), file);
                if (!KeyFile.belong(own, certificates.get(0).getPublicKey())) {
                    throw new SupervisorException(
                            "in the store '" + file + "', the key '" + alias + "' does not belong to its certificate");
                }
                keys.add(CertifiedKey.of(own, certificates, file));
            }
        }
        if (keys.isEmpty()) {
            throw new SupervisorException("there is no private key with a certificate in the store '" + file
                    + "' (openssl pkcs12 -export -in cert.pem -inkey key.pem -out " + ShellWord.of(file) + ")");
        }
        return keys;
    }

    private char[] value(Password password) {
        if (password instanceof Password.OfFile inFile) {
            return new String(contents.of(inFile.file(), "password"), StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("")
                    .toCharArray();
        }
        String name = ((Password.OfVariable) password).name();
        String value = environment.apply(name);
        if (value == null) {
            throw new SupervisorException(
                    OptionKey.CERT_PASSWORD + " is env:" + name + ", and there is no such environment variable");
        }
        return value.toCharArray();
    }
}
