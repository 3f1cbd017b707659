package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Http2Client;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.TestBuild;
import dev.supervisor.testing.WebSocketListener;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What does not move ends well, and where each connection went is told. */
@Timeout(120)
class DrainIT {

    private static final Duration SHORT = Duration.ofMillis(100);

    @TempDir
    private Path directory;

    private Path jar() {
        return directory.resolve("app.jar");
    }

    private Running start(TestBuild build, UnaryOperator<SupervisorOptions.Builder> more) throws Exception {
        build.moveTo(jar());
        Running running = Running.http(jar(), more);
        running.awaitServing(1);
        return running;
    }

    private Running start(TestBuild build) throws Exception {
        return start(build, options -> options);
    }

    private void swap(Running running, TestBuild build) throws Exception {
        build.moveTo(jar());
        running.awaitServing(2);
    }

    private static Ledger ledgerOf(Running running, int generation) throws InterruptedException {
        return running.await(Event.Ended.class, event -> event.generation() == generation)
                .ledger();
    }

    // HTTP/2

    @Test
    void anIdleHttp2ConnectionIsToldToGoAwayAndClosed() throws Exception {
        try (Running running = start(Apps.http2("v1"));
                Http2Client client = new Http2Client(running.address())) {
            assertEquals("connected", client.next());
            client.get("/");
            assertEquals("3: v1 gen=1", client.next());
            swap(running, Apps.http2("v2"));
            assertEquals("GOAWAY 3 error 0", client.next());
            assertEquals("closed", client.next());
            assertEquals(1, ledgerOf(running, 1).count(Departure.FINISHED));
        }
    }

    @Test
    void theStreamsOfAnHttp2ConnectionFinishAndNoNewOnesBegin() throws Exception {
        try (Running running = start(Apps.http2("v1"));
                Http2Client client = new Http2Client(running.address());
                Client go = Client.connect(running.address())) {
            assertEquals("connected", client.next());
            client.get("/slow");
            client.get("/");
            assertEquals("5: v1 gen=1", client.next());
            go.beginPost("/go");
            swap(running, Apps.http2("v2"));
            assertEquals("GOAWAY 5 error 0", client.next());
            go.send("x");
            assertEquals("gone", go.answer().body());
            assertEquals("3: v1 gen=1", client.next());
            assertEquals("closed", client.next());
            assertEquals("v2 gen=2 n=1", go.get("/").body(), "HTTP/1.1 beside it moves");
        }
    }

    @Test
    void aStreamThatIsBegunWhileNewWorkIsHeldIsNotAnsweredByTheOldBuild() throws Exception {
        try (Running running = start(Apps.http2("v1"));
                Http2Client client = new Http2Client(running.address())) {
            assertEquals("connected", client.next());
            client.get("/");
            assertEquals("3: v1 gen=1", client.next());
            Files.delete(jar());
            running.await(Event.Awaiting.class);
            client.get("/");
            assertEquals(
                    "GOAWAY 3 error 0", client.next(), "so that the client asks again, on a connection that waits");
            assertEquals("closed", client.next());
            assertEquals(1, running.events(Event.Serving.class).size());
        }
    }

    @Test
    void aStreamThatIsBegunDuringAHoldBesideOthersIsNotAnsweredByTheOldBuildEither() throws Exception {
        try (Running running = start(Apps.http2("v1"));
                Http2Client client = new Http2Client(running.address());
                Client go = Client.connect(running.address())) {
            assertEquals("connected", client.next());
            client.get("/slow");
            client.get("/");
            assertEquals("5: v1 gen=1", client.next());
            go.beginPost("/go");
            Files.delete(jar());
            running.await(Event.Awaiting.class);
            assertEquals("GOAWAY 5 error 0", client.next());
            go.send("x");
            assertEquals("3: v1 gen=1", client.next());
            assertEquals("closed", client.next());
        }
    }

    @Test
    void anHttp2StreamThatDoesNotEndIsClosedAtTheDeadline() throws Exception {
        try (Running running = start(Apps.http2("v1"), options -> options.drainTimeout(SHORT));
                Http2Client client = new Http2Client(running.address())) {
            assertEquals("connected", client.next());
            client.get("/slow");
            client.get("/");
            assertEquals("5: v1 gen=1", client.next());
            swap(running, Apps.http2("v2"));
            assertEquals("GOAWAY 5 error 0", client.next());
            assertEquals("closed", client.next());
            assertEquals(1, ledgerOf(running, 1).count(Departure.ENDED_AT_DEADLINE));
        }
    }

