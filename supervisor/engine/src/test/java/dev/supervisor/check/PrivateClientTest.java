package dev.supervisor.check;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.supervisor.socket.Connection;
import dev.supervisor.socket.ListeningSocket;
import dev.supervisor.socket.Server;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class PrivateClientTest {

    /** Takes connections, and does nothing with them. */
    private static final class Keeping implements Server {

        private final Deque<Connection> taken = new ArrayDeque<>();

        @Override
        public void take(Connection connection) {
            taken.add(connection);
        }

        @Override
        public List<Connection> giveBack() {
            return List.of();
        }

        @Override
        public ListeningSocket listener() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void revoke() {}

        @Override
        public boolean willAdopt() {
            return false;
        }
    }

    /** Otherwise the connections of checks would be seen in the status of a generation that serves. */
    @Test
    void theEndOfTheApplicationsSideIsAwaited() throws Exception {
        Keeping application = new Keeping();
        try (PrivateClient client = new PrivateClient()) {
            client.connect(application, List.of()).close().sync();
            CompletableFuture<Void> ends = CompletableFuture.runAsync(() -> {
                try {
                    client.awaitEnds(TimeUnit.SECONDS.toMillis(30));
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThrows(TimeoutException.class, () -> ends.get(100, TimeUnit.MILLISECONDS));
            application.taken.remove().end();
            ends.get();
        }
    }

    @Test
    void anApplicationThatDoesNotCloseItsSideIsNotAwaitedForLong() throws Exception {
        Keeping application = new Keeping();
        try (PrivateClient client = new PrivateClient()) {
            client.connect(application, List.of()).close().sync();
            client.awaitEnds(10);
        } finally {
            application.taken.remove().end();
        }
    }
}
