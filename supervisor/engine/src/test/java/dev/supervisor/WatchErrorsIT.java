package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Checks.ErrorLimit;
import dev.supervisor.Event.Failed.Next;
import dev.supervisor.SupervisorOptions.Swap;
import dev.supervisor.testing.AskingClients;
import dev.supervisor.testing.Await;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.SameOnEveryJdk;
import dev.supervisor.testing.TestBuild;
import dev.supervisor.testing.TriedBuilds.Fault;
import dev.supervisor.testing.TriedBuilds.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A build that makes too many errors after it has taken over is replaced by the one before, and no request is lost by that. */
@Timeout(120)
@SameOnEveryJdk
class WatchErrorsIT {

    private static final Duration LONG = Duration.ofMinutes(10);

    @TempDir
    private Path directory;

    private Path jar() {
        return directory.resolve("app.jar");
    }

    private Path lost() {
        return directory.resolve("lost");
    }

    private TestBuild build(Kind kind, String version, Fault fault) {
        return kind.build(version, fault, lost());
    }

    private Running run(Kind kind, Duration window) throws IOException {
        return kind.run(
                jar(),
                options -> options.swap(Swap.OVERLAP)
                        .drainTimeout(Duration.ofSeconds(2)) // a request that a build has exited in has no answer
                        .check("GET /health")
                        .watchErrors(new ErrorLimit(0.05, window)));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void theFormerBuildComesBackAndNoRequestIsLost(Kind kind) throws Exception {
        build(kind, "v1", Fault.NONE).moveTo(jar());
        try (Running running = run(kind, LONG)) {
            running.awaitServing(1);
            try (AskingClients clients = AskingClients.begin(running.address(), 6, 3)) {
                clients.awaitMore("200 v1", 50);
                for (int round = 0; round < 3; round++) {
                    build(kind, "bad" + round, Fault.ANSWERS_500_LATER).moveTo(jar());
                    awaitFailures(running, round + 1);
                    clients.awaitMore("200 v1", 50);
                    int bad = round + 2;
                    running.await(Event.Ended.class, event -> event.generation() == bad); // it answers no more
                    awaitKept(running, "1 true");
                    assertTrue(clients.count("500 bad" + round) >= 10, () -> "too early: " + clients.answers());
                }
                build(kind, "v2", Fault.NONE).moveTo(jar());
                clients.awaitMore("200 v2", 50);
                clients.assertAllAnswered();
                assertTrue(
                        Set.of(
                                        "200 v1",
                                        "200 v2",
                                        "200 bad0",
                                        "200 bad1",
                                        "200 bad2",
                                        "500 bad0",
                                        "500 bad1",
                                        "500 bad2")
                                .containsAll(clients.answers().keySet()),
                        () -> "" + clients.answers());
            }
            assertEquals(
                    List.of(1, 2, 1, 3, 1, 4, 1, 5),
                    running.events(Event.Serving.class).stream()
                            .map(Event.Serving::generation)
                            .toList());
            Event.Failed failed = running.events(Event.Failed.class).get(0);
            assertEquals(Next.BROUGHT_BACK, failed.next());
            List<Status.Swap> swaps = running.supervisor().status().swaps().recent();
            assertEquals(
                    List.of(
                            "8 changed 5 served",
                            "7 brought_back 4 failed",
                            "6 changed 4 served",
                            "5 brought_back 3 failed"),
                    swaps.stream()
                            .limit(4)
                            .map(swap -> swap.number() + " "
                                    + swap.trigger().name().toLowerCase(Locale.ROOT) + " "
                                    + swap.generation().getAsInt() + " "
                                    + swap.result().name().toLowerCase(Locale.ROOT))
                            .toList());
            awaitKept(running, "5 true", "1 false");
            assertTrue(
                    failed.problem()
                            .summary()
                            .matches(
                                    "app.jar \\(generation 2\\) failed \\d+ of \\d+ requests, [345].\\.\\d%: watchErrors"
                                            + " allows 5.0% more than the 0.0% of the generation before"),
                    failed.problem().summary());
            running.await(Event.Ended.class, event -> event.generation() == 4);
            running.awaitTally(tally -> tally.open() == 0);
        }
    }

    /** A build that was replaced is not one to go back to. */
    private static void awaitKept(Running running, String... builds) throws Exception {
        Await.until(
                "the builds are " + List.of(builds),
                () -> running.supervisor().status().steering().builds().stream()
                        .map(build -> build.number() + " " + build.live())
                        .toList()
                        .equals(List.of(builds)));
    }

    private static void awaitFailures(Running running, int count) throws Exception {
        Await.until(
                count + " builds are replaced",
                () -> running.events(Event.Failed.class).size() >= count);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void connectionsThatAreClosedWithoutAnAnswerCount(Kind kind) throws Exception {
        build(kind, "v1", Fault.NONE).moveTo(jar());
        try (Running running = run(kind, LONG)) {
            running.awaitServing(1);
            try (AskingClients clients = AskingClients.begin(running.address(), 6, 3)) {
                clients.awaitMore("200 v1", 50);
                build(kind, "bad", Fault.CLOSES_LATER).moveTo(jar());
                running.await(Event.Failed.class, event -> event.next() == Next.BROUGHT_BACK);
                running.await(Event.Ended.class, event -> event.generation() == 2);
                clients.awaitMore("200 v1", 50);
                clients.stop();
                assertEquals(Files.size(lost()), clients.lost().size(), "only those that the bad build has closed");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aBuildThatExitsMeanwhileIsReplacedByTheOneBefore(Kind kind) throws Exception {
        build(kind, "v1", Fault.NONE).moveTo(jar());
        try (Running running = run(kind, LONG)) {
            running.awaitServing(1);
            try (AskingClients clients = AskingClients.begin(running.address(), 4, 2)) {
                clients.awaitMore("200 v1", 50);
                build(kind, "bad", Fault.EXITS_LATER).moveTo(jar());
                Event.Failed failed = running.await(Event.Failed.class);
                assertEquals(Next.BROUGHT_BACK, failed.next());
                assertEquals("app.jar called System.exit(7)", failed.problem().summary());
                clients.awaitMore("200 v1", 50);
                assertEquals(Set.of("200 v1", "200 bad"), clients.answers().keySet());
            }
        }
    }

    @Test
    void theFormerBuildEndsWhenTheTimeIsOver() throws Exception {
        build(Kind.APPLICATION, "v1", Fault.NONE).moveTo(jar());
        try (Running running = run(Kind.APPLICATION, Duration.ofSeconds(1))) {
            running.awaitServing(1);
            try (AskingClients clients = AskingClients.begin(running.address(), 4, 2)) {
                clients.awaitMore("200 v1", 50);
                build(Kind.APPLICATION, "v2", Fault.NONE).moveTo(jar());
                clients.awaitMore("200 v2", 50);
                Event.Ended ended = running.await(Event.Ended.class);
                assertEquals(1, ended.generation());
                assertTrue(ended.drained().toMillis() >= 1000, ended::toString);
                clients.assertAllAnswered();
            }
            assertEquals(List.of(), running.events(Event.Failed.class));
        }
    }

    @Test
    void theNextBuildEndsTheOneThatIsKept() throws Exception {
        build(Kind.APPLICATION, "v1", Fault.NONE).moveTo(jar());
        try (Running running = run(Kind.APPLICATION, LONG)) {
            for (int version = 2; version <= 12; version++) {
                build(Kind.APPLICATION, "v" + version, Fault.NONE).moveTo(jar());
                awaitAnswer(running, "v" + version);
            }
            Await.until("two are left", () -> inUse(running).size() == 2);
            List<Status.Generation> left = inUse(running);
            assertEquals(Status.State.KEPT, left.get(0).state());
            assertEquals(Status.State.LIVE, left.get(1).state());
        }
    }

    private static void awaitAnswer(Running running, String version) throws Exception {
        Await.until(version + " answers", () -> {
            try (Client client = Client.connect(running.address())) {
                return client.get("/").body().equals(version);
            }
        });
    }

    private static List<Status.Generation> inUse(Running running) {
        return running.supervisor().status().generations().stream()
                .filter(each -> each.state() != Status.State.ENDED)
                .toList();
    }

    @Test
    void aFewErrorsTellNothing() throws Exception {
        build(Kind.APPLICATION, "v1", Fault.NONE).moveTo(jar());
        try (Running running = run(Kind.APPLICATION, Duration.ofSeconds(1))) {
            running.awaitServing(1);
            build(Kind.APPLICATION, "v2", Fault.ANSWERS_500_LATER).moveTo(jar());
            running.awaitServing(2);
            try (Client client = Client.connect(running.address())) {
                for (int i = 0; i < 19; i++) {
                    client.get("/");
                }
                running.await(Event.Ended.class, event -> event.generation() == 1);
            }
            assertEquals(List.of(), running.events(Event.Failed.class));
        }
    }
}
