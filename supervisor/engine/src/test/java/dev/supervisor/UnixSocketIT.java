package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Client.Answer;
import dev.supervisor.testing.PreparedBuilds;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.TestBuild;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** HTTP over a Unix socket: its connections move as those of TCP do, and its file is treated with care. */
@Timeout(180)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the permissions are of POSIX")
class UnixSocketIT {

    private static final int SWAPS = 100;
    private static final int CLIENTS = 8;

    @TempDir
    private Path directory;

    private Path socket() {
        return directory.resolve("app.sock");
    }

    private Path jar() {
        return directory.resolve("app.jar");
    }

    private Running start() {
        return start(options -> options);
    }

    private Running start(UnaryOperator<SupervisorOptions.Builder> more) {
        return Running.with(jar(), options -> more.apply(options.socket("http::" + socket())));
    }

    @Test
    void connectionsMoveThroughAHundredSwapsAndNoneIsClosedLostOrStale() throws Exception {
        PreparedBuilds builds = PreparedBuilds.of(SWAPS + 1, version -> Apps.http("v" + version), jar());
        builds.moveNext();
        AtomicBoolean stopping = new AtomicBoolean();
        AtomicInteger newest = new AtomicInteger();
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        try (Running running = start()) {
            running.awaitServing(1);
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(new Thread(() -> askUntil(stopping, newest, failures)));
            }
            clients.forEach(Thread::start);
            for (int version = 1; version <= SWAPS; version++) {
                builds.moveNext();
                running.awaitServing(version + 1);
            }
            while (newest.get() < SWAPS && failures.isEmpty()) {
                Thread.onSpinWait();
            }
            stopping.set(true);
            for (Thread client : clients) {
                client.join();
            }
            assertEquals(List.of(), List.copyOf(failures));
            running.awaitTally(new Tally(CLIENTS, 0, CLIENTS)::equals);
        }
    }

    /** On one connection. */
    private void askUntil(AtomicBoolean stopping, AtomicInteger newest, Queue<String> failures) {
        try (Client client = Client.connect(socket())) {
            while (!stopping.get()) {
                int atLeast = newest.get();
                String body = client.get("/").body();
                int version = Integer.parseInt(body.substring(1, body.indexOf(' ')));
                if (version < atLeast) {
                    failures.add("stale: v" + version + " after v" + atLeast);
                }
                newest.accumulateAndGet(version, Math::max);
            }
        } catch (IOException | RuntimeException e) {
            failures.add(e.toString());
        }
    }

    @Test
    void anApplicationThatKnowsOnlyTcpServesIt() throws Exception {
        Apps.full("v1").moveTo(jar());
        try (Running running = start();
                Client client = Client.connect(socket())) {
            running.awaitServing(1);
            client.send("POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody");
            assertEquals("v1 gen=1 /a body", client.answer().body());
            Apps.full("v2").moveTo(jar());
            running.awaitServing(2);
            assertEquals("v2 gen=2 /b ", client.get("/b").body());
        }
    }

    @Test
    void itIsASocketChannelWithTheAddressOfThisMachine() throws Exception {
        addresses().moveTo(jar());
        try (Running running = start();
                Client client = Client.connect(socket())) {
            running.awaitServing(1);
            String address = "unix:" + socket();
            assertEquals("true " + address + " " + address + " " + address + " " + socket(), client.line());
            client.shutdownOutput();
            assertTrue(client.isClosed());
        }
    }

    private static TestBuild addresses() {
        return Apps.with("", """
                context.listener().serve(new ChannelInitializer<io.netty.channel.socket.SocketChannel>() {
                    protected void initChannel(io.netty.channel.socket.SocketChannel channel) {
                        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                            public void channelActive(ChannelHandlerContext active) {
                                String line = channel.remoteAddress().getAddress().isLoopbackAddress()
                                        + " " + channel.remoteAddress() + " " + channel.localAddress()
                                        + " " + channel.parent().localAddress() + " " + context.listener().address() + "\\n";
                                active.writeAndFlush(io.netty.buffer.Unpooled.copiedBuffer(
                                        line, java.nio.charset.StandardCharsets.UTF_8));
                            }
                        });
                    }
                });
                """);
    }

    @Test
    void aConnectionWaitsForTheFirstBuildAndSeesTheFailurePageWithItsDetails() throws Exception {
        Path gate = directory.resolve("gate");
        Apps.starting("while (!java.nio.file.Files.exists(java.nio.file.Path.of(\"" + gate
                        + "\"))) Thread.sleep(5); throw new IllegalStateException(\"broken\");")
                .moveTo(jar());
        try (Running running = start();
                Client client = Client.connect(socket())) {
            client.send("GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\n\r\n");
            Files.createFile(gate);
            Answer answer = client.answer();
            assertEquals(503, answer.status());
            assertTrue(answer.body().contains("broken"), answer::body);
            Apps.http("v2").moveTo(jar());
            running.await(Event.Serving.class);
            assertTrue(client.get("/").body().startsWith("v2"));
        }
    }

    @Test
    void itsFileHasTheModeAndGroupAndIsGoneAtTheEnd() throws Exception {
        Apps.http("v1").moveTo(jar());
        String group = Files.readAttributes(directory, PosixFileAttributes.class)
                .group()
                .getName();
        try (Running running = start(options -> options.unixMode("0620").unixGroup(group))) {
            running.awaitServing(1);
            PosixFileAttributes file =
                    Files.readAttributes(socket(), PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            assertEquals("rw--w----", PosixFilePermissions.toString(file.permissions()));
            assertEquals(group, file.group().getName());
            assertEquals(List.of("app.jar", "app.sock"), names());
        }
        assertEquals(List.of("app.jar"), names());
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aStaleFileIsReplacedAndALiveOneRefused() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(socket()));
            SupervisorException e = assertThrows(SupervisorException.class, this::start);
            assertTrue(
                    String.valueOf(e.getMessage()).contains("another process listens there ('ss -lxp' names it"),
                    e::getMessage);
        }
        assertTrue(Files.exists(socket(), LinkOption.NOFOLLOW_LINKS), "nobody has deleted it");
        try (Running running = start();
                Client client = Client.connect(socket())) {
            running.awaitServing(1);
            assertEquals(200, client.get("/").status());
        }
    }

    @Test
    void aFileThatIsNoSocketIsNeverDeleted() throws Exception {
        Files.writeString(socket(), "precious");
        SupervisorException e = assertThrows(SupervisorException.class, this::start);
        assertTrue(String.valueOf(e.getMessage()).contains("a file that is no socket"), e::getMessage);
        assertEquals("precious", Files.readString(socket()));
        assertEquals(List.of("app.sock"), names());
    }

    @Test
    void aSocketThatAnotherProcessHasPutInItsPlaceIsLeftAlone() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (ServerSocketChannel successor = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            try (Running running = start()) {
                running.awaitServing(1);
                Files.delete(socket());
                successor.bind(UnixDomainSocketAddress.of(socket()));
            }
            assertTrue(Files.exists(socket(), LinkOption.NOFOLLOW_LINKS));
        }
    }

    @Test
    void whatIsWrongIsNamed() {
        assertMessage(
                "there is no directory " + directory.resolve("none"), "http::" + directory.resolve("none/a.sock"));
        assertMessage("too long", "http::" + directory.resolve("long".repeat(40)));
        SupervisorException group =
                assertThrows(SupervisorException.class, () -> start(options -> options.unixGroup("no-such-group")));
        assertTrue(String.valueOf(group.getMessage()).contains("there is no group 'no-such-group'"), group::getMessage);
        assertFalse(Files.exists(socket(), LinkOption.NOFOLLOW_LINKS));
    }

    private void assertMessage(String expected, String spec) {
        SupervisorException e =
                assertThrows(SupervisorException.class, () -> Running.with(jar(), options -> options.socket(spec)));
        String message = String.valueOf(e.getMessage());
        assertTrue(message.startsWith("can't bind " + spec + ": "), message);
        assertTrue(message.contains(expected), message);
    }
}
