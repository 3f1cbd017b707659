package dev.supervisor.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the key of a server by the name that the client asks for (RFC 6066, 3), and by the kinds of keys that it understands:
 * exact names before wildcards, and the first key, with others of the same names, if no name fits. The engine asks for one kind
 * of key after the other. Immutable.
 *
 * <p>With OpenSSL it asks for every kind, whatever the client understands, and the BoringSSL that Netty brings uses the last one
 * that it got. There, clients that understand signatures by EC get such a key, and the others one of RSA.
 */
final class SniKeyManager extends X509ExtendedKeyManager {

    private static final String EC = "EC";

    private final List<CertifiedKey> keys;
    private final boolean oneKind;

    /**
     * @param keys at least one; the alias of each is its index
     * @param oneKind whether a client must be given one kind of key only
     */
    SniKeyManager(List<CertifiedKey> keys, boolean oneKind) {
        this.keys = List.copyOf(keys);
        this.oneKind = oneKind;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        SSLSession session = engine == null ? null : engine.getHandshakeSession();
        if (!(session instanceof ExtendedSSLSession extended)) {
            return alias(keyType, Optional.empty());
        }
        Optional<String> host = hostOf(extended);
        return oneKind && alias(other(keyType), host) != null && keyType.equals(EC) != understandsEc(extended)
                ? null
                : alias(keyType, host);
    }

    private static String other(String keyType) {
        return keyType.equals(EC) ? "RSA" : EC;
    }

    private static boolean understandsEc(ExtendedSSLSession session) {
        return List.of(session.getPeerSupportedSignatureAlgorithms()).stream()
                .anyMatch(algorithm -> algorithm.endsWith("withECDSA"));
    }

    /** Returns empty for what is no name of a host by the JDK's rules, too, as one with an underscore. */
    private static Optional<String> hostOf(ExtendedSSLSession session) {
        List<SNIServerName> names;
        try {
            names = session.getRequestedServerNames();
        } catch (IllegalArgumentException e) { // by Netty's engine; the JDK's does not come so far
            return Optional.empty();
        }
        return names.stream()
                .filter(SNIHostName.class::isInstance)
                .map(name -> ((SNIHostName) name).getAsciiName().toLowerCase(Locale.ROOT))
                .findFirst();
    }

    /** Returns the alias of the key of this type for the host; null if there is none of this type. */
    @Nullable
    String alias(String keyType, Optional<String> host) {
        return candidates(host).stream()
                .filter(index -> keys.get(index).key().getAlgorithm().equals(keyType))
                .findFirst()
                .map(index -> Integer.toString(index))
                .orElse(null);
    }

    private List<Integer> candidates(Optional<String> host) {
        if (host.isPresent()) {
            List<Integer> exact = new ArrayList<>();
            List<Integer> wild = new ArrayList<>();
            for (int i = 0; i < keys.size(); i++) {
                List<String> names = keys.get(i).names();
                if (CertificateNames.areExactly(names, host.get())) {
                    exact.add(i);
                } else if (CertificateNames.fitByWildcard(names, host.get())) {
                    wild.add(i);
                }
            }
            if (!exact.isEmpty() || !wild.isEmpty()) {
                return exact.isEmpty() ? wild : exact;
            }
        }
        List<Integer> first = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            if (keys.get(i).names().equals(keys.get(0).names())) {
                first.add(i);
            }
        }
        return first;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
        return keys.get(Integer.parseInt(alias)).chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
        return keys.get(Integer.parseInt(alias)).key();
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = alias(keyType, Optional.empty());
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return alias(keyType, Optional.empty());
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
