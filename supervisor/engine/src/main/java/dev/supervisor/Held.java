package dev.supervisor;

import java.time.Duration;

/**
 * Connections that waited for a swap.
 *
 * @param count how many
 * @param longest the longest wait
 */
public record Held(int count, Duration longest) {

    public static final Held NONE = new Held(0, Duration.ZERO);

    /** Returns the sum of both counts, with the longer of both waits. */
    public Held plus(Held other) {
        return new Held(count + other.count, longest.compareTo(other.longest) > 0 ? longest : other.longest);
    }
}
