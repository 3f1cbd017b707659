package dev.supervisor.cli;

import dev.supervisor.SupervisorOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** Options about TLS that the supervisor ends. */
final class TlsArguments {

    @Option(
            names = "--cert",
            paramLabel = "[NAME=]FILE",
            split = ",",
            converter = FileConverter.class,
            description =
                    "End TLS on the sockets of https and tls, with the certificate in FILE, in PEM, and behind it those"
                            + " that have issued it; or with a PKCS#12 store, whose name ends with .p12. May be repeated: clients"
                            + " get the one of the name that they ask for, or the first. With NAME=, for the socket of that name"
                            + " only. 'dev' makes one for this machine. Files are read again when they change.")
    private List<String> certificates = List.of();

    @Option(
            names = "--key",
            paramLabel = "[NAME=]FILE",
            split = ",",
            converter = FileConverter.class,
            description =
                    "The key of a certificate, in PEM, not encrypted; the n-th --key belongs to the n-th --cert (of the"
                            + " same NAME). A store and 'dev' have none.")
    private List<String> keys = List.of();

    @Option(
            names = "--cert-password",
            paramLabel = "[NAME=]PLACE",
            converter = FileConverter.class,
            description = "Where the password of a store is: file:FILE, whose first line it is, or env:VARIABLE.")
    private List<String> passwords = List.of();

    @Option(
            names = "--client-ca",
            paramLabel = "[NAME=]FILE",
            converter = FileConverter.class,
            description = "Let clients in only with a certificate that one of those in FILE, in PEM, has issued.")
    private List<String> clientCas = List.of();

    @Option(
            names = "--alpn",
            paramLabel = "[NAME=]PROTOCOL,...",
            description =
                    "The protocols that ALPN offers, the preferred one first: http/1.1, or h2,http/1.1 if the application"
                            + " speaks HTTP/2 in clear text. Default: http/1.1 with https, none with tls.")
    private List<String> protocols = List.of();

    @Option(
            names = "--tls-provider",
            paramLabel = "jdk|openssl",
            description = "What implements TLS. Default: openssl if netty-tcnative is on the class path, else jdk.")
    private @Nullable String provider;

    void addTo(SupervisorOptions.Builder options) {
        certificates.forEach(options::cert);
        keys.forEach(options::key);
        passwords.forEach(options::certPassword);
        clientCas.forEach(options::clientCa);
        protocols.forEach(options::alpn);
        Optional.ofNullable(provider).ifPresent(options::tlsProvider);
    }

    /** A value with a file at its end: {@code [NAME=][file:]FILE}, or one of the words that are none. */
    static final class FileConverter implements ITypeConverter<String>, RelativeToFile {

        private static final Pattern FORM = Pattern.compile("([A-Za-z0-9_.-]+=)?(file:|env:)?(.*)", Pattern.DOTALL);

        @Override
        public String convert(String value) {
            return value;
        }

        @Override
        public String resolve(String value, Path directory) {
            Matcher form = FORM.matcher(value);
            boolean hasFile = form.matches()
                    && !"env:".equals(form.group(2))
                    && !form.group(3).equals("dev");
            return hasFile ? value.substring(0, form.start(3)) + directory.resolve(form.group(3)) : value;
        }
    }
}
