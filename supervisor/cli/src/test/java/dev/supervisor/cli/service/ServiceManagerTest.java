package dev.supervisor.cli.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXSocketAddress;

/** The receiver may be anything. */
@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
final class ServiceManagerTest {

    private static final Event UNCHANGED = new Event.Unchanged(1);

    @TempDir
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private AFUNIXDatagramChannel receiver;

    @BeforeEach
    void bind() throws IOException {
        receiver = AFUNIXDatagramChannel.open();
        receiver.bind(AFUNIXSocketAddress.of(path()));
    }

    @AfterEach
    void close() throws IOException {
        receiver.close();
    }

    private Path path() {
        return directory.resolve("notify");
    }

    private ServiceManager manager(Map<String, String> more, String text) {
        NotifyVariables variables =
                new NotifyVariables(more, ProcessHandle.current().pid());
        return new NotifiedManager(new NotifySocket(path().toString()), variables, List.of("app"), event -> text);
    }

    private String next() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(10_000);
        receiver.receive(bytes);
        return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }

    @Test
    void aStatusThatIsTooLongForTheReceiverIsCut() throws IOException {
        try (ServiceManager manager = manager(Map.of(), "€".repeat(100_000))) {
            manager.accept("app", UNCHANGED);
            String message = next();
            assertTrue(message.matches("STATUS=€+\\.{3}"), message);
            assertTrue(message.getBytes(StandardCharsets.UTF_8).length <= 4096);
        }
    }

    @Test
    void aSignOfLifeIsSentForEachResponse() throws Exception {
        CompletableFuture<?> stuck = new CompletableFuture<>();
        CountDownLatch bothAsked = new CountDownLatch(2);
        try (ServiceManager manager = manager(Map.of("WATCHDOG_USEC", "2000"), "")) {
            manager.watch(() -> {
                bothAsked.countDown();
                return stuck;
            });
            bothAsked.await(); // after the event it is no start any more
            manager.accept("app", UNCHANGED);
            assertEquals("STATUS=", next(), "and nothing before");
            stuck.complete(null);
            Set<String> sent = new HashSet<>();
            while (sent.size() < 2) { // one of them may come several times before the other
                sent.add(next());
            }
            assertEquals(Set.of("EXTEND_TIMEOUT_USEC=20000000", "WATCHDOG=1"), sent);
        }
    }

    @Test
    void aReceiverThatDoesNotReadIsWaitedForOnce() throws Exception {
        NotifySocket socket = new NotifySocket(path().toString());
        IOException full = assertThrows(IOException.class, () -> {
            for (int i = 0; i < 100_000; i++) {
                socket.send("STATUS=" + i, List.of());
            }
        });
        assertEquals("it does not read what it is sent", full.getMessage());
        for (int i = 0; i < 1000; i++) { // which would take longer than this test may
            assertThrows(IOException.class, () -> socket.send("STATUS=", List.of()));
        }
        assertEquals("STATUS=0", next());
        socket.send("STATUS=again", List.of());
    }

    @Test
    void aReceiverThatIsGoneHarmsNothing() throws Exception {
        receiver.close();
        try (ServiceManager manager = manager(Map.of("FDSTORE", "1"), "")) {
            manager.accept("app", UNCHANGED);
            manager.keep(Map::of);
        }
        NotifySocket socket = new NotifySocket(path().toString());
        assertThrows(IOException.class, () -> socket.send("STATUS=", List.of()));
        assertThrows(IOException.class, socket::awaitReceiver);
    }
}
