package dev.supervisor.socket.tls;

import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ClosedChannelException;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plaintext of one connection on which the supervisor ends TLS. Reads and writes like a socket that does not block:
 * the handshake happens within reads. Lives as long as its connection, through all generations: it holds the keys, and
 * all bytes that are under way between the socket and the owner.
 *
 * <pre>
 *            ciphertext ──▶ engine ──▶ plaintext ──▶ read
 *   socket
 *            unsent    ◀── engine ◀────────────────── write
 * </pre>
 *
 * <p>What can't be mended ends the stream: reads return -1 from then on, and {@link #hasFailed} says that the alert should
 * reach the peer before the socket is closed. Thread-safe; no method waits, apart from the computations of a handshake.
 */
public final class TlsStream {

    private static final Logger LOG = LoggerFactory.getLogger(TlsStream.class);

    /** In bytes; a peer that has more handshake messages answered than it reads is not served. */
    private static final int MOST_UNSENT = 128 * 1024;

    /**
     * How many records without plaintext may follow each other: new keys, alerts that only warn, empty ones. BoringSSL has the
     * same limit. The JDK has none, and such records would keep a thread for as long as they come.
     */
    private static final int MOST_BARREN = 32;

    /** The same before the handshake is done. A large message may come in many small records. */
    private static final int MOST_BARREN_IN_HANDSHAKE = 1024;

    private static final int FIRST_READ = 1024;
    private static final int MOST_CLOSING_RECORDS = 8;
    private static final int MOST_PLAINTEXT = 16 * 1024;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ByteChannel socket;
    private final Supplier<SSLEngine> engines;

    private final ByteQueue ciphertext = new ByteQueue();
    private final ByteQueue plaintext = new ByteQueue();
    private final ByteQueue unsent = new ByteQueue();

    /** Null until the first bytes have come, and when the connection has ended. */
    private @Nullable SSLEngine engine;

    /** OpenSSL, whose memory is not the collector's. */
    private boolean isNative;

    private boolean established;

    /** The socket has taken all bytes of the handshake. */
    private boolean handshakeSent;

    /** Handshakes end with the first one: the protocol is older than TLS 1.3. */
    private boolean refusesHandshakes;

    /** How many records have come since the last one with plaintext. */
    private int barren;

    /** Nothing more can be read. */
    private boolean inputEnded;

    /** The end came with bytes that have been read before it, and the owner does not know of it. */
    private boolean hasUntoldEnd;

    private boolean outputEnded;
    private boolean failed;
    private boolean released;

    /**
     * How many bytes the owner will write again, which have been encrypted already: the socket had not taken them when
     * they were written, so they were not reported as written.
     */
    private int owed;

    /**
     * @param socket does not block; its owner closes it
     * @param engines makes an engine in server mode, called once, when the client has begun
     */
    public TlsStream(ByteChannel socket, Supplier<SSLEngine> engines) {
        this.socket = socket;
        this.engines = engines;
    }

    // Before the engine

    /** Appends bytes that somebody else has read from the socket, and consumes them. */
    public synchronized void append(ByteBuffer bytes) {
        ciphertext.append(bytes);
    }

    /** Returns whether keys or plaintext are here, so that no other process could go on. */
    public synchronized boolean hasBegun() {
        return engine != null || failed || released;
    }

    /** Returns the bytes that have come, of a stream that has not begun, and forgets them. */
    public synchronized byte[] takeAll() {
        return ciphertext.takeAll();
    }

    // What is known

    /** Returns whether the handshake is done. */
    public synchronized boolean isEstablished() {
        return established;
    }

    /** Returns whether the stream has ended because of a fault, of which the peer is told by {@link #flush}. */
    public synchronized boolean hasFailed() {
        return failed;
    }

    /** Returns whether there may be something to read that the socket does not know of. */
    public synchronized boolean hasUnread() {
        return !plaintext.isEmpty() || hasUntoldEnd || (!inputEnded && Records.isWhole(ciphertext));
    }

