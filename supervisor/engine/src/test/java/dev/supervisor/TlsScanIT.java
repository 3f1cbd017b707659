package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.SameOnEveryJdk;
import dev.supervisor.testing.TlsKeys;
import dev.supervisor.testing.Tool;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A scanner finds what Mozilla's intermediate configuration allows, and nothing else. */
@SameOnEveryJdk
@Timeout(180)
class TlsScanIT {

    private static final Set<String> EXPECTED = Set.of(
            "TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLSv1.2 TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLSv1.2 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLSv1.2 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLSv1.2 TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLSv1.3 TLS_AKE_WITH_AES_128_GCM_SHA256",
            "TLSv1.3 TLS_AKE_WITH_AES_256_GCM_SHA384",
            "TLSv1.3 TLS_AKE_WITH_CHACHA20_POLY1305_SHA256");

    private static final Algorithm EC = Algorithm.ecp256;
    private static final Algorithm RSA = Algorithm.rsa2048;

    private static final Pattern VERSION = Pattern.compile("(SSLv\\d|TLSv1\\.\\d):");
    private static final Pattern SUITE = Pattern.compile("(TLS_\\w+) (?:\\(.*\\) )?- (\\w)");

    @TempDir
    private Path directory;

    /** OpenSSL gives the certificate of EC to a scanner, whatever suites that offers: so it has one at a time. */
    static Stream<Arguments> scans() {
        Arguments jdk = Arguments.of(SslProvider.JDK, List.of(EC, RSA));
        return OpenSsl.isAvailable()
                ? Stream.of(
                        jdk,
                        Arguments.of(SslProvider.OPENSSL, List.of(EC)),
                        Arguments.of(SslProvider.OPENSSL, List.of(RSA)))
                : Stream.of(jdk);
    }

    private static Set<String> expected(List<Algorithm> kinds) {
        Set<String> expected = new TreeSet<>(EXPECTED);
        expected.removeIf(suite -> (suite.contains("_ECDSA_") && !kinds.contains(EC))
                || (suite.contains("_RSA_") && !kinds.contains(RSA)));
        return expected;
    }

    private Path write(Algorithm kind) throws IOException {
        X509Bundle keys = TlsKeys.make("localhost", kind);
        Path file = directory.resolve(kind + ".pem");
        return Files.writeString(file, keys.getCertificatePEM() + keys.getPrivateKeyPEM());
    }

    @ParameterizedTest
    @MethodSource("scans")
    void nothingButModernVersionsAndSuitesIsFound(SslProvider provider, List<Algorithm> kinds) throws Exception {
        Tool nmap = Tool.find("nmap", "nmap");
        Path jar = directory.resolve("app.jar");
        Apps.http("v1").moveTo(jar);
        List<Path> certificates = new ArrayList<>();
        for (Algorithm kind : kinds) {
            certificates.add(write(kind));
        }
        try (Running running = Running.with(jar, options -> {
            options.socket("http=https::0").tlsProvider(provider.name().toLowerCase(Locale.ROOT));
            certificates.forEach(each -> options.cert(each.toString()).key(each.toString()));
            return options;
        })) {
            running.awaitServing(1);
            try (Tool.Run scan = nmap.start(
                    "-Pn",
                    "-p",
                    "" + running.address().getPort(),
                    "--script",
                    "+ssl-enum-ciphers",
                    running.address().getHostString())) {
                assertFound(expected(kinds), scan.report());
            }
        }
    }

    private static void assertFound(Set<String> expected, String report) {
        Set<String> found = new TreeSet<>();
        Set<String> grades = new TreeSet<>();
        String version = "";
        for (String line : report.lines().toList()) {
            Matcher ofVersion = VERSION.matcher(line);
            Matcher ofSuite = SUITE.matcher(line);
            if (ofVersion.find()) {
                version = ofVersion.group(1);
            } else if (ofSuite.find()) {
                found.add(version + " " + ofSuite.group(1));
                grades.add(ofSuite.group(2));
            }
        }
        assertEquals(expected, found, report);
        assertEquals(Set.of("A"), grades, report);
    }
}
