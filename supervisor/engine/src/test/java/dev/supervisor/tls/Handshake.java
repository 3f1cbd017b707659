package dev.supervisor.tls;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmConstraints;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.Key;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.StandardConstants;

/** A handshake between the JDK's client and an engine of the supervisor, in memory. */
record Handshake(X509Certificate certificate, String protocol, String cipher, String applicationProtocol) {

    /** What a client asks for. */
    record Client(
            Optional<String> name,
            List<String> signatures,
            List<String> versions,
            List<String> ciphers,
            List<String> alpn,
            Optional<String> group,
            Optional<KeyManagerFactory> keys) {

        static final Client ANY = new Client(
                Optional.empty(), List.of(), List.of(), List.of(), List.of(), Optional.empty(), Optional.empty());

        Client asking(String host) {
            return new Client(Optional.of(host), signatures, versions, ciphers, alpn, group, keys);
        }

        /** From Java 19 on. */
        Client signing(String... schemes) {
            return new Client(name, List.of(schemes), versions, ciphers, alpn, group, keys);
        }

        Client by(String... version) {
            return new Client(name, signatures, List.of(version), ciphers, alpn, group, keys);
        }

        Client withCiphers(String... suites) {
            return new Client(name, signatures, versions, List.of(suites), alpn, group, keys);
        }

        Client offering(String... protocols) {
            return new Client(name, signatures, versions, ciphers, List.of(protocols), group, keys);
        }

        /** Exchanges keys by this group only. */
        Client inGroup(String only) {
            return new Client(name, signatures, versions, ciphers, alpn, Optional.of(only), keys);
        }

        Client with(KeyManagerFactory own) {
            return new Client(name, signatures, versions, ciphers, alpn, group, Optional.of(own));
        }

        private SSLEngine engine() throws Exception {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    keys.map(KeyManagerFactory::getKeyManagers).orElse(new KeyManager[0]),
                    InsecureTrustManagerFactory.INSTANCE.getTrustManagers(),
                    null);
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(true);
            SSLParameters parameters = engine.getSSLParameters();
            name.ifPresent(host -> parameters.setServerNames(List.of(new AnyName(host))));
            if (!signatures.isEmpty()) {
                SSLParameters.class
                        .getMethod("setSignatureSchemes", String[].class)
                        .invoke(parameters, (Object) signatures.toArray(String[]::new));
            }
            if (!versions.isEmpty()) {
                parameters.setProtocols(versions.toArray(String[]::new));
            }
            if (!ciphers.isEmpty()) {
                parameters.setCipherSuites(ciphers.toArray(String[]::new));
            }
            group.ifPresent(only -> parameters.setAlgorithmConstraints(new OneGroup(only)));
            parameters.setApplicationProtocols(alpn.toArray(String[]::new));
            engine.setSSLParameters(parameters);
            return engine;
        }
    }

    /** A name of a host by which the JDK may not be able to ask. */
    private static final class AnyName extends SNIServerName {

        AnyName(String host) {
            super(StandardConstants.SNI_HOST_NAME, host.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Permits one of the groups in which keys can be exchanged. */
    private record OneGroup(String name) implements AlgorithmConstraints {

        @Override
        public boolean permits(Set<CryptoPrimitive> primitives, String algorithm, AlgorithmParameters parameters) {
            return !algorithm.matches("ffdhe\\d+|x\\d+|sec[pt]\\w+") || algorithm.equals(name);
        }

        @Override
        public boolean permits(Set<CryptoPrimitive> primitives, Key key) {
            return true;
        }

        @Override
        public boolean permits(
                Set<CryptoPrimitive> primitives, String algorithm, Key key, AlgorithmParameters parameters) {
            return permits(primitives, algorithm, parameters);
        }
    }

    private static final int MOST_TURNS = 100;

    /** @throws SSLException if one side refuses the other one */
    static Handshake of(SSLEngine server, Client asking) throws Exception {
        SSLEngine client = asking.engine();
        ByteBuffer toServer = ByteBuffer.allocate(1 << 17).flip();
        ByteBuffer toClient = ByteBuffer.allocate(1 << 17).flip();
        try {
            client.beginHandshake();
            server.beginHandshake();
            for (int turn = 0; turn < MOST_TURNS && !(isDone(client) && isDone(server)); turn++) {
                step(client, toClient, toServer);
                step(server, toServer, toClient);
            }
            if (!isDone(client) || !isDone(server)) {
                throw new SSLException("not done: " + client.getHandshakeStatus() + ", " + server.getHandshakeStatus());
            }
            exchange(client, server, toServer);
            return new Handshake(
                    (X509Certificate) client.getSession().getPeerCertificates()[0],
                    server.getSession().getProtocol(),
                    server.getSession().getCipherSuite(),
                    Optional.ofNullable(server.getApplicationProtocol()).orElse(""));
        } finally {
            ReferenceCountUtil.release(server);
        }
    }

    private static boolean isDone(SSLEngine engine) {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
                && !engine.getSession().getCipherSuite().contains("NULL");
    }

    private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        for (int i = 0; i < MOST_TURNS; i++) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> {
                    for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                        task.run();
                    }
                }
                case NEED_WRAP -> {
                    out.compact();
                    engine.wrap(ByteBuffer.allocate(0), out);
                    out.flip();
                }
                default -> {
                    // Even without input: OpenSSL's engine finishes the handshake by the call after the last record
                    SSLEngineResult result = engine.unwrap(in, ByteBuffer.allocate(1 << 17));
                    if (result.getStatus() != SSLEngineResult.Status.OK
                            || (result.bytesConsumed() == 0 && !in.hasRemaining())) {
                        return;
                    }
                }
            }
        }
    }

    /** With TLS 1.3, a server refuses a client's certificate only after that thinks that all is well. */
    private static void exchange(SSLEngine client, SSLEngine server, ByteBuffer toServer) throws SSLException {
        toServer.compact();
        client.wrap(ByteBuffer.wrap(new byte[] {42}), toServer);
        toServer.flip();
        ByteBuffer plain = ByteBuffer.allocate(1 << 17);
        while (toServer.hasRemaining() && plain.position() == 0) {
            if (server.unwrap(toServer, plain).getStatus() != SSLEngineResult.Status.OK) {
                break;
            }
        }
        if (plain.position() != 1 || plain.get(0) != 42) {
            throw new SSLException("not received");
        }
    }
}
