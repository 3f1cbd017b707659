package dev.supervisor.socket.http;

/**
 * The active streams of an HTTP/2 connection, and which of the peers has ended each. Open addressing with linear
 * probing; grows up to {@link #MOST} streams and never shrinks.
 *
 * <p>Not thread-safe.
 */
final class StreamTable {

    /** The most streams that may be active at once; servers allow a few hundred. */
    static final int MOST = 1 << 16;

    static final int ENDED_BY_CLIENT = 1;
    static final int ENDED_BY_SERVER = 2;

    private static final int ENDED_BY_BOTH = ENDED_BY_CLIENT | ENDED_BY_SERVER;
    private static final int ID_SHIFT = 2;
    private static final int FIRST_SIZE = 8;

    /** The fractional part of the golden ratio, so that ids that follow each other are spread. */
    private static final int SPREAD = 0x9E3779B9;

    /** Each is the id of a stream and who has ended it, or 0. A power of two long, at most half full. */
    private long[] entries = new long[FIRST_SIZE];

    private int size;

    int size() {
        return size;
    }

    /**
     * Adds a stream, unless that would be one too many.
     *
     * @param id not 0, and not in the table
     * @param ended who has ended it from the start: 0, {@link #ENDED_BY_CLIENT} or {@link #ENDED_BY_SERVER}
     */
    boolean open(int id, int ended) {
        if (size == MOST) {
            return false;
        }
        if (2 * (size + 1) > entries.length) {
            grow();
        }
        entries[slotOf(id)] = (long) id << ID_SHIFT | ended;
        size++;
        return true;
    }

    boolean contains(int id) {
        return entries[slotOf(id)] != 0;
    }

    /** One or both of the peers have ended the stream, which is removed if both have. Ignored if it is not active. */
    void end(int id, int by) {
        int slot = slotOf(id);
        if (entries[slot] != 0) {
            entries[slot] |= by;
            if ((entries[slot] & ENDED_BY_BOTH) == ENDED_BY_BOTH) {
                remove(slot);
            }
        }
    }

    /** A peer has reset the stream. Ignored if it is not active. */
    void reset(int id) {
        end(id, ENDED_BY_BOTH);
    }

    /** Returns where the stream is, or the free slot where it would be. */
    private int slotOf(int id) {
        int slot = home(id);
        while (entries[slot] != 0 && entries[slot] >>> ID_SHIFT != id) {
            slot = (slot + 1) & (entries.length - 1);
        }
        return slot;
    }

    private int home(int id) {
        return (id * SPREAD) >>> Integer.numberOfLeadingZeros(entries.length - 1);
    }

    /** Moves entries behind the removed one up, so that no search for them ends at a gap. */
    private void remove(int slot) {
        int mask = entries.length - 1;
        int gap = slot;
        for (int next = (gap + 1) & mask; entries[next] != 0; next = (next + 1) & mask) {
            int home = home((int) (entries[next] >>> ID_SHIFT));
            if (((next - home) & mask) >= ((next - gap) & mask)) {
                entries[gap] = entries[next];
                gap = next;
            }
        }
        entries[gap] = 0;
        size--;
    }

    private void grow() {
        long[] former = entries;
        entries = new long[2 * former.length];
        for (long entry : former) {
            if (entry != 0) {
                entries[slotOf((int) (entry >>> ID_SHIFT))] = entry;
            }
        }
    }
}
