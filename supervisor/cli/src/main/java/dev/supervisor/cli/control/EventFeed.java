package dev.supervisor.cli.control;

import dev.supervisor.Event;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** The last events of all applications, and those who follow them. Thread-safe. */
public final class EventFeed {

    /** How many events are kept; a build may print thousands of lines, each of which is one. */
    private static final int KEPT = 500;

    record Entry(String application, Event event, Instant time) {}

    // Guarded by this.
    private final Deque<Entry> last = new ArrayDeque<>();
    private final List<Consumer<Entry>> followers = new ArrayList<>();

    /** Receives an event. Does not block. */
    public synchronized void accept(String application, Event event) {
        Entry entry = new Entry(application, event, Instant.now());
        last.addLast(entry);
        if (last.size() > KEPT) {
            last.removeFirst();
        }
        followers.forEach(follower -> follower.accept(entry));
    }

    synchronized List<Entry> last() {
        return List.copyOf(last);
    }

    /**
     * Gives all events to a follower, beginning with the last ones.
     *
     * @param follower must not block
     * @return ends that
     */
    synchronized Runnable follow(Consumer<Entry> follower) {
        last.forEach(follower);
        followers.add(follower);
        return () -> leave(follower);
    }

    private synchronized void leave(Consumer<Entry> follower) {
        followers.remove(follower);
    }
}