    /** Returns how many bytes are kept here, in whatever form. */
    public synchronized int unread() {
        return plaintext.size() + ciphertext.size();
    }

    /** Returns whether a part of a record has come. */
    public synchronized boolean isInsideRecord() {
        return !ciphertext.isEmpty() && !inputEnded;
    }

    /** Returns whether there are bytes that the socket has not taken. */
    public synchronized boolean hasUnsent() {
        return !unsent.isEmpty();
    }

    /** Returns whether the peer waits for bytes of the handshake that the socket has not taken. */
    public synchronized boolean hasHandshakeUnsent() {
        return !handshakeSent && !unsent.isEmpty();
    }

    /** Returns the session; empty before the handshake is done, and after the end. */
    public synchronized Optional<SSLSession> session() {
        return established && engine != null ? Optional.of(engine.getSession()) : Optional.empty();
    }

    /** Returns what ALPN has chosen; empty if the client did not ask, or nothing suited both. */
    public synchronized Optional<String> applicationProtocol() {
        String chosen = established && engine != null ? engine.getApplicationProtocol() : null;
        return Optional.ofNullable(chosen).filter(name -> !name.isEmpty());
    }

    // Reading

    /**
     * Reads plaintext. Returns 0 if there is none now, and -1 at the end: the peer's close_notify, the end of the socket's
     * stream, or a fault of TLS.
     *
     * @throws IOException if the socket fails
     */
    public synchronized int read(ByteBuffer target) throws IOException {
        int length = readPlaintext(target);
        hasUntoldEnd = length > 0 ? inputEnded : hasUntoldEnd && length == 0;
        return length;
    }

    private int readPlaintext(ByteBuffer target) throws IOException {
        if (!plaintext.isEmpty()) {
            return plaintext.moveTo(target);
        }
        if (inputEnded || released) {
            return -1;
        }
        if (!target.hasRemaining() || (engine == null && !begin())) {
            return inputEnded ? -1 : 0;
        }
        Scratch scratch = Scratch.borrow(isNative);
        try {
            return read(target, scratch);
        } finally {
            scratch.giveBack();
        }
    }

    /** Returns how many bytes of plaintext can be read without waiting; looks at the socket if none is here. */
    public synchronized int available() throws IOException {
        if (plaintext.isEmpty()) {
            ByteBuffer some = ByteBuffer.allocate(MOST_PLAINTEXT);
            int length = read(some);
            if (length > 0) {
                plaintext.pushBack(some.flip());
            }
            hasUntoldEnd |= length < 0 && !released;
        }
        return plaintext.size();
    }

    /** Makes the engine when the client has begun to speak TLS. */
    private boolean begin() throws IOException {
        if (ciphertext.size() < Records.HEADER) {
            ByteBuffer first = ByteBuffer.allocate(FIRST_READ);
            inputEnded = socket.read(first) < 0;
            ciphertext.append(first.flip());
        }
        if (inputEnded || ciphertext.isEmpty()) {
            return false;
        }
        if (ciphertext.get(0) != Records.HANDSHAKE) {
            if (ciphertext.size() >= Records.HEADER || !Records.mayBeHttp(ciphertext)) {
                unsent.append(Records.answerWithoutTls(ciphertext));
                failed("the client does not speak TLS");
            }
            return false;
        }
        if (ciphertext.size() < Records.HEADER) {
            return false;
        }
        try {
            SSLEngine made = newEngine();
            engine = made;
            isNative = made instanceof ReferenceCounted;
            made.beginHandshake();
            return true;
        } catch (SSLException | RuntimeException e) {
            LOG.warn("can't begin TLS: {}", e.toString());
            failed("there is no engine");
            return false;
        }
    }

    /**
     * Until Java 23, an engine keeps the protection domains of the thread that makes it, and with them the class loader of
     * the generation whose thread that is. It lives longer than that.
     */
    @SuppressWarnings("removal")
    private SSLEngine newEngine() {
        return AccessController.doPrivileged((PrivilegedAction<SSLEngine>) engines::get);
    }

