package dev.supervisor.tls;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;

/** The names for which a certificate was issued (RFC 6125), and which of them fit a host. */
final class CertificateNames {

    private static final int DNS = 2;
    private static final int ADDRESS = 7;
    private static final Set<Integer> OF_HOSTS = Set.of(DNS, ADDRESS);
    private static final String WILDCARD = "*.";

    private CertificateNames() {}

    /**
     * Returns the alternative names that are of hosts and addresses, in lower case; the common name if there is none. There
     * are no control characters in them.
     */
    static List<String> of(X509Certificate certificate) {
        return all(certificate).stream()
                .map(name -> name.replaceAll("\\p{Cntrl}", "?"))
                .toList();
    }

    private static List<String> all(X509Certificate certificate) {
        try {
            Collection<List<?>> alternative = certificate.getSubjectAlternativeNames();
            if (alternative != null) {
                List<String> names = alternative.stream()
                        .filter(name -> name.get(0) instanceof Integer type && OF_HOSTS.contains(type))
                        .map(name -> shortest(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT)))
                        .toList();
                if (!names.isEmpty()) {
                    return names;
                }
            }
        } catch (CertificateParsingException e) {
            // as if there were none; clients will not find any either
        }
        return commonName(certificate);
    }

    /** Shortens an address of IPv6, of which the JDK writes all zeros. */
    private static String shortest(String name) {
        InetAddress address = NetUtil.createInetAddressFromIpAddressString(name);
        return address == null ? name : NetUtil.toAddressString(address);
    }

    private static List<String> commonName(X509Certificate certificate) {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(part -> part.getType().equalsIgnoreCase("CN"))
                            .map(part -> Objects.toString(part.getValue()).toLowerCase(Locale.ROOT))
                            .toList();
        } catch (InvalidNameException e) {
            return List.of();
        }
    }

    /** @param host in lower case */
    static boolean areExactly(List<String> names, String host) {
        return names.contains(host);
    }

    /** Returns whether a wildcard fits, which stands for one label. */
    static boolean fitByWildcard(List<String> names, String host) {
        int dot = host.indexOf('.');
        return dot > 0 && names.contains(WILDCARD + host.substring(dot + 1));
    }
}
