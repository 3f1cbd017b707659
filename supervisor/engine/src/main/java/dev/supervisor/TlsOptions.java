package dev.supervisor;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How the supervisor ends TLS on one listening socket.
 *
 * @param sources of certificates with their keys, at least one. A client gets the certificate that has the name which it
 *     asks for; the first one if none has
 * @param passwords where the passwords of stores are; each store is opened by the first that fits
 * @param clientCas the certificates of which one must have issued that of a client, as PEM; empty if clients need none
 * @param protocols the names that ALPN offers, the preferred one first; empty to offer none
 * @param provider of the engines; empty for OpenSSL if it is there, and else the JDK's
 */
public record TlsOptions(
        List<Source> sources,
        List<Password> passwords,
        Optional<Path> clientCas,
        List<String> protocols,
        Optional<Provider> provider) {

    public TlsOptions {
        sources = List.copyOf(sources);
        passwords = List.copyOf(passwords);
        protocols = List.copyOf(protocols);
    }

    /** What implements TLS. */
    public enum Provider {
        /** The engine of the JDK. */
        JDK,
        /** OpenSSL or a library like it, by {@code netty-tcnative}, which must be on the supervisor's class path. */
        OPENSSL
    }

    /** A certificate with its key. */
    public sealed interface Source {

        /**
         * Two files in the PEM format.
         *
         * @param certificate with the certificates that have issued it behind it
         * @param key may be the same file
         */
        record Pem(Path certificate, Path key) implements Source {}

        /** A store, in the PKCS#12 format, with one key or several. */
        record Store(Path file) implements Source {}

        /** A certificate for this machine, which the supervisor makes if it is not there yet. */
        record Development() implements Source {}
    }

    /** Where a password is. */
    public sealed interface Password {

        /** The first line of a file. */
        record OfFile(Path file) implements Password {}

        /** The value of an environment variable. */
        record OfVariable(String name) implements Password {}
    }
}