    private int read(ByteBuffer target, Scratch scratch) throws IOException {
        int begin = target.position();
        ByteBuffer incoming = scratch.incoming().clear();
        ciphertext.moveTo(incoming);
        incoming.flip();
        try {
            decrypt(incoming, target, begin, scratch);
            while (target.position() == begin && !inputEnded && receive(incoming)) {
                decrypt(incoming, target, begin, scratch);
            }
        } finally {
            if (!inputEnded) {
                ciphertext.pushBack(incoming);
            }
        }
        flushQuietly();
        int length = target.position() - begin;
        return length == 0 && inputEnded ? -1 : length;
    }

    /** Returns whether more bytes have come. */
    private boolean receive(ByteBuffer incoming) throws IOException {
        incoming.compact();
        try {
            int length = ciphertext.isEmpty() ? socket.read(incoming) : ciphertext.moveTo(incoming);
            inputEnded |= length < 0;
            return length > 0;
        } finally {
            incoming.flip();
        }
    }

    /** @param begin the position of the target when nothing had been read */
    private void decrypt(ByteBuffer incoming, ByteBuffer target, int begin, Scratch scratch) {
        try {
            boolean moves = true;
            while (moves && !inputEnded && plaintext.isEmpty() && Records.isWhole(incoming)) {
                moves = decryptRecord(incoming, target, begin, scratch);
            }
            if (!established && !inputEnded) {
                // Only when asked once more does OpenSSL tell that the handshake is done, and the engine of Java 17
                // that
                // a task of it has failed
                handshake(engine().unwrap(NOTHING, target).getHandshakeStatus(), scratch);
            }
        } catch (SSLException | RuntimeException e) {
            fail(e, scratch);
        }
    }

