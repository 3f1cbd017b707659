package dev.supervisor.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CensusTest {

    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final Gate gate =
            new Gate(loop.eventLoop(), new Gate.Limits(1, Duration.ofMinutes(1)), System::nanoTime, accepting -> {});
    private final List<Connection> connections = new ArrayList<>();
    private final Census census = new Census();

    @AfterEach
    void close() {
        connections.forEach(Connection::end);
        loop.finishAndReleaseAll();
    }

    private Connection connection() throws IOException {
        Connection connection = new Connection(SocketChannel.open(), gate);
        connections.add(connection);
        return connection;
    }

    @Test
    void whatIsAcceptedIsOpenUntilItEnds() throws IOException {
        Connection one = connection();
        Connection another = connection();
        assertEquals(new Tally(0, 0, 0), census.tally());
        census.accepted(one);
        census.accepted(another);
        assertEquals(new Tally(2, 2, 0), census.tally());
        census.ended(one);
        assertEquals(new Tally(2, 1, 1), census.tally());
        census.ended(another);
        assertEquals(new Tally(2, 0, 2), census.tally());
    }

    @Test
    void anEndIsCountedOnce() throws IOException {
        Connection one = connection();
        census.accepted(one);
        census.accepted(connection());
        census.ended(one);
        census.ended(one);
        assertEquals(new Tally(2, 1, 1), census.tally());
    }

    @Test
    void whatWasNotAcceptedCantEnd() throws IOException {
        census.ended(connection());
        assertEquals(new Tally(0, 0, 0), census.tally());
    }
}
