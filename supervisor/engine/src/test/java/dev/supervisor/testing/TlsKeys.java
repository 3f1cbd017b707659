package dev.supervisor.testing;

import dev.supervisor.SupervisorOptions;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.Algorithm;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A key of this JVM's tests, its certificate, and what speaks TLS by them. */
public final class TlsKeys {

    private static final int TIMEOUT_MILLIS = 60_000;

    private static final X509Bundle KEYS = make("localhost", Algorithm.ecp256);

    private static final Map<SslProvider, SslContext> CONTEXTS = new ConcurrentHashMap<>();

    private TlsKeys() {}

    /** Makes a key, and a certificate of its own for this name. */
    public static X509Bundle make(String name, Algorithm algorithm) {
        try {
            return new CertificateBuilder()
                    .algorithm(algorithm)
                    .subject("CN=" + name)
                    .setIsCertificateAuthority(true)
                    .addSanDnsName(name)
                    .notBefore(Instant.now().minus(Duration.ofDays(1)))
                    .notAfter(Instant.now().plus(Duration.ofDays(90)))
                    .buildSelfSigned();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Has a supervisor end TLS on the socket {@code http}, at this port. */
    public static SupervisorOptions.Builder serve(
            SupervisorOptions.Builder options, SslProvider provider, Path directory, int port) {
        write(directory);
        return serveWritten(options, provider, directory, port);
    }

    /** The same by files that are there. */
    public static SupervisorOptions.Builder serveWritten(
            SupervisorOptions.Builder options, SslProvider provider, Path directory, int port) {
        return options.socket("http=https::" + port)
                .cert(directory.resolve("server.pem").toString())
                .key(directory.resolve("server.key").toString())
                .tlsProvider(provider.name().toLowerCase(Locale.ROOT));
    }

    /** Writes the certificate as {@code server.pem}, and the key as {@code server.key}. */
    public static void write(Path directory) {
        try {
            write(directory, KEYS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same for other ones. */
    public static void write(Path directory, X509Bundle keys) throws IOException {
        Files.writeString(directory.resolve("server.pem"), keys.getCertificatePathPEM());
        Files.writeString(directory.resolve("server.key"), keys.getPrivateKeyPEM());
    }

    /** The implementations that can be had here. */
    public static Stream<SslProvider> providers() {
        return OpenSsl.isAvailable() ? Stream.of(SslProvider.JDK, SslProvider.OPENSSL) : Stream.of(SslProvider.JDK);
    }

    /** Makes engines of servers, which choose HTTP/1.1 if they are asked. */
    public static Supplier<SSLEngine> engines(SslProvider provider) {
        SslContext context = CONTEXTS.computeIfAbsent(provider, TlsKeys::context);
        return () -> context.newEngine(UnpooledByteBufAllocator.DEFAULT);
    }

    private static SslContext context(SslProvider provider) {
        try {
            return SslContextBuilder.forServer(KEYS.getKeyPair().getPrivate(), KEYS.getCertificate())
                    .sslProvider(provider)
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.NO_ADVERTISE,
                            SelectedListenerFailureBehavior.ACCEPT,
                            "http/1.1"))
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Connects by TLS of this version, and asks for HTTP/1.1. */
    static Socket connect(InetSocketAddress address, String version, String header) throws IOException {
        return connect(new Socket(), address, version, header);
    }

    /** @param header is sent before TLS begins */
    static Socket connect(Socket plain, InetSocketAddress address, String version, String header) throws IOException {
        plain.connect(address, TIMEOUT_MILLIS);
        plain.setTcpNoDelay(true);
        plain.getOutputStream().write(header.getBytes(StandardCharsets.US_ASCII));
        SSLSocket socket = (SSLSocket) clients().getSocketFactory().createSocket(plain, "localhost", 443, true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {version});
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** Returns the first record of a client, a ClientHello. */
    public static byte[] hello() {
        try {
            SSLEngine client = clients().createSSLEngine("localhost", 443);
            client.setUseClientMode(true);
            ByteBuffer record = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
            client.wrap(ByteBuffer.allocate(0), record);
            byte[] bytes = new byte[record.position()];
            record.flip().get(bytes);
            return bytes;
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns a context of clients, which trust everybody. */
    public static SSLContext clients() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
