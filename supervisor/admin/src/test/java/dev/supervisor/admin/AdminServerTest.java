package dev.supervisor.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.supervisor.Status;
import dev.supervisor.Status.Condition;
import dev.supervisor.Status.State;
import dev.supervisor.SupervisorException;
import dev.supervisor.testing.Await;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Client.Answer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AdminServerTest {

    private static final String TOKEN = "0123456789abcdef";
    private static final List<String> PATHS = List.of("/", "/status.json", "/events", "/metrics", "/livez", "/readyz");

    private final List<AdminServer> servers = new ArrayList<>();
    private final Statuses statuses = Statuses.of(Statuses.serving());

    @AfterEach
    void close() {
        servers.forEach(AdminServer::close);
    }

    private InetSocketAddress serve(String... hosts) {
        return serve(Optional.empty(), hosts);
    }

    private InetSocketAddress serve(Optional<Path> token, String... hosts) {
        AdminServer server = AdminServer.open(
                new AdminOptions(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Set.of(hosts), token),
                "1.2.3");
        servers.add(server);
        server.show(List.of(statuses.named("shop")));
        return server.address();
    }

    private static Path token(Path directory, String mode) throws IOException {
        Path file = Files.writeString(directory.resolve("token"), TOKEN + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private static Answer ask(InetSocketAddress address, String method, String path, String... headers)
            throws IOException {
        try (Client client = Client.connect(address)) {
            client.send(method + " " + path + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\n\r\n");
            return method.equals("HEAD") || path.equals("/events") ? client.head() : client.answer();
        }
    }

    private static String host(InetSocketAddress address) {
        return "Host: 127.0.0.1:" + address.getPort();
    }

    // Who is answered

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.0.0.1:9901",
                "10.1.2.3",
                "[::1]:9901",
                "localhost",
                "LOCALHOST:1",
                "a.localhost",
                "ops.example",
                "my_ops.example:80"
            })
    void aRequestForANameOfOursIsAnswered(String host) throws IOException {
        InetSocketAddress address = serve("Ops.Example", "my_ops.example");
        for (String path : PATHS) {
            assertEquals(200, ask(address, "GET", path, "Host: " + host).status(), path);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: evil.example",
                "Host: ops.example.evil.example",
                "Host: localhost.evil.example",
                "Host: evillocalhost",
                "Host: 127.0.0.1.evil.example",
                "Host: 1.2.3.4@evil.example",
                "Host: a b.localhost",
                "Host: evil.example/.localhost",
                "Host: evil.example#.localhost",
                "Host: .localhost",
                "Host: a..localhost",
                "Host: a_b.localhost",
                "Host: 999.999.999.999",
                "Host: [:::]",
                "Host: [1.2.3.4]",
                "Host: ",
                "X: y",
                "Host: localhost\r\nHost: evil.example",
                "Host: localhost\r\nHost: localhost",
            })
    void aRequestForAnotherNameIsRefusedBeforeAllElse(String hosts) throws IOException {
        InetSocketAddress address = serve("ops.example");
        for (String path : PATHS) {
            for (String method : List.of("GET", "HEAD", "POST", "OPTIONS")) {
                assertEquals(403, ask(address, method, path, hosts).status(), method + path);
            }
        }
    }

    @Test
    void aTargetInAbsoluteFormIsRefused() throws IOException {
        InetSocketAddress address = serve();
        assertEquals(
                403,
                ask(address, "GET", "http://evil.example/metrics", host(address))
                        .status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://evil.example",
                "Origin: null",
                "Origin: https://localhost:PORT",
                "Origin: http://localhost",
                "Origin: http://localhost:PORT0",
                "Origin: http://localhost:PORT.evil.example",
                "Origin: http://127.0.0.1:PORT",
                "Origin: http://localhost:PORT\r\nOrigin: http://localhost:PORT",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: cross-site, same-origin",
                "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: other",
                "Origin: http://localhost:PORT\r\nSec-Fetch-Site: cross-site",
            })
    void aPageOfAnotherOriginIsRefused(String headers) throws IOException {
        InetSocketAddress address = serve();
        String port = Integer.toString(address.getPort());
        for (String path : PATHS) {
            Answer answer = ask(address, "GET", path, "Host: localhost:" + port, headers.replace("PORT", port));
            assertEquals(403, answer.status(), path);
            assertNoCors(answer);
        }
    }

    @Test
    void aPageOfTheOwnOriginIsAnsweredWithoutHeadersForOthers() throws IOException {
        InetSocketAddress address = serve();
        String own = "localhost:" + address.getPort();
        for (String path : PATHS) {
            Answer answer =
                    ask(address, "GET", path, "Host: " + own, "Origin: http://" + own, "Sec-Fetch-Site: same-origin");
            assertEquals(200, answer.status(), path);
            assertNoCors(answer);
            assertEquals("same-origin", answer.header("cross-origin-resource-policy"));
            assertEquals("nosniff", answer.header("x-content-type-options"));
            assertEquals("no-store", answer.header("cache-control"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"same-origin", "same-site", "none", "None"})
    void whatABrowserSendsForNoOtherSiteIsAnswered(String site) throws IOException {
        InetSocketAddress address = serve();
        assertEquals(
                200,
                ask(address, "GET", "/livez", host(address), "Sec-Fetch-Site: " + site)
                        .status());
    }

    private static void assertNoCors(Answer answer) {
        assertTrue(answer.headers().keySet().stream().noneMatch(name -> name.startsWith("access-control-")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "SWAP"})
    void nothingIsChangedOverTcp(String method) throws IOException {
        InetSocketAddress address = serve();
        for (String path : PATHS) {
            Answer answer = ask(address, method, path, host(address));
            assertEquals(405, answer.status(), path);
            assertEquals("GET, HEAD", answer.header("allow"));
            assertEquals("close", answer.header("connection"));
        }
    }

    @Test
    void aHeadHasTheHeadersOfItsGet() throws IOException {
        InetSocketAddress address = serve();
        Answer get = ask(address, "GET", "/readyz", host(address));
        try (Client client = Client.connect(address)) {
            client.send("HEAD /readyz HTTP/1.1\r\n" + host(address) + "\r\n\r\n");
            assertEquals(get.headers(), client.head().headers());
            assertEquals("ready\n", client.get("/readyz").body()); // on the same connection
        }
    }

    // The token

    private static Stream<List<String>> goodTokens() {
        return Stream.of(
                List.of("Authorization: Bearer " + TOKEN),
                List.of("authorization: bearer  " + TOKEN),
                List.of("Authorization: Basic " + base64("anybody:" + TOKEN)),
                List.of("Authorization: Basic " + base64(":" + TOKEN)));
    }

    private static Stream<List<String>> badTokens() {
        return Stream.of(
                List.of(),
                List.of("Authorization: Bearer"),
                List.of("Authorization: Bearer 0123456789abcde"),
                List.of("Authorization: Bearer 0123456789abcdef0"),
                List.of("Authorization: " + TOKEN),
                List.of("Authorization: Basic " + base64(TOKEN)),
                List.of("Authorization: Basic " + base64(TOKEN + ":")),
                List.of("Authorization: Basic %%%"),
                List.of("Authorization: Bearer " + TOKEN, "Authorization: Bearer " + TOKEN),
                List.of("Cookie: token=" + TOKEN));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String[] with(InetSocketAddress address, List<String> more) {
        return Stream.concat(Stream.of(host(address)), more.stream()).toArray(String[]::new);
    }

    @ParameterizedTest
    @MethodSource("goodTokens")
    void theTokenOpensAll(List<String> headers, @TempDir Path directory) throws IOException {
        InetSocketAddress address = serve(Optional.of(token(directory, "rw-------")));
        for (String path : PATHS) {
            assertEquals(200, ask(address, "GET", path, with(address, headers)).status(), path);
        }
    }

    @ParameterizedTest
    @MethodSource("badTokens")
    void withoutTheTokenOnlyProbesAreAnswered(List<String> headers, @TempDir Path directory) throws IOException {
        InetSocketAddress address = serve(Optional.of(token(directory, "rw-r-----")));
        for (String path : PATHS) {
            boolean probe = path.equals("/livez") || path.equals("/readyz");
            Answer answer = ask(address, "GET", path, with(address, headers));
            assertEquals(probe ? 200 : 401, answer.status(), path);
            assertEquals(!probe, answer.headers().containsKey("www-authenticate"));
        }
        assertEquals(
                401,
                ask(address, "GET", "/metrics?token=" + TOKEN, with(address, headers))
                        .status());
        assertEquals(
                405, ask(address, "POST", "/metrics", with(address, headers)).status());
    }

    @Test
    void theTokenIsReadAgainWhenItHasChanged(@TempDir Path directory) throws IOException {
        Path file = token(directory, "rw-------");
        InetSocketAddress address = serve(Optional.of(file));
        String other = "another-token-that-is-longer";
        Files.writeString(file, other);
        assertEquals(401, metrics(address, TOKEN));
        assertEquals(200, metrics(address, other));
        Files.delete(file);
        assertEquals(401, metrics(address, other));
        token(directory, "rw-r--r--");
        assertEquals(401, metrics(address, TOKEN)); // anybody could have read it
        Files.delete(file);
        token(directory, "rw-------");
        assertEquals(200, metrics(address, TOKEN));
    }

    @Test
    void theTokenIsReadAgainWhenItsFileHasBeenMovedAwayAndBack(@TempDir Path directory) throws IOException {
        Path file = token(directory, "rw-------");
        InetSocketAddress address = serve(Optional.of(file));
        Path away = Files.move(file, directory.resolve("away"));
        assertEquals(401, metrics(address, TOKEN));
        Files.move(away, file); // it is the same in all that a change is seen by
        assertEquals(200, metrics(address, TOKEN));
    }

    @Test
    void certificatesAreInTheStatusAndTheMetrics() throws Exception {
        InetSocketAddress address = serve();
        String metrics = ask(address, "GET", "/metrics", host(address)).body();
        assertTrue(
                metrics.contains(
                        "supervisor_certificate_not_after_seconds{app=\"shop\",name=\"localhost\",socket=\"http\"} 4.0E9\n"),
                metrics);
        String status = ask(address, "GET", "/status.json", host(address)).body();
        assertTrue(
                status.contains(
                        "\"tls\":{\"engine\":\"JDK\",\"certificates\":[{\"names\":[\"localhost\",\"127.0.0.1\"],"
                                + "\"notBefore\":\"1970-01-01T00:00:00Z\",\"notAfter\":\"2096-10-02T07:06:40Z\"}]}"),
                status);
        assertFalse(status.contains("cert.pem"), status);
    }

    private static int metrics(InetSocketAddress address, String token) throws IOException {
        return ask(address, "GET", "/metrics", host(address), "Authorization: Bearer " + token)
                .status();
    }

    @ParameterizedTest
    @CsvSource({"rw-r--r--,0123456789abcdef", "rw-rw----,0123456789abcdef", "rw-------,short", "rw-------,''"})
    void aTokenThatIsNoneKeepsTheServerFromStarting(String mode, String text, @TempDir Path directory)
            throws IOException {
        Path file = token(directory, "rw-------");
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
        String message = messageOf(() -> serve(Optional.of(file)));
        assertTrue(message.contains("--admin-token-file '" + file + "'"), message);
        assertFalse(message.contains("0123456789abcdef"), message);
    }

    @Test
    void anAddressThatOthersReachNeedsAToken() {
        for (String address : List.of("0.0.0.0:9901", "[::]:9901", "10.1.2.3:9901")) {
            String message = messageOf(() -> AdminOptions.parse(address, List.of(), Optional.empty()));
            assertTrue(message.contains("--admin-token-file"), message);
        }
        assertEquals(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 9901),
                AdminOptions.parse("9901", List.of(), Optional.empty()).address());
        assertTrue(AdminOptions.parse("[::1]:9901", List.of(), Optional.empty())
                .address()
                .getAddress()
                .isLoopbackAddress());
        for (String wrong : List.of("", "x", "a:b", ":9901", "::1:9901", "127.0.0.1:99999", "[127.0.0.1]:1")) {
            assertThrows(
                    SupervisorException.class, () -> AdminOptions.parse(wrong, List.of(), Optional.empty()), wrong);
        }
        assertThrows(
                SupervisorException.class,
                () -> AdminOptions.parse("9901", List.of("http://a.example"), Optional.empty()));
    }

    private static String messageOf(Executable action) {
        return String.valueOf(assertThrows(SupervisorException.class, action).getMessage());
    }

    // Malformed targets

    @ParameterizedTest
    @ValueSource(strings = {"/%", "/%zz", "/livez%", "/livez?%", "/readyz?verbose=%f", "/status.json?a=%zz"})
    void aMalformedTargetIsRefusedLikeAnyOtherAndThenToldSo(String target, @TempDir Path directory) throws IOException {
        InetSocketAddress address = serve(Optional.of(token(directory, "rw-------")));
        String token = "Authorization: Bearer " + TOKEN;
        assertEquals(
                403, ask(address, "GET", target, "Host: evil.example", token).status());
        assertEquals(401, ask(address, "GET", target, host(address)).status());
        assertEquals(405, ask(address, "POST", target, host(address), token).status());
        Answer answer = ask(address, "GET", target, host(address), token);
        assertEquals(
                "400 the address is malformed: two hexadecimal digits follow each '%'\n",
                answer.status() + " " + answer.body());
    }

    // Limits

    @Test
    void aConnectionTooManyThatIsResetIsClosedWithoutAWord() {
        EmbeddedChannel connection = new EmbeddedChannel(new AdminServer.Full());
        connection.pipeline().fireExceptionCaught(new IOException("Connection reset"));
        connection.checkException(); // throws what no handler has taken
        assertFalse(connection.isOpen());
    }

    @Test
    void aLongHeadIsRefused() throws IOException {
        InetSocketAddress address = serve();
        assertEquals(
                431,
                ask(address, "GET", "/livez", host(address), "X: " + "x".repeat(9_000))
                        .status());
        assertEquals(
                414, ask(address, "GET", "/" + "x".repeat(9_000), host(address)).status());
    }

    @Test
    void aSlowHeadIsCutOff() throws IOException {
        try (Client client = Client.connect(serve());
                Client silent = Client.connect(servers.get(0).address())) {
            client.send("GET /livez HTTP/1.1\r\nHost: ");
            assertTrue(client.isClosed());
            assertTrue(silent.isClosed());
        }
    }

    @Test
    void tooManyConnectionsAreToldSo() throws Exception {
        InetSocketAddress address = serve();
        List<Client> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 16; i++) {
                Client client = Client.connect(address);
                clients.add(client);
                client.send("GET /events HTTP/1.1\r\n" + host(address) + "\r\n\r\n");
                assertEquals(200, client.head().status());
            }
            Answer answer = ask(address, "GET", "/livez", host(address));
            assertEquals(503, answer.status());
            assertEquals("1", answer.header("retry-after"));
            clients.remove(0).close();
            Await.until(
                    "there is room",
                    () -> ask(address, "GET", "/livez", host(address)).status() == 200);
        } finally {
            for (Client client : clients) {
                client.close();
            }
        }
    }

    @Test
    void aConnectionIsKeptForMoreRequests() throws IOException {
        try (Client client = Client.connect(serve())) {
            for (int i = 0; i < 3; i++) {
                assertEquals("live\n", client.get("/livez").body());
                assertEquals(404, client.get("/other").status());
            }
        }
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            AdminOptions options =
                    AdminOptions.parse(Integer.toString(other.getLocalPort()), List.of(), Optional.empty());
            String message = messageOf(() -> AdminServer.open(options, "1"));
            assertTrue(message.startsWith("can't bind 127.0.0.1:" + other.getLocalPort() + " for --admin"), message);
        }
    }

    @Test
    void whatTakesOverBindsWhenTheFormerProcessHasEnded() throws Exception {
        InetSocketAddress address = serve();
        AdminServer next = AdminServer.openSoon(new AdminOptions(address, Set.of(), Optional.empty()), "2", () -> true);
        servers.add(next);
        next.show(List.of(statuses.named("shop")));
        assertTrue(ask(address, "GET", "/status.json", host(address)).body().contains("1.2.3"));
        servers.get(0).close();
        Await.until("the next one answers", () -> {
            try {
                return ask(address, "GET", "/status.json", host(address)).body().contains("\"version\":\"2\"");
            } catch (IOException e) {
                return false;
            }
        });
    }

    // What is answered

    @Test
    void readinessFollowsTheState() throws IOException {
        InetSocketAddress address = serve();
        assertReady(address, true, Statuses.serving());
        assertReady(address, true, Statuses.status(Condition.SWAPPING, State.LIVE, Optional.empty()));
        assertReady(address, true, Statuses.status(Condition.SWAPPING, State.DRAINING, Optional.empty()));
        assertReady(address, true, Statuses.status(Condition.PAUSED, State.LIVE, Optional.empty()));
        assertReady(address, true, failed(Condition.FAILED, State.LIVE)); // overlap: the build before serves
        assertReady(address, false, failed(Condition.FAILED, State.ENDED));
        assertReady(address, false, failed(Condition.SWAPPING, State.STARTING));
        assertReady(address, false, Statuses.status(Condition.STARTING, State.STARTING, Optional.empty()));
        assertReady(address, false, Statuses.status(Condition.DRAINING, State.LIVE, Optional.empty()));
        assertReady(address, false, Statuses.status(Condition.STOPPING, State.LIVE, Optional.empty()));
    }

    private static Status failed(Condition condition, State state) {
        return Statuses.status(condition, state, Optional.of(Statuses.problem()));
    }

    private void assertReady(InetSocketAddress address, boolean ready, Status status) throws IOException {
        statuses.are(status);
        Answer answer = ask(address, "GET", "/readyz", host(address));
        assertEquals(ready ? 200 : 503, answer.status(), status::toString);
        assertEquals(ready ? "ready\n" : "not ready\n", answer.body());
        String verbose = ask(address, "GET", "/readyz?verbose", host(address)).body();
        assertTrue(
                verbose.startsWith((ready ? "[+] shop: " : "[-] shop: ") + StatusJson.word(status.condition())),
                verbose);
    }

    @Test
    void allApplicationsMustBeReady() throws IOException {
        InetSocketAddress address = serve();
        Statuses other = Statuses.of(failed(Condition.FAILED, State.ENDED));
        servers.get(0).show(List.of(statuses.named("shop"), other.named("search")));
        assertEquals(
                "[+] shop: serving, generation 3\n[-] search: failed\nnot ready\n",
                ask(address, "GET", "/readyz?verbose", host(address)).body());
        JsonObject status = JsonParser.parseString(
                        ask(address, "GET", "/status.json", host(address)).body())
                .getAsJsonObject();
        assertEquals("failed", status.get("state").getAsString());
        assertEquals(2, status.getAsJsonArray("applications").size());
        String metrics = ask(address, "GET", "/metrics", host(address)).body();
        assertTrue(
                metrics.contains("supervisor_connections_accepted_total{app=\"search\",socket=\"http\"} 10"), metrics);
    }

    @Test
    void nothingIsReadyBeforeThereAreApplications() throws IOException {
        InetSocketAddress address = serve();
        servers.get(0).show(List.of());
        assertEquals(503, ask(address, "GET", "/readyz", host(address)).status());
        assertEquals(200, ask(address, "GET", "/livez", host(address)).status());
    }

    @Test
    void aThreadThatIsStuckIsNotLive() throws IOException {
        InetSocketAddress address = serve();
        servers.get(0).show(List.of(new NamedSupervisor("shop", Statuses::serving, CompletableFuture::new)));
        assertEquals(503, ask(address, "GET", "/livez", host(address)).status());
    }

    @Test
    void detailsOfAProblemAreForThisMachine() throws IOException {
        InetSocketAddress address = serve("ops.example");
        statuses.are(failed(Condition.FAILED, State.ENDED));
        String local = ask(address, "GET", "/status.json", host(address)).body();
        JsonObject problem = problemOf(local);
        assertEquals(
                "/home/ann/secret/App.java does not compile: <b>",
                problem.get("summary").getAsString());
        assertTrue(problem.get("details").getAsString().contains("geheim"));
        assertEquals("src/App.java", problem.get("file").getAsString());
        assertFalse(local.contains("<b>"), local); // for a page that takes it for markup
        for (String[] headers : List.of(
                new String[] {"Host: ops.example"}, new String[] {host(address), "X-Forwarded-For: 10.1.2.3"})) {
            String remote = ask(address, "GET", "/status.json", headers).body();
            assertFalse(remote.contains("ann") || remote.contains("geheim"), remote);
            assertTrue(problemOf(remote).get("details").isJsonNull());
        }
    }

    private static JsonObject problemOf(String status) {
        return JsonParser.parseString(status)
                .getAsJsonObject()
                .getAsJsonArray("applications")
                .get(0)
                .getAsJsonObject()
                .getAsJsonObject("problem");
    }

    @Test
    void thePageRunsNothingButItsOwnScripts() throws IOException {
        InetSocketAddress address = serve();
        Answer page = ask(address, "GET", "/", host(address));
        assertTrue(page.header("content-security-policy").startsWith("default-src 'none'; script-src 'sha256-"));
        assertEquals("DENY", page.header("x-frame-options"));
        Dashboard dashboard = Dashboard.of("<style>a</style>\n<script type=module>\nb()\n</script><script>c</script>");
        // printf a | openssl dgst -sha256 -binary | base64
        assertTrue(
                dashboard.policy().contains("style-src 'sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs='"),
                dashboard::policy);
        assertTrue(
                dashboard.policy().matches(".*script-src 'sha256-[^']{44}' 'sha256-[^']{44}';.*"), dashboard::policy);
    }

    @Test
    void changesAreEventsAndNothingElseIs() throws Exception {
        InetSocketAddress address = serve();
        AtomicInteger looks = new AtomicInteger();
        NamedSupervisor counted = new NamedSupervisor(
                "shop",
                () -> {
                    looks.incrementAndGet();
                    return statuses.named("shop").status().get();
                },
                () -> CompletableFuture.completedFuture(null));
        servers.get(0).show(List.of(counted));
        try (Client client = Client.connect(address)) {
            client.send("GET /events HTTP/1.1\r\n" + host(address) + "\r\n\r\n");
            Answer head = client.head();
            assertEquals("text/event-stream", head.header("content-type"));
            client.readUpTo("event: status\ndata: ");
            assertTrue(client.line().contains("\"state\":\"serving\""));
            Await.until("it has been looked at for some times", () -> looks.get() > 4);
            statuses.are(failed(Condition.FAILED, State.ENDED));
            client.readUpTo("event: status\ndata: ");
            assertTrue(client.line().contains("\"state\":\"failed\"")); // and not the former one once more
        }
    }

    @Test
    void aReaderThatStandsStillIsDropped() throws Exception {
        InetSocketAddress address = serve();
        Statuses large = Statuses.of(Statuses.serving());
        List<NamedSupervisor> many = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            many.add(large.named("application-with-a-long-name-" + i));
        }
        servers.get(0).show(many);
        List<Client> others = new ArrayList<>();
        try (Client slow = Client.connectSlowly(address)) {
            slow.send("GET /events HTTP/1.1\r\n" + host(address) + "\r\n\r\n");
            slow.head();
            for (int i = 1; i < 16; i++) { // which stand still, too
                Client other = Client.connectSlowly(address);
                others.add(other);
                other.send("GET /events HTTP/1.1\r\n" + host(address) + "\r\n\r\n");
                other.head();
            }
            assertEquals(503, ask(address, "GET", "/livez", host(address)).status());
            boolean[] live = {true};
            Await.until("one is dropped, which makes room", () -> {
                live[0] = !live[0];
                large.are(live[0] ? Statuses.serving() : failed(Condition.FAILED, State.ENDED));
                return ask(address, "GET", "/livez", host(address)).status() == 200;
            });
        } finally {
            for (Client other : others) {
                other.close();
            }
        }
    }
}
