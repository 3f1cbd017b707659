package dev.supervisor.socket.tls;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The buffers of one read or write. They are borrowed for its duration only, so connections that rest have none. No more
 * are kept than threads can run at once; virtual threads, of which there may be a million, share them too.
 */
final class Scratch {

    /** The longest record in bytes, with its header and what encryption adds. */
    static final int RECORD = 18 * 1024;

    private static final int RECORDS_AT_ONCE = 4;
    private static final int POOLED =
            Integer.highestOneBit(Math.max(4, Runtime.getRuntime().availableProcessors())) * 2;

    /** Java's engine works on arrays. */
    private static final AtomicReferenceArray<Scratch> ON_HEAP = new AtomicReferenceArray<>(POOLED);

    /** OpenSSL works on memory outside of the heap. */
    private static final AtomicReferenceArray<Scratch> DIRECT = new AtomicReferenceArray<>(POOLED);

    private final AtomicReferenceArray<Scratch> pool;
    private final ByteBuffer incoming;
    private final ByteBuffer outgoing;
    private final ByteBuffer plain;
    private final Sources sources;

    private Scratch(AtomicReferenceArray<Scratch> pool) {
        this.pool = pool;
        incoming = allocate(RECORDS_AT_ONCE * RECORD);
        outgoing = allocate(RECORDS_AT_ONCE * RECORD);
        plain = allocate(RECORD);
        sources = new Sources(plain);
    }

    private ByteBuffer allocate(int length) {
        return pool == DIRECT ? ByteBuffer.allocateDirect(length) : ByteBuffer.allocate(length);
    }

    static Scratch borrow(boolean direct) {
        AtomicReferenceArray<Scratch> pool = direct ? DIRECT : ON_HEAP;
        int first = firstSlot();
        for (int i = 0; i < POOLED; i++) {
            int slot = (first + i) & (POOLED - 1);
            Scratch found = pool.get(slot) == null ? null : pool.getAndSet(slot, null);
            if (found != null) {
                return found;
            }
        }
        return new Scratch(pool);
    }

    void giveBack() {
        int first = firstSlot();
        for (int i = 0; i < POOLED; i++) {
            int slot = (first + i) & (POOLED - 1);
            if (pool.get(slot) == null && pool.compareAndSet(slot, null, this)) {
                return;
            }
        }
    }

    @SuppressWarnings("deprecation") // threadId() is of Java 19
    private static int firstSlot() {
        return (int) Thread.currentThread().getId() & (POOLED - 1);
    }

    /** Returns a buffer for ciphertext from the socket. */
    ByteBuffer incoming() {
        return incoming;
    }

    /** Returns a buffer for ciphertext to the socket. */
    ByteBuffer outgoing() {
        return outgoing;
    }

    /** Returns what divides the plaintext of a write; it uses {@link #plain}. */
    Sources sources() {
        return sources;
    }

    /** Returns a buffer for the plaintext of one record. */
    ByteBuffer plain() {
        return plain;
    }
}
