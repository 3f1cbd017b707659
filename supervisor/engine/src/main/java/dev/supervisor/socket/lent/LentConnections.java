package dev.supervisor.socket.lent;

import dev.supervisor.Departure;
import dev.supervisor.Held;
import dev.supervisor.lending.BorrowedServer;
import dev.supervisor.socket.Connection;
import dev.supervisor.socket.ListeningSocket;
import dev.supervisor.socket.Server;
import dev.supervisor.socket.http.AnswerCounts;
import dev.supervisor.socket.http.HandoffState.Phase;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections that one generation has borrowed. Methods may be called from any thread. */
public final class LentConnections {

    /** The generation, as these connections see it. Methods may be called from any thread. */
    public interface Owner {

        /** Read for each read and write of each connection. */
        Phase phase();

        /** Whether connections leave for another process, so that those with keys of TLS have to end. */
        boolean leavesProcess();

        /** Whether WebSockets move to the next generation, which is one of this process. */
        boolean movesWebSockets();

        /** Waits until all changes up to now are known: the phase tells of them then. */
        void passBarrier();

        /** The application serves a listener from now on. Must not wait. */
        void serving(Server server);

        void closed(Server server);

        /** Returns what counts the answers. */
        AnswerCounts answers();

        /** A connection has left. How it left is asked at most once. */
        void left(Connection connection, Supplier<Departure> how);

        /** A connection has been read from for the first time. */
        void asked();

        /** A connection has been written to for the first time. */
        void answered();
    }

    private static final Logger LOG = LoggerFactory.getLogger(LentConnections.class);

    private final Owner owner;
    private final Set<LentConnection> open = ConcurrentHashMap.newKeySet();

    public LentConnections(Owner owner) {
        this.owner = owner;
    }

    /** Makes the server of a listener, whose connections the channel will accept. */
    LentServer serve(ListeningSocket listener, BorrowedServer channel, Consumer<LentServer> onClosed) {
        return new LentServer(listener, channel, this, onClosed);
    }

    Owner owner() {
        return owner;
    }

    boolean isQuiescing() {
        return owner.phase() != Phase.SERVING;
    }

    private boolean isLeaving() {
        return owner.phase() == Phase.SUPERSEDED || owner.phase() == Phase.DISMISSED;
    }

    void accepted(LentConnection connection) {
        open.add(connection);
        if (isLeaving()) {
            connection.leave();
        }
    }

    void left(LentConnection connection, Departure how) {
        if (open.remove(connection)) {
            owner.left(connection.connection(), () -> how);
        }
    }

    public void held() {
        each(LentConnection::held);
    }

    public void resume() {
        each(LentConnection::resume);
    }

    public void leave() {
        each(LentConnection::leave);
    }

    /** Has connections go on without the application that have ended for it, and that it does not close. */
    public void reclaim() {
        each(LentConnection::reclaim);
    }

    /** The drain deadline has passed: what the application does not end when it is stopped is closed. */
    public void overdue() {
        each(LentConnection::overdue);
    }

    /** The application is about to be stopped, and may end its connections then. */
    public void stopping() {
        each(LentConnection::stopping);
    }

    /** Closes the remaining connections, and what the application has not closed, though it has ended for it. */
    public void endFromOutside() {
        each(LentConnection::endFromOutside);
    }

    private void each(Consumer<LentConnection> action) {
        for (LentConnection connection : open) {
            try {
                action.accept(connection);
            } catch (RuntimeException | Error e) { // the other connections must hear of it
                LOG.warn("the connection {} does not do what it is asked: {}", connection, e.toString());
            }
        }
    }

    public int count() {
        return open.size();
    }

    /** Returns on how many a request waits, and for how long the first. */
    public Held waiting() {
        long now = System.nanoTime();
        Held waiting = Held.NONE;
        for (LentConnection connection : open) {
            long since = connection.waitingSince();
            if (since != 0) {
                waiting = waiting.plus(new Held(1, Duration.ofNanos(now - since)));
            }
        }
        return waiting;
    }

    /** Whether the application can be stopped: nothing is under way, as far as that can be seen. */
    public boolean isDrained() {
        return open.stream().allMatch(LentConnection::isQuiet);
    }
}
