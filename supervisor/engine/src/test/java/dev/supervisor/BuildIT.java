package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SupervisorOptions.BuildTool;
import dev.supervisor.testing.Await;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Client.Answer;
import dev.supervisor.testing.Project;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.SameOnEveryJdk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** From saving a source to the page that shows it, with builds that are processes. */
@Timeout(180)
@SameOnEveryJdk
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the builds are scripts of a POSIX shell")
class BuildIT {

    @TempDir
    private Path directory;

    private Project project;

    @BeforeEach
    void createProject() throws Exception {
        project = Project.create(directory, "one");
    }

    private String page(Running running) throws Exception {
        return Client.get(running.address(), "/").body();
    }

    /** Hold makes a request wait only once the change has been seen: the time that takes is nobody's promise. */
    private void awaitChange(Running running, int changes) throws Exception {
        running.await(
                Event.Changed.class,
                event -> running.events(Event.Changed.class).size() >= changes);
    }

    @Test
    void theFirstBuildIsMadeWhenItStarts() throws Exception {
        try (Running running = Running.http(project.jar(), project::built)) {
            assertEquals("one", page(running));
            assertEquals(1, project.builds());
        }
    }

    @Test
    void aSavedSourceIsBuiltAndTheNextPageIsTheNewOne() throws Exception {
        try (Running running = Running.http(project.jar(), project::built)) {
            running.awaitServing(1);
            try (Client client = Client.connect(running.address())) {
                assertEquals("one", client.get("/").body());
                project.say("two");
                awaitChange(running, 1);
                assertEquals("two", client.get("/").body(), "also on a connection that was there before");
            }
            assertEquals("two", page(running));
        }
    }

    @Test
    void aFailedBuildIsShownUntilItIsMended() throws Exception {
        try (Running running = Running.http(project.jar(), project::built)) {
            running.awaitServing(1);
            project.say("two\" + ; \"");
            running.await(Event.Failed.class);
            Answer answer = Client.get(running.address(), "/");
            assertEquals(503, answer.status());
            assertTrue(answer.body().contains("src/app/Text.java:5:"), answer.body());
            assertTrue(answer.body().contains("illegal start of expression"), answer.body());
            assertTrue(answer.body().contains("return \"two\" + ;"), answer.body());
            assertTrue(answer.body().contains("The last good build is "), answer.body());
            project.say("three");
            running.awaitServing(2);
            assertEquals("three", page(running));
        }
    }

    @Test
    void whatWasSavedTwiceBeforeItHadSettledFailsLikeAnythingElse() throws Exception {
        BuildTool patient = project.tool("sh build.sh", OnBusy.RESTART, Duration.ofSeconds(1));
        try (Running running = Running.http(project.jar(), options -> options.buildTool(patient))) {
            running.awaitServing(1);
            project.say("two\" + ; \"");
            awaitChange(running, 1);
            project.say("three\" + ; \"");
            running.await(Event.Failed.class);
            Answer answer = Client.get(running.address(), "/");
            assertEquals(503, answer.status(), answer::body);
            assertTrue(answer.body().contains("return \"three\" + ;"), answer.body());
            assertEquals(2, project.builds());
            project.say("four");
            running.awaitServing(2);
            assertEquals(1, running.events(Event.Failed.class).size(), () -> "" + running.events());
        }
    }

    @Test
    void anExceptionInStartIsShownWithItsSourceLine() throws Exception {
        project.write("src/app/Text.java", """
                package app;

                class Text {
                    static String text() {
                        return "never";
                    }

                    static {
                        if (true) throw new IllegalStateException("no database");
                    }
                }
                """);
        String app = Files.readString(directory.resolve("src/app/App.java"));
        project.write("src/app/App.java", app.replace("context.listener()", "Text.text(); context.listener()"));
        try (Running running = Running.http(project.jar(), project::built)) {
            running.await(Event.Failed.class);
            String page = Client.get(running.address(), "/").body();
            assertTrue(page.contains("no database"), page);
            assertTrue(page.contains("if (true) throw new IllegalStateException"), page);
            project.say("mended");
            awaitPage(running, "mended");
        }
    }

