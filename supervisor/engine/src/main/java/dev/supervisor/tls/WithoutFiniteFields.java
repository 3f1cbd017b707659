package dev.supervisor.tls;

import java.security.AlgorithmConstraints;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.Key;
import java.util.Locale;
import java.util.Set;

/**
 * Permits everything but exchanges of keys in finite fields (RFC 7919), which TLS 1.3 of the JDK speaks. No client needs them.
 * One that asks for 8192 bits would keep an event loop for as long as hundreds of other handshakes do.
 */
final class WithoutFiniteFields implements AlgorithmConstraints {

    static final AlgorithmConstraints INSTANCE = new WithoutFiniteFields();

    private static final String PREFIX = "ffdhe";

    private WithoutFiniteFields() {}

    private static boolean permits(String algorithm) {
        return !algorithm.toLowerCase(Locale.ROOT).startsWith(PREFIX);
    }

    @Override
    public boolean permits(Set<CryptoPrimitive> primitives, String algorithm, AlgorithmParameters parameters) {
        return permits(algorithm);
    }

    @Override
    public boolean permits(Set<CryptoPrimitive> primitives, Key key) {
        return true;
    }

    @Override
    public boolean permits(Set<CryptoPrimitive> primitives, String algorithm, Key key, AlgorithmParameters parameters) {
        return permits(algorithm);
    }
}