    /** Returns false if it can't go on, since the owner has no room for more. */
    private boolean decryptRecord(ByteBuffer incoming, ByteBuffer target, int begin, Scratch scratch)
            throws SSLException {
        SSLEngine current = engine();
        if (established && refusesHandshakes && incoming.get(incoming.position()) == Records.HANDSHAKE) {
            throw new SSLException("renegotiation is refused");
        }
        SSLEngineResult result = current.unwrap(incoming, target);
        if (result.getStatus() == Status.BUFFER_OVERFLOW) {
            if (target.position() > begin) {
                return false; // the owner gets what there is, and may have more room next time
            }
            result = decryptAside(current, incoming, target, scratch);
        }
        if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
            throw new SSLException("a record is too long");
        }
        inputEnded |= result.getStatus() == Status.CLOSED;
        countBarren(result);
        HandshakeStatus status = result.getHandshakeStatus();
        if (status != HandshakeStatus.NOT_HANDSHAKING || !established) {
            handshake(status, scratch);
        }
        return result.bytesConsumed() > 0 || status == HandshakeStatus.NEED_TASK || status == HandshakeStatus.NEED_WRAP;
    }

    private void countBarren(SSLEngineResult result) throws SSLException {
        if (result.bytesProduced() > 0) {
            barren = 0;
        } else if (result.bytesConsumed() > 0 && ++barren > (established ? MOST_BARREN : MOST_BARREN_IN_HANDSHAKE)) {
            throw new SSLException("there are too many records without content");
        }
    }

    /** Decrypts a record for which the owner's buffer may be too small. */
    private SSLEngineResult decryptAside(SSLEngine current, ByteBuffer incoming, ByteBuffer target, Scratch scratch)
            throws SSLException {
        int most = current.getSession().getApplicationBufferSize();
        ByteBuffer plain = most > Scratch.RECORD
                ? ByteBuffer.allocate(most)
                : scratch.plain().clear();
        SSLEngineResult result = current.unwrap(incoming, plain);
        plaintext.append(plain.flip());
        plaintext.moveTo(target);
        return result;
    }

    private SSLEngine engine() throws SSLException {
        SSLEngine current = engine;
        if (current == null) {
            throw new SSLException("the connection has ended");
        }
        return current;
    }

    private void handshake(HandshakeStatus begin, Scratch scratch) throws SSLException {
        SSLEngine current = engine();
        HandshakeStatus status = begin;
        while (true) {
            switch (status) {
                case NEED_TASK -> {
                    for (Runnable task = current.getDelegatedTask(); task != null; task = current.getDelegatedTask()) {
                        task.run();
                    }
                    status = current.getHandshakeStatus();
                }
                case NEED_WRAP -> {
                    SSLEngineResult result = encryptNothing(current, scratch);
                    status = result.getHandshakeStatus();
                    if (isNative && established && status == HandshakeStatus.NOT_HANDSHAKING) {
                        var unused = encryptNothing(current, scratch); // OpenSSL throws what is wrong after its alert
                    }
                    if (result.getStatus() == Status.CLOSED
                            || (result.bytesProduced() == 0 && status == HandshakeStatus.NEED_WRAP)) {
                        outputEnded |= result.getStatus() == Status.CLOSED;
                        return;
                    }
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    if (!established && !inputEnded && !current.isInboundDone() && !current.isOutboundDone()) {
                        established = true;
                        barren = 0;
                        refusesHandshakes =
                                !"TLSv1.3".equals(current.getSession().getProtocol());
                    }
                    return;
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    return;
                }
            }
        }
    }

    /** Has the engine write what it wants to say itself. */
    private SSLEngineResult encryptNothing(SSLEngine current, Scratch scratch) throws SSLException {
        ByteBuffer outgoing = scratch.outgoing().clear();
        SSLEngineResult result = current.wrap(NOTHING, outgoing);
        unsent.append(outgoing.flip());
        if (unsent.size() > MOST_UNSENT) {
            unsent.clear();
            throw new SSLException("the client reads none of the answers to its handshake messages");
        }
        return result;
    }

    private void fail(Exception why, Scratch scratch) {
        SSLEngine current = engine;
        try {
            if (current != null) {
                current.closeOutbound();
                encryptTheEnd(current, scratch);
            }
        } catch (SSLException | RuntimeException e) {
            LOG.debug("a fault of TLS while it ended", e);
        }
        failed(why.toString());
        flushQuietly();
    }

    private void failed(String why) {
        LOG.debug("TLS with {} has failed: {}", socket, why);
        failed = true;
        inputEnded = true;
        outputEnded = true;
        ciphertext.clear();
        flushQuietly();
    }

    private void encryptTheEnd(SSLEngine current, Scratch scratch) throws SSLException {
        for (int i = 0; i < MOST_CLOSING_RECORDS && !current.isOutboundDone(); i++) {
            if (encryptNothing(current, scratch).bytesProduced() == 0) {
                return;
            }
        }
    }

    // Writing

    /**
     * Writes plaintext, and returns how many bytes of it the socket has taken as ciphertext. What it has not taken must be
     * written again, from the first such byte on: it has been encrypted, and is kept. The positions of the sources are
     * undefined afterwards.
     *
     * @return 0 if the socket takes nothing now, or if the handshake is not done
     * @throws IOException if the socket fails, or the stream has ended
     */
    public synchronized long writeSent(ByteBuffer[] sources, int offset, int length) throws IOException {
        return write(sources, offset, length, Integer.MAX_VALUE);
    }

    /**
     * Writes plaintext, and consumes it. If the socket has not taken all its ciphertext, the last byte is not consumed: the
     * caller will write that again, and goes on by it.
     *
     * @return 0 if the socket takes nothing now, or if the handshake is not done
     * @throws IOException if the socket fails, or the stream has ended
     */
    public synchronized long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        return write(sources, offset, length, 1);
    }

    /** @param most how many bytes at most are reported later, when the socket has taken them */
    private long write(ByteBuffer[] sources, int offset, int length, int most) throws IOException {
        if (released || failed) {
            throw new ClosedChannelException();
        }
        if (!established || !flush()) {
            return 0;
        }
        Scratch scratch = Scratch.borrow(isNative);
        Sources plain = scratch.sources();
        try {
            plain.begin(sources, offset, length);
            return write(plain, most, scratch);
        } finally {
            plain.forget();
            scratch.giveBack();
        }
    }

    private long write(Sources plain, int most, Scratch scratch) throws IOException {
        int paid = plain.skip(owed);
        owed -= paid;
        long written = paid;
        while (plain.hasRemaining() && flush()) {
            int consumed = encrypt(plain, scratch);
            ByteBuffer outgoing = scratch.outgoing();
            if (!outgoing.hasRemaining() && unsent.isEmpty()) {
                throw new IOException("TLS wants to begin anew");
            }
            send(outgoing);
            written += consumed;
            if (outgoing.hasRemaining()) {
                unsent.append(outgoing);
                owed = Math.min(most, consumed);
                if (owed == 1) {
                    plain.unreadLast();
                }
                return written - owed;
            }
        }
        return written;
    }

    /** Encrypts as much as fits into the outgoing buffer, and returns how many bytes. */
    private int encrypt(Sources plain, Scratch scratch) throws IOException {
        SSLEngine current = engine();
        ByteBuffer outgoing = scratch.outgoing().clear();
        int consumed = 0;
        while (plain.hasRemaining() && outgoing.remaining() >= Scratch.RECORD) {
            SSLEngineResult result = current.wrap(plain.next(), outgoing);
            plain.consumed(result.bytesConsumed());
            consumed += result.bytesConsumed();
            if (result.getStatus() == Status.CLOSED) {
                outputEnded = true;
                throw new IOException("Broken pipe"); // either side has ended the session
            }
            if (result.bytesProduced() == 0) {
                if (outgoing.position() == 0) {
                    handshake(result.getHandshakeStatus(), scratch); // uses the buffer
                    outgoing.clear();
                }
                break;
            }
        }
        outgoing.flip();
        return consumed;
    }

    private void send(ByteBuffer bytes) throws IOException {
        int length = 1;
        while (bytes.hasRemaining() && length > 0) {
            length = socket.write(bytes);
        }
    }

    /** Sends what the socket had not taken, and returns whether it has taken all. */
    public synchronized boolean flush() throws IOException {
        if (unsent.isEmpty()) {
            handshakeSent |= established;
            return true;
        }
        ByteBuffer bytes = unsent.view();
        int length = bytes.remaining();
        try {
            send(bytes);
        } catch (IOException e) {
            unsent.clear(); // nobody gets it any more, and nobody is to wait for that
            throw e;
        }
        unsent.consumed(length - bytes.remaining());
        handshakeSent |= established && unsent.isEmpty();
        return unsent.isEmpty();
    }

    private void flushQuietly() {
        try {
            flush();
        } catch (IOException e) { // the next read or write says so too
            LOG.debug("the peer of {} has gone", socket, e);
        }
    }

    // The end

    /**
     * Tells the peer that nothing more is written (close_notify), as far as the socket takes that. Idempotent.
     *
     * @return whether the socket has taken all
     */
    public synchronized boolean closeOutput() {
        SSLEngine current = engine;
        if (current != null && !outputEnded) {
            outputEnded = true;
            Scratch scratch = Scratch.borrow(isNative);
            try {
                current.closeOutbound();
                encryptTheEnd(current, scratch);
            } catch (SSLException | RuntimeException e) {
                LOG.debug("can't end TLS with {} in order", socket, e);
            } finally {
                scratch.giveBack();
            }
        }
        flushQuietly();
        return unsent.isEmpty();
    }

    /** Frees what the engine holds: the connection has ended. Idempotent. */
    public synchronized void release() {
        if (released) {
            return;
        }
        released = true;
        hasUntoldEnd = false;
        ciphertext.clear();
        plaintext.clear();
        unsent.clear();
        if (engine instanceof ReferenceCounted counted) {
            counted.release();
        }
        engine = null;
    }
}
