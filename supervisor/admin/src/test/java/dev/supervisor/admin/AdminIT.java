package dev.supervisor.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.supervisor.Departure;
import dev.supervisor.Event;
import dev.supervisor.Held;
import dev.supervisor.Status;
import dev.supervisor.Status.Phase;
import dev.supervisor.Status.Result;
import dev.supervisor.Status.Trigger;
import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Await;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.TestBuild;
import dev.supervisor.testing.Tool;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is shown of a supervisor at work is what happens there. */
@Timeout(120)
class AdminIT {

    private static final int CLIENTS = 20;

    @TempDir
    private Path directory;

    private Path jar() {
        return directory.resolve("app.jar");
    }

    private Watched start() throws Exception {
        Apps.http("v1").moveTo(jar());
        Watched watched = Watched.of(Running.http(jar()));
        watched.running().awaitServing(1);
        return watched;
    }

    private static String labels(String... more) {
        return "{app=\"shop\"" + String.join("", more) + "}";
    }

    private static void assertMetric(Map<String, Double> metrics, long expected, String name, String... moreLabels) {
        String key = name + labels(moreLabels);
        assertEquals((double) expected, metrics.get(key), key);
    }

    @Test
    void eachCounterIsWhatTheClientsHaveCounted() throws Exception {
        List<Client> clients = new ArrayList<>();
        try (Watched watched = start()) {
            Running running = watched.running();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(Client.connect(running.address()));
                clients.get(i).get("/");
            }

            Apps.http("v2").moveTo(jar());
            running.awaitServing(2);
            awaitLeft(watched, Departure.MOVED_IDLE, CLIENTS);
            askAll(clients, 200);

            Client busy = clients.get(0);
            busy.beginPost("/echo");
            Apps.http("v3").moveTo(jar());
            running.awaitServing(3);
            awaitLeft(watched, Departure.MOVED_IDLE, 2 * CLIENTS - 1);
            busy.send("x");
            assertEquals("x", busy.answer().body());
            awaitLeft(watched, Departure.MOVED_AFTER_RESPONSE, 1);
            askAll(clients, 200);

            Apps.http("v3").moveTo(jar());
            running.await(Event.Unchanged.class);

            Apps.starting("throw new IllegalStateException(\"broken\");").moveTo(jar());
            running.await(Event.Failed.class);
            awaitLeft(watched, Departure.MOVED_IDLE, 3 * CLIENTS - 1);
            askAll(clients, 503);
            assertEquals(0, watched.metrics().get("supervisor_last_swap_successful" + labels()));

            int held = 3;
            Path gate = directory.resolve("gate");
            waitingFor(gate).moveTo(jar());
            Await.until("a swap is under way", () -> watched.status().condition() == Status.Condition.SWAPPING);
            List<Client> waiting = new ArrayList<>();
            for (int i = 0; i < held; i++) {
                Client client = Client.connect(running.address());
                client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
                waiting.add(client);
            }
            Await.until("they wait", () -> watched.socket().waits().now() == held);
            assertMetric(watched.metrics(), held, "supervisor_held", ",socket=\"http\"");
            Files.createFile(gate);
            for (Client client : waiting) {
                assertEquals(200, client.answer().status());
            }
            awaitLeft(watched, Departure.MOVED_IDLE, 4 * CLIENTS - 1); // from the failure page

            for (Client client : waiting) {
                client.close();
            }
            running.awaitTally(tally -> tally.open() == CLIENTS);
            Await.until("all swaps have ended", () -> watched.status().condition() == Status.Condition.SERVING);

            Map<String, Double> metrics = watched.metrics();
            assertMetric(metrics, CLIENTS + held, "supervisor_connections_accepted_total", ",socket=\"http\"");
            assertMetric(metrics, CLIENTS, "supervisor_connections_open", ",socket=\"http\"");
            assertMetric(
                    metrics,
                    4 * CLIENTS - 1,
                    "supervisor_connections_left_total",
                    ",how=\"moved_idle\",socket=\"http\"");
            assertMetric(
                    metrics, 1, "supervisor_connections_left_total", ",how=\"moved_after_response\",socket=\"http\"");
            assertMetric(metrics, 0, "supervisor_connections_left_total", ",how=\"ended_by_peer\",socket=\"http\"");
            assertMetric(metrics, 0, "supervisor_held", ",socket=\"http\"");
            long waited = watched.socket().waits().total(); // idle ones, too, that have moved while the gates were shut
            assertTrue(waited >= held, () -> waited + " have waited");
            assertMetric(metrics, waited, "supervisor_held_seconds_count", ",socket=\"http\"");
            assertMetric(metrics, 0, "supervisor_hold_expired_total", ",socket=\"http\"");
            assertMetric(
                    metrics,
                    running.events(Event.Serving.class).size(),
                    "supervisor_swaps_total",
                    ",result=\"served\"");
            assertMetric(
                    metrics, running.events(Event.Failed.class).size(), "supervisor_swaps_total", ",result=\"failed\"");
            assertMetric(
                    metrics,
                    running.events(Event.Unchanged.class).size(),
                    "supervisor_swaps_total",
                    ",result=\"unchanged\"");
            assertMetric(metrics, 1, "supervisor_last_swap_successful");
            assertMetric(metrics, 1, "supervisor_generations", ",state=\"live\"");
            Status status = watched.status();
            assertMetric(metrics, status.live().orElseThrow().number(), "supervisor_generation");
            long attempts = status.swaps()
                    .phases()
                    .getOrDefault(Phase.SNAPSHOT, Status.Distribution.NONE)
                    .count();
            assertMetric(metrics, attempts, "supervisor_swap_duration_seconds_count", ",phase=\"snapshot\"");
            assertTrue(attempts >= 6, () -> attempts + " snapshots");
            Status.Swap last = status.swaps().recent().stream()
                    .filter(swap -> swap.result() == Status.Result.SERVED)
                    .findFirst()
                    .orElseThrow();
            assertTrue(last.held().count() >= held, last::toString);
        } finally {
            for (Client client : clients) {
                client.close();
            }
        }
    }

    private static TestBuild waitingFor(Path file) {
        String gated = """
                package app;

                import dev.supervisor.spi.*;
                import java.nio.file.*;

                public class Gated extends HttpApp {
                    public void start(ApplicationContext context) throws Exception {
                        while (!Files.exists(Path.of("%s"))) Thread.sleep(5);
                        super.start(context);
                    }
                }
                """.formatted(file);
        return TestBuild.of(Apps.HTTP, gated).withProvider("app.Gated").withResource("version.txt", "v5");
    }

    /** Asks on each connection, so that it is certain that the backend which is live has taken it. */
    private static void askAll(List<Client> clients, int status) throws IOException {
        for (Client client : clients) {
            assertEquals(status, client.get("/").status());
        }
    }

    private static void awaitLeft(Watched watched, Departure how, long count) throws Exception {
        Await.until(count + " have " + how, () -> watched.socket().left().getOrDefault(how, 0L) == count);
    }

    @Test
    void connectionsThatEndInTheOldGenerationAreCountedByHow() throws Exception {
        try (Watched watched = start();
                Client peer = Client.connect(watched.running().address());
                Client deadline = Client.connect(watched.running().address())) {
            peer.beginPost("/echo");
            deadline.beginPost("/echo");
            Apps.http("v2").moveTo(jar());
            watched.running().awaitServing(2);
            peer.leave();
            awaitLeft(watched, Departure.ENDED_BY_PEER, 1);
            deadline.leave();
            awaitLeft(watched, Departure.ENDED_BY_PEER, 2);
            long ledgers = watched.running()
                    .await(Event.Ended.class, ended -> ended.generation() == 1)
                    .ledger()
                    .total();
            assertEquals(
                    ledgers,
                    watched.socket().left().values().stream()
                            .mapToLong(Long::longValue)
                            .sum());
        }
    }

    @Test
    void connectionsThatComeBackAfterAnUnchangedBuildHaveNotLeft() throws Exception {
        try (Watched watched = start();
                Client client = Client.connect(watched.running().address())) {
            client.get("/");
            byte[] same = Apps.http("v1").jar();
            try (OutputStream out = Files.newOutputStream(jar())) {
                out.write(same, 0, 100);
                out.flush();
                watched.running().await(Event.Changed.class);
                client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
                Await.until("it waits", () -> watched.socket().waits().now() == 1);
                out.write(same, 100, same.length - 100);
            }
            assertEquals(200, client.answer().status());
            watched.running().await(Event.Unchanged.class);
            assertEquals(Map.of(), watched.socket().left());
            assertEquals(1, watched.socket().waits().total());
            assertEquals(1, watched.socket().waits().times().count());
        }
    }

    @Test
    void connectionsThatWaitForTooLongAreCounted() throws Exception {
        Path gate = directory.resolve("gate");
        waitingFor(gate).moveTo(jar());
        try (Watched watched = Watched.of(Running.http(jar(), options -> options.holdTimeout(Duration.ofMillis(200))));
                Client client = Client.connect(watched.running().address())) {
            assertEquals(Status.Condition.STARTING, watched.status().condition());
            assertEquals(503, watched.get("/readyz").status());
            assertEquals(503, client.get("/").status());
            assertMetric(watched.metrics(), 1, "supervisor_hold_expired_total", ",socket=\"http\"");
            assertMetric(watched.metrics(), 1, "supervisor_held_seconds_count", ",socket=\"http\"");
            Files.createFile(gate);
            watched.running().awaitServing(1);
            assertEquals(200, watched.get("/readyz").status());
        }
    }

    @Test
    void aSwapIsToldWithItsPhases() throws Exception {
        try (Watched watched = start()) {
            Status.Swap first = watched.status().swaps().recent().get(0);
            assertEquals(Trigger.FIRST, first.trigger());
            byte[] next = Apps.http("v2").jar();
            try (Client client = Client.connect(watched.running().address())) {
                try (OutputStream out = Files.newOutputStream(jar())) {
                    out.write(next, 0, 100);
                    out.flush();
                    watched.running().await(Event.Changed.class);
                    client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
                    Await.until("it waits", () -> watched.socket().waits().now() == 1);
                    Status.Swap now = watched.status().swaps().recent().get(0);
                    assertEquals(Result.RUNNING, now.result());
                    out.write(next, 100, next.length - 100);
                }
                client.answer();
            }
            Status.Swap swap = Await.value(() -> watched.status().swaps().recent().stream()
                    .filter(each -> each.result() == Result.SERVED && each.number() > 1)
                    .filter(each -> each.phases().stream().anyMatch(timed -> timed.phase() == Phase.FIRST_ANSWER))
                    .findFirst());
            assertEquals(Trigger.CHANGED, swap.trigger());
            assertEquals(1, swap.held().count());
            List<Phase> phases =
                    swap.phases().stream().map(Status.Timed::phase).distinct().toList();
            assertEquals(List.of(Phase.SNAPSHOT, Phase.LOAD, Phase.START, Phase.FIRST_ANSWER), phases);
            Duration before = Duration.ZERO;
            for (Status.Timed timed : swap.phases()) {
                assertTrue(timed.start().compareTo(before) >= 0, swap::toString);
                before = timed.start().plus(timed.took());
            }
            assertEquals(Held.NONE, first.held());

            watched.running().supervisor().swap();
            Await.until(
                    "it is done",
                    () -> watched.status().swaps().recent().get(0).trigger() == Trigger.ASKED
                            && watched.status().condition() == Status.Condition.SERVING);
            assertEquals(
                    List.of(),
                    watched.status().swaps().recent().get(0).phases().stream()
                            .map(Status.Timed::phase)
                            .filter(Phase.FIRST_ANSWER::equals)
                            .toList());
        }
    }

    @Test
    void nothingMoreThanTheLastTwentySwapsIsKept() throws Exception {
        try (Watched watched = start()) {
            for (int i = 2; i <= 25; i++) {
                watched.running().supervisor().swap();
                watched.running().awaitServing(i);
            }
            assertEquals(20, watched.status().swaps().recent().size());
            assertEquals(25, watched.status().swaps().totals().get(Result.SERVED));
        }
    }

    @Test
    void aSwapIsAnEventOfTheStream() throws Exception {
        try (Watched watched = start();
                Client page = Client.connect(watched.address())) {
            page.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
            page.head();
            assertEquals(1, generation(page));
            Apps.http("v2").moveTo(jar());
            int generation = 1;
            while (generation != 2) {
                generation = generation(page);
            }
        }
    }

    private static int generation(Client page) throws IOException {
        page.readUpTo("data: ");
        JsonObject application = JsonParser.parseString(page.line())
                .getAsJsonObject()
                .getAsJsonArray("applications")
                .get(0)
                .getAsJsonObject();
        return application.get("generation").isJsonNull()
                ? 0
                : application.get("generation").getAsInt();
    }

    @Test
    void aBuildIsToldByItsDigest() throws Exception {
        try (Watched watched = start()) {
            String digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar())));
            assertEquals(
                    Optional.of(digest), watched.status().live().orElseThrow().sha256());
        }
        Path classes = directory.resolve("classes");
        Apps.http("v1").explodeTo(classes);
        try (Watched watched = Watched.of(Running.http(classes))) {
            watched.running().awaitServing(1);
            assertEquals(Optional.empty(), watched.status().live().orElseThrow().sha256());
        }
    }

    @Test
    void whatFailsIsNotReadyUntilItIsMended() throws Exception {
        try (Watched watched = start()) {
            assertEquals(200, watched.get("/readyz").status());
            Apps.starting("throw new IllegalStateException(\"broken\");").moveTo(jar());
            watched.running().await(Event.Failed.class);
            Await.until("it is not ready", () -> watched.get("/readyz").status() == 503);
            assertTrue(watched.get("/status.json").body().contains("broken"));
            Apps.http("v3").moveTo(jar());
            Await.until("it is mended", () -> watched.get("/readyz").status() == 200);
        }
    }

    @Test
    void prometheusAcceptsTheMetrics() throws Exception {
        Tool promtool = Tool.find("promtool", "prometheus");
        try (Watched watched = start();
                Client client = Client.connect(watched.running().address())) {
            client.get("/");
            Apps.http("v2").moveTo(jar());
            watched.running().awaitServing(2);
            Path metrics = Files.writeString(
                    directory.resolve("metrics"), watched.get("/metrics").body());
            Process check = new ProcessBuilder(promtool.command().toString(), "check", "metrics")
                    .redirectInput(metrics.toFile())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, check.waitFor(), said);
            assertEquals("", said);
        }
    }
}
