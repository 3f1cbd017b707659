package dev.supervisor.socket.netty;

import dev.supervisor.socket.tls.TlsStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.FileRegion;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The transport of a channel on whose connection the supervisor ends TLS: what the channel reads and writes is plaintext.
 * Belongs to one owner of the connection; runs on its event loop.
 */
final class EncryptedTransport {

    /** From the moment when an owner begins to read; a connection that waits at its gate has all the time. */
    private static final long HANDSHAKE_SECONDS = 10;

    private static final int MOST_BUFFERS = 1024;
    private static final int MOST_AT_ONCE = 64 * 1024;

    private final ConnectionChannel channel;
    private final TlsStream stream;
    private final Runnable failed;
    private final AsChannel asChannel = new AsChannel();
    private final ByteBuffer[] one = new ByteBuffer[1];

    private @Nullable ScheduledFuture<?> deadline;
    private boolean hasBegun;
    private boolean isFailureTold;

    /** @param failed called in a task of its own when the connection must end, since TLS can't go on */
    EncryptedTransport(ConnectionChannel channel, TlsStream stream, Runnable failed) {
        this.channel = channel;
        this.stream = stream;
        this.failed = failed;
    }

    TlsStream stream() {
        return stream;
    }

    /** The owner wants to read. */
    void beginRead() {
        if (hasBegun) {
            return;
        }
        hasBegun = true;
        if (!stream.isEstablished()) {
            deadline = channel.eventLoop().schedule(this::fail, HANDSHAKE_SECONDS, TimeUnit.SECONDS);
        }
        if (stream.hasUnsent()) { // of a former owner's
            channel.eventLoop().execute(this::flushSoon);
        }
    }

    /** Returns how many bytes of plaintext were read; -1 at the end. */
    int read(ByteBuf buffer) throws IOException {
        boolean wasEstablished = stream.isEstablished();
        int length = buffer.nioBufferCount() == 1 ? readInto(buffer) : readAside(buffer);
        var handle = channel.unsafe().recvBufAllocHandle();
        handle.attemptedBytesRead(stream.hasUnread() ? length : length + 1); // says whether it is worth to read again
        if (stream.hasFailed()) {
            failSoon();
        } else if (!wasEstablished) {
            afterHandshakeStep();
        }
        return length;
    }

    private int readInto(ByteBuf buffer) throws IOException {
        int begin = buffer.writerIndex();
        int length = stream.read(buffer.internalNioBuffer(begin, buffer.writableBytes()));
        if (length > 0) {
            buffer.writerIndex(begin + length);
        }
        return length;
    }

    /** Reads into a buffer of several parts, of an allocator of the application's own. */
    private int readAside(ByteBuf buffer) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.min(buffer.writableBytes(), MOST_AT_ONCE));
        int length = stream.read(bytes);
        if (length > 0) {
            buffer.writeBytes(bytes.flip());
        }
        return length;
    }

    private void afterHandshakeStep() {
        if (stream.isEstablished()) {
            end();
            channel.forceFlush(); // what the application wrote before could not be encrypted
        }
        flushSoon();
    }

    /**
     * Has Netty flush when the socket takes bytes again. It does so only for a channel that has something to be written, so
     * this writes an empty message if there is none.
     */
    private void flushSoon() {
        @Nullable ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        if (!stream.hasUnsent() || buffer == null) {
            return;
        }
        if (buffer.isEmpty()) {
            channel.unsafe().write(Unpooled.EMPTY_BUFFER, channel.voidPromise());
            channel.unsafe().flush();
        } else {
            channel.writeIncomplete(true); // what waits for the handshake has not asked for that
        }
    }

    private void failSoon() {
        if (!isFailureTold) {
            isFailureTold = true;
            channel.later(failed);
        }
    }

    private void fail() {
        if (!stream.isEstablished()) {
            failSoon();
        }
    }

    /**
     * Writes as much as the socket takes now. A message is done when its ciphertext is in the socket.
     *
     * @return whether any plaintext has been written
     */
    boolean write(ChannelOutboundBuffer buffer) throws Exception {
        boolean some = false;
        for (int turns = channel.config().getWriteSpinCount(); turns > 0; turns--) {
            if (!stream.flush()) {
                channel.writeIncomplete(true);
                return some;
            }
            if (buffer.isEmpty()) {
                channel.writeComplete();
                return some;
            }
            long written = writeOnce(buffer);
            if (written == 0) {
                return some;
            }
            some |= written > 0;
        }
        channel.writeIncomplete(false);
        return some;
    }

    /** Returns how many bytes of plaintext were written; -1 if none, but it can go on; 0 if it can't. */
    private long writeOnce(ChannelOutboundBuffer buffer) throws Exception {
        ByteBuffer[] sources = buffer.nioBuffers(MOST_BUFFERS, MOST_AT_ONCE);
        int count = buffer.nioBufferCount();
        if (count == 0 && buffer.nioBufferSize() == 0 && isEmptyMessage(buffer.current())) {
            buffer.remove();
            return -1;
        }
        if (!stream.isEstablished()) {
            channel.writeComplete(); // until the handshake is done: the socket would be writable all the time
            return 0;
        }
        if (count == 0) {
            return writeOther(buffer);
        }
        long written = stream.writeSent(sources, 0, count);
        if (written == 0) {
            channel.writeIncomplete(true);
        } else {
            buffer.removeBytes(written);
        }
        return written;
    }

    private static boolean isEmptyMessage(@Nullable Object message) {
        return message instanceof ByteBuf bytes && !bytes.isReadable();
    }

    /** Writes a part of a file. */
    private long writeOther(ChannelOutboundBuffer buffer) throws Exception {
        asChannel.count = 0;
        if (channel.writeCurrent(buffer) > channel.config().getWriteSpinCount()) { // Netty's sign for a full socket
            channel.writeIncomplete(true);
            return 0;
        }
        return asChannel.count > 0 ? asChannel.count : -1;
    }

    long transfer(FileRegion region) throws IOException {
        return region.transferTo(asChannel, region.transferred());
    }

    /** The socket, for the source of a file. What is not taken now is written again from there on. */
    private final class AsChannel implements WritableByteChannel {

        private long count;

        @Override
        public int write(ByteBuffer source) throws IOException {
            int begin = source.position();
            one[0] = source;
            int length = (int) stream.writeSent(one, 0, 1);
            one[0] = null;
            source.position(begin + length);
            count += length;
            return length;
        }

        @Override
        public boolean isOpen() {
            return channel.isOpen();
        }

        @Override
        public void close() {}
    }

    /** The owner has no more use for it. */
    void end() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }
}
