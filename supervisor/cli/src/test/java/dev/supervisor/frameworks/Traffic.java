package dev.supervisor.frameworks;

import java.util.List;

/** Clients that ask continuously, until it is closed. */
interface Traffic extends AutoCloseable {

    List<Answers> clients();

    @Override
    void close();

    /** Waits for the end of a client's thread. */
    static void join(Thread thread, long millis) {
        try {
            thread.join(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts it", e);
        }
        if (thread.isAlive()) {
            throw new AssertionError(thread.getName() + " does not end");
        }
    }

    /** Returns whether each client has been answered some times by this version. */
    default boolean allSaw(int version, int times) {
        return clients().stream().allMatch(client -> client.count(version) >= times);
    }

    /** Returns when the first answer of this version came, by {@link System#nanoTime}. */
    default long firstTime(int version) {
        return clients().stream()
                .flatMapToLong(client -> client.firstTime(version).stream())
                .min()
                .orElseThrow();
    }

    default long requests() {
        return clients().stream().mapToLong(Answers::requests).sum();
    }

    default int announced() {
        return clients().stream().mapToInt(Answers::announcements).sum();
    }

    default int closed() {
        return clients().stream().mapToInt(Answers::closed).sum();
    }

    default List<String> failures() {
        return clients().stream().flatMap(client -> client.failures().stream()).toList();
    }
}
