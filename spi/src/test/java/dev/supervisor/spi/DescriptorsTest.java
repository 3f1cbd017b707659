package dev.supervisor.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Listening descriptors that were not made by the JDK, as a parent process passes them. */
@Timeout(60)
@EnabledOnOs(value = OS.LINUX, disabledReason = "descriptors are taken over by epoll")
class DescriptorsTest {

    private static final Application LINES =
            context -> context.listeners().forEach(listener -> listener.serve(new Lines(listener.name())));

    @TempDir
    private Path directory;

    @BeforeAll
    static void loadTheNativeLibrary() {
        Epoll.ensureAvailability();
    }

    private static int listening(InetAddress address) throws IOException {
        LinuxSocket socket = LinuxSocket.newSocketStream(address instanceof Inet6Address);
        socket.bind(new InetSocketAddress(address, 0));
        socket.listen(128);
        return socket.intValue();
    }

    private static Map<String, String> environment(int first, String names) {
        return Map.of(
                "LISTEN_FDS",
                Integer.toString(names.split(":", -1).length),
                "LISTEN_FDS_FIRST_FD",
                Integer.toString(first),
                "LISTEN_FDNAMES",
                names);
    }

    @Test
    void aSocketOfTcpIsServedAndOtherListenersAreBound() throws Exception {
        UnixDomainSocketAddress unix = UnixDomainSocketAddress.of(directory.resolve("bound.sock"));
        for (InetAddress host : new InetAddress[] {NetUtil.LOCALHOST4, NetUtil.LOCALHOST6}) {
            int descriptor = listening(host);
            try (Standalone running = Standalone.listen("http", 1)
                    .listen("four", 0)
                    .listen("six", new InetSocketAddress(NetUtil.LOCALHOST6, 0))
                    .listen("unix", unix)
                    .start(environment(descriptor, "http"), LINES)) {
                assertEquals(host, ((InetSocketAddress) running.address("http")).getAddress());
                assertEquals(unix, running.address("unix"));
                for (String name : new String[] {"http", "four", "six", "unix"}) {
                    assertEquals(name + " a", LineClient.ask(running.address(name), "a"));
                }
            }
            assertFalse(Files.exists(unix.getPath()), "a socket that was bound here");
        }
    }

    @Test
    void aUnixSocketIsServedAndItsFileStays() throws Exception {
        Path path = directory.resolve("passed.sock");
        LinuxSocket socket = LinuxSocket.newSocketDomain();
        socket.bind(new DomainSocketAddress(path.toFile()));
        socket.listen(128);
        try (Standalone running =
                Standalone.listen("http", 1).start(environment(socket.intValue(), "unknown"), LINES)) {
            assertEquals(UnixDomainSocketAddress.of(path), running.address("http"));
            assertEquals("http a", LineClient.ask(running.address("http"), "a"));
        }
        assertTrue(Files.exists(path), "it is the parent's");
    }

    @Test
    void whatDoesNotListenIsNamed() throws Exception {
        LinuxSocket datagram = LinuxSocket.newSocketDgram(false);
        assertEquals("it is no stream socket (ListenStream= of systemd)", refusal(datagram));
        LinuxSocket bound = LinuxSocket.newSocketStream(false);
        bound.bind(new InetSocketAddress(NetUtil.LOCALHOST4, 0));
        assertEquals("it does not listen (Accept=no of systemd)", refusal(bound));
        FileDescriptor file =
                FileDescriptor.from(Files.createFile(directory.resolve("file")).toFile());
        assertEquals("it is no socket", refusal(file));
    }

    private static String refusal(FileDescriptor descriptor) throws IOException {
        IOException thrown = assertThrows(
                IOException.class,
                () -> Standalone.listen("http", 1).start(environment(descriptor.intValue(), "unknown"), LINES));
        String begin =
                "can't use descriptor " + descriptor.intValue() + " of the parent process for the listener 'http': ";
        descriptor.close();
        assertTrue(String.valueOf(thrown.getMessage()).startsWith(begin), thrown::getMessage);
        return String.valueOf(thrown.getMessage()).substring(begin.length());
    }

    @Test
    void theNeededLibraryIsNamed() {
        IOException thrown = assertThrows(IOException.class, () -> new NioTransport().adopt(3));
        assertTrue(String.valueOf(thrown.getMessage()).contains("netty-transport-native-epoll"), thrown::getMessage);
    }
}
