package dev.supervisor.cli;

import dev.supervisor.Event;
import dev.supervisor.Status;
import dev.supervisor.text.VisibleText;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;

/** Formats events about certificates. Names in them are those of others. */
final class CertificateText {

    private static final int MOST_NAMES = 5;

    private CertificateText() {}

    static String loaded(Event.CertificatesLoaded event) {
        String certificates = event.tls().certificates().stream()
                .map(certificate -> describe(certificate) + " until " + time(certificate.notAfter()))
                .collect(Collectors.joining("; "));
        return "TLS of '" + event.listener() + "' by " + event.tls().engine() + ": " + certificates
                + (event.protocols().isEmpty() ? "" : "; ALPN " + String.join(", ", event.protocols()))
                + (event.clientCertificates() ? "; clients need a certificate" : "");
    }

    static String expires(Event.CertificateExpires event) {
        Status.Certificate certificate = event.certificate();
        Duration left = event.left();
        String when = certificate.notBefore().isAfter(certificate.notAfter().minus(left))
                ? "is not valid before " + time(certificate.notBefore()) + " (is the clock right?)"
                : left.isNegative()
                        ? "has expired at " + time(certificate.notAfter())
                        : "expires in " + (left.toDays() > 0 ? count(left.toDays(), "day") : "less than a day")
                                + ", at " + time(certificate.notAfter());
        return "the certificate of '" + event.listener() + "', " + describe(certificate) + ", " + when + ": renew "
                + VisibleText.of(EventText.fromHere(certificate.file()).toString());
    }

    static String authority(Event.AuthorityMade event) {
        String file = shellWord(event.certificate().toString());
        if (event.mkcert()) {
            return "the certificate for this machine is issued by mkcert's authority, " + file
                    + "\n  'mkcert -install' has browsers trust it, once; curl: --cacert " + file;
        }
        return "made a certificate authority for this machine: " + file + " (its key is beside it, for you alone)"
                + "\n  what trusts it, trusts this machine's https:"
                + "\n  curl: --cacert " + file
                + "\n  Debian, Ubuntu: sudo cp " + file
                + " /usr/local/share/ca-certificates/supervisor.crt && sudo update-ca-certificates"
                + "\n  Firefox: Settings, Certificates, View Certificates, Authorities, Import"
                + "\n  Chrome: chrome://certificate-manager, Custom, Import"
                + "\n  macOS: sudo security add-trusted-cert -d -k /Library/Keychains/System.keychain " + file
                + "\n  Windows: certutil -user -addstore Root " + file;
    }

    private static String shellWord(String file) {
        return file.matches("[A-Za-z0-9_./:@%+=-]+") ? file : "'" + file.replace("'", "'\\''") + "'";
    }

    private static String describe(Status.Certificate certificate) {
        List<String> names = certificate.names();
        String some = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
        return VisibleText.of(names.isEmpty() ? "no name" : some)
                + (names.size() > MOST_NAMES ? " and " + (names.size() - MOST_NAMES) + " more" : "");
    }

    private static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    private static String time(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
