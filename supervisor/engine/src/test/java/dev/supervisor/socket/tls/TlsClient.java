package dev.supervisor.socket.tls;

import dev.supervisor.testing.TlsKeys;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The client's end of a connection in memory: the JDK's engine. */
final class TlsClient {

    private final Pipe pipe;
    private final SSLEngine engine;
    private final ByteBuffer out = ByteBuffer.allocate(40_000);
    private final ByteBuffer plain = ByteBuffer.allocate(40_000);
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final ByteQueue toBeSent = new ByteQueue();

    private @Nullable SSLException failure;
    private boolean closes;
    private boolean spoilsHello;

    TlsClient(Pipe pipe, String version) {
        this.pipe = pipe;
        engine = TlsKeys.clients().createSSLEngine("localhost", 443);
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {version});
    }

    /** Spoils a byte of the first message, so that no server can make sense of it. */
    void spoilHello() {
        spoilsHello = true;
    }

    void write(ByteBuffer bytes) {
        toBeSent.append(bytes);
    }

    void close() {
        closes = true;
    }

    boolean isClosed() {
        return engine.isInboundDone();
    }

    byte[] received() {
        return received.toByteArray();
    }

    int count() {
        return received.size();
    }

    void rethrow() throws SSLException {
        if (failure != null) {
            throw failure;
        }
    }

    /** Asks for new keys, or a new handshake in TLS 1.2. */
    void handshakeAgain() throws SSLException {
        engine.beginHandshake();
    }

    /** Reads and writes as much as it can; returns whether it has done anything. */
    boolean run() {
        boolean moves = false;
        try {
            while (failure == null && (receiveOne() || sendOne())) {
                moves = true;
            }
        } catch (SSLException e) {
            failure = e;
        }
        return moves;
    }

    /** Only writes. */
    void send() throws SSLException {
        while (sendOne()) {}
    }

    private boolean receiveOne() throws SSLException {
        if (!Records.isWhole(pipe.toClient) || engine.isInboundDone()) {
            return false;
        }
        ByteBuffer in = pipe.toClient.view();
        int length = in.remaining();
        SSLEngineResult result = engine.unwrap(in, plain.clear());
        pipe.toClient.consumed(length - in.remaining());
        received.write(plain.array(), 0, plain.position());
        tasks();
        return result.bytesConsumed() > 0;
    }

    private boolean sendOne() throws SSLException {
        if (closes && toBeSent.isEmpty() && !engine.isOutboundDone()) {
            engine.closeOutbound();
        }
        boolean asked = engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP
                || (engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
                        && !engine.isOutboundDone()
                        && (!toBeSent.isEmpty()
                                || engine.getSession().getProtocol().equals("NONE")));
        if (!asked) {
            return false;
        }
        ByteBuffer in = toBeSent.view();
        int length = in.remaining();
        SSLEngineResult result = engine.wrap(in, out.clear());
        toBeSent.consumed(length - in.remaining());
        tasks();
        boolean some = out.position() > 0;
        if (spoilsHello && some) {
            out.put(5 + 4 + 2 + 32, (byte) 255); // the length of the session's number
            spoilsHello = false;
        }
        pipe.fromClient(out.flip());
        return some && result.getStatus() != Status.BUFFER_OVERFLOW;
    }

    private void tasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }
}
