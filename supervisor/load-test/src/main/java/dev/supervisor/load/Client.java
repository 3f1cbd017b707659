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
            connection = new ClientConnection(this, worker);
            connection.ask(due, now);
            worker.connect(connection);
        } else {
            connection.ask(due, now);
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
