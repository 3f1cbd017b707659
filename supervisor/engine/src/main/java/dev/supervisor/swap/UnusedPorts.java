package dev.supervisor.swap;

import dev.supervisor.Event;
import dev.supervisor.generation.Generation;
import dev.supervisor.socket.Sockets;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The adopted ports that generations before the live one have bound and that none has any more; a former one has them until it
 * has drained. Belongs to the thread of the {@link SwapLoop}.
 */
final class UnusedPorts {

    /** How long a program whose main has returned may still bind ports, as its other threads may do. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Sockets sockets;
    private final Consumer<Event> events;

    /** Since when the live generation serves, by {@link System#nanoTime}. */
    private long servingSince;

    UnusedPorts(Sockets sockets, Consumer<Event> events) {
        this.sockets = sockets;
        this.events = events;
    }

    /** A generation has begun to serve. */
    void served() {
        servingSince = System.nanoTime();
    }

    /**
     * Closes them, unless the generation that serves may still bind them.
     *
     * @param inMain how long a program may still bind ports while its main runs, after the ones that it serves by
     * @return whether some are left, and are to be looked at later
     */
    boolean close(Generation serving, Duration inMain) {
        if (!sockets.adopted().hasUnused()) {
            return false;
        }
        Duration patience = serving.isInMain() ? inMain : PATIENCE;
        if (System.nanoTime() - servingSince < patience.toNanos()) {
            return true;
        }
        sockets.adopted()
                .closeUnused()
                .forEach(socket -> events.accept(
                        new Event.PortClosed(serving.number(), socket.spec().name(), socket.address())));
        return false;
    }
}