    @Test
    void aSaveInTheMiddleOfABuildRestartsIt() throws Exception {
        project.write("slow.sh", "while [ -e slow ]; do sleep 0.05; done; sh build.sh");
        try (Running running =
                Running.http(project.jar(), options -> project.built(options, "sh slow.sh", OnBusy.RESTART))) {
            running.awaitServing(1);
            project.write("slow", "");
            project.say("two");
            running.await(
                    Event.Building.class,
                    event -> running.events(Event.Building.class).size() == 2);
            project.say("three"); // while the build of "two" would wait for ever
            running.await(
                    Event.Building.class,
                    event -> running.events(Event.Building.class).size() == 3);
            Files.delete(directory.resolve("slow"));
            running.awaitServing(2);
            assertEquals("three", page(running));
            assertEquals(2, project.builds());
        }
    }

    @Test
    void withAQueueTheBuildGoesOnAndAnotherFollows() throws Exception {
        project.write("slow.sh", "while [ -e slow ] && [ ! -e gate ]; do sleep 0.05; done; sh build.sh");
        try (Running running =
                Running.http(project.jar(), options -> project.built(options, "sh slow.sh", OnBusy.QUEUE))) {
            running.awaitServing(1);
            project.write("slow", "");
            project.say("two");
            running.await(
                    Event.Building.class,
                    event -> running.events(Event.Building.class).size() == 2);
            project.say("three");
            awaitChange(running, 1);
            project.write("gate", "");
            assertEquals("three", page(running));
            assertTrue(project.builds() <= 3, () -> "two quick saves give one more build");
        }
    }

    @Test
    void fiftySavesInASecondGiveTheLastOne() throws Exception {
        try (Running running = Running.http(project.jar(), project::built)) {
            running.awaitServing(1);
            for (int i = 1; i <= 50; i++) {
                project.say("save " + i);
                TimeUnit.MILLISECONDS.sleep(20); // as somebody who saves; nothing waits for it
            }
            awaitPage(running, "save 50");
        }
    }

    private void awaitPage(Running running, String text) throws Exception {
        Await.until("the page says " + text, () -> page(running).equals(text));
    }

    @Test
    void aBuildThatHangsIsEndedWithAllOfItsProcesses() throws Exception {
        project.write("hang.sh", """
                [ -e app.jar ] || exec sh build.sh
                [ -e mended ] && exec sh build.sh
                trap '' TERM
                sleep 1000 & echo $! > child
                sh -c 'trap "" TERM; sleep 1000 & echo $! > grandchild; wait' &
                wait
                sleep 1000
                """);
        try (Running running =
                Running.http(project.jar(), options -> project.built(options, "sh hang.sh", OnBusy.RESTART))) {
            running.awaitServing(1);
            project.say("two");
            long child = Await.pid(directory.resolve("child"));
            long grandchild = Await.pid(directory.resolve("grandchild"));
            project.write("mended", "");
            project.say("three");
            running.awaitServing(2);
            assertEquals("three", page(running));
            Await.end(child);
            Await.end(grandchild);
        }
    }

    @Test
    void whenTheSupervisorStopsSoDoesTheBuild() throws Exception {
        project.write("hang.sh", "sleep 1000 & echo $! > child; wait");
        long child;
        try (Running running =
                Running.http(project.jar(), options -> project.built(options, "sh hang.sh", OnBusy.RESTART))) {
            child = Await.pid(directory.resolve("child"));
            assertTrue(running.events(Event.Serving.class).isEmpty());
        }
        Await.end(child);
    }

    @Test
    void aBuildThatLeavesADaemonIsNotWaitedFor() throws Exception {
        project.write("daemon.sh", "sleep 1000 & echo $! > child; exec sh build.sh");
        try (Running running =
                Running.http(project.jar(), options -> project.built(options, "sh daemon.sh", OnBusy.RESTART))) {
            running.awaitServing(1);
            long daemon = Await.pid(directory.resolve("child"));
            assertTrue(ProcessHandle.of(daemon).orElseThrow().isAlive());
            assertTrue(ProcessHandle.of(daemon).orElseThrow().destroyForcibly());
        }
    }

