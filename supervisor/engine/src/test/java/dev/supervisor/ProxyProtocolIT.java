package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SupervisorOptions.Swap;
import dev.supervisor.testing.AddressApps;
import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Await;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.FreePort;
import dev.supervisor.testing.ProxyHeader;
import dev.supervisor.testing.Running;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Behind a proxy, applications see the addresses that it tells, on each connection and for all of its life. */
@Timeout(120)
class ProxyProtocolIT {

    private static final InetSocketAddress SERVER4 = new InetSocketAddress("203.0.113.1", 443);
    private static final InetSocketAddress SERVER6 = new InetSocketAddress("2001:db8::1", 443);

    @TempDir
    private Path directory;

    private Path jar() {
        return directory.resolve("app.jar");
    }

    private Running run(AddressApps app, UnaryOperator<SupervisorOptions.Builder> more) throws IOException {
        int port = app.isProgram() ? FreePort.find() : 0;
        return Running.with(
                jar(),
                options -> more.apply(options.port(port)
                        .arguments(app.isProgram() ? List.of("127.0.0.1", Integer.toString(port)) : List.of())));
    }

    private static InetSocketAddress client4(int number) {
        return new InetSocketAddress("198.51.100." + number, 1000 + number);
    }

    private static InetSocketAddress client6(int number) {
        return new InetSocketAddress("2001:db8:1::" + number, 1000 + number);
    }

