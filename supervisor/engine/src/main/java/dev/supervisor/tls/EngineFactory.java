package dev.supervisor.tls;

import dev.supervisor.OptionKey;
import dev.supervisor.SupervisorException;
import dev.supervisor.TlsOptions;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.KeyManagerFactoryWrapper;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** Makes what makes engines: by OpenSSL where it is there, and else by the JDK. */
enum EngineFactory {
    OF_JDK(SslProvider.JDK) {
        @Override
        KeyManagerFactory factory(List<CertifiedKey> keys) {
            return new KeyManagerFactoryWrapper(new SniKeyManager(keys, false));
        }

        @Override
        String title() {
            return "JDK";
        }

        @Override
        SSLEngine engine(SslContext context) {
            SSLEngine engine = super.engine(context);
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setAlgorithmConstraints(WithoutFiniteFields.INSTANCE);
            engine.setSSLParameters(parameters);
            return engine;
        }
    },
    /** The engine is reference counted; a finalizer is its safety net. */
    OF_OPENSSL(SslProvider.OPENSSL) {
        // Netty keeps the last key that it parsed. OpenSslCachingX509KeyManagerFactory would keep more, but leaks
        // a key if its first two handshakes meet (Netty 4.2.18: what a miss gets may be in the cache by then).
        @Override
        KeyManagerFactory factory(List<CertifiedKey> keys) {
            return new KeyManagerFactoryWrapper(new SniKeyManager(keys, true));
        }

        @Override
        String title() {
            return OpenSsl.versionString();
        }
    };

    private static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");

    /**
     * The suites of Mozilla's intermediate configuration, without those that need parameters for a Diffie-Hellman exchange in a
     * finite field. https://wiki.mozilla.org/Security/Server_Side_TLS, version 5.7.
     */
    private static final List<String> CIPHERS = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private final SslProvider provider;

    EngineFactory(SslProvider provider) {
        this.provider = provider;
    }

    abstract KeyManagerFactory factory(List<CertifiedKey> keys);

    /** Returns the name of the library, for people. */
    abstract String title();

    /** @throws SupervisorException if OpenSSL must be used, and is not there */
    static EngineFactory of(Optional<TlsOptions.Provider> wanted) {
        if (wanted.equals(Optional.of(TlsOptions.Provider.JDK))) {
            return OF_JDK;
        }
        boolean isThere = OpenSsl.isAvailable();
        if (!isThere && wanted.isPresent()) {
            throw new SupervisorException(
                    OptionKey.TLS_PROVIDER
                            + " openssl can't be had: netty-tcnative for this platform is not on the class"
                            + " path of the supervisor, or can't be loaded (" + cause(OpenSsl.unavailabilityCause())
                            + "; " + OptionKey.TLS_PROVIDER + " jdk needs nothing)",
                    OpenSsl.unavailabilityCause());
        }
        return isThere ? OF_OPENSSL : OF_JDK;
    }

    private static String cause(Throwable unavailable) {
        Throwable cause = unavailable;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.toString();
    }

    /**
     * Makes a context.
     *
     * @param clientCas of which one must have issued a client's certificate; empty if clients need none
     * @param protocols that ALPN offers; empty to offer none
     * @throws SupervisorException if the library refuses the keys
     */
    SslContext context(List<CertifiedKey> keys, List<X509Certificate> clientCas, List<String> protocols) {
        SslContextBuilder builder = SslContextBuilder.forServer(factory(keys))
                .sslProvider(provider)
                .protocols(VERSIONS)
                .ciphers(CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .applicationProtocolConfig(alpn(protocols));
        if (!clientCas.isEmpty()) {
            builder.trustManager(clientCas).clientAuth(ClientAuth.REQUIRE);
        }
        try {
            return builder.build();
        } catch (SSLException | RuntimeException e) {
            throw new SupervisorException(
                    "TLS by " + title() + " can't use the certificates of '"
                            + keys.get(0).file() + "': " + e.getMessage(),
                    e);
        }
    }

    /** Makes the engine of a connection. */
    SSLEngine engine(SslContext context) {
        return context.newEngine(ByteBufAllocator.DEFAULT);
    }

    /** A client that offers nothing of this gets no answer about it, and the connection goes on. */
    private static ApplicationProtocolConfig alpn(List<String> protocols) {
        return protocols.isEmpty()
                ? ApplicationProtocolConfig.DISABLED
                : new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        protocols);
    }
}
