package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Await;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.FreePort;
import dev.supervisor.testing.Programs;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.TestBuild;
import dev.supervisor.testing.WebSocketListener;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What does not move from a program ends well, and where each connection went is told. */
@Timeout(120)
class ProgramDrainIT {

    private static final Duration SHORT = Duration.ofMillis(300);

    /** A thread for each connection, and what {@code serve} does, which has {@code in}, {@code out} and {@code SOCKETS}. */
    private static final String SERVER = """
            package program;

            import java.io.*;
            import java.net.*;
            import java.nio.charset.StandardCharsets;
            import java.nio.file.*;
            import java.util.*;
            import java.util.concurrent.*;

            public class Main {
                static final Set<Socket> SOCKETS = ConcurrentHashMap.newKeySet();
                static volatile boolean stops;

                public static void main(String[] arguments) throws Exception {
                    %s
                    ServerSocket server = new ServerSocket(Integer.parseInt(arguments[0]));
                    while (true) {
                        Socket socket = server.accept();
                        SOCKETS.add(socket);
                        new Thread(() -> {
                            try (socket) {
                                serve(socket.getInputStream(), socket.getOutputStream());
                            } catch (Exception e) {
                                // the client has gone
                            } finally {
                                SOCKETS.remove(socket);
                            }
                        }).start();
                    }
                }

                static String head(InputStream in) throws IOException {
                    StringBuilder head = new StringBuilder();
                    while (head.indexOf("\\r\\n\\r\\n") < 0) {
                        int next = in.read();
                        if (next < 0) throw new EOFException();
                        head.append((char) next);
                    }
                    return head.toString();
                }

                static void send(OutputStream out, String text) throws IOException {
                    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
                }

                %s
            }
            """;

    private static final String NO_HOOK = "";

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

    /** @param hook statements of {@code main} before it listens */
    private static TestBuild server(String version, String hook, String serve) {
        return Programs.of(SERVER.formatted(hook, serve)).withResource("version.txt", version);
    }

    private Running start(TestBuild build, UnaryOperator<SupervisorOptions.Builder> more) throws Exception {
        build.moveTo(jar());
        Running running = Running.with(
                jar(), options -> more.apply(options.port(port).arguments(List.of(Integer.toString(port)))));
        running.awaitServing(1);
        return running;
    }

    private void swap(Running running, TestBuild build) throws Exception {
        build.moveTo(jar());
        running.awaitServing(2);
    }

    private static Ledger ledgerOf(Running running, int generation) throws InterruptedException {
        return running.await(Event.Ended.class, event -> event.generation() == generation)
                .ledger();
    }

    /** Begins a request, and returns when the program has begun to answer it: when {@code FILE.end} is there, it does. */
    private static void begin(Client client, Path file) throws Exception {
        client.send("GET /until" + file + " HTTP/1.1\r\nHost: a\r\n\r\n");
        Await.until("the request has begun", () -> Files.exists(file));
    }

    private static void end(Path file) throws IOException {
        Files.createFile(file.resolveSibling(file.getFileName() + ".end"));
    }

    // HTTP

    @ParameterizedTest
    @EnumSource
    void aRequestThatTakesLongerThanTheDrainTimeoutIsEnded(Programs program) throws Exception {
        try (Running running = start(program.build("v1"), options -> options.drainTimeout(SHORT));
                Client busy = Client.connect(running.address())) {
            begin(busy, directory.resolve("begun"));
            swap(running, program.build("v2"));
            assertTrue(busy.isClosed(), "without a byte of an answer");
            assertEquals(
                    Map.of(Departure.ENDED_AT_DEADLINE, 1L),
                    ledgerOf(running, 1).departures());
            assertEquals(1, running.await(Event.DrainTimedOut.class).connections());
            assertEquals("v2", Client.get(running.address(), "/").body());
        }
    }

    @Test
    void aDrainTimeoutOfZeroClosesWhatIsBusyAndMovesTheRest() throws Exception {
        Programs program = Programs.SERVER_SOCKET;
        try (Running running = start(program.build("v1"), options -> options.drainTimeout(Duration.ZERO));
                Client idle = Client.connect(running.address());
                Client busy = Client.connect(running.address())) {
            assertEquals("v1", idle.get("/").body());
            begin(busy, directory.resolve("begun"));
            swap(running, program.build("v2"));
            assertTrue(busy.isClosed());
            assertEquals("v2", idle.get("/").body());
            assertEquals(
                    Map.of(Departure.MOVED_IDLE, 1L, Departure.ENDED_AT_DEADLINE, 1L),
                    ledgerOf(running, 1).departures());
        }
    }

