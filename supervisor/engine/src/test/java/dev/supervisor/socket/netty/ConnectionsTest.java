package dev.supervisor.socket.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Departure;
import dev.supervisor.SocketSpec;
import dev.supervisor.socket.Connection;
import dev.supervisor.socket.ListeningSocket;
import dev.supervisor.socket.http.HandoffState;
import dev.supervisor.testing.Listeners;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ConnectionsTest {

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ListeningSocket listener = Listeners.bind(SocketSpec.http(0), loop.next());
    private final Connections connections = new Connections(server -> {});
    private final SupervisedServerChannel server = connections.open(listener);

    @AfterEach
    void end() {
        listener.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private OwnedConnection connection() throws IOException {
        Queue<Connection> arrived = new ArrayDeque<>(List.of(new Connection(SocketChannel.open(), listener.gate())));
        return Objects.requireNonNull(connections.adoptNext(server, arrived::poll))
                .owned();
    }

    @Test
    void whoSeesThatAllHaveLeftFindsEachInTheLedger() throws Exception {
        OwnedConnection first = connection();
        OwnedConnection second = connection();
        connections.supersede().join();
        assertTrue(connections.left(first, () -> {
            assertTrue(connections.left(second, () -> Departure.FINISHED)); // another loop, at the same time
            assertFalse(connections.drained().isDone(), "the first has not been counted yet");
            return Departure.MOVED_IDLE;
        }));
        assertTrue(connections.drained().isDone());
        assertEquals(0, connections.count());
        assertEquals(
                Map.of(Departure.MOVED_IDLE, 1L, Departure.FINISHED, 1L),
                connections.ledger().departures());
    }

    @Test
    void aSupersededGenerationThatIsReinstatedServesAndCanBeSupersededAgain() throws Exception {
        OwnedConnection first = connection();
        connections.supersede().join();
        var drainedFirst = connections.drained();
        connections.reinstate();
        assertEquals(HandoffState.Phase.HOLDING, connections.phase());
        connections.resume();
        assertEquals(HandoffState.Phase.SERVING, connections.phase());
        assertTrue(connections.left(first, () -> Departure.FINISHED));
        OwnedConnection second = connection();
        assertFalse(connections.drained().isDone());
        connections.supersede().join();
        assertFalse(connections.drained().isDone(), "one is open");
        assertTrue(connections.left(second, () -> Departure.MOVED_IDLE));
        assertTrue(connections.drained().isDone());
        assertFalse(drainedFirst.isDone(), "nobody waits for it any more");
        assertEquals(Map.of(Departure.MOVED_IDLE, 1L), connections.ledger().departures());
    }

    @Test
    void onlyASupersededGenerationIsReinstated() {
        connections.reinstate();
        assertEquals(HandoffState.Phase.SERVING, connections.phase());
        var unused = connections.dismiss();
        connections.reinstate();
        assertEquals(HandoffState.Phase.DISMISSED, connections.phase());
    }

    @Test
    void aConnectionLeavesOnce() throws Exception {
        OwnedConnection connection = connection();
        connections.supersede().join();
        assertTrue(connections.left(connection, () -> Departure.MOVED_IDLE));
        assertFalse(connections.left(connection, () -> Departure.ENDED_AT_DEADLINE));
        assertEquals(Map.of(Departure.MOVED_IDLE, 1L), connections.ledger().departures());
    }
}
