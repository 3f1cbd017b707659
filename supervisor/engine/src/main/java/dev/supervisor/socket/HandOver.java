package dev.supervisor.socket;

import dev.supervisor.Successor;
import dev.supervisor.process.SupervisorThreads;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives connections to another process, one after another, on a thread of its own. Each is closed here afterwards, which
 * its peer does not notice. Thread-safe.
 */
public final class HandOver {

    private record Given(ListeningSocket from, Connection connection, long sinceNanos) {}

    private static final Logger LOG = LoggerFactory.getLogger(HandOver.class);
    private static final Duration PAUSE = Duration.ofMillis(1);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Successor successor;
    private final BlockingQueue<Optional<Given>> queue = new LinkedBlockingQueue<>(); // empty at the end
    private final Thread thread = SupervisorThreads.thread("supervisor-hand-over", this::run);

    /** Whether the successor takes no more. Belongs to the thread. */
    private boolean isRefused;

    public HandOver(Successor successor) {
        this.successor = successor;
        thread.start();
    }

    /**
     * Returns the receiver of the connections of one socket. It closes what the successor can't take: it has no such socket, or
     * the connection has keys of TLS, which can't leave this process.
     */
    public Receiver receiver(ListeningSocket socket) {
        return new Receiver() {
            @Override
            public void take(Connection connection) {
                if (successor.has(socket.spec().name())
                        && connection.canLeaveProcess()
                        && !connection.isWebSocket() // the other process would take its frames for HTTP
                        && (connection.proxied().isEmpty() || successor.knowsProxies())) {
                    queue.add(Optional.of(new Given(socket, connection, System.nanoTime())));
                } else {
                    connection.closeLingering();
                }
            }

            @Override
            public List<Connection> giveBack() {
                return List.of();
            }
        };
    }

    /** Waits until all connections that receivers have taken are given. */
    public void finish() throws InterruptedException {
        queue.add(Optional.empty());
        thread.join();
    }

    private void run() {
        boolean isLast = false;
        while (!isLast || !queue.isEmpty()) {
            try {
                Optional<Given> next = queue.take();
                isLast |= next.isEmpty();
                next.ifPresent(given -> SupervisorThreads.run(() -> giveOrWait(given)));
            } catch (InterruptedException e) {
                LOG.debug("interrupted, going on", e);
            }
        }
    }

    /**
     * A channel must not be closed while it is still registered: the JDK would shut the connection down, for the other
     * process too. Its selector drops it at its next turn. If that does not come, since a handler does not return, the
     * channel stays open until this process ends.
     */
    private void giveOrWait(Given given) {
        boolean isRegistered = given.connection().socket().isRegistered();
        if (isRegistered && System.nanoTime() - given.sinceNanos() < PATIENCE.toNanos()) {
            queue.add(Optional.of(given));
            LockSupport.parkNanos(PAUSE.toNanos());
            return;
        }
        if (!give(given) || !isRegistered) {
            given.connection().end();
        }
    }

    private boolean give(Given given) {
        Connection connection = given.connection();
        if (isRefused || !connection.socket().isOpen()) {
            return false;
        }
        try {
            successor.take(
                    given.from().spec().name(),
                    InternalSockets.file(connection.socket()),
                    connection.takeUnread(),
                    connection.proxied());
            return true;
        } catch (IOException | RuntimeException e) { // a part of it may have been sent: nothing can follow
            isRefused = true;
            LOG.warn("the successor takes no more connections, the others end here: {}", e.toString());
            return false;
        }
    }
}