    @Test
    void aVeryLongDrainTimeoutEndsWithTheLastConnection() throws Exception {
        Programs program = Programs.SERVER_SOCKET;
        Path begun = directory.resolve("begun");
        try (Running running = start(program.build("v1"), options -> options.drainTimeout(Duration.ofDays(100_000)));
                Client busy = Client.connect(running.address())) {
            begin(busy, begun);
            swap(running, program.build("v2"));
            running.await(Event.Draining.class);
            busy.reset();
            end(begun);
            assertEquals(
                    Map.of(Departure.ENDED_BY_PEER, 1L), ledgerOf(running, 1).departures());
        }
    }

    private static final String HTTP_AND_CLOSE = """
            static void serve(InputStream in, OutputStream out) throws IOException {
                while (true) {
                    String head = head(in);
                    if (head.contains("/close")) {
                        Answers.of(head.split(" ")[1].substring("/close".length()), new byte[0]);
                        send(out, "HTTP/1.1 200 OK\\r\\nConnection: close\\r\\nContent-Length: 0\\r\\n\\r\\n");
                        return;
                    }
                    byte[] body = Answers.of(head.split(" ")[1], new byte[0]);
                    send(out, "HTTP/1.1 200 OK\\r\\nContent-Length: " + body.length + "\\r\\n\\r\\n");
                    out.write(body);
                }
            }
            """;

    @Test
    void theLedgerTellsWhereEveryConnectionWent() throws Exception {
        List<Client> idle = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        for (String name : List.of("finishing", "leaving", "closing", "stuck")) {
            files.add(directory.resolve(name));
        }
        try (Running running = start(
                        server("v1", NO_HOOK, HTTP_AND_CLOSE), options -> options.drainTimeout(Duration.ofSeconds(5)));
                Client finishing = Client.connect(running.address());
                Client leaving = Client.connect(running.address());
                Client closing = Client.connect(running.address());
                Client stuck = Client.connect(running.address());
                Client untouched = Client.connect(running.address())) {
            for (int i = 0; i < 5; i++) {
                idle.add(Client.connect(running.address()));
                assertEquals("v1", idle.get(i).get("/").body());
            }
            begin(finishing, files.get(0));
            begin(leaving, files.get(1));
            closing.send("GET /close/until" + files.get(2) + " HTTP/1.1\r\nHost: a\r\n\r\n");
            Await.until("the request has begun", () -> Files.exists(files.get(2)));
            begin(stuck, files.get(3));
            Files.delete(jar());
            running.await(Event.Awaiting.class);
            idle.get(0).send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            swap(running, server("v2", NO_HOOK, HTTP_AND_CLOSE));
            end(files.get(0));
            assertEquals("v1", finishing.answer().body());
            leaving.reset();
            end(files.get(1));
            end(files.get(2));
            assertEquals("close", closing.answer().header("connection"));
            assertTrue(closing.isClosed());
            assertEquals("v2", idle.get(0).answer().body());
            assertEquals("v2", untouched.get("/").body());
            assertTrue(stuck.isClosed());
            Ledger ledger = ledgerOf(running, 1);
            assertEquals(
                    Map.of(
                            Departure.MOVED_IDLE, 6L,
                            Departure.MOVED_AFTER_RESPONSE, 1L,
                            Departure.ENDED_BY_PEER, 1L,
                            Departure.ENDED_BY_APPLICATION, 1L,
                            Departure.ENDED_AT_DEADLINE, 1L),
                    ledger.departures());
            assertEquals(10, ledger.total());
            assertEquals(4, ledger.leftToDrain());
            stuck.leave();
            assertEquals(new Tally(10, 7, 3), running.awaitTally(tally -> tally.open() == 7));
            swapAgain(running, idle, finishing);
            for (Client client : idle) {
                client.leave();
            }
            finishing.leave();
            untouched.leave();
            assertEquals(new Tally(10, 0, 10), running.awaitTally(tally -> tally.open() == 0));
        }
    }

    /** Connections that came from one generation are counted when they leave the next one. */
    private void swapAgain(Running running, List<Client> idle, Client finishing) throws Exception {
        for (int generation = 3; generation <= 5; generation++) {
            server("v" + generation, NO_HOOK, HTTP_AND_CLOSE).moveTo(jar());
            running.awaitServing(generation);
            assertEquals("v" + generation, finishing.get("/").body());
            assertEquals("v" + generation, idle.get(1).get("/").body());
            assertEquals(
                    Map.of(Departure.MOVED_IDLE, 7L),
                    ledgerOf(running, generation - 1).departures());
        }
    }

