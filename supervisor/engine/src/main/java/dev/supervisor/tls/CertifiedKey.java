package dev.supervisor.tls;

import dev.supervisor.Status;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A key with the certificate that belongs to it.
 *
 * @param chain the certificate, and behind it those that have issued it
 * @param names of its hosts and addresses
 * @param file where the certificate is
 */
record CertifiedKey(PrivateKey key, List<X509Certificate> chain, List<String> names, Path file) {

    CertifiedKey {
        chain = List.copyOf(chain);
        names = List.copyOf(names);
    }

    static CertifiedKey of(PrivateKey key, List<X509Certificate> chain, Path file) {
        return new CertifiedKey(key, chain, CertificateNames.of(chain.get(0)), file);
    }

    Status.Certificate status() {
        X509Certificate certificate = chain.get(0);
        return new Status.Certificate(
                names,
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant(),
                file);
    }
}
