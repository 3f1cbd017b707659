package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Event.Failed.Next;
import dev.supervisor.SupervisorOptions.Swap;
import dev.supervisor.testing.Apps;
import dev.supervisor.testing.AskingClients;
import dev.supervisor.testing.Await;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Client.Answer;
import dev.supervisor.testing.FreePort;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.SameOnEveryJdk;
import dev.supervisor.testing.TestBuild;
import dev.supervisor.testing.ToldWatcher;
import dev.supervisor.testing.TriedBuilds.Fault;
import dev.supervisor.testing.TriedBuilds.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** No client sees a build that has not passed its checks. */
@Timeout(120)
@SameOnEveryJdk
class ChecksIT {

    @TempDir
    private Path directory;

    private Path jar() {
        return directory.resolve("app.jar");
    }

    private Running run(Kind kind, Swap swap, UnaryOperator<SupervisorOptions.Builder> more) throws IOException {
        return kind.run(
                jar(),
                options -> more.apply(
                        options.swap(swap).checkTimeout(Duration.ofMillis(400)).checkTries(1)));
    }

    private static UnaryOperator<SupervisorOptions.Builder> check(String... requests) {
        return options -> {
            List.of(requests).forEach(options::check);
            return options;
        };
    }

    static Stream<Arguments> noClientSeesABuildThatHasNotPassed() {
        List<Arguments> all = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            for (Swap swap : List.of(Swap.HOLD, Swap.OVERLAP)) {
                for (Fault fault : List.of(Fault.ANSWERS_500, Fault.HANGS, Fault.CLOSES, Fault.THROWS_IN_START)) {
                    all.add(Arguments.of(kind, swap, fault));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource
    void noClientSeesABuildThatHasNotPassed(Kind kind, Swap swap, Fault fault) throws Exception {
        kind.build("v1", Fault.NONE).moveTo(jar());
        try (Running running = run(kind, swap, check("GET /health"))) {
            running.awaitServing(1);
            try (AskingClients clients = AskingClients.begin(running.address(), 4, 2)) {
                clients.awaitMore("200 v1", 20);
                kind.build("v2", fault).moveTo(jar());
                Event.Failed failed = running.await(Event.Failed.class);
                assertEquals(swap == Swap.OVERLAP ? Next.OLD_SERVES : nextOfHold(running), failed.next());
                assertSaysWhy(failed.problem(), fault);
                if (swap == Swap.OVERLAP) {
                    clients.awaitMore("200 v1", 20);
                } else {
                    assertTrue(
                            pageOf(running).contains(failed.problem().summary()),
                            () -> failed.problem() + " is not on the page");
                }
                kind.build("v3", Fault.NONE).moveTo(jar());
                running.await(Event.Serving.class, event -> event.generation() > 2);
                clients.awaitMore("200 v3", 20);
                clients.assertAllAnswered();
                assertEquals(
                        0,
                        clients.answers().keySet().stream()
                                .filter(answer -> answer.contains("v2"))
                                .count(),
                        () -> "a client saw it: " + clients.answers());
            }
        }
    }

    /** With hold, the former generation may have had what the start needed. */
    private static Next nextOfHold(Running running) {
        return running.events(Event.Failed.class).get(0).next() == Next.AFTER_FORMER ? Next.AFTER_FORMER : Next.WAITING;
    }

    private static String pageOf(Running running) throws IOException {
        try (Client client = Client.connect(running.address())) {
            Answer answer = client.get("/");
            assertEquals(503, answer.status());
            return answer.body();
        }
    }

    private static void assertSaysWhy(Problem problem, Fault fault) {
        String check = "app.jar has not passed check 'GET /health': it ";
        String expected = switch (fault) {
            case ANSWERS_500 -> check + "answered 500 Internal Server Error (expected 200 to 399)";
            case HANGS -> check + "has not answered within 400 ms";
            case CLOSES -> check + "closed the connection without an answer";
            default -> "app.jar failed to start: java.lang.IllegalStateException: no database";
        };
        assertEquals(expected, problem.summary());
        if (fault == Fault.ANSWERS_500) {
            assertEquals(
                    "the body begins with 'v2 has no database'",
                    problem.causes().get(0).text());
        }
    }

    @Test
    void aBuildThatFailedItsCheckHasEndedAndIsCollected() throws Exception {
        Kind.APPLICATION.build("v1", Fault.NONE).moveTo(jar());
        try (Running running = run(
                Kind.APPLICATION,
                Swap.OVERLAP,
                options -> options.check("GET /health").verifyUnload(true))) {
            running.awaitServing(1);
            Kind.APPLICATION.build("v2", Fault.HANGS).moveTo(jar());
            running.await(Event.Failed.class);
            running.await(Event.Unloaded.class, event -> event.generation() == 2);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void checksAreNoConnectionsOfClients(Kind kind) throws Exception {
        kind.build("v1", Fault.NONE).moveTo(jar());
        try (Running running = run(kind, Swap.HOLD, check("GET /health", "GET / 2xx"))) {
            Event.Serving serving = running.awaitServing(1);
            assertEquals(0, serving.held().count());
            assertEquals(2, running.await(Event.Checked.class).checks());
            assertEquals(new Tally(0, 0, 0), running.supervisor().tally("http"));
            Await.until( // a connection has ended a moment before its generation has let go of it
                    "the connections of checks are gone",
                    () -> running.supervisor().status().generations().get(0).connections() == 0);
            try (Client client = Client.connect(running.address())) {
                assertEquals("v1", client.get("/").body());
            }
            running.awaitTally(tally -> tally.open() == 0);
            List<Status.Timed> phases =
                    running.supervisor().status().swaps().recent().get(0).phases();
            assertEquals(
                    List.of(Status.Phase.SNAPSHOT, Status.Phase.LOAD, Status.Phase.START, Status.Phase.CHECK),
                    phases.stream().limit(4).map(Status.Timed::phase).toList());
            Status.Timed check = phases.get(3);
            assertTrue(
                    phases.size() == 4
                            || phases.get(4).start().compareTo(check.start().plus(check.took())) >= 0,
                    () -> "the first answer is that of a client: " + phases);
            kind.build("v2", Fault.NONE).moveTo(jar());
            running.awaitServing(2);
            Event.Ended ended = running.await(Event.Ended.class);
            assertEquals(0, ended.ledger().total());
        }
    }

    @Test
    void theSocketThatIsNamedIsAskedAndTheRequestIsThatOfTheSupervisor() throws Exception {
        Kind.APPLICATION.build("v1", Fault.NONE).moveTo(jar());
        Path unix = directory.resolve("unix.sock");
        for (String socket : List.of("http", "admin", "local")) {
            try (Running running = Running.with(
                    jar(),
                    options -> options.port(0)
                            .socket("admin=http::0")
                            .socket("local=http::" + unix)
                            .check(socket + "=HEAD /who 200"))) {
                running.awaitServing(1);
                assertEquals(socket + " HEAD localhost supervisor-check", System.getProperty("tried.who"));
            } finally {
                System.clearProperty("tried.who");
            }
        }
    }

    @Test
    void aSocketThatIsNotServedHasNotPassed() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.with(
                jar(),
                options -> options.port(0)
                        .socket("admin=http::0")
                        .checkTries(1)
                        .checkTimeout(Duration.ofMillis(100))
                        .check("admin=GET /"))) {
            assertEquals(
                    "app.jar has not passed check 'admin=GET /': it does not serve the socket 'admin'",
                    running.await(Event.Failed.class).problem().summary());
        }
    }

    @Test
    void aSocketThatSpeaksNoHttpHasNotPassed() throws Exception {
        Apps.tcp("220 \u001b[31mv1").moveTo(jar());
        try (Running running = Running.with(
                jar(), options -> options.socket("tcp=tcp::0").checkTries(1).check("tcp=GET /"))) {
            Problem problem = running.await(Event.Failed.class).problem();
            assertEquals(
                    "app.jar has not passed check 'tcp=GET /': it answered with what is no HTTP/1.1",
                    problem.summary());
            String shown = problem.causes().get(0).text();
            assertTrue(shown.startsWith("what came begins with '220 v1 gen=1: GET / HTTP/1.1"), shown);
        }
    }

    @Test
    void aCheckIsTriedAgain() throws Exception {
        String lateHealth = """
                package tried;
                import java.net.InetSocketAddress;
                import java.util.concurrent.atomic.AtomicInteger;
                public class Main {
                    public static void main(String[] arguments) throws Exception {
                        AtomicInteger asked = new AtomicInteger();
                        var server = com.sun.net.httpserver.HttpServer.create(
                                new InetSocketAddress(Integer.parseInt(arguments[0])), 0);
                        server.createContext("/", exchange -> {
                            exchange.sendResponseHeaders(asked.incrementAndGet() < 3 ? 503 : 200, -1);
                            exchange.close();
                        });
                        server.start();
                    }
                }
                """;
        TestBuild.of(lateHealth).withMainClass("tried.Main").moveTo(jar());
        try (Running running = run(
                Kind.PROGRAM, Swap.HOLD, options -> options.check("GET /health").checkTries(3))) {
            running.awaitServing(1);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Swap.class,
            names = {"HOLD", "OVERLAP"})
    void aChangeEndsTheCheckOfTheBuildBefore(Swap swap) throws Exception {
        Kind.APPLICATION.build("v1", Fault.NONE).moveTo(jar());
        try (Running running = run(
                Kind.APPLICATION, swap, options -> options.check("GET /health").checkTimeout(Duration.ofMinutes(10)))) {
            running.awaitServing(1);
            Kind.APPLICATION.build("v2", Fault.HANGS).moveTo(jar());
            awaitAsked(running, 2);
            Kind.APPLICATION.build("v3", Fault.NONE).moveTo(jar());
            running.await(Event.Serving.class, event -> event.generation() > 2);
            assertEquals(List.of(), running.events(Event.Failed.class));
            assertFalse(running.events(Event.Serving.class).stream().anyMatch(event -> event.generation() == 2));
            try (Client client = Client.connect(running.address())) {
                assertEquals("v3", client.get("/").body());
            }
        }
    }

    /**
     * Waits until a build is asked by the supervisor. One change may be told twice: then its check ends after a while, and it is made
     * again as the generation after this one; a warm-up ends likewise, and the generation serves.
     */
    private static void awaitAsked(Running running, int generation) throws Exception {
        Await.until(
                "generation " + generation + " is asked",
                () -> running.supervisor().status().generations().stream()
                        .anyMatch(each -> each.number() >= generation
                                && (each.connections() > 0 || each.state() == Status.State.LIVE)));
    }

    @Test
    void aSupervisorThatStopsDoesNotWaitForAnAnswer() throws Exception {
        Kind.APPLICATION.build("v1", Fault.HANGS).moveTo(jar());
        try (Running running = run(
                Kind.APPLICATION,
                Swap.HOLD,
                options -> options.check("GET /health").checkTimeout(Duration.ofMinutes(10)))) {
            awaitAsked(running, 1);
        }
        assertTrue(Files.exists(jar()));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aGenerationIsWarmedUpBeforeItTakesOver(Kind kind) throws Exception {
        kind.build("v1", Fault.NONE).moveTo(jar());
        try (Running running = run(
                kind,
                Swap.OVERLAP,
                options -> options.warmUp("GET /").warmUp("GET /health").warmUpTime(Duration.ofMillis(600)))) {
            running.awaitServing(1);
            assertEquals(List.of(), running.events(Event.WarmedUp.class), "clients would wait");
            int number;
            try (AskingClients clients = AskingClients.begin(running.address(), 2, 1)) {
                clients.awaitMore("200 v1", 20);
                kind.build("v2", Fault.NONE).moveTo(jar());
                Event.Serving serving = running.await(Event.Serving.class, event -> event.generation() > 1);
                clients.awaitMore("200 v2", 20);
                clients.assertAllAnswered();
                number = serving.generation();
            }
            Event.WarmedUp warmedUp = running.await(Event.WarmedUp.class, event -> event.generation() == number);
            assertTrue(warmedUp.requests() > 50, warmedUp::toString);
            assertEquals(0, warmedUp.failures());
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aBuildThatExitsInItsWarmUpNeverServes(Kind kind) throws Exception {
        kind.build("v1", Fault.NONE).moveTo(jar());
        try (Running running =
                run(kind, Swap.OVERLAP, options -> options.warmUp("GET /").warmUpTime(Duration.ofMinutes(10)))) {
            running.awaitServing(1);
            try (AskingClients clients = AskingClients.begin(running.address(), 2, 1)) {
                clients.awaitMore("200 v1", 20);
                kind.build("v2", Fault.EXITS_LATER).moveTo(jar());
                Event.Failed failed = running.await(Event.Failed.class);
                assertEquals(Next.OLD_SERVES, failed.next());
                assertTrue(failed.problem().summary().contains("exit"), failed::toString);
                clients.awaitMore("200 v1", 20);
                clients.assertAllAnswered();
                assertEquals(Set.of("200 v1"), clients.answers().keySet());
            }
        }
    }

    @Test
    void aChangeEndsTheWarmUp() throws Exception {
        Kind.APPLICATION.build("v1", Fault.NONE).moveTo(jar());
        try (Running running = run(
                Kind.APPLICATION,
                Swap.OVERLAP,
                options -> options.warmUp("GET /health").warmUpTime(Duration.ofMinutes(10)))) {
            running.awaitServing(1);
            Kind.APPLICATION.build("v2", Fault.HANGS).moveTo(jar());
            awaitAsked(running, 2);
            Kind.APPLICATION.build("v3", Fault.NONE).moveTo(jar());
            running.await(Event.Serving.class, event -> event.generation() > 2);
            try (Client client = Client.connect(running.address())) {
                assertEquals("v3", client.get("/").body());
            }
        }
    }

    /** Otherwise clients would meet code that is not compiled, for nothing but an event of the file system more. */
    @Test
    void aChangeThatIsToldTwiceEndsNoWarmUp() throws Exception {
        Path go = Files.createFile(directory.resolve("go"));
        int port = FreePort.find();
        ToldWatcher watcher = new ToldWatcher();
        waiting("v1").moveTo(jar());
        try (Running running = Running.with(
                jar(),
                options -> options.port(port)
                        .arguments(List.of(Integer.toString(port), go.toString()))
                        .swap(Swap.OVERLAP)
                        .watcher(watcher::make)
                        .warmUp("GET /")
                        .warmUpTime(Duration.ofMillis(300)))) {
            running.awaitServing(1);
            Files.delete(go);
            waiting("v2").moveTo(jar());
            watcher.changed(jar());
            Await.until("generation 2 starts", () -> isStarting(running, 2));
            watcher.changed(jar());
            running.supervisor().respond().get();
            Files.createFile(go);
            running.awaitServing(2);
            assertTrue(running.await(Event.WarmedUp.class).requests() > 0);
        }
    }

    private static boolean isStarting(Running running, int generation) {
        return running.supervisor().status().generations().stream()
                .anyMatch(each -> each.number() == generation && each.state() == Status.State.STARTING);
    }

    /** A program that does not begin before the file of its second argument is there. */
    private static TestBuild waiting(String version) {
        return TestBuild.of("""
                package tried;
                import java.net.InetSocketAddress;
                import java.nio.file.*;
                public class Main {
                    public static void main(String[] arguments) throws Exception {
                        while (!Files.exists(Path.of(arguments[1]))) {
                            Thread.sleep(5);
                        }
                        var server = com.sun.net.httpserver.HttpServer.create(
                                new InetSocketAddress(Integer.parseInt(arguments[0])), 0);
                        server.createContext("/", exchange -> {
                            exchange.sendResponseHeaders(200, 0);
                            exchange.getResponseBody().write("%s".getBytes());
                            exchange.close();
                        });
                        server.start();
                    }
                }
                """.formatted(version)).withMainClass("tried.Main");
    }
}
