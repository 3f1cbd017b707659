package dev.supervisor.load;

import org.jspecify.annotations.Nullable;

/** A simulated client: it has one connection at a time, and makes another when it needs one. Belongs to its worker. */
final class Client {

    private final Worker worker;
    private final boolean closesAfterAnswer;
    private @Nullable ClientConnection connection;

    Client(Worker worker, boolean closesAfterAnswer) {
        this.worker = worker;
        this.closesAfterAnswer = closesAfterAnswer;
    }

    boolean closesAfterAnswer() {
        return closesAfterAnswer;
    }

    /**
     * Sends a request, on a new connection if there is none.
     *
     * @param due the time from which the request's latency counts, by {@link System#nanoTime}
     * @param now the current time, by {@link System#nanoTime}
     */
    void ask(long due, long now) {
        if (connection == null) {
            ClientConnection made = new ClientConnection(this, worker);
            connection = made;
            made.ask(due, now);
            connect(made);
        } else {
            connection.ask(due, now);
        }
    }

    private void connect(ClientConnection made) {
        try {
            worker.connect(made);
        } catch (RuntimeException e) { // no descriptor is left, mostly: there is no channel that could report it
            made.openingFailed(e);
        }
    }

    /** Forgets a connection: the next request makes another one. */
    void leave(ClientConnection left) {
        if (connection == left) {
            connection = null;
        }
    }

    /** Ends the connection if its oldest request was sent before this time. */
    void expire(long sentBefore) {
        if (connection != null) {
            connection.expire(sentBefore);
        }
    }

    void close() {
        if (connection != null) {
            connection.close();
        }
    }
}