    @Test
    void aBuildThatMakesTheSameBytesChangesNothing() throws Exception {
        try (Running running = Running.http(project.jar(), project::built)) {
            running.awaitServing(1);
            project.write("src/notes.txt", "no source of the jar");
            running.await(Event.Unchanged.class);
            assertEquals(2, project.builds());
            assertEquals("one", page(running));
        }
    }

    @Test
    void whatIsIgnoredIsNotBuilt() throws Exception {
        project.write(".gitignore", "*.log\n/src/generated/\n");
        try (Running running = Running.http(project.jar(), project::built)) {
            running.awaitServing(1);
            project.write("src/app/App.java~", "a backup");
            project.write("src/app/.App.java.swp", "a swap file");
            project.write("src/some.log", "a log");
            project.write("src/generated/Made.java", "class Made {}");
            project.write("src/.git/index", "version control");
            project.write("elsewhere/App.java", "no source");
            project.say("two");
            running.awaitServing(2);
            assertEquals(2, project.builds());
            assertEquals(1, running.events(Event.Changed.class).size(), () -> "" + running.events(Event.Changed.class));
        }
    }

    @Test
    void renamedAndDeletedSourcesCount() throws Exception {
        try (Running running = Running.http(project.jar(), project::built)) {
            running.awaitServing(1);
            Path text = directory.resolve("src/app/Text.java");
            Path elsewhere = directory.resolve("src/text/Text.java");
            Files.createDirectories(elsewhere.getParent());
            Files.move(text, elsewhere);
            running.await(Event.Unchanged.class); // javac finds it there, too
            assertEquals("one", page(running));
            Files.delete(elsewhere);
            running.await(Event.Failed.class);
            project.say("again");
            awaitPage(running, "again");
        }
    }

    @Test
    void twoHundredFilesAtOnceAreOneChange() throws Exception {
        try (Running running = Running.http(project.jar(), project::built)) {
            running.awaitServing(1);
            Path branch = Files.createDirectory(directory.resolve("branch"));
            for (int i = 0; i < 200; i++) {
                Files.writeString(branch.resolve("C" + i + ".java"), "package many; class C" + i + " {}");
            }
            Files.createDirectory(directory.resolve("src/many"));
            for (int i = 0; i < 200; i++) { // as git checkout does
                Files.move(
                        branch.resolve("C" + i + ".java"),
                        directory.resolve("src/many/C" + i + ".java"),
                        StandardCopyOption.ATOMIC_MOVE);
            }
            project.say("branch");
            awaitPage(running, "branch");
            assertTrue(project.builds() <= 4, () -> "some hundred events, a build or few");
        }
    }

    @Test
    void aDeletedArtifactIsOfNoConsequenceUntilItIsBuiltAgain() throws Exception {
        try (Running running = Running.http(project.jar(), project::built)) {
            running.awaitServing(1);
            Files.delete(project.jar());
            assertEquals("one", page(running));
            project.say("two");
            awaitPage(running, "two");
            assertFalse(running.events(Event.Serving.class).isEmpty());
        }
    }

    @Test
    void aBuildThatWritesIntoItsOwnSourcesIsNamed() throws Exception {
        String command = "date +%N > src/stamp.txt; sleep 0.3; sh build.sh";
        try (Running running =
                Running.http(project.jar(), options -> project.built(options, command, OnBusy.RESTART))) {
            Event.Restless restless = running.await(Event.Restless.class);
            assertEquals(
                    directory.resolve("src/stamp.txt").toRealPath(),
                    restless.source().toRealPath());
            assertFalse(restless.watchedByName());
        }
    }

    @Test
    void aBuildThatWritesIntoItsOwnSourcesIsNamedWhereChangesQueue() throws Exception {
        String command = "date +%N > src/stamp.txt; sleep 0.3; sh build.sh";
        try (Running running = Running.http(project.jar(), options -> project.built(options, command, OnBusy.QUEUE))) {
            assertTrue(running.await(Event.Restless.class).source().endsWith("src/stamp.txt"));
        }
    }

