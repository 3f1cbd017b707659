package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SupervisorOptions.Swap;
import dev.supervisor.SwapOutcome.Result;
import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Await;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.SameOnEveryJdk;
import dev.supervisor.testing.TestBuild;
import dev.supervisor.testing.ToldWatcher;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a supervisor is told to do while it runs: swap, go back, pause, resume, drain. */
@Timeout(120)
@SameOnEveryJdk
class SteeringIT {

    @TempDir
    private Path directory;

    private Path jar() {
        return directory.resolve("app.jar");
    }

    private Running start(Swap swap) throws Exception {
        Apps.http("v1").moveTo(jar());
        Running running = Running.http(jar(), options -> options.swap(swap).workDirectory(directory.resolve("copies")));
        running.awaitServing(1);
        return running;
    }

    private static String version(Running running) throws Exception {
        return Client.get(running.address(), "/").body().split(" ")[0];
    }

    private void serve(Running running, String version, int generation) throws Exception {
        Apps.http(version).moveTo(jar());
        running.awaitServing(generation);
    }

    private static SwapOutcome rollback(Running running, int back) throws Exception {
        return running.supervisor().rollback(back).get();
    }

    /** Waits until these are kept: an event comes a little earlier. */
    private static void awaitKept(Running running, String... expected) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!kept(running).equals(List.of(expected)) && System.nanoTime() - deadline < 0) {
            Thread.onSpinWait();
        }
        assertEquals(List.of(expected), kept(running));
    }

    private static List<String> kept(Running running) {
        return running.supervisor().status().steering().builds().stream()
                .map(build -> build.number() + (build.live() ? " live" : ""))
                .toList();
    }

    /** The private copies, each of which is in a directory of its own. */
    private long copies() throws Exception {
        try (Stream<Path> files = Files.walk(directory.resolve("copies"))) {
            return files.filter(file -> file.endsWith("app.jar")).count();
        }
    }

    @ParameterizedTest
    @EnumSource(Swap.class)
    void inAPauseTheOldBuildAnswersAndAfterItTheNewestServes(Swap swap) throws Exception {
        try (Running running = start(swap);
                Client client = Client.connect(running.address())) {
            running.supervisor().pause();
            running.await(Event.Paused.class);
            assertFalse(running.supervisor().status().steering().noted());
            Apps.http("v2").moveTo(jar());
            running.await(Event.Noted.class);
            Await.until(
                    "the status says so",
                    () -> running.supervisor().status().steering().noted());
            assertEquals("v1 gen=1 n=1", client.get("/").body());
            assertEquals("v1", version(running));
            Apps.http("v3").moveTo(jar());
            assertEquals("v1 gen=1 n=2", client.get("/").body());
            running.supervisor().resume();
            assertTrue(running.await(Event.Resumed.class).swaps());
            running.awaitServing(2);
            assertEquals("v3", version(running));
            assertEquals("v3 gen=2 n=1", client.get("/").body(), "on the same connection");
            assertEquals(1, running.events(Event.Noted.class).size());
        }
    }

    /** Where the supervisor builds, a change is seen before each request: in a pause, no request waits for that either. */
    @Test
    void inAPauseSourcesAreNotBuiltAndNoRequestWaitsForThem() throws Exception {
        Path source = Files.writeString(directory.resolve("source"), "1");
        Apps.http("v1").moveTo(directory.resolve("v1.jar"));
        Apps.http("v2").moveTo(directory.resolve("v2.jar"));
        SupervisorOptions.BuildTool tool = new SupervisorOptions.BuildTool(
                "cp v$(cat source).jar .new && mv .new app.jar",
                directory,
                List.of(source),
                List.of(),
                SupervisorOptions.BuildTool.SETTLE,
                OnBusy.RESTART);
        try (Running running = Running.http(jar(), options -> options.buildTool(tool));
                Client client = Client.connect(running.address())) {
            running.awaitServing(1);
            running.supervisor().pause();
            running.await(Event.Paused.class);
            Files.writeString(source, "2");
            assertEquals("v1 gen=1 n=1", client.get("/").body());
            running.await(Event.Noted.class);
            assertEquals("v1 gen=1 n=2", client.get("/").body());
            assertEquals(1, running.events(Event.Building.class).size());
            running.supervisor().resume();
            running.awaitServing(2);
            assertEquals("v2 gen=2 n=1", client.get("/").body());
            assertEquals(2, running.events(Event.Building.class).size());
        }
    }

    @Test
    void aPauseReleasesRequestsThatWaitForAnIncompleteBuild() throws Exception {
        try (Running running = start(Swap.HOLD)) {
            Files.delete(jar());
            running.await(Event.Awaiting.class);
            CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> {
                try {
                    return version(running);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            running.supervisor().pause();
            assertEquals("v1", waiting.get());
            Apps.http("v2").moveTo(jar());
            running.await(Event.Noted.class);
            running.supervisor().resume();
            running.awaitServing(2);
            assertEquals("v2", version(running));
        }
    }

    @ParameterizedTest
    @EnumSource(Swap.class)
    void aRollbackNeedsNoFilesAndWaitsForResume(Swap swap) throws Exception {
        try (Running running = start(swap)) {
            serve(running, "v2", 2);
            serve(running, "v3", 3);
            running.supervisor().pause();
            Files.delete(jar());
            running.await(Event.Noted.class);
            SwapOutcome outcome = rollback(running, 1);
            assertEquals(SwapOutcome.served(4), outcome);
            assertEquals("v2", version(running));
            awaitKept(running, "3", "4 live", "1");
            assertEquals(SwapOutcome.served(5), rollback(running, 1));
            assertEquals("v1", version(running), "the one that served before that");
            assertTrue(running.supervisor().status().steering().paused());
            Apps.http("v4").moveTo(jar());
            running.supervisor().resume();
            running.awaitServing(6);
            assertEquals("v4", version(running));
            awaitKept(running, "6 live", "5"); // what was rolled back is not gone back to
            assertEquals(SwapOutcome.served(7), rollback(running, 1));
            assertEquals("v1", version(running));
        }
    }

    @Test
    void afterARollbackNothingFollowsFromResumeIfNothingHasChanged() throws Exception {
        try (Running running = start(Swap.HOLD)) {
            serve(running, "v2", 2);
            rollback(running, 1);
            assertFalse(running.supervisor().resumeWithOutcome().get());
            assertFalse(running.await(Event.Resumed.class).swaps());
            assertEquals("v1", version(running));
            assertEquals(
                    SwapOutcome.served(4),
                    running.supervisor().swapWithOutcome().get());
            assertEquals("v2", version(running), "the build as it is");
        }
    }

    @Test
    void aBuildThatFailsIsGoneBackFromToTheOneThatServedLast() throws Exception {
        try (Running running = start(Swap.HOLD)) {
            TestBuild.empty().moveTo(jar());
            running.await(Event.Failed.class);
            awaitKept(running, "1");
            assertEquals(Result.SERVED, rollback(running, 1).result());
            assertEquals("v1", version(running));
        }
    }

    /** {@code supervisor swap --wait || supervisor rollback} undoes a deployment, whatever became of it. */
    @Test
    void aBuildThatFailsWhileTheOneBeforeServesIsAllThatIsUndone() throws Exception {
        try (Running running = start(Swap.OVERLAP)) {
            serve(running, "v2", 2);
            TestBuild.empty().moveTo(jar());
            running.await(Event.Failed.class);
            assertEquals(SwapOutcome.served(2), rollback(running, 1));
            assertEquals("v2", version(running));
            assertTrue(running.supervisor().isPaused());
            assertEquals(Result.SERVED, rollback(running, 1).result());
            assertEquals("v1", version(running), "the one before that");
        }
    }

    /** Its start has no end, and nobody waits for that. */
    @ParameterizedTest
    @EnumSource(Swap.class)
    void aRollbackDuringAStartGoesBackFromTheBuildThatStarts(Swap swap) throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running =
                Running.http(jar(), options -> options.swap(swap).startTimeout(Duration.ofMinutes(10)))) {
            running.awaitServing(1);
            serve(running, "v2", 2);
            slow().moveTo(jar());
            awaitFile("started-1");
            CompletableFuture<SwapOutcome> outcome = running.supervisor().rollback(1);
            running.await(Event.RollbackAsked.class, event -> event.generation() == 2);
            assertEquals(Result.SERVED, outcome.get(30, TimeUnit.SECONDS).result());
            assertEquals("v2", version(running));
            assertEquals(List.of(), running.events(Event.Failed.class));
            if (swap != Swap.RECREATE) {
                assertEquals(2, outcome.get().generation().getAsInt(), "it serves without a break");
            }
        }
    }

    /** The start ends before the rollback is known to it: a build that was gone back from is never served, not even for a moment. */
    @ParameterizedTest
    @EnumSource(Swap.class)
    void aBuildWhoseStartCanNotBeInterruptedDoesNotServeAfterARollback(Swap swap) throws Exception {
        try (Running running = start(swap)) {
            serve(running, "v2", 2);
            Apps.starting("""
                    java.nio.file.Path here = java.nio.file.Path.of("%s");
                    java.nio.file.Files.writeString(here.resolve("started"), "");
                    while (!java.nio.file.Files.exists(here.resolve("go"))) {
                        Thread.onSpinWait();
                    }
                    """.formatted(directory)).moveTo(jar());
            awaitFile("started");
            CompletableFuture<SwapOutcome> outcome = running.supervisor().rollback(1);
            running.await(Event.RollbackAsked.class);
            Files.createFile(directory.resolve("go"));
            assertEquals(Result.SERVED, outcome.get().result());
            assertEquals("v2", version(running));
            assertFalse(running.events(Event.Serving.class).stream().anyMatch(event -> event.generation() == 3));
        }
    }

    @Test
    void thereIsNoRollbackBeyondWhatIsKept() throws Exception {
        try (Running running = start(Swap.HOLD)) {
            SwapOutcome outcome = rollback(running, 1);
            assertEquals(Result.FAILED, outcome.result());
            String summary = outcome.problem().orElseThrow().summary();
            assertEquals("there is no such build to go back to: this is the only one that has served", summary);
            assertFalse(running.supervisor().isPaused());
            serve(running, "v2", 2);
            serve(running, "v3", 3);
            serve(running, "v4", 4);
            awaitKept(running, "4 live", "3", "2");
            assertEquals(
                    "there is no such build to go back to: the former ones are app.jar of generation 3, app.jar of"
                            + " generation 2 (keepBuilds is 3)",
                    rollback(running, 3).problem().orElseThrow().summary());
            assertEquals(Result.SERVED, rollback(running, 2).result());
            assertEquals("v2", version(running));
        }
    }

    @Test
    void theCopiesOfOtherBuildsAreDeleted() throws Exception {
        try (Running running = start(Swap.HOLD)) {
            for (int i = 2; i <= 5; i++) {
                serve(running, "v" + i, i);
            }
            int last = 5;
            for (int i = 1; i < last; i++) { // each has its copy until then, and they end in any order
                int former = i;
                running.await(Event.Ended.class, event -> event.generation() == former);
            }
            assertEquals(3, copies());
            running.supervisor().swapWithOutcome().get();
            running.await(Event.Ended.class, event -> event.generation() == last);
            awaitKept(running, "6 live", "4", "3"); // the same build is one build
        }
        assertEquals(0, copies());
    }

    @Test
    void withoutKeptBuildsOnlyTheLiveOneHasACopy() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running =
                Running.http(jar(), options -> options.keepBuilds(0).workDirectory(directory.resolve("copies")))) {
            running.awaitServing(1);
            serve(running, "v2", 2);
            running.await(Event.Ended.class, event -> event.generation() == 1);
            assertEquals(1, copies());
            assertEquals(
                    "there is no such build to go back to: no older one is kept (keepBuilds is 0)",
                    rollback(running, 1).problem().orElseThrow().summary());
        }
    }

    @Test
    void aRollbackWhoseCopyWasDeletedFailsAndSaysSo() throws Exception {
        try (Running running = start(Swap.OVERLAP)) {
            serve(running, "v2", 2);
            running.await(Event.Ended.class, event -> event.generation() == 1);
            try (Stream<Path> files = Files.walk(directory.resolve("copies"))) {
                for (Path file : files.filter(file -> file.endsWith("app.jar")).toList()) {
                    Files.delete(file);
                }
            }
            SwapOutcome outcome = rollback(running, 1);
            assertEquals(Result.FAILED, outcome.result());
            assertTrue(outcome.problem().orElseThrow().summary().contains("somebody else has deleted it"));
        }
    }

    @ParameterizedTest
    @EnumSource(Swap.class)
    void theOutcomeOfASwapIsThatOfItsBuild(Swap swap) throws Exception {
        try (Running running = start(swap)) {
            assertEquals(
                    SwapOutcome.served(2),
                    running.supervisor().swapWithOutcome().get());
            running.supervisor().pause(); // or the change itself would be the reason of a swap
            Apps.starting("throw new IllegalStateException(\"no database\");").moveTo(jar());
            SwapOutcome failed = running.supervisor().swapWithOutcome().get();
            assertEquals(Result.FAILED, failed.result());
            assertTrue(failed.problem().orElseThrow().summary().contains("no database"), failed.toString());
        }
    }

    /** Each start of this build makes a file, and waits for another. */
    private TestBuild slow() {
        return Apps.starting("""
                java.nio.file.Path here = java.nio.file.Path.of("%s");
                int n = 1;
                while (java.nio.file.Files.exists(here.resolve("started-" + n))) {
                    n++;
                }
                java.nio.file.Files.createFile(here.resolve("started-" + n));
                while (!java.nio.file.Files.exists(here.resolve("go-" + n))) {
                    Thread.sleep(5);
                }
                """.formatted(directory));
    }

    private void awaitFile(String name) throws InterruptedException {
        while (!Files.exists(directory.resolve(name))) {
            Thread.sleep(5);
        }
    }

    @ParameterizedTest
    @EnumSource(Swap.class)
    void aSwapThatAChangeOutdatesHasTheOutcomeOfTheNext(Swap swap) throws Exception {
        Apps.http("v1").moveTo(jar());
        ToldWatcher watcher = new ToldWatcher();
        try (Running running = Running.http(jar(), options -> options.swap(swap).watcher(watcher::make))) {
            running.awaitServing(1);
            slow().moveTo(jar());
            watcher.changed(jar());
            awaitFile("started-1");
            CompletableFuture<SwapOutcome> outcome = running.supervisor().swapWithOutcome();
            running.await(Event.SwapAsked.class);
            Files.createFile(directory.resolve("go-1"));
            awaitFile("started-2"); // for the one who has asked
            Apps.http("v3").moveTo(jar());
            watcher.changed(jar());
            running.supervisor().respond().get();
            assertFalse(outcome.isDone());
            Files.createFile(directory.resolve("go-2"));
            SwapOutcome told = outcome.get();
            assertEquals(Result.SERVED, told.result());
            assertEquals("v3", version(running));
        }
    }

    @Test
    void aStopEndsTheWaitForAnOutcome() throws Exception {
        CompletableFuture<SwapOutcome> outcome;
        try (Running running = start(Swap.HOLD)) {
            Apps.starting("Thread.sleep(60_000);").moveTo(jar());
            running.await(Event.Changed.class);
            outcome = running.supervisor().swapWithOutcome();
        }
        assertEquals(SwapOutcome.stopped(), outcome.get());
    }

    @Test
    void aDrainTellsClientsToLeaveAndCanBeTakenBack() throws Exception {
        try (Running running = start(Swap.HOLD);
                Client idle = Client.connect(running.address());
                Client told = Client.connect(running.address())) {
            assertEquals("v1 gen=1 n=1", idle.get("/").body());
            told.get("/");
            running.supervisor().withdraw();
            assertTrue(running.await(Event.Withdrawn.class).clientsTold());
            assertTrue(running.supervisor().status().steering().draining());
            assertTrue(running.supervisor().status().steering().clientsTold());
            while (!Client.get(running.address(), "/").header("connection").equals("close")) {
                Thread.onSpinWait();
            }
            askEachEventLoop(running);
            assertEquals("close", told.get("/").header("connection"));
            assertTrue(told.isClosed());
            serve(running, "v2", 2);
            Client.Answer ofNext = Client.get(running.address(), "/");
            assertEquals("close", ofNext.header("connection"), "of the next generation, too");
            running.supervisor().resume();
            running.await(Event.Resumed.class);
            while (Client.get(running.address(), "/").header("connection").equals("close")) {
                Thread.onSpinWait();
            }
            askEachEventLoop(running);
            assertEquals("", idle.get("/").header("connection"));
            assertTrue(idle.get("/").body().startsWith("v2"));
        }
    }

    /** An event loop that has answered a new connection has heard what it was told before, about the others, too. */
    private static void askEachEventLoop(Running running) throws Exception {
        for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
            Client.get(running.address(), "/");
        }
    }
}
