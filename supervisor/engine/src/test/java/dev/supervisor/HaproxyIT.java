package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.AddressApps;
import dev.supervisor.testing.Await;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.FreePort;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.SameOnEveryJdk;
import dev.supervisor.testing.Tool;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The proxy after which the protocol is named, before the supervisor: what it sends is what is read. */
@Timeout(120)
@SameOnEveryJdk
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Unix sockets")
class HaproxyIT {

    private static final int SWAPS = 5;

    /** How many frontends connect by TCP. */
    private static final int OF_TCP = 4;

    /** The lines that {@code docs/deploy.md} has, among others. */
    private static final String CONFIGURATION = """
            defaults
                mode http
                timeout connect 10s
                timeout client 100s
                timeout server 100s

            listen version1
                bind 127.0.0.1:@V1@
                server app @TCP@ send-proxy

            listen version2
                bind 127.0.0.1:@V2@
                server app @TCP@ send-proxy-v2

            listen extensions
                bind 127.0.0.1:@EXTENSIONS@
                mode tcp
                server app @TCP@ send-proxy-v2 proxy-v2-options unique-id,crc32c check check-send-proxy inter 50ms
                unique-id-format %{+X}o\\ %ci:%cp_%fi:%fp_%Ts_%rt:%pid

            listen unix
                bind 127.0.0.1:@UNIX@
                server app unix@@PATH@ send-proxy-v2

            listen six
                bind [::1]:@SIX@
                mode tcp
                server app @TCP@ send-proxy-v2
            """;

    @TempDir
    private Path directory;

    private final List<InetSocketAddress> frontends = new ArrayList<>();

    private Path jar() {
        return directory.resolve("app.jar");
    }

    private Path socket() {
        return directory.resolve("app.sock");
    }

    private String frontend(String host) throws IOException {
        int port = FreePort.find();
        frontends.add(new InetSocketAddress(host, port));
        return Integer.toString(port);
    }

    private Tool.Run haproxy(InetSocketAddress app, boolean hasUnix) throws IOException {
        Tool tool = Tool.find("haproxy", "haproxy");
        String text = CONFIGURATION
                .replace("@TCP@", app.getAddress().getHostAddress() + ":" + app.getPort())
                .replace("@V1@", frontend("127.0.0.1"))
                .replace("@V2@", frontend("127.0.0.1"))
                .replace("@EXTENSIONS@", frontend("127.0.0.1"))
                .replace("@SIX@", frontend("::1"));
        if (hasUnix) {
            text = text.replace("@UNIX@", frontend("127.0.0.1")).replace("@PATH@", socket().toString());
        } else {
            text = text.replaceAll("(?s)listen unix.*?(?=listen)", "");
        }
        Path file = Files.writeString(directory.resolve("haproxy.cfg"), text);
        return tool.start("-db", "-f", file.toString());
    }

    private Client connect(InetSocketAddress frontend, Tool.Run haproxy) throws Exception {
        List<Client> connected = new ArrayList<>();
        Await.until("haproxy listens", () -> {
            assertTrue(haproxy.isAlive());
            try {
                return connected.add(Client.connect(frontend));
            } catch (IOException e) {
                return false;
            }
        });
        return connected.get(0);
    }

    private void keepsAddresses(AddressApps app, UnaryOperator<SupervisorOptions.Builder> more, boolean hasUnix)
            throws Exception {
        app.build("v1").moveTo(jar());
        try (Running running = Running.with(jar(), options -> more.apply(options.proxyProtocol("127.0.0.0/8")));
                Tool.Run haproxy = haproxy(running.address(), hasUnix)) {
            running.awaitServing(1);
            List<Client> clients = new ArrayList<>();
            try {
                for (InetSocketAddress frontend : frontends) {
                    clients.add(connect(frontend, haproxy));
                }
                for (int version = 1; version <= SWAPS; version++) {
                    if (version > 1) {
                        app.build("v" + version).moveTo(jar());
                        running.awaitServing(version);
                    }
                    for (Client client : clients) {
                        assertEquals(
                                AddressApps.answer("v" + version, client.localAddress(), client.remoteAddress()),
                                client.get("/").body());
                    }
                }
            } finally {
                for (Client client : clients) {
                    client.close();
                }
            }
            for (Status.Socket socket : running.supervisor().status().sockets()) {
                assertEquals(0, socket.refusedHeaders(), socket.name());
                long served = socket.address() instanceof UnixDomainSocketAddress ? 1 : OF_TCP;
                assertTrue(
                        moved(socket) >= (SWAPS - 1) * served,
                        () -> "haproxy would connect again, and nobody would see it: " + socket);
                assertTrue(served == 1 || socket.tally().accepted() > OF_TCP, "health checks come, too");
            }
        }
    }

    private static long moved(Status.Socket socket) {
        return socket.left().getOrDefault(Departure.MOVED_IDLE, 0L)
                + socket.left().getOrDefault(Departure.MOVED_AFTER_RESPONSE, 0L);
    }

    @Test
    void anApplicationSeesTheAddressesOfItsClientsThroughSwaps() throws Exception {
        keepsAddresses(
                AddressApps.NETTY,
                options -> options.port(0).socket("unix=http::" + socket()).proxyProtocol("unix=unix"),
                true);
    }

    @Test
    void aProgramSeesThemToo() throws Exception {
        int port = FreePort.find();
        keepsAddresses(
                AddressApps.HTTP_SERVER,
                options -> options.port(port).arguments(List.of("127.0.0.1", Integer.toString(port))),
                false);
    }
}