    @ParameterizedTest
    @EnumSource
    void establishedConnectionsMoveAndKeepTheirAddresses(AddressApps app) throws Exception {
        app.build("v1").moveTo(jar());
        try (Running running = run(app, options -> options.proxyProtocol("127.0.0.0/8"))) {
            List<Client> clients = new ArrayList<>();
            List<String> expected = new ArrayList<>();
            try {
                for (int i = 1; i <= 4; i++) { // some of them before the first build serves
                    Client client = Client.connect(running.address());
                    clients.add(client);
                    InetSocketAddress from = i % 2 == 0 ? client4(i) : client6(i);
                    InetSocketAddress to = i % 2 == 0 ? SERVER4 : SERVER6;
                    client.send(i <= 2 ? ProxyHeader.version1(from, to) : ProxyHeader.version2(from, to));
                    expected.add(AddressApps.answer("", from, to));
                }
                running.awaitServing(1);
                for (int version = 1; version <= 4; version++) {
                    if (version > 1) {
                        app.build("v" + version).moveTo(jar());
                        running.awaitServing(version);
                    }
                    for (int i = 0; i < clients.size(); i++) {
                        assertEquals(
                                "v" + version + expected.get(i),
                                clients.get(i).get("/").body());
                    }
                }
            } finally {
                for (Client client : clients) {
                    client.close();
                }
            }
            Tally tally = running.awaitTally(now -> now.open() == 0);
            assertEquals(4, tally.accepted());
            assertEquals(0, running.supervisor().status().sockets().get(0).refusedHeaders());
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Unix sockets")
    void connectionsOfAUnixSocketHaveTheAddressesToo() throws Exception {
        AddressApps.NETTY.build("v1").moveTo(jar());
        Path path = directory.resolve("app.sock");
        try (Running running = Running.with(
                        jar(), options -> options.socket("http::" + path).proxyProtocol("http=unix"));
                Client client = Client.connect(path);
                Client local = Client.connect(path)) {
            running.awaitServing(1);
            client.send(ProxyHeader.version2(client4(1), SERVER4));
            local.send(ProxyHeader.version2(ProxyHeader.LOCAL, ProxyHeader.UNSPECIFIED));
            assertEquals(
                    AddressApps.answer("v1", client4(1), SERVER4),
                    client.get("/").body());
            assertEquals("v1 127.0.0.1|0 127.0.0.1|0", local.get("/").body());
            AddressApps.NETTY.build("v2").moveTo(jar());
            running.awaitServing(2);
            assertEquals(
                    AddressApps.answer("v2", client4(1), SERVER4),
                    client.get("/").body());
        }
    }

    @Test
    void othersAreTakenAsTheyAreAndCannotTellAnotherAddress() throws Exception {
        AddressApps.NETTY.build("v1").moveTo(jar());
        try (Running running = run(AddressApps.NETTY, options -> options.proxyProtocol("10.0.0.0/8"));
                Client plain = Client.connect(running.address());
                Client lying = Client.connect(running.address())) {
            running.awaitServing(1);
            assertEquals(
                    AddressApps.answer("v1", plain.localAddress(), running.address()),
                    plain.get("/").body());
            lying.send(ProxyHeader.version1(client4(1), SERVER4)); // for Netty's codec an invalid request
            assertEquals(
                    AddressApps.answer("v1", lying.localAddress(), running.address()),
                    lying.answer().body());
        }
    }

    @Test
    void badHeadersCostTheirOwnConnectionsAndAreCounted() throws Exception {
        AddressApps.NETTY.build("v1").moveTo(jar());
        try (Running running = run(
                AddressApps.NETTY, options -> options.proxyProtocol("127.0.0.1").proxyTimeout(Duration.ofSeconds(2)))) {
            running.awaitServing(1);
            try (Client good = Client.connect(running.address())) {
                good.send(ProxyHeader.version1(client6(1), SERVER6));
                Client.connect(running.address()).leave();
                try (Client bad = Client.connect(running.address());
                        Client silent = Client.connect(running.address())) {
                    bad.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                    assertTrue(isClosed(bad));
                    assertTrue(isClosed(silent));
                }
                assertEquals(
                        AddressApps.answer("v1", client6(1), SERVER6),
                        good.get("/").body());
                running.awaitTally(now -> now.accepted() == 4 && now.open() == 1);
                assertEquals(2, running.supervisor().status().sockets().get(0).refusedHeaders(), "bad and silent");
            }
        }
    }

    private static boolean isClosed(Client client) throws IOException {
        try {
            return client.isClosed();
        } catch (SocketException e) { // reset, as of a connection with unread bytes
            return true;
        }
    }

    @Test
    void connectionsWaitForAHeaderAndThenForABuild() throws Exception {
        AddressApps.NETTY.build("v1").moveTo(jar());
        try (Running running = run(AddressApps.NETTY, options -> options.proxyProtocol("127.0.0.1"));
                Client half = Client.connect(running.address());
                Client held = Client.connect(running.address())) {
            running.awaitServing(1);
            byte[] header = ProxyHeader.version2(client4(1), SERVER4);
            half.send(Arrays.copyOf(header, 20));
            running.awaitTally(now -> now.open() == 2);
            Apps.starting("Thread.sleep(1500);").moveTo(jar());
            AddressApps.NETTY.build("v2").moveTo(jar());
            held.send(ProxyHeader.version1(client4(2), SERVER4));
            held.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            half.send(Arrays.copyOfRange(header, 20, header.length));
            half.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            running.await(Event.Serving.class, serving -> serving.generation() >= 2);
            String first = held.answer().body();
            assertTrue(first.endsWith(AddressApps.answer("", client4(2), SERVER4)), first);
            String second = half.answer().body();
            assertTrue(second.endsWith(AddressApps.answer("", client4(1), SERVER4)), second);
            assertEquals(
                    AddressApps.answer("v2", client4(1), SERVER4), half.get("/").body());
        }
    }

    @Test
    void aStopEndsConnectionsThatWaitForTheirHeaders() throws Exception {
        AddressApps.NETTY.build("v1").moveTo(jar());
        Running running = run(
                AddressApps.NETTY, options -> options.proxyProtocol("127.0.0.1").proxyTimeout(Duration.ofMinutes(30)));
        try (running;
                Client silent = Client.connect(running.address());
                Client half = Client.connect(running.address())) {
            running.awaitServing(1);
            half.send("PROXY ");
            running.awaitTally(now -> now.open() == 2);
            running.close();
            assertTrue(isClosed(silent));
            assertTrue(isClosed(half));
            Tally tally = running.supervisor().tally("http");
            assertEquals(new Tally(2, 0, 2), tally);
        }
    }

    @Test
    void theFailurePageHidesDetailsFromClientsElsewhere() throws Exception {
        Apps.starting("throw new IllegalStateException(\"secret cause\");").moveTo(jar());
        try (Running running = run(AddressApps.NETTY, options -> options.proxyProtocol("127.0.0.1"));
                Client elsewhere = Client.connect(running.address());
                Client unknown = Client.connect(running.address());
                Client here = Client.connect(running.address())) {
            running.await(Event.Failed.class);
            elsewhere.send(ProxyHeader.version1(client4(1), SERVER4));
            unknown.send("PROXY UNKNOWN\r\n");
            here.send("PROXY TCP4 127.0.0.1 127.0.0.1 4711 80\r\n");
            for (Client client : List.of(elsewhere, unknown)) {
                Client.Answer answer = client.get("/");
                assertEquals(503, answer.status());
                assertFalse(answer.body().contains("secret cause"), answer.body());
            }
            assertTrue(here.get("/").body().contains("secret cause"));
            AddressApps.NETTY.build("v2").moveTo(jar());
            running.await(Event.Serving.class);
            Await.until(
                    "the build answers on the same connection",
                    () -> elsewhere.get("/").body().equals(AddressApps.answer("v2", client4(1), SERVER4)));
        }
    }

    @Test
    void checksAndWarmUpsNeedNoHeader() throws Exception {
        AddressApps.NETTY.build("v1").moveTo(jar());
        try (Running running = run(
                        AddressApps.NETTY,
                        options -> options.swap(Swap.OVERLAP)
                                .proxyProtocol("127.0.0.1")
                                .proxyProtocol("::1")
                                .check("GET /")
                                .warmUp("GET /"));
                Client client = Client.connect(running.address())) {
            running.awaitServing(1);
            client.send(ProxyHeader.version2(client4(1), SERVER4));
            assertEquals(
                    AddressApps.answer("v1", client4(1), SERVER4),
                    client.get("/").body());
            AddressApps.NETTY.build("v2").moveTo(jar());
            running.awaitServing(2);
            Await.until(
                    "the next build answers",
                    () -> client.get("/").body().equals(AddressApps.answer("v2", client4(1), SERVER4)));
            assertEquals(0, running.supervisor().status().sockets().get(0).refusedHeaders());
        }
    }
}
