package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SupervisorOptions.Refresh;
import dev.supervisor.SupervisorOptions.Swap;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Client.Answer;
import dev.supervisor.testing.FreePort;
import dev.supervisor.testing.ManyClients;
import dev.supervisor.testing.Programs;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.TestBuild;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What happens to the clients of programs while the next build comes up, and what browsers are told then. */
@Timeout(120)
class ProgramHoldIT {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    /** All but v1 listen only when there is the file that is their second argument. */
    private static final String GATED = """
            package program;
            import java.net.*;
            import java.nio.file.*;
            public class Main {
                public static void main(String[] arguments) throws Exception {
                    while (!Answers.VERSION.equals("v1") && !Files.exists(Path.of(arguments[1]))) Thread.sleep(5);
                    ServerSocket server = new ServerSocket(Integer.parseInt(arguments[0]));
                    while (true) {
                        Socket socket = server.accept();
                        new Thread(() -> serve(socket)).start();
                    }
                }
                static void serve(Socket socket) {
                    try (socket) {
                        Http.serve(socket.getInputStream(), socket.getOutputStream());
                    } catch (java.io.IOException e) {
                        // the client has gone
                    }
                }
            }
            """;

    @TempDir
    private Path directory;

    private int port;

    @BeforeEach
    void findPort() throws IOException {
        port = FreePort.find();
    }

    private Path jar() {
        return directory.resolve("program.jar");
    }

    private Path gate() {
        return directory.resolve("gate");
    }

    private void openGate() throws IOException {
        Files.createFile(gate());
    }

    private static TestBuild gated(String version) {
        return Programs.of(GATED).withResource("version.txt", version);
    }

    private Running run(UnaryOperator<SupervisorOptions.Builder> more) {
        return Running.with(
                jar(),
                options ->
                        more.apply(options.port(port).arguments(List.of(Integer.toString(port), gate().toString()))));
    }

    @Test
    void whatComesWhileTheNextBuildComesUpWaitsForIt() throws Exception {
        gated("v1").moveTo(jar());
        try (Running running = run(options -> options);
                Client established = Client.connect(running.address());
                Client silent = Client.connect(running.address())) {
            running.awaitServing(1);
            assertEquals("v1", established.get("/").body());
            gated("v2").moveTo(jar());
            running.await(Event.Changed.class);
            established.send(GET);
            try (Client fresh = Client.connect(running.address());
                    ManyClients many = ManyClients.connect(1000, running.address())) {
                fresh.send(GET);
                running.awaitTally(tally -> tally.accepted() == 1003);
                openGate();
                assertEquals("v2", established.answer().body());
                assertEquals("v2", fresh.answer().body());
                assertEquals(Map.of("v2", 1000), many.answers());
                assertEquals("v2", silent.get("/").body());
                int held = running.awaitServing(2).held().count();
                assertTrue(held >= 1001, "held " + held);
            }
        }
    }

    @Test
    void withOverlapTheFormerAnswersUntilTheNextIsReady() throws Exception {
        gated("v1").moveTo(jar());
        try (Running running = run(options -> options.swap(Swap.OVERLAP));
                Client established = Client.connect(running.address())) {
            running.awaitServing(1);
            gated("v2").moveTo(jar());
            running.await(Event.Changed.class);
            for (int i = 0; i < 20; i++) {
                assertEquals("v1", established.get("/").body());
                assertEquals("v1", Client.get(running.address(), "/").body());
            }
            openGate();
            running.awaitServing(2);
            assertEquals("v2", established.get("/").body());
            assertEquals("v2", Client.get(running.address(), "/").body());
        }
    }

    @Test
    void withOverlapABrokenBuildChangesNothing() throws Exception {
        gated("v1").moveTo(jar());
        try (Running running = run(options -> options.swap(Swap.OVERLAP));
                Client established = Client.connect(running.address())) {
            running.awaitServing(1);
            assertEquals("v1", established.get("/").body());
            Programs.of(
                            "package program; public class Main { public static void main(String[] a) { throw new Error(); } }")
                    .moveTo(jar());
            assertEquals(
                    Event.Failed.Next.OLD_SERVES,
                    running.await(Event.Failed.class).next());
            assertEquals("v1", established.get("/").body());
            assertEquals("v1", Client.get(running.address(), "/").body());
            openGate();
            gated("v3").moveTo(jar());
            running.awaitServing(3);
            assertEquals("v3", established.get("/").body());
        }
    }

    @Test
    void aRequestThatWaitsForLongerThanTheHoldTimeoutIsAnsweredAndTheConnectionServedLater() throws Exception {
        gated("v1").moveTo(jar());
        try (Running running = run(options -> options.holdTimeout(Duration.ofMillis(200)));
                Client established = Client.connect(running.address())) {
            running.awaitServing(1);
            assertEquals("v1", established.get("/").body());
            gated("v2").moveTo(jar());
            running.await(Event.Changed.class);
            try (Client fresh = Client.connect(running.address())) {
                Answer page = established.get("/"); // the start waits for the gate for much longer
                assertEquals(503, page.status());
                assertTrue(page.body().contains("no build was ready within"), page.body());
                assertEquals(503, fresh.get("/").status());
                assertEquals(List.of(), running.events(Event.Failed.class));
                openGate();
                running.awaitServing(2);
                assertEquals("v2", established.get("/").body());
                assertEquals("v2", fresh.get("/").body());
            }
        }
    }

    @Test
    void clientsBeyondTheLimitWaitInTheKernelsBacklog() throws Exception {
        gated("v0").moveTo(jar());
        try (Running running = run(options -> options.maxHeld(20).backlog(500));
                ManyClients clients = ManyClients.connect(400, running.address())) {
            openGate();
            assertEquals(Map.of("v0", 400), clients.answers());
            int held = running.awaitServing(1).held().count();
            assertTrue(held >= 20 && held <= 40, "held " + held); // what one turn of accepting brings is kept
        }
    }