    @Test
    void aClientThatUpgradedToHttp2AsksTheNewBuild() throws Exception {
        try (Running running = start(Apps.http2("v1"))) {
            HttpClient client = HttpClient.newHttpClient();
            URI uri = URI.create("http://127.0.0.1:" + running.address().getPort() + "/");
            for (int generation = 1; generation <= 3; generation++) {
                HttpResponse<String> response =
                        client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
                assertEquals(HttpClient.Version.HTTP_2, response.version());
                assertEquals("v%d gen=%1$d".formatted(generation), response.body());
                Apps.http2("v" + (generation + 1)).moveTo(jar());
                running.awaitServing(generation + 1);
                ledgerOf(running, generation);
            }
        }
    }

    @Test
    void anHttp11ConnectionMovesFromAPipelineThatCouldHaveSpokenHttp2() throws Exception {
        try (Running running = start(Apps.http2("v1"));
                Client established = Client.connect(running.address())) {
            assertEquals("v1 gen=1 n=1", established.get("/").body());
            swap(running, Apps.http2("v2"));
            assertEquals("v2 gen=2 n=1", established.get("/").body());
        }
    }

    // WebSocket

    @Test
    void aWebSocketGoesOnUntilTheDeadlineAndIsClosedWith1012() throws Exception {
        try (Running running = start(Apps.webSocket("v1"), options -> options.drainTimeout(Duration.ofSeconds(5)))) {
            WebSocketListener listening = new WebSocketListener();
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + running.address().getPort() + "/ws"), listening)
                    .join();
            socket.sendText("a", true).join();
            assertEquals("v1 gen=1: a", listening.next());
            swap(running, Apps.webSocket("v2"));
            socket.sendText("b", true).join();
            assertEquals("v1 gen=1: b", listening.next());
            assertEquals("closed with 1012", listening.next());
            assertEquals(
                    Map.of(Departure.ENDED_AT_DEADLINE, 1L),
                    ledgerOf(running, 1).departures());
            assertEquals(1, running.await(Event.Draining.class).connections());
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
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "secret",
                        "-keystore",
                        keys.toString())
                .inheritIO()
                .start();
        assertEquals(0, keytool.waitFor());
        return keys;
    }

    private static SSLContext trusting(Path keys) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(KeyStore.getInstance(keys.toFile(), "secret".toCharArray()));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @Test
    void anHttp2ConnectionOverTlsIsToldToGoAway() throws Exception {
        Path keys = keys();
        try (Running running = start(Apps.tls("v1"), options -> options.arguments(List.of(keys.toString())))) {
            HttpClient client =
                    HttpClient.newBuilder().sslContext(trusting(keys)).build();
            URI uri = URI.create("https://127.0.0.1:" + running.address().getPort() + "/");
            for (int generation = 1; generation <= 2; generation++) {
                HttpResponse<String> response =
                        client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
                assertEquals(HttpClient.Version.HTTP_2, response.version());
                assertEquals("v%d gen=%1$d".formatted(generation), response.body());
                Apps.tls("v" + (generation + 1)).moveTo(jar());
                running.awaitServing(generation + 1);
                assertEquals(
                        Map.of(Departure.FINISHED, 1L),
                        ledgerOf(running, generation).departures());
            }
        }
    }

    @Test
    void aTlsConnectionThatIsLeftAtTheDeadlineIsClosedInOrder() throws Exception {
        Path keys = keys();
        try (Running running = start(
                        Apps.tls("v1"), options -> options.drainTimeout(SHORT).arguments(List.of(keys.toString())));
                Socket socket = trusting(keys)
                        .getSocketFactory()
                        .createSocket(
                                running.address().getAddress(),
                                running.address().getPort())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertEquals('H', socket.getInputStream().read());
            swap(running, Apps.tls("v2"));
            String rest = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertTrue(rest.endsWith("v1 gen=1 n=1"), "and no exception, as there would be without a close_notify");
            assertEquals(
                    Map.of(Departure.ENDED_AT_DEADLINE, 1L),
                    ledgerOf(running, 1).departures());
        }
    }

    // Others

    @Test
    void whatWasWrittenLastBeforeTheDeadlineIsNotDestroyedByAReset() throws Exception {
        TestBuild build = Apps.starting("""
                context.listener().serve(new io.netty.channel.ChannelInboundHandlerAdapter() {
                    public boolean isSharable() { return true; }
                    public void channelRead(io.netty.channel.ChannelHandlerContext c, Object message) {
                        io.netty.util.ReferenceCountUtil.release(message);
                        c.channel().config().setAutoRead(false);
                        c.writeAndFlush(c.alloc().buffer().writeBytes("x".repeat(100_000).getBytes()));
                    }
                });
                """);
        try (Running running = start(build, options -> options.drainTimeout(SHORT));
                Client client = Client.connectSlowly(running.address())) {
            client.send("a");
            assertEquals("x", client.read(1));
            client.send("not read by anybody ".repeat(1000));
            swap(running, build.withResource("changed", ""));
            running.await(Event.Ended.class);
            assertEquals("x".repeat(99_999), client.read(99_999));
            assertTrue(client.isClosed());
        }
    }

    @Test
    void aDrainTimeoutOfZeroClosesWhatIsBusyAndMovesTheRest() throws Exception {
        try (Running running = start(Apps.http("v1"), options -> options.drainTimeout(Duration.ZERO));
                Client idle = Client.connect(running.address());
                Client busy = Client.connect(running.address())) {
            assertEquals("v1 gen=1 n=1", idle.get("/").body());
            busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            busy.readUpTo("begun by v1 gen=1\r\n");
            swap(running, Apps.http("v2"));
            assertTrue(busy.isClosed());
            assertEquals("v2 gen=2 n=1", idle.get("/").body());
            assertEquals(
                    Map.of(Departure.MOVED_IDLE, 1L, Departure.ENDED_AT_DEADLINE, 1L),
                    ledgerOf(running, 1).departures());
            assertEquals(1, running.await(Event.DrainTimedOut.class).connections());
        }
    }

    @Test
    void aVeryLongDrainTimeoutEndsWithTheLastConnection() throws Exception {
        try (Running running = start(Apps.http("v1"), options -> options.drainTimeout(Duration.ofDays(100_000)));
                Client busy = Client.connect(running.address())) {
            busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            busy.readUpTo("begun by v1 gen=1\r\n");
            swap(running, Apps.http("v2"));
            busy.reset();
            assertEquals(
                    Map.of(Departure.ENDED_BY_PEER, 1L), ledgerOf(running, 1).departures());
        }
    }

    @Test
    void theLedgerTellsWhereEveryConnectionWent() throws Exception {
        List<Client> idle = new ArrayList<>();
        try (Running running = start(Apps.http("v1"), options -> options.drainTimeout(Duration.ofSeconds(5)));
                Client finishing = Client.connect(running.address());
                Client leaving = Client.connect(running.address());
                Client closing = Client.connect(running.address());
                Client stuck = Client.connect(running.address());
                Client go = Client.connect(running.address())) {
            for (int i = 0; i < 5; i++) {
                idle.add(Client.connect(running.address()));
                assertEquals(200, idle.get(i).get("/").status());
            }
            finishing.beginPost("/echo");
            leaving.beginPost("/echo");
            closing.beginPost("/close");
            stuck.beginPost("/echo");
            go.beginPost("/go");
            Files.delete(jar());
            running.await(Event.Awaiting.class);
            idle.get(0).send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            running.await(Event.Changed.class);
            swap(running, Apps.http("v2"));
            finishing.send("1");
            assertEquals("1", finishing.answer().body());
            leaving.reset();
            closing.send("1");
            assertEquals("close", closing.answer().header("connection"));
            assertTrue(closing.isClosed());
            go.send("1");
            assertEquals("gone", go.answer().body());
            assertEquals("v2 gen=2 n=1", idle.get(0).answer().body());
            assertTrue(stuck.isClosed());
            Ledger ledger = ledgerOf(running, 1);
            assertEquals(
                    Map.of(
                            Departure.MOVED_IDLE, 5L,
                            Departure.MOVED_AFTER_RESPONSE, 2L,
                            Departure.ENDED_BY_PEER, 1L,
                            Departure.ENDED_BY_APPLICATION, 1L,
                            Departure.ENDED_AT_DEADLINE, 1L),
                    ledger.departures());
            assertEquals(10, ledger.total());
            assertEquals(5, ledger.leftToDrain());
            stuck.leave();
            assertEquals(new Tally(10, 7, 3), running.awaitTally(tally -> tally.open() == 7));
            for (Client client : idle) {
                client.leave();
            }
            finishing.leave();
            go.leave();
            assertEquals(new Tally(10, 0, 10), running.awaitTally(tally -> tally.open() == 0));
        }
    }
}
