package dev.supervisor.socket.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.function.IntSupplier;

/** The server's end of a connection in memory. */
final class Pipe implements ByteChannel {

    final ByteQueue toServer = new ByteQueue();
    final ByteQueue toClient = new ByteQueue();

    private IntSupplier chunk = () -> Integer.MAX_VALUE;
    private int room = Integer.MAX_VALUE;
    private boolean ended;
    private boolean spoils;

    /** How many bytes one read or write moves at most. */
    void chunk(IntSupplier size) {
        chunk = size;
    }

    /** How many bytes that the client has not read there may be. */
    void room(int bytes) {
        room = bytes;
    }

    void endToServer() {
        ended = true;
    }

    /** Changes the last byte of what the client sends next. */
    void spoilNext() {
        spoils = true;
    }

    void fromClient(ByteBuffer bytes) {
        if (spoils && bytes.hasRemaining()) {
            int last = bytes.limit() - 1;
            bytes.put(last, (byte) (bytes.get(last) + 1));
            spoils = false;
        }
        toServer.append(bytes);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (toServer.isEmpty()) {
            return ended ? -1 : 0;
        }
        return limited(target, Integer.MAX_VALUE, toServer::moveTo);
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return limited(source, Math.max(0, room - toClient.size()), part -> {
            int length = part.remaining();
            toClient.append(part);
            return length;
        });
    }

    private interface Move {
        int of(ByteBuffer part);
    }

    private int limited(ByteBuffer buffer, int most, Move move) {
        int limit = buffer.limit();
        int length = Math.min(Math.min(most, chunk.getAsInt()), buffer.remaining());
        buffer.limit(buffer.position() + length);
        try {
            return move.of(buffer);
        } finally {
            buffer.limit(limit);
        }
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
