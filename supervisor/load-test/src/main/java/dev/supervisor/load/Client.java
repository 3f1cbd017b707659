package dev.supervisor.load;

import org.jspecify.annotations.Nullable;

/** A simulated client: has one connection at a time, and makes another one when it needs it. Belongs to its worker. */
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

    /** @param due since when this request is due, from when its latency counts */
    void ask(long due, long now) {
        if (connection == null) {
            connection = new ClientConnection(this, worker);
            connection.ask(due, now);
            worker.connect(connection);
        } else {
            connection.ask(due, now);
        }
    }

    /** The next request needs another connection. */
    void leave(ClientConnection left) {
        if (connection == left) {
            connection = null;
        }
    }

    /** Ends a connection whose oldest request has been sent before this time. */
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
