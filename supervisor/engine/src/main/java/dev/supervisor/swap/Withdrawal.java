package dev.supervisor.swap;

import dev.supervisor.Event;
import java.util.function.Consumer;

/**
 * Whether clients are told to leave, by answers that are the last ones on their connections: for a while, or since the
 * supervisor stops. Belongs to the thread of the {@link SwapLoop}.
 */
final class Withdrawal {

    private final LiveBackend backend;
    private final Consumer<Event> events;

    /** Written by the loop's thread. */
    private volatile boolean withdrawn;

    /** The supervisor stops, which is not taken back. */
    private boolean stopping;

    Withdrawal(LiveBackend backend, Consumer<Event> events) {
        this.backend = backend;
        this.events = events;
    }

    /** Tells clients to leave, until {@link #takeBack}. */
    void begin() {
        if (!withdrawn) {
            withdrawn = true;
            backend.endWithResponses(true);
            events.accept(new Event.Withdrawn());
        }
    }

    void takeBack() {
        if (withdrawn && !stopping) {
            backend.endWithResponses(false);
        }
        withdrawn = false;
    }

    /** Tells clients to leave, for good. */
    void stop() {
        stopping = true;
        backend.endWithResponses(true);
    }

    /** Returns whether clients are told to leave for a while. From any thread. */
    boolean isWithdrawn() {
        return withdrawn;
    }
}