    // Streams of events

    /** Events until the stop, and then the end of the answer; at {@code /} the version. */
    private static final String EVENTS = """
            static final java.util.concurrent.atomic.AtomicInteger streams = new java.util.concurrent.atomic.AtomicInteger();

            static void serve(InputStream in, OutputStream out) throws Exception {
                while (true) {
                    String head = head(in);
                    if (!head.startsWith("GET /events ")) {
                        send(out, "HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\n" + Answers.VERSION);
                        continue;
                    }
                    send(out, "HTTP/1.1 200 OK\\r\\nContent-Type: text/event-stream\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n");
                    streams.incrementAndGet();
                    while (!stops) {
                        send(out, "a\\r\\ndata: " + Answers.VERSION + "\\n\\n\\r\\n");
                        Thread.sleep(20);
                    }
                    send(out, "0\\r\\n\\r\\n");
                    streams.decrementAndGet();
                }
            }
            """;

    @Test
    void aStreamOfEventsGoesOnUntilTheDeadline() throws Exception {
        try (Running running =
                        start(server("v1", NO_HOOK, EVENTS), options -> options.drainTimeout(Duration.ofSeconds(2)));
                Client stream = Client.connect(running.address())) {
            stream.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
            stream.readUpTo("data: v1\n\n");
            swap(running, server("v2", NO_HOOK, EVENTS));
            assertEquals(1, running.await(Event.Draining.class).connections());
            String rest = rest(stream);
            assertTrue(rest.matches("(?s)(\\R*a\\R+data: v1)+\\s*"), "events of v1 only, and no end: " + rest);
            assertEquals(
                    Map.of(Departure.ENDED_AT_DEADLINE, 1L),
                    ledgerOf(running, 1).departures());
            assertEquals("v2", Client.get(running.address(), "/").body());
        }
    }

    private static String rest(Client client) throws IOException {
        StringBuilder rest = new StringBuilder();
        try {
            while (true) {
                rest.append(client.read(1));
            }
        } catch (EOFException e) {
            return rest.toString();
        }
    }

    @Test
    void aStreamThatTheProgramEndsAtItsStopEndsInOrderAndTheConnectionMoves() throws Exception {
        String hook = """
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    stops = true;
                    while (streams.get() > 0) Thread.onSpinWait();
                }));
                """;
        try (Running running = start(server("v1", hook, EVENTS), options -> options.drainTimeout(SHORT));
                Client stream = Client.connect(running.address())) {
            stream.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
            stream.readUpTo("data: v1\n\n");
            swap(running, server("v2", hook, EVENTS));
            stream.readUpTo("\r\n0\r\n\r\n");
            assertEquals("v2", stream.get("/").body());
            assertEquals(
                    Map.of(Departure.MOVED_AFTER_RESPONSE, 1L),
                    ledgerOf(running, 1).departures());
        }
    }

    // WebSocket

    private static final String WEB_SOCKET = """
            static void serve(InputStream in, OutputStream out) throws Exception {
                String head = head(in);
                String key = head.replaceFirst("(?is).*sec-websocket-key: *([^\\r]+).*", "$1");
                byte[] digest = java.security.MessageDigest.getInstance("SHA-1")
                        .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
                send(out, "HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n"
                        + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(digest) + "\\r\\n\\r\\n");
                while (true) {
                    int operation = in.read() & 15;
                    byte[] data = new byte[in.read() & 127];
                    byte[] mask = in.readNBytes(4);
                    for (int i = 0; i < data.length; i++) {
                        data[i] = (byte) (in.read() ^ mask[i % 4]);
                    }
                    if (operation != 1) {
                        return;
                    }
                    String answer = Answers.VERSION + ": " + new String(data, StandardCharsets.US_ASCII);
                    if (!answer.endsWith("unanswered")) {
                        send(out, (char) 0x81 + "" + (char) answer.length() + answer);
                    }
                }
            }

            /** Goes away: 1001. */
            static void goAway() {
                for (Socket socket : SOCKETS) {
                    try {
                        send(socket.getOutputStream(), "\\u0088\\u0002\\u0003\\u00e9");
                    } catch (IOException e) {
                        // it has gone
                    }
                }
            }
            """;

    private static final String GOES_AWAY = "Runtime.getRuntime().addShutdownHook(new Thread(() -> goAway()));";

