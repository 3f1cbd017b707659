package dev.supervisor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
@EnabledOnOs(OS.LINUX)
final class RuntimeDirectoryTest {

    private static final long PROCESS = 4711;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path temporary;

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    private RuntimeDirectory directory() throws IOException {
        return RuntimeDirectory.of(Map.of("XDG_RUNTIME_DIR", temporary.toString()));
    }

    private ServerSocketChannel listen(Path socket) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        opened.add(server);
        server.bind(UnixDomainSocketAddress.of(socket), 1);
        return server;
    }

    /** As it is with a supervisor that stands still: it accepts none of the connections that the kernel keeps for it. */
    private void fillQueue(Path socket) {
        assertThrows(SocketException.class, () -> {
            while (true) {
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                opened.add(channel);
                channel.configureBlocking(false);
                assertTrue(channel.connect(UnixDomainSocketAddress.of(socket)));
            }
        });
    }

    @Test
    void aSupervisorThatAcceptsNoConnectionIsFoundAtOnce() throws IOException {
        RuntimeDirectory directory = directory();
        Path socket = directory.control(PROCESS);
        listen(socket);
        assertEquals(List.of(PROCESS), directory.processes());
        fillQueue(socket);
        assertEquals(List.of(PROCESS), directory.processes());
        assertTrue(Files.exists(socket));
    }

    @Test
    void aRequestToASupervisorThatAcceptsNoConnectionEndsInTime() throws IOException {
        Path socket = directory().control(PROCESS);
        listen(socket);
        fillQueue(socket);
        ControlException late = assertThrows(
                ControlException.class,
                () -> ControlClient.ask(
                        socket, PROCESS, "GET /status", "*/*", "", Optional.of(Duration.ofMillis(100))));
        assertEquals("process 4711 has not answered in time", late.getMessage());
    }

    @Test
    void theSocketsOfAKilledSupervisorAreDeleted() throws IOException {
        RuntimeDirectory directory = directory();
        listen(directory.control(PROCESS)).close(); // leaves the file
        listen(directory.takeover(PROCESS)).close();
        assertTrue(Files.exists(directory.control(PROCESS)));
        assertEquals(List.of(), directory.processes());
        assertFalse(Files.exists(directory.control(PROCESS)));
        assertFalse(Files.exists(directory.takeover(PROCESS)));
    }

    /** Too many open files, say; here the path is longer than that of a socket can be. */
    @Test
    void aSocketIsKeptIfItIsUnknownWhetherAnyoneListens() throws IOException {
        Path path = Files.createDirectory(temporary.resolve("a".repeat(110)));
        RuntimeDirectory directory = new RuntimeDirectory(path, 0);
        Files.createFile(directory.control(PROCESS));
        assertEquals(List.of(PROCESS), directory.processes());
        assertTrue(Files.exists(directory.control(PROCESS)));
    }
}
