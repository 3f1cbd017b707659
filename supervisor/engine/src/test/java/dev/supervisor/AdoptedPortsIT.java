package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SupervisorOptions.Swap;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.FreePort;
import dev.supervisor.testing.Programs;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.TestBuild;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ports that a program binds besides the socket of the supervisor. */
@Timeout(120)
class AdoptedPortsIT {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String FAILING = """
            package program;
            public class Main {
                public static void main(String[] arguments) {
                    throw new IllegalStateException("no database");
                }
            }
            """;

    @TempDir
    private Path directory;

    private int port;
    private InetSocketAddress second;

    @BeforeEach
    void findPorts() throws IOException {
        port = FreePort.find();
        second = new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePort.find());
    }

    private Path jar() {
        return directory.resolve("program.jar");
    }

    /** Whether connections are relayed. */
    boolean relays() {
        return false;
    }

    private Running run(UnaryOperator<SupervisorOptions.Builder> more) {
        return Running.with(
                jar(),
                options -> more.apply(options.port(port)
                        .relay(relays())
                        .arguments(List.of(Integer.toString(port), Integer.toString(second.getPort())))));
    }

    private Running run() {
        return run(options -> options);
    }

    /** A program is ready when it serves the first port, and has bound the second one a moment later. */
    private static void awaitSecond(Running running, int times) throws InterruptedException {
        running.await(
                Event.Listening.class,
                any -> running.events(Event.Listening.class).size() == 1 + times);
    }

    @Test
    void aSecondPortGoesOnThroughGenerationsWithoutAnOption() throws Exception {
        Programs.onPorts(2, "v1").moveTo(jar());
        try (Running running = run()) {
            running.awaitServing(1);
            awaitSecond(running, 1);
            try (Client client = Client.connect(second)) {
                assertEquals("v1", client.get("/").body());
                for (int version = 2; version <= 5; version++) {
                    Programs.onPorts(2, "v" + version).moveTo(jar());
                    running.awaitServing(version);
                    assertEquals("v" + version, client.get("/").body());
                    assertEquals("v" + version, Client.get(second, "/").body());
                    assertEquals(
                            "v" + version, Client.get(running.address(), "/").body());
                }
            }
            assertEquals(List.of(), running.events(Event.PortClosed.class));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPortThatIsNotBoundAnyMoreIsClosedAndMayComeBack(Swap swap) throws Exception {
        Programs.onPorts(2, "v1").moveTo(jar());
        try (Running running = run(options -> options.swap(swap));
                Client first = Client.connect(running.address())) {
            running.awaitServing(1);
            awaitSecond(running, 1);
            for (int generation = 1; generation <= 5; generation += 2) {
                try (Client client = Client.connect(second)) {
                    assertEquals("v" + generation, client.get("/").body());
                    int without = generation + 1;
                    Programs.onPorts(1, "v" + without).moveTo(jar());
                    Event.PortClosed closed =
                            running.await(Event.PortClosed.class, event -> event.generation() == without);
                    assertEquals(second, closed.address());
                    assertThrows(ConnectException.class, () -> Client.connect(second));
                    assertTrue(client.isClosed());
                    assertEquals("v" + without, first.get("/").body());
                }
                int again = generation + 2;
                Programs.onPorts(2, "v" + again).moveTo(jar());
                running.awaitServing(again);
                awaitSecond(running, 1 + again / 2);
                assertEquals("v" + again, Client.get(second, "/").body());
                assertEquals("v" + again, first.get("/").body());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFailedBuildClosesNoPort(Swap swap) throws Exception {
        Programs.onPorts(2, "v1").moveTo(jar());
        try (Running running = run(options -> options.swap(swap))) {
            running.awaitServing(1);
            awaitSecond(running, 1);
            try (Client client = Client.connect(second)) {
                assertEquals("v1", client.get("/").body());
                Programs.of(FAILING).moveTo(jar());
                running.await(Event.Failed.class);
                if (swap == Swap.OVERLAP) {
                    assertEquals("v1", client.get("/").body());
                    assertEquals("v1", Client.get(second, "/").body());
                } else {
                    running.await(Event.Ended.class, event -> event.generation() == 1);
                }
                try (Client waiting = Client.connect(second)) {
                    if (swap != Swap.OVERLAP) {
                        waiting.send(GET);
                        client.send(GET);
                    }
                    Programs.onPorts(2, "v3").moveTo(jar());
                    running.awaitServing(3);
                    if (swap == Swap.OVERLAP) {
                        waiting.send(GET);
                        client.send(GET);
                    }
                    assertEquals("v3", waiting.answer().body());
                    assertEquals("v3", client.answer().body());
                }
            }
            assertEquals(List.of(), running.events(Event.PortClosed.class));
        }
    }

    /** The former generation has it while the build is tried first, and has ended when it is tried again. */
    @ParameterizedTest
    @EnumSource(names = "OVERLAP", mode = EnumSource.Mode.EXCLUDE)
    void aPortMayBeBoundOnAnotherAddress(Swap swap) throws Exception {
        Programs.onPorts(2, "v1").moveTo(jar());
        try (Running running = run(options -> options.swap(swap))) {
            running.awaitServing(1);
            awaitSecond(running, 1);
            assertEquals("v1", Client.get(second, "/").body());
            onAllAddresses().withResource("version.txt", "v2").moveTo(jar());
            running.await(Event.Serving.class, event -> event.generation() > 1);
            awaitSecond(running, 2);
            assertEquals("v2", Client.get(second, "/").body());
            assertEquals("v2", Client.get(running.address(), "/").body());
        }
    }

    private static TestBuild onAllAddresses() {
        return Programs.of("""
                package program;
                import java.net.*;
                public class Main {
                    public static void main(String[] arguments) throws Exception {
                        java.util.List<ServerSocket> servers = new java.util.ArrayList<>();
                        for (String port : arguments) {
                            servers.add(new ServerSocket(Integer.parseInt(port))); // all, or none is served
                        }
                        servers.forEach(server -> new Thread(() -> accept(server)).start());
                    }
                    static void accept(ServerSocket server) {
                        while (true) {
                            try (Socket socket = server.accept()) {
                                Http.serve(socket.getInputStream(), socket.getOutputStream());
                            } catch (java.io.IOException e) {
                                return;
                            }
                        }
                    }
                }
                """);
    }

    /** As Spring Boot binds the one for management: after its start of the main one, and before main returns. */
    @Test
    void aPortThatIsBoundLaterThanTheOthersStaysOpenMeanwhile() throws Exception {
        Programs.onPorts(2, "v1").moveTo(jar());
        try (Running running = run()) {
            running.awaitServing(1);
            awaitSecond(running, 1);
            Path go = directory.resolve("go");
            late(go).withResource("version.txt", "v2").moveTo(jar());
            running.awaitServing(2);
            running.await(Event.Ended.class, event -> event.generation() == 1);
            try (Client waiting = Client.connect(second)) {
                waiting.send(GET);
                Files.createFile(go);
                assertEquals("v2", waiting.answer().body());
            }
            assertEquals(List.of(), running.events(Event.PortClosed.class));
        }
    }

    private static TestBuild late(Path go) {
        return Programs.of("""
                package program;
                import java.net.*;
                public class Main {
                    public static void main(String[] arguments) throws Exception {
                        listen(arguments[0]);
                        while (!java.nio.file.Files.exists(java.nio.file.Path.of("%s"))) {
                            Thread.sleep(5);
                        }
                        listen(arguments[1]);
                    }
                    static void listen(String port) throws Exception {
                        ServerSocket server = new ServerSocket(Integer.parseInt(port), 0, InetAddress.getLoopbackAddress());
                        new Thread(() -> accept(server)).start();
                    }
                    static void accept(ServerSocket server) {
                        while (true) {
                            try (Socket socket = server.accept()) {
                                Http.serve(socket.getInputStream(), socket.getOutputStream());
                            } catch (java.io.IOException e) {
                                return;
                            }
                        }
                    }
                }
                """.formatted(go));
    }

    /** Such a main tells of no time after which it binds no more. */
    @Test
    void aMainThatDoesNotReturnMayBindAPortForAsLongAsAConnectionWaits() throws Exception {
        Programs.onPorts(2, "v1").moveTo(jar());
        try (Running running = run(options -> options.holdTimeout(Duration.ofSeconds(5)))) {
            running.awaitServing(1);
            awaitSecond(running, 1);
            Programs.SERVER_SOCKET.build("v2").moveTo(jar());
            Event.PortClosed closed = running.await(Event.PortClosed.class);
            assertEquals(2, closed.generation());
            assertThrows(ConnectException.class, () -> Client.connect(second));
            assertEquals("v2", Client.get(running.address(), "/").body());
        }
    }

    /** As it does where the program runs alone. */
    @Test
    void aPortThatTheLiveProgramClosesIsClosed() throws Exception {
        Path go = directory.resolve("go");
        Programs.of("""
                package program;
                import java.net.*;
                public class Main {
                    public static void main(String[] arguments) throws Exception {
                        ServerSocket other = new ServerSocket(Integer.parseInt(arguments[1]), 0, InetAddress.getLoopbackAddress());
                        new Thread(() -> closeLater(other)).start();
                        ServerSocket server = new ServerSocket(Integer.parseInt(arguments[0]));
                        new Thread(() -> accept(server)).start();
                    }
                    static void closeLater(ServerSocket server) {
                        try {
                            while (!java.nio.file.Files.exists(java.nio.file.Path.of("%s"))) {
                                Thread.sleep(5);
                            }
                            server.close();
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                    }
                    static void accept(ServerSocket server) {
                        while (true) {
                            try (Socket socket = server.accept()) {
                                Http.serve(socket.getInputStream(), socket.getOutputStream());
                            } catch (java.io.IOException e) {
                                return;
                            }
                        }
                    }
                }
                """.formatted(go)).withResource("version.txt", "v1").moveTo(jar());
        try (Running running = run()) {
            running.awaitServing(1);
            awaitSecond(running, 1);
            Client.connect(second).close();
            Files.createFile(go);
            running.await(Event.PortClosed.class);
            assertThrows(ConnectException.class, () -> Client.connect(second));
            assertEquals("v1", Client.get(running.address(), "/").body());
        }
    }
}