    private static WebSocket webSocket(Running running, WebSocketListener listening) {
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + running.address().getPort() + "/ws"), listening)
                .join();
    }

    @Test
    void aWebSocketGoesOnUntilTheDeadlineAndIsClosedByTheProgramsStop() throws Exception {
        WebSocketListener listening = new WebSocketListener();
        try (Running running =
                start(server("v1", GOES_AWAY, WEB_SOCKET), options -> options.drainTimeout(Duration.ofSeconds(5)))) {
            WebSocket socket = webSocket(running, listening);
            socket.sendText("a", true).join();
            assertEquals("v1: a", listening.next());
            swap(running, server("v2", GOES_AWAY, WEB_SOCKET));
            socket.sendText("b", true).join();
            assertEquals("v1: b", listening.next());
            socket.sendText("unanswered", true).join(); // so something is under way
            assertEquals("closed with 1001", listening.next());
            assertEquals(1, running.await(Event.DrainTimedOut.class).connections());
            assertEquals(
                    Map.of(Departure.ENDED_AT_DEADLINE, 1L),
                    ledgerOf(running, 1).departures());
            WebSocketListener next = new WebSocketListener();
            webSocket(running, next).sendText("c", true).join();
            assertEquals("v2: c", next.next());
        }
    }

    @Test
    void aWebSocketOnWhichNothingIsUnderWayIsClosedByTheProgramsStopBeforeTheDeadline() throws Exception {
        WebSocketListener listening = new WebSocketListener();
        try (Running running =
                start(server("v1", GOES_AWAY, WEB_SOCKET), options -> options.drainTimeout(Duration.ofSeconds(60)))) {
            WebSocket socket = webSocket(running, listening);
            socket.sendText("a", true).join();
            assertEquals("v1: a", listening.next());
            swap(running, server("v2", GOES_AWAY, WEB_SOCKET));
            assertEquals("closed with 1001", listening.next());
            assertEquals(Map.of(Departure.FINISHED, 1L), ledgerOf(running, 1).departures());
            assertEquals(List.of(), running.events(Event.DrainTimedOut.class));
        }
    }

    @Test
    void aWebSocketThatTheProgramDoesNotCloseIsClosedAtTheDeadline() throws Exception {
        WebSocketListener listening = new WebSocketListener();
        try (Running running =
                start(server("v1", NO_HOOK, WEB_SOCKET), options -> options.drainTimeout(Duration.ofSeconds(1)))) {
            WebSocket socket = webSocket(running, listening);
            socket.sendText("a", true).join();
            assertEquals("v1: a", listening.next());
            socket.sendText("unanswered", true).join();
            swap(running, server("v2", NO_HOOK, WEB_SOCKET));
            String end = listening.next();
            assertTrue(end.contains("EOF") || end.equals("closed with 1006"), end);
            assertEquals(
                    Map.of(Departure.ENDED_AT_DEADLINE, 1L),
                    ledgerOf(running, 1).departures());
        }
    }

    // TLS

    private Path keys() throws Exception {
        Path keys = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "test",
                        "-dname",
                        "CN=localhost",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "secret",
                        "-keystore",
                        keys.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertEquals(0, keytool.waitFor());
        return keys;
    }

    private static Socket connectTls(Running running, Path keys) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(KeyStore.getInstance(keys.toFile(), "secret".toCharArray()));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context.getSocketFactory()
                .createSocket(running.address().getAddress(), running.address().getPort());
    }

    private static String getOverTls(Socket socket) throws IOException {
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        StringBuilder answer = new StringBuilder();
        while (!answer.toString().matches("(?s).*\r\n\r\nv\\d")) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new EOFException(answer.toString());
            }
            answer.append((char) next);
        }
        return answer.substring(answer.length() - 2);
    }

    private TestBuild https(String version, Path keys) {
        return Programs.of("""
                package program;
                import com.sun.net.httpserver.*;
                import java.io.File;
                import java.net.InetSocketAddress;
                import java.security.KeyStore;
                import javax.net.ssl.*;
                public class Main {
                    public static void main(String[] arguments) throws Exception {
                        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                        keys.init(KeyStore.getInstance(new File("%s"), "secret".toCharArray()), "secret".toCharArray());
                        SSLContext context = SSLContext.getInstance("TLS");
                        context.init(keys.getKeyManagers(), null, null);
                        HttpsServer server = HttpsServer.create(new InetSocketAddress(Integer.parseInt(arguments[0])), 0);
                        server.setHttpsConfigurator(new HttpsConfigurator(context));
                        server.setExecutor(java.util.concurrent.Executors.newCachedThreadPool());
                        server.createContext("/", exchange -> {
                            byte[] body = Answers.VERSION.getBytes();
                            exchange.sendResponseHeaders(200, body.length);
                            exchange.getResponseBody().write(body);
                            exchange.close();
                        });
                        server.start();
                    }
                }
                """.formatted(keys)).withResource("version.txt", version);
    }

    @Test
    void aTlsConnectionStaysWithItsBuildUntilTheDeadline() throws Exception {
        Path keys = keys();
        try (Running running = start(https("v1", keys), options -> options.drainTimeout(Duration.ofSeconds(4)));
                Socket established = connectTls(running, keys)) {
            assertEquals("v1", getOverTls(established));
            swap(running, https("v2", keys));
            assertEquals("v1", getOverTls(established));
            try (Socket fresh = connectTls(running, keys)) {
                assertEquals("v2", getOverTls(fresh));
            }
            assertEquals(-1, established.getInputStream().read(), "and no reset");
            assertEquals(
                    Map.of(Departure.ENDED_AT_DEADLINE, 1L),
                    ledgerOf(running, 1).departures());
        }
    }

    // Others

    /** Answers with a dot at once, and with the version when there is the file whose name it gets. */
    private static final String OWN_PROTOCOL = """
            static void serve(InputStream in, OutputStream out) throws Exception {
                BufferedReader lines = new BufferedReader(new InputStreamReader(in));
                while (true) {
                    Path file = Path.of(lines.readLine());
                    send(out, ".");
                    while (!Files.exists(file)) Thread.sleep(5);
                    send(out, Answers.VERSION);
                }
            }
            """;

    @Test
    void workUnderWayInAProtocolOfItsOwnHasTheDrainTimeout() throws Exception {
        Path file = directory.resolve("file");
        try (Running running = start(
                        server("v1", NO_HOOK, OWN_PROTOCOL), options -> options.drainTimeout(Duration.ofSeconds(4)));
                Client finishing = Client.connect(running.address());
                Client stuck = Client.connect(running.address())) {
            finishing.send(file + "\n");
            stuck.send(directory.resolve("never") + "\n");
            assertEquals(".", finishing.read(1));
            assertEquals(".", stuck.read(1));
            swap(running, server("v2", NO_HOOK, OWN_PROTOCOL));
            assertEquals(2, running.await(Event.Draining.class).connections());
            Files.createFile(file);
            assertEquals("v1", finishing.read(2));
            finishing.send(file + "\n");
            assertEquals(".v1", finishing.read(3), "it stays, and may ask for more");
            assertTrue(stuck.isClosed());
            assertTrue(finishing.isClosed());
            assertEquals(
                    Map.of(Departure.ENDED_AT_DEADLINE, 2L),
                    ledgerOf(running, 1).departures());
            try (Client next = Client.connect(running.address())) {
                next.send(file + "\n");
                assertEquals(".v2", next.read(3));
            }
        }
    }

    @Test
    void whatWasWrittenLastBeforeTheDeadlineIsNotDestroyedByAReset() throws Exception {
        String serve = """
                static void serve(InputStream in, OutputStream out) throws Exception {
                    in.read();
                    send(out, "x".repeat(100_000));
                    Thread.sleep(100_000);
                }
                """;
        try (Running running = start(server("v1", NO_HOOK, serve), options -> options.drainTimeout(SHORT));
                Client client = Client.connectSlowly(running.address())) {
            client.send("a");
            assertEquals("x", client.read(1));
            client.send("not read by anybody ".repeat(1000));
            swap(running, server("v2", NO_HOOK, serve));
            running.await(Event.Ended.class);
            assertEquals("x".repeat(99_999), client.read(99_999));
            assertTrue(client.isClosed());
        }
    }

    @Test
    void aHookThatHangsDelaysNobodyAndTheConnectionIsClosedAllTheSame() throws Exception {
        String hook = "Runtime.getRuntime().addShutdownHook(new Thread(() -> { while (true) Thread.onSpinWait(); }));";
        try (Running running = start(
                        server("v1", hook, OWN_PROTOCOL),
                        options -> options.drainTimeout(SHORT).stopTimeout(Duration.ofMillis(200)));
                Client stuck = Client.connect(running.address())) {
            stuck.send(directory.resolve("never") + "\n");
            assertEquals(".", stuck.read(1));
            Programs.SERVER_SOCKET.build("v2").moveTo(jar());
            running.awaitServing(2);
            assertEquals("v2", Client.get(running.address(), "/").body());
            assertTrue(stuck.isClosed());
            assertEquals(
                    Map.of(Departure.ENDED_AT_DEADLINE, 1L),
                    ledgerOf(running, 1).departures());
            Programs.SERVER_SOCKET.build("v3").moveTo(jar());
            running.awaitServing(3);
            assertEquals("v3", Client.get(running.address(), "/").body());
        }
    }
}