    @Test
    void anApplicationThatWritesIntoTheSourcesIsNamed() throws Exception {
        String app = Files.readString(directory.resolve("src/app/App.java"));
        project.write(
                "src/app/App.java",
                app.replace(
                                "context.listener()",
                                "java.nio.file.Files.writeString(java.nio.file.Path.of(\"" + directory
                                        + "/src/app.log\"), \"\" + System.nanoTime()); Thread.sleep(300); context.listener()")
                        .replace(
                                "start(ApplicationContext context)",
                                "start(ApplicationContext context) throws Exception"));
        String command = "sh build.sh && date +%N > stamp && " + System.getProperty("java.home")
                + "/bin/jar -uf app.jar stamp"; // as with build tools that put the time into a jar
        try (Running running =
                Running.http(project.jar(), options -> project.built(options, command, OnBusy.RESTART))) {
            assertTrue(running.await(Event.Restless.class).source().endsWith("src/app.log"));
        }
    }

    @Test
    void aFailedBuildThatIsOutdatedSaysWhatFollows() throws Exception {
        String command = "sh build.sh; code=$?; touch built; while [ ! -e go ]; do sleep 0.1; done; exit $code";
        try (Running running = Running.http(project.jar(), options -> project.built(options, command, OnBusy.QUEUE))) {
            project.write("go", "");
            running.awaitServing(1);
            Files.delete(directory.resolve("go"));
            Files.delete(directory.resolve("built"));
            project.say("two\" + ; \"");
            Await.until("it is being built", () -> Files.exists(directory.resolve("built")));
            project.say("three");
            running.supervisor().swap(); // it is certain that this comes before the end of the build
            project.write("go", "");
            Event.Failed failed = running.await(Event.Failed.class);
            assertEquals(Event.Failed.Next.SUPERSEDED, failed.next(), failed::toString);
            running.awaitServing(2);
            assertEquals("three", page(running));
        }
    }

    @Test
    void swappingByHandWhileASaveSettlesSwapsInAnyCase() throws Exception {
        BuildTool patient = project.tool("sh build.sh", OnBusy.RESTART, Duration.ofSeconds(1));
        try (Running running = Running.http(project.jar(), options -> options.buildTool(patient))) {
            running.awaitServing(1);
            project.say("one");
            awaitChange(running, 1);
            running.supervisor().swap();
            running.awaitServing(2);
            assertTrue(running.events(Event.Unchanged.class).isEmpty());
        }
    }

    @Test
    void aLogAmongTheSourcesIsNamedAndDoesNotKeepThemFromBeingBuilt() throws Exception {
        BuildTool patient = project.tool("sh build.sh", OnBusy.QUEUE, Duration.ofMillis(200));
        try (Running running = Running.http(project.jar(), options -> options.buildTool(patient))) {
            running.awaitServing(1);
            long builds = project.builds();
            for (int i = 0; running.events(Event.Unsettled.class).isEmpty() || project.builds() == builds; i++) {
                project.write("src/app.log", "request " + i);
                TimeUnit.MILLISECONDS.sleep(5); // as a server does; nothing waits for it
            }
            assertEquals(
                    directory.resolve("src/app.log").toRealPath(),
                    running.events(Event.Unsettled.class).get(0).source().toRealPath());
            assertEquals("one", page(running));
        }
    }

    @Test
    void aBuildThatMakesNothingSaysSo() throws Exception {
        try (Running running = Running.http(
                directory.resolve("other.jar"), options -> project.built(options, "sh build.sh", OnBusy.RESTART))) {
            Event.Failed failed = running.await(Event.Failed.class);
            assertTrue(failed.problem().summary().contains("the build has succeeded, but"), failed::toString);
            assertTrue(failed.problem().summary().contains("other.jar"), failed::toString);
        }
    }

    @Test
    void swappingByHandBuildsAnew() throws Exception {
        try (Running running = Running.http(project.jar(), project::built)) {
            running.awaitServing(1);
            running.supervisor().swap();
            running.awaitServing(2);
            assertEquals(2, project.builds());
        }
    }
}
