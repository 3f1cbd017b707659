package dev.supervisor.tls;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/** Certificates and keys for tests, and files of them. */
final class TestKeys {

    private TestKeys() {}

    static X509Bundle authority(String name) throws Exception {
        return new CertificateBuilder()
                .subject("CN=" + name)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    static CertificateBuilder of(String... names) {
        CertificateBuilder builder = new CertificateBuilder()
                .subject("CN=" + names[0])
                .notBefore(Instant.now().minus(Duration.ofDays(1)))
                .notAfter(Instant.now().plus(Duration.ofDays(90)));
        if (!names[0].startsWith("*")) { // the builder can't have one among the alternative names
            for (String name : names) {
                builder.addSanDnsName(name);
            }
        }
        return builder;
    }

    /** Writes a chain as {@code NAME.pem}, and the key as {@code NAME.key}. */
    static X509Bundle write(Path directory, String name, X509Bundle bundle) throws Exception {
        Files.writeString(directory.resolve(name + ".key"), bundle.getPrivateKeyPEM());
        Files.writeString(directory.resolve(name + ".pem"), bundle.getCertificatePathPEM());
        return bundle;
    }

    static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label
                + "-----\n";
    }

    /** Returns the key without the envelope of PKCS#8: in SEC1 for EC, in PKCS#1 for RSA. */
    static byte[] inOldForm(X509Bundle bundle) {
        byte[] inside = Der.content(bundle.getKeyPair().getPrivate().getEncoded());
        byte[] afterVersion = Arrays.copyOfRange(inside, Der.length(inside), inside.length);
        byte[] afterAlgorithm = Arrays.copyOfRange(afterVersion, Der.length(afterVersion), afterVersion.length);
        return Der.content(afterAlgorithm);
    }
}