    @Test
    void aPeerThatLeavesWhileItIsHeldIsNoticed() throws Exception {
        gated("v1").moveTo(jar());
        try (Running running = run(options -> options);
                Client asks = Client.connect(running.address());
                Client asksAndResets = Client.connect(running.address());
                Client leaves = Client.connect(running.address())) {
            running.awaitServing(1);
            for (Client client : List.of(asks, asksAndResets, leaves)) {
                assertEquals("v1", client.get("/").body());
            }
            gated("v2").moveTo(jar());
            running.await(Event.Changed.class);
            asks.send(GET);
            asks.shutdownOutput(); // and wants its answer
            asksAndResets.send(GET);
            asksAndResets.reset();
            leaves.leave();
            running.awaitTally(tally -> tally.ended() == 2);
            openGate();
            assertEquals("v2", asks.answer().body());
            int held = running.awaitServing(2).held().count();
            assertTrue(held <= 1, "held " + held);
        }
    }

    // Ready

    /** Listens on each of its ports, on the second one half a second later. */
    private static final String SECOND_IS_LATE = """
            package program;
            import java.net.*;
            public class Main {
                public static void main(String[] arguments) throws Exception {
                    for (String port : arguments) {
                        new Thread(() -> listen(Integer.parseInt(port))).start();
                        Thread.sleep(500);
                    }
                }
                static void listen(int port) {
                    try {
                        ServerSocket server = new ServerSocket(port);
                        while (true) {
                            Socket socket = server.accept();
                            new Thread(() -> serve(socket)).start();
                        }
                    } catch (java.io.IOException e) {
                        // closed
                    }
                }
                static void serve(Socket socket) {
                    try (socket) {
                        Http.serve(socket.getInputStream(), socket.getOutputStream());
                    } catch (java.io.IOException e) {
                        // the client has gone
                    }
                }
            }
            """;

    private static TestBuild secondIsLate(String version) {
        return Programs.of(SECOND_IS_LATE).withResource("version.txt", version);
    }

    @Test
    void aProgramIsReadyWhenItAcceptsOnAllSockets() throws Exception {
        int second = FreePort.find();
        secondIsLate("v1").moveTo(jar());
        try (Running running = Running.with(
                jar(),
                options -> options.port(port)
                        .socket("admin=http::" + second)
                        .swap(Swap.OVERLAP)
                        .arguments(List.of(Integer.toString(port), Integer.toString(second))))) {
            running.awaitServing(1);
            try (Client client = Client.connect(running.address());
                    Client admin = Client.connect(running.address("admin"))) {
                for (int version = 1; version <= 3; version++) {
                    secondIsLate("v" + version).moveTo(jar());
                    running.awaitServing(version);
                    assertEquals("v" + version, admin.get("/").body());
                    assertEquals("v" + version, client.get("/").body());
                }
            }
            assertEquals(List.of(), running.events(Event.NotServed.class));
        }
    }

    @Test
    void aProgramThatDoesNotServeASocketIsToldOfAndItsConnectionsWait() throws Exception {
        gated("v1").moveTo(jar());
        try (Running running = run(options -> options.socket("tcp::0").holdTimeout(Duration.ofMillis(300)))) {
            assertEquals("tcp", running.await(Event.NotServed.class).listener());
            try (Client waiting = Client.connect(running.address("tcp"))) {
                assertTrue(waiting.isClosed(), "after the hold timeout");
            }
            assertEquals("v1", Client.get(running.address(), "/").body());
        }
    }

    // Refresh

    private static Client listen(Event.Refreshing refreshing) throws Exception {
        Client stream = Client.connect(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), refreshing.script().getPort()));
        stream.send("GET /.supervisor/refresh HTTP/1.1\r\nHost: localhost\r\n\r\n");
        stream.readUpTo("data: ");
        return stream;
    }

    @Test
    void browsersAreToldOfEachBuildAndOfAFailure() throws Exception {
        gated("v1").moveTo(jar());
        openGate();
        try (Running running = run(options -> options.refresh(new Refresh(false, 0)))) {
            running.awaitServing(1);
            try (Client stream = listen(running.await(Event.Refreshing.class))) {
                String first = stream.line();
                assertTrue(first.endsWith("-1"), first);
                gated("v2").moveTo(jar());
                stream.readUpTo("data: ");
                assertEquals(first.replaceAll("-1$", "-2"), stream.line());
                Programs.of("package program; public class Main { public static void main(String[] a) {} }")
                        .moveTo(jar());
                stream.readUpTo("data: ");
                assertTrue(!stream.line().endsWith("-2"));
                gated("v4").moveTo(jar());
                stream.readUpTo("data: ");
                assertEquals(first.replaceAll("-1$", "-4"), stream.line());
                assertEquals(List.of(), running.events(Event.NotInjected.class));
            }
        }
    }

    @Test
    void thatNothingCanBePutIntoItsPagesIsSaidOnce() throws Exception {
        gated("v1").moveTo(jar());
        openGate();
        try (Running running = run(options -> options.refresh(new Refresh(true, 0)))) {
            running.awaitServing(1);
            Event.NotInjected said = running.await(Event.NotInjected.class);
            assertEquals(1, said.generation());
            gated("v2").moveTo(jar());
            running.awaitServing(2);
            gated("v3").moveTo(jar());
            running.awaitServing(3);
            assertEquals(List.of(said), running.events(Event.NotInjected.class));
            assertEquals("v3", Client.get(running.address(), "/").body());
        }
    }
}
