package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.AddressApps;
import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Await;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Command;
import dev.supervisor.testing.FreePort;
import dev.supervisor.testing.Programs;
import dev.supervisor.testing.ProxyHeader;
import dev.supervisor.testing.SameOnEveryJdk;
import dev.supervisor.testing.TestBuild;
import dev.supervisor.testing.TlsKeys;
import dev.supervisor.testing.Tool;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A running supervisor is replaced by another process, and no client notices. */
@Timeout(180)
@EnabledOnOs(value = OS.LINUX, disabledReason = "tried there only")
class UpgradeIT {

    private static final int UPGRADES = 4;
    private static final int CLIENTS = 8;
    private static final Pattern PROCESS = Pattern.compile("upgrade: started process (\\d+), .*");

    @TempDir
    private Path directory;

    private final List<Command> started = new ArrayList<>();

    /** Successors are no descendants of what a test has started, once that has ended. */
    @AfterEach
    void endAll() throws IOException {
        started.forEach(Command::close);
        Path sockets = directory.resolve("supervisor");
        if (Files.exists(sockets)) {
            try (Stream<Path> files = Files.list(sockets)) {
                files.map(file -> file.getFileName().toString())
                        .filter(name -> name.matches("\\d+\\.sock"))
                        .flatMap(name -> ProcessHandle.of(Long.parseLong(name.replace(".sock", ""))).stream())
                        .forEach(ProcessHandle::destroyForcibly);
            }
        }
    }

    private Path jar() {
        return directory.resolve("app.jar");
    }

    private Map<String, String> environment(String... more) {
        Map<String, String> environment = new HashMap<>(Map.of("XDG_RUNTIME_DIR", directory.toString()));
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        return environment;
    }

    /** Its output ends with that of its last successor. */
    private Command start(String... options) throws IOException {
        return startBy("\"$@\" 2>&1 | cat", options);
    }

