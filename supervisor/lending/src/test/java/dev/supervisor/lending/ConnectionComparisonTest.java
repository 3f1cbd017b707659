package dev.supervisor.lending;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.lending.Comparison.Allowed;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ConnectionComparisonTest {

    private static final int CASES = 1000;
    private static final int LENGTH = 40;

    private static final List<Allowed> ALLOWED = List.of(
            new Allowed(
                    "connect|finishConnect|socket connect",
                    "ClosedChannelException.*",
                    "AsynchronousCloseException.*",
                    "JDK 17 says so of a channel that blocks, as if it had been closed just now; 25 does not"),
            new Allowed(
                    "socket connect",
                    "SocketException .Already connected.*",
                    "(AlreadyConnectedException|UnknownHostException|IllegalArgumentException .connect: timeout).*",
                    "JDK 17 does not translate the one, and looks at the arguments first; 25 answers as the lent one"),
            new Allowed(
                    "socket connect",
                    "SocketException .Socket is closed.*",
                    "(UnknownHostException|IllegalArgumentException .connect: timeout).*",
                    "JDK 17 looks at the arguments first; 25 answers as the lent one"));

    @Test
    void aLentConnectionAnswersAsOneOfTheJdk() throws Exception {
        try (ServerSocketChannel listener = Side.listen()) {
            Comparison<Side> comparison = new Comparison<>(
                    () -> Side.lent(listener),
                    () -> Side.real(listener),
                    Side::normal,
                    ConnectionOperations.all(),
                    ALLOWED);
            Map<String, String> differences = comparison.differences(CASES, LENGTH);
            assertEquals(List.of(), comparison.neverPerformed());
            assertEquals(Map.of(), differences);
        }
    }
}