    /** @param shell starts the command that is its arguments */
    private Command startBy(String shell, String... options) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("sh", "-c", shell, "sh", Command.SCRIPT.toString(), "--app=app.jar"));
        command.addAll(List.of(options));
        Command supervisor = Command.start(directory, environment(), command);
        started.add(supervisor);
        return supervisor;
    }

    private Command upgrade(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(Command.SCRIPT.toString(), "upgrade"));
        command.addAll(List.of(options));
        Command upgrade = Command.start(directory, environment(), command);
        started.add(upgrade);
        return upgrade;
    }

    /** Returns the control socket of the only supervisor. */
    private Path control() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("supervisor"))) {
            return files.findFirst().orElseThrow();
        }
    }

    private static long successor(Command supervisor) throws InterruptedException {
        Matcher line = PROCESS.matcher(supervisor.await(PROCESS.pattern()));
        assertTrue(line.matches());
        return Long.parseLong(line.group(1));
    }

    private static void end(long process) throws Exception {
        ProcessHandle.of(process).orElseThrow().destroy();
        Await.end(process);
    }

    @Test
    void keepAliveConnectionsLiveThroughUpgradesAndNoAnswerIsLostOrStale() throws Exception {
        Apps.http("v1").moveTo(jar());
        Command supervisor = start("--port=0", "--socket=http::" + directory.resolve("app.sock"));
        InetSocketAddress address = supervisor.awaitSocket();
        supervisor.await("generation 1 serving.*");
        AtomicBoolean stopping = new AtomicBoolean();
        AtomicInteger newest = new AtomicInteger(1);
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            boolean unix = i % 2 == 0;
            clients.add(new Thread(() -> ask(unix, address, stopping, newest, failures)));
        }
        clients.forEach(Thread::start);
        long last = 0;
        for (int generation = 2; generation <= UPGRADES + 1; generation++) {
            assertEquals(0, upgrade().exitCode());
            last = successor(supervisor);
            int awaited = generation;
            Await.until(
                    "generation " + generation + " has answered", () -> newest.get() >= awaited || !failures.isEmpty());
        }
        stopping.set(true);
        for (Thread client : clients) {
            client.join();
        }
        assertEquals(List.of(), List.copyOf(failures));
        assertTrue(Files.exists(directory.resolve("app.sock")));
        end(last);
        assertFalse(Files.exists(directory.resolve("app.sock")), "the last successor cares for the file");
    }

    private void ask(
            boolean unix,
            InetSocketAddress address,
            AtomicBoolean stopping,
            AtomicInteger newest,
            Queue<String> failures) {
        try (Client client = unix ? Client.connect(directory.resolve("app.sock")) : Client.connect(address)) {
            while (!stopping.get()) {
                int atLeast = newest.get();
                String body = client.get("/").body();
                int generation = Integer.parseInt(body.replaceAll(".*gen=(\\d+).*", "$1"));
                if (generation < atLeast - 1) { // the two processes serve at the same time for a moment
                    failures.add("generation " + generation + " after " + atLeast);
                }
                newest.accumulateAndGet(generation, Math::max);
            }
        } catch (IOException | RuntimeException e) {
            failures.add(e.toString());
        }
    }

    @Test
    void thePortsOfAProgramGoOverWithTheirConnections() throws Exception {
        Programs.onPorts(2, "v1").moveTo(jar());
        int port = FreePort.find();
        int second = FreePort.find();
        Command supervisor = start("--port=" + port, "--", Integer.toString(port), Integer.toString(second));
        supervisor.await("generation 1 serving.*");
        supervisor.await("~> tcp://127.0.0.1:" + second + "  \\(port-" + second + "\\)");
        AtomicBoolean stopping = new AtomicBoolean();
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        List<AtomicLong> askedLast = new ArrayList<>();
        List<Thread> clients = new ArrayList<>();
        for (int asked : List.of(port, second)) {
            for (boolean keepsAlive : List.of(true, true, false)) {
                AtomicLong last = new AtomicLong();
                askedLast.add(last);
                InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), asked);
                clients.add(new Thread(() -> askWhichProcess(address, keepsAlive, stopping, last, failures)));
            }
        }
        clients.forEach(Thread::start);
        for (int generation = 2; generation <= UPGRADES; generation++) {
            assertEquals(0, upgrade().exitCode(), supervisor::transcript);
            long process = successor(supervisor);
            Await.until(
                    "process " + process + " has answered all clients",
                    () -> !failures.isEmpty() || askedLast.stream().allMatch(last -> last.get() == process));
        }
        stopping.set(true);
        for (Thread client : clients) {
            client.join();
        }
        assertEquals(List.of(), List.copyOf(failures));
    }

    /** @param last the process that has answered last */
    private static void askWhichProcess(
            InetSocketAddress address,
            boolean keepsAlive,
            AtomicBoolean stopping,
            AtomicLong last,
            Queue<String> failures) {
        try (Client kept = Client.connect(address)) {
            while (!stopping.get()) {
                Client.Answer answer = keepsAlive ? kept.get("/process") : Client.get(address, "/process");
                last.set(Long.parseLong(answer.body()));
                Thread.sleep(5); // a light load
            }
        } catch (IOException | RuntimeException | InterruptedException e) {
            failures.add(address + (keepsAlive ? ", on the same connection: " : ": ") + e);
        }
    }

    @Test
    void thePortsOfAProgramStayWhereTheyAreIfASuccessorFailsAndAreClosedByTheOneThatDoesNotBindThem() throws Exception {
        Programs.onPorts(2, "v1").moveTo(jar());
        int port = FreePort.find();
        int second = FreePort.find();
        Command supervisor = start("--port=" + port, "--", Integer.toString(port), Integer.toString(second));
        supervisor.await("generation 1 serving.*");
        supervisor.await("~> tcp://127.0.0.1:" + second + "  \\(port-" + second + "\\)");
        InetSocketAddress first = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        InetSocketAddress other = new InetSocketAddress(InetAddress.getLoopbackAddress(), second);
        try (Client client = Client.connect(other)) {
            String process = client.get("/process").body();
            Programs.of("package program; public class Main { public static void main(String[] arguments)"
                            + " throws Exception { new java.net.ServerSocket(Integer.parseInt(arguments[1]), 0,"
                            + " java.net.InetAddress.getLoopbackAddress());"
                            + " throw new IllegalStateException(\"no database\"); } }")
                    .moveTo(directory.resolve("failing.jar"));
            Command failing = upgrade(
                    "--",
                    "--app=failing.jar",
                    "--port=" + port,
                    "--",
                    Integer.toString(port),
                    Integer.toString(second));
            failing.await("supervisor: can't upgrade: process \\d+ does not take over: .*no database.*");
            assertEquals(1, failing.exitCode());
            Await.end(successor(supervisor));
            assertEquals(process, client.get("/process").body(), "on the same connection");
            assertEquals(process, Client.get(other, "/process").body());
            Programs.onPorts(1, "v2").moveTo(directory.resolve("less.jar"));
            Command less = upgrade("--", "--app=less.jar", "--port=" + port, "--", Integer.toString(port));
            assertEquals(0, less.exitCode(), supervisor::transcript);
            supervisor.await("generation 2 does not listen on 127.0.0.1:" + second + ": the port is closed");
            assertTrue(client.isClosed());
            assertThrows(ConnectException.class, () -> Client.connect(other));
            assertEquals("v2", Client.get(first, "/").body());
        }
    }

    /** Keys of TLS stay in their process: clients are told to come again, and what had not begun goes over. */
    @Test
    void byTlsNoAnswerIsLostAndClientsThatAreToldConnectAgain() throws Exception {
        Apps.http("v1").moveTo(jar());
        TlsKeys.write(directory);
        Command supervisor = start("--socket=http=https::0", "--cert=server.pem", "--key=server.key");
        InetSocketAddress address = supervisor.awaitSocket();
        supervisor.await("generation 1 serving.*");
        AtomicBoolean stopping = new AtomicBoolean();
        AtomicInteger newest = new AtomicInteger(1);
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            String version = i % 2 == 0 ? "TLSv1.2" : "TLSv1.3";
            clients.add(new Thread(() -> askByTls(address, version, stopping, newest, failures)));
        }
        clients.forEach(Thread::start);
        try (Client idle = Client.connectByTls(address, "TLSv1.3");
                Client slow = Client.connectByTls(address, "TLSv1.3")) {
            assertEquals("v1 gen=1 n=1", idle.get("/").body());
            slow.beginPost("/echo");
            Command upgrade = upgrade();
            assertTrue(idle.isClosed(), "in order, which its read would say");
            Await.until("generation 2 has answered", () -> newest.get() == 2 || !failures.isEmpty());
            stopping.set(true);
            for (Thread client : clients) {
                client.join();
            }
            assertEquals(List.of(), List.copyOf(failures));
            supervisor.await("generation 2 serving.*");
            slow.send("x");
            assertEquals("x", slow.answer().body(), "it had begun");
            assertTrue(slow.isClosed());
            assertEquals(0, upgrade.exitCode());
            end(successor(supervisor));
        }
    }

    private static void askByTls(
            InetSocketAddress address,
            String version,
            AtomicBoolean stopping,
            AtomicInteger newest,
            Queue<String> failures) {
        try {
            while (!stopping.get()) {
                try (Client client = Client.connectByTls(address, version)) {
                    boolean goesOn = true;
                    while (goesOn && !stopping.get()) {
                        Client.Answer answer = client.get("/");
                        newest.accumulateAndGet(
                                Integer.parseInt(answer.body().replaceAll(".*gen=(\\d+).*", "$1")), Math::max);
                        goesOn = !answer.header("connection").equals("close");
                    }
                }
            }
        } catch (IOException | RuntimeException e) {
            failures.add(version + ": " + e);
        }
    }

    @Test
    void requestsUnderWayAreFinishedAndUnreadBytesMove() throws Exception {
        Files.copy(Path.of("../../demo-app/target/demo-app.jar"), jar());
        Files.createDirectory(directory.resolve("lib"));
        try (Stream<Path> libraries = Files.list(Path.of("../../demo-app/target/lib"))) {
            for (Path library : libraries.toList()) {
                Files.copy(library, directory.resolve("lib").resolve(library.getFileName()));
            }
        }
        Command supervisor = start("--port=0");
        InetSocketAddress address = supervisor.awaitSocket();
        supervisor.await("generation 1 serving.*");
        try (Client half = Client.connect(address);
                Client busy = Client.connect(address);
                Client pipelining = Client.connect(address)) {
            assertEquals(200, half.get("/").status());
            half.send("GET / HTTP/1.1\r\nHo");
            busy.send("GET /slow?ms=6000 HTTP/1.1\r\nHost: a\r\n\r\n");
            pipelining.send("GET /slow?ms=6000 HTTP/1.1\r\nHost: a\r\n\r\n");
            busy.readUpTo("generation 1: 0 of");
            Command upgrade = upgrade();
            upgrade.await("process \\d+ serves; .*");
            half.send("st: a\r\n\r\n");
            assertEquals(200, half.answer().status(), "by either");
            Await.until(
                    "the next generation answers", () -> half.get("/").body().contains("Generation 2"));
            pipelining.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /echo HTTP/1.1\r\nHo");
            busy.readUpTo("generation 1: 6000 of 6000 ms\n\r\n0\r\n\r\n");
            assertTrue(busy.get("/").body().contains("Generation 2"));
            pipelining.readUpTo("generation 1: 6000 of 6000 ms\n\r\n0\r\n\r\n");
            String next = pipelining.answer().body();
            assertTrue(next.contains("Generation 2"), next);
            pipelining.send("st: a\r\n\r\n");
            assertEquals(200, pipelining.answer().status());
            assertEquals(0, upgrade.exitCode());
        }
    }

    @Test
    void connectionsKeepTheAddressesThatTheirProxiesHaveTold() throws Exception {
        AddressApps.NETTY.build("v1").moveTo(jar());
        Command supervisor = start("--port=0", "--proxy-protocol=127.0.0.1", "--proxy-timeout=30s");
        InetSocketAddress address = supervisor.awaitSocket();
        supervisor.await("generation 1 serving.*");
        InetSocketAddress client = new InetSocketAddress("2001:db8::7", 4711);
        InetSocketAddress server = new InetSocketAddress("2001:db8::1", 443);
        String expected = AddressApps.answer("v1", client, server);
        try (Client kept = Client.connect(address);
                Client half = Client.connect(address);
                Client unknown = Client.connect(address)) {
            kept.send(ProxyHeader.version2(client, server));
            assertEquals(expected, kept.get("/").body());
            unknown.send("PROXY UNKNOWN\r\n");
            String ofUnknown = AddressApps.answer("v1", unknown.localAddress(), address);
            assertEquals(ofUnknown, unknown.get("/").body());
            byte[] header = ProxyHeader.version1(client, server);
            half.send(Arrays.copyOf(header, 10));
            Command upgrade = upgrade();
            upgrade.await("process \\d+ serves; .*");
            supervisor.await("generation 1 ended.*");
            Thread.sleep(500); // time for its process to end, which it must not without this header
            half.send(Arrays.copyOfRange(header, 10, header.length));
            assertEquals(expected, half.get("/").body(), "nothing is lost, though the process has changed");
            assertEquals(0, upgrade.exitCode());
            for (int i = 0; i < 2; i++) {
                assertEquals(expected, kept.get("/").body());
                assertEquals(expected, half.get("/").body());
                assertEquals(ofUnknown, unknown.get("/").body());
            }
        }
    }

    /** The launcher is a program of the test: a successor of a version that knows nothing of proxies. */
    @Test
    @SameOnEveryJdk
    void aSuccessorThatDoesNotUnderstandAddressesOfProxiesGetsNoWrongOnes() throws Exception {
        AddressApps.NETTY.build("v1").moveTo(jar());
        Tool python = Tool.find("python3", "python3");
        Command supervisor = start("--port=0", "--socket=http-plain=http::0", "--proxy-protocol=http=127.0.0.1");
        InetSocketAddress behind = supervisor.awaitSocket();
        InetSocketAddress plain = supervisor.awaitSocket();
        supervisor.await("generation 1 serving.*");
        Path launcher = Files.writeString(directory.resolve("launcher"), """
                #!/bin/sh
                exec %s -c 'import json, os, socket, struct
                s = socket.socket(socket.AF_UNIX)
                s.connect(os.environ["SUPERVISOR_TAKEOVER"])
                def receive():
                    n, = struct.unpack(">i", socket.recv_fds(s, 4, 10)[0])
                    return json.loads(s.recv(n, socket.MSG_WAITALL))
                def send(**fields):
                    m = json.dumps(dict(dict(protocol=1, generation=0, names=[], own=[], text=""), **fields)).encode()
                    s.sendall(struct.pack(">i", len(m)) + m)
                receive()
                send(type="READY", names=["http", "http-plain"])
                while True:
                    message = receive()
                    print("got", message["type"], message["names"], flush=True)
                    if message["type"] == "DONE":
                        break'
                """.formatted(python.command()));
        assertTrue(launcher.toFile().setExecutable(true));
        InetSocketAddress client = new InetSocketAddress("198.51.100.7", 4711);
        InetSocketAddress server = new InetSocketAddress("203.0.113.1", 443);
        try (Client proxied = Client.connect(behind);
                Client direct = Client.connect(plain);
                SocketChannel control = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            proxied.send(ProxyHeader.version2(client, server));
            assertEquals(
                    AddressApps.answer("v1", client, server), proxied.get("/").body());
            assertEquals(200, direct.get("/").status());
            control.connect(UnixDomainSocketAddress.of(control()));
            control.write(post("{\"launcher\":\"" + launcher + "\",\"javaHome\":\"" + System.getProperty("java.home")
                    + "\",\"arguments\":[]}"));
            supervisor.await("got GO \\[\\]");
            supervisor.await("got CONNECTION \\['http-plain'\\]");
            assertTrue(proxied.isClosed());
            supervisor.await("got DONE \\[\\]");
            assertFalse(supervisor.hasSaid("got CONNECTION \\['http'\\]"));
        }
    }

    @Test
    void datagramsAreAnsweredAllTheTime() throws Exception {
        Apps.datagrams("v1").moveTo(jar());
        Command supervisor = start("--socket=udp::0");
        String line = supervisor.await("~> udp://.*");
        int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
        supervisor.await("generation 1 serving.*");
        try (DatagramSocket peer = new DatagramSocket()) {
            peer.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            peer.setSoTimeout(30_000);
            Command upgrade = upgrade();
            Thread waiting = new Thread(() -> {
                try {
                    upgrade.exitCode();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
            waiting.start();
            int number = 0;
            while (waiting.isAlive() || number < 100) {
                byte[] bytes = Integer.toString(number).getBytes(StandardCharsets.UTF_8);
                peer.send(new DatagramPacket(bytes, bytes.length));
                DatagramPacket answer = new DatagramPacket(new byte[100], 100);
                peer.receive(answer);
                assertEquals(
                        "v1 " + number, new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8));
                number++;
            }
            assertEquals(0, upgrade.exitCode());
        }
    }

    @Test
    void theSignalUpgradesAndOptionsMayChange() throws Exception {
        Apps.http("v1").moveTo(jar());
        Command supervisor = start("--port=0");
        InetSocketAddress address = supervisor.awaitSocket();
        supervisor.await("generation 1 serving.*");
        String first = control().getFileName().toString().replace(".sock", "");
        assertEquals(
                0, new ProcessBuilder("sh", "-c", "kill -USR2 " + first).start().waitFor());
        long second = successor(supervisor);
        supervisor.await("upgrade: process " + second + " serves; .*");
        supervisor.await("generation 1 ended.*");
        assertEquals("v1 gen=2 n=1", Client.get(address, "/").body());
        Command upgrade = upgrade(
                "--pid=" + second, "--", "--app=app.jar", "--port=0", "--socket=other=http::0", "--", "an argument");
        upgrade.await("process \\d+ has taken over");
        assertEquals(0, upgrade.exitCode());
        assertEquals("v1 gen=3 n=1", Client.get(address, "/").body());
        supervisor.await("~> http://.*  \\(other\\)");
    }

    @Test
    void aConnectionOfASocketThatIsGoneIsClosedAndTheOthersMove() throws Exception {
        Apps.http("v1").moveTo(jar());
        Path unix = directory.resolve("b.sock");
        Command supervisor = start("--socket=http-a=http::0", "--socket=http-b=http::" + unix);
        InetSocketAddress address = supervisor.awaitSocket();
        supervisor.await("generation 1 serving.*");
        leaveControlSocketOf(ProcessHandle.current().pid());
        try (Client kept = Client.connect(address);
                Client gone = Client.connect(unix)) {
            assertEquals("v1 gen=1 n=1", kept.get("/").body());
            assertEquals("v1 gen=1 n=1", gone.get("/").body());
            Command upgrade = upgrade("--", "--app=app.jar", "--socket=http-a=http::0");
            upgrade.await("closing the socket 'http-b', which the successor does not have");
            assertEquals(0, upgrade.exitCode());
            assertEquals("v1 gen=2 n=1", kept.get("/").body());
            assertTrue(gone.isClosed());
            assertFalse(Files.exists(unix), "nobody listens there any more");
        }
    }

    /** As a supervisor leaves it that is killed, and whose process id another process gets. */
    private void leaveControlSocketOf(long process) throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(
                    UnixDomainSocketAddress.of(directory.resolve("supervisor").resolve(process + ".sock")));
        }
    }

    @Test
    @SameOnEveryJdk
    void aSuccessorThatFailsChangesNothing() throws Exception {
        Apps.http("v1").moveTo(jar());
        Command supervisor = start("--port=0", "--upgrade-timeout=20s", "--start-timeout=60s");
        InetSocketAddress address = supervisor.awaitSocket();
        supervisor.await("generation 1 serving.*");
        try (Client client = Client.connect(address)) {
            assertEquals("v1 gen=1 n=1", client.get("/").body());
            Command usage = upgrade("--", "--nonsense");
            usage.await("supervisor: can't upgrade: process \\d+ does not take over: there is no option"
                    + " '--nonsense'.*goes on\\)");
            assertEquals(1, usage.exitCode());
            Command missing = upgrade("--", "--app=gone.jar", "--port=0");
            missing.await("supervisor: can't upgrade: process \\d+ does not take over: .*gone.jar.*");
            assertEquals(1, missing.exitCode());
            TestBuild.of("package app; public class Never implements dev.supervisor.spi.Application {"
                            + " public void start(dev.supervisor.spi.ApplicationContext context) throws Exception {"
                            + " Thread.sleep(1000000); } }")
                    .withProvider("app.Never")
                    .moveTo(directory.resolve("never.jar"));
            Command hanging = upgrade("--", "--app=never.jar", "--port=0", "--start-timeout=60s");
            hanging.await(
                    "supervisor: can't upgrade: process \\d+ was not ready within 20 s \\(process \\d+ goes on\\)");
            assertEquals(1, hanging.exitCode());
            for (int i = 0; i < 3; i++) {
                Await.end(successor(supervisor));
            }
            assertEquals("v1 gen=1 n=2", client.get("/").body(), "on the same connection");
            assertEquals("v1 gen=1 n=1", Client.get(address, "/").body());
            Apps.http("v2").moveTo(jar());
            supervisor.await("generation 2 serving.*");
            assertEquals("v2 gen=2 n=1", client.get("/").body(), "swaps go on");
        }
    }

    @Test
    void aStopDuringAnUpgradeEndsTheSuccessorToo() throws Exception {
        Apps.http("v1").moveTo(jar());
        Command supervisor = start("--port=0");
        InetSocketAddress address = supervisor.awaitSocket();
        supervisor.await("generation 1 serving.*");
        TestBuild.of("package app; public class Never implements dev.supervisor.spi.Application {"
                        + " public void start(dev.supervisor.spi.ApplicationContext context) throws Exception {"
                        + " System.out.println(\"hanging\"); Thread.sleep(1000000); } }")
                .withProvider("app.Never")
                .moveTo(directory.resolve("never.jar"));
        String first = control().getFileName().toString().replace(".sock", "");
        Command upgrade = upgrade("--", "--app=never.jar", "--port=0", "--start-timeout=60s");
        long process = successor(supervisor);
        supervisor.await("hanging");
        end(Long.parseLong(first));
        Await.end(process);
        assertEquals(1, upgrade.exitCode());
        assertThrows(IOException.class, () -> Client.connect(address));
    }

    /**
     * The successor has the sockets by then, and nobody else has.
     *
     * @param shell reaps the killed process, or becomes a program that never does
     */
    @ParameterizedTest
    @ValueSource(strings = {"\"$@\" 2>&1 | cat", "\"$@\" 2>&1 & exec sleep 1000"})
    void aSuccessorTakesOverFromASupervisorThatWasKilled(String shell) throws Exception {
        Path go = directory.resolve("go");
        TestBuild.of(Apps.HTTP, """
                        package app;

                        public class Waiting extends HttpApp {
                            public void start(dev.supervisor.spi.ApplicationContext context) throws Exception {
                                while (context.generation() > 1 && !java.nio.file.Files.exists(java.nio.file.Path.of("%s"))) {
                                    Thread.sleep(10);
                                }
                                super.start(context);
                            }
                        }
                        """.formatted(go))
                .withProvider("app.Waiting")
                .withResource("version.txt", "v1")
                .moveTo(jar());
        Command supervisor = startBy(shell, "--port=0");
        InetSocketAddress address = supervisor.awaitSocket();
        supervisor.await("generation 1 serving.*");
        String first = control().getFileName().toString().replace(".sock", "");
        Command upgrade = upgrade();
        supervisor.await("~> http://.*"); // by the successor, which waits
        ProcessHandle.of(Long.parseLong(first)).orElseThrow().destroyForcibly();
        Await.end(Long.parseLong(first));
        assertEquals(1, upgrade.exitCode());
        try (Client waiting = Client.connect(address)) {
            waiting.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Files.createFile(go);
            assertEquals("v1 gen=2 n=1", waiting.answer().body());
        }
        assertEquals("v1 gen=2 n=1", Client.get(address, "/").body());
    }

    /** The launcher is a program of the test: it hangs, and other processes try to get the sockets in its place. */
    @Test
    @SameOnEveryJdk
    void onlyTheSuccessorGetsTheSockets() throws Exception {
        Apps.http("v1").moveTo(jar());
        Tool python = Tool.find("python3", "python3");
        Command supervisor = start("--port=0", "--upgrade-timeout=10s");
        InetSocketAddress address = supervisor.awaitSocket();
        supervisor.await("generation 1 serving.*");
        Path control = control();
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(control.getParent())));
        Path launcher = Files.writeString(directory.resolve("launcher"), """
                #!/bin/sh
                %s -c 'import os, socket
                s = socket.socket(socket.AF_UNIX)
                s.connect(os.environ["SUPERVISOR_TAKEOVER"])
                print("foreign got", len(s.recv(100)), flush=True)'
                sleep 100
                """.formatted(python.command()));
        assertTrue(launcher.toFile().setExecutable(true));
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(control));
            String request = "{\"launcher\":\"" + launcher + "\",\"javaHome\":\"" + System.getProperty("java.home")
                    + "\",\"arguments\":[]}";
            channel.write(post(request));
            supervisor.await("foreign got 0");
            supervisor.await("supervisor: can't upgrade: process \\d+ was not ready within 10 s .*goes on\\)");
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(control));
            channel.write(post("nonsense"));
            ByteBuffer answer = ByteBuffer.allocate(1000);
            assertTrue(channel.read(answer) > 0);
            assertTrue(new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8)
                    .startsWith("HTTP/1.1 400 "));
        }
        assertEquals("v1 gen=1 n=1", Client.get(address, "/").body());
    }

    private static ByteBuffer post(String body) {
        return ByteBuffer.wrap(
                ("POST /upgrade HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aSuccessorLeavesWithoutItsPredecessorOrForAnotherProtocol() throws Exception {
        Apps.http("v1").moveTo(jar());
        Command none = Command.start(
                directory,
                environment(
                        "SUPERVISOR_TAKEOVER", directory.resolve("gone.sock").toString()),
                List.of(Command.SCRIPT.toString(), "--app=app.jar", "--port=0"));
        started.add(none);
        none.await("supervisor: can't take over at .*gone.sock: .*");
        assertEquals(1, none.exitCode());
        Tool python = Tool.find("python3", "python3");
        Command other = Command.start(
                directory,
                environment(),
                List.of(
                        python.command().toString(),
                        "-c",
                        """
                import json, os, socket, struct, subprocess, sys
                s = socket.socket(socket.AF_UNIX)
                s.bind('other.sock')
                s.listen()
                child = subprocess.Popen(sys.argv[1:], env=dict(os.environ, SUPERVISOR_TAKEOVER='other.sock'))
                c, _ = s.accept()
                m = json.dumps(dict(type='SOCKETS', protocol=99, generation=1, names=[], own=[], text='')).encode()
                c.sendall(struct.pack('>i', len(m)) + m)
                n, = struct.unpack('>i', c.recv(4))
                answer = json.loads(c.recv(n))['type']
                code = child.wait() # before it prints: both have one standard output
                print(f'answer {answer}\\nexit {code}\\n', end='', flush=True)
                """,
                        Command.SCRIPT.toString(),
                        "--app=app.jar",
                        "--port=0"));
        started.add(other);
        other.await("supervisor: can't take over at other.sock: the supervisor before speaks protocol 99, .*");
        other.await("answer FAILED");
        other.await("exit 1");
    }
}
