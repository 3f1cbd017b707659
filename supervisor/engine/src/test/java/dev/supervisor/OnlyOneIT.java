package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Event.Failed.Next;
import dev.supervisor.SupervisorOptions.Swap;
import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.FreePort;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.TestBuild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Applications that need what only one can have: the lock of a file, a port of their own. */
@Timeout(120)
class OnlyOneIT {

    @TempDir
    private Path directory;

    private Path jar() {
        return directory.resolve("app.jar");
    }

    /** Takes this before it serves, and gives it up in {@code close}. */
    private static TestBuild taking(String version, String resource) {
        return TestBuild.of(Apps.HTTP, """
                        package app;

                        import dev.supervisor.spi.*;
                        import java.nio.channels.FileChannel;
                        import java.nio.file.*;

                        public class Taking extends HttpApp {
                            AutoCloseable taken;

                            public void start(ApplicationContext context) throws Exception {
                                %s
                                super.start(context);
                            }

                            public void close() throws Exception { taken.close(); }
                        }
                        """.formatted(resource))
                .withProvider("app.Taking")
                .withResource("version.txt", version);
    }

    private TestBuild locking(String version) {
        return taking(version, """
                FileChannel file = FileChannel.open(Path.of("%s"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                file.lock();
                taken = file;
                """.formatted(directory.resolve("lock")));
    }

    private static TestBuild binding(String version, int port) {
        return taking(version, "taken = new java.net.ServerSocket(" + port + ");");
    }

    @Test
    void aStartThatFailsBesideTheFormerGenerationIsTriedOnceMoreWhenThatHasEnded() throws Exception {
        locking("v1").moveTo(jar());
        try (Running running = Running.http(jar())) {
            running.awaitServing(1);
            locking("v2").moveTo(jar());
            Event.Serving serving = running.await(Event.Serving.class, event -> event.generation() > 1);
            assertRetriedAfterTheFormer(running);
            assertEquals(
                    "v2 gen=" + serving.generation() + " n=1",
                    Client.get(running.address(), "/").body());
        }
    }

    @Test
    void aStartThatFailsLikewiseAfterThatIsReportedInShortAndNotTriedAgain() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar())) {
            running.awaitServing(1);
            Apps.starting("throw new IllegalStateException(\"broken\");").moveTo(jar());
            Event.Failed again = running.await(Event.Failed.class, event -> event.next() == Next.AS_BEFORE);
            assertEquals(
                    "app.jar failed to start: java.lang.IllegalStateException: broken",
                    again.problem().summary());
            Apps.http("v2").moveTo(jar());
            running.await(Event.Serving.class, event -> event.generation() > 1);
            assertRetriedAfterTheFormer(running);
        }
    }

    /** More than one failure is possible: the kernel may tell of one moved file as of two changes. */
    private static void assertRetriedAfterTheFormer(Running running) {
        assertTrue(failures(running).contains(Next.AFTER_FORMER), failures(running)::toString);
    }

    @Test
    void withRecreateNoStartFailsForALockOfTheFormerGeneration() throws Exception {
        locking("v1").moveTo(jar());
        try (Running running = Running.http(jar(), options -> options.swap(Swap.RECREATE));
                Client idle = Client.connect(running.address());
                Client busy = Client.connect(running.address())) {
            running.awaitServing(1);
            assertEquals("v1 gen=1 n=1", idle.get("/").body());
            busy.beginPost("/echo");
            locking("v2").moveTo(jar());
            running.await(Event.Changed.class);
            busy.send("x");
            assertEquals("x", busy.answer().body(), "what was begun is answered by the former one");
            assertEquals("v2 gen=2 n=1", idle.get("/").body(), "on the same connection");
            assertEquals("v2 gen=2 n=1", busy.get("/").body());
            assertEquals(List.of(), running.events(Event.Failed.class));
        }
    }

    @Test
    void withRecreateNoStartFailsForAPortOfTheFormerGeneration() throws Exception {
        int port = FreePort.find();
        binding("v1", port).moveTo(jar());
        try (Running running = Running.http(jar(), options -> options.swap(Swap.RECREATE))) {
            running.awaitServing(1);
            for (int version = 2; version <= 4; version++) {
                binding("v" + version, port).moveTo(jar());
                running.awaitServing(version);
                assertEquals(
                        "v" + version + " gen=" + version + " n=1",
                        Client.get(running.address(), "/").body());
            }
            assertEquals(List.of(), running.events(Event.Failed.class));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Swap.class,
            names = {"HOLD", "RECREATE"})
    void aNativeLibraryOfTheFormerGenerationIsFreeOnceThatIsCollected(Swap swap) throws Exception {
        Path jdks = Path.of(System.getProperty("java.home"), "lib", System.mapLibraryName("prefs"));
        Path own = Files.copy(jdks, directory.resolve(System.mapLibraryName("own")));
        loading("v1", own).moveTo(jar());
        try (Running running = Running.http(jar(), options -> options.swap(swap))) {
            running.awaitServing(1);
            loading("v2", own).moveTo(jar());
            running.await(Event.Serving.class, event -> event.generation() > 1);
            assertTrue(Client.get(running.address(), "/").body().startsWith("v2"));
            if (swap == Swap.HOLD) {
                assertRetriedAfterTheFormer(running);
            } else {
                assertEquals(List.of(), running.events(Event.Failed.class));
            }
        }
    }

    private static TestBuild loading(String version, Path library) {
        return taking(version, "System.load(\"" + library + "\"); taken = () -> {};");
    }

    @Test
    void withRecreateABuildThatFailsIsShownAndTheNextServes() throws Exception {
        locking("v1").moveTo(jar());
        try (Running running = Running.http(jar(), options -> options.swap(Swap.RECREATE))) {
            running.awaitServing(1);
            Apps.starting("throw new IllegalStateException(\"broken\");").moveTo(jar());
            running.await(Event.Failed.class, failed -> failed.next() == Next.WAITING);
            assertEquals(503, Client.get(running.address(), "/").status());
            locking("v3").moveTo(jar());
            running.await(Event.Serving.class, event -> event.generation() > 2);
            assertTrue(Client.get(running.address(), "/").body().startsWith("v3"));
            List<Event.Failed> failures = running.events(Event.Failed.class);
            assertTrue(
                    failures.stream()
                            .allMatch(failed -> failed.problem().summary().contains("broken")),
                    failures::toString); // one move may be told as two changes, and the build be tried twice
        }
    }

    @Test
    void withRecreateAnUnchangedBuildGoesOn() throws Exception {
        locking("v1").moveTo(jar());
        try (Running running = Running.http(jar(), options -> options.swap(Swap.RECREATE))) {
            running.awaitServing(1);
            locking("v1").moveTo(jar());
            running.await(Event.Unchanged.class);
            assertEquals("v1 gen=1 n=1", Client.get(running.address(), "/").body());
        }
    }

    /** The kernel may tell of one move in two parts: the first attempt is superseded then, and does not count. */
    private static List<Next> failures(Running running) {
        return running.events(Event.Failed.class).stream()
                .map(Event.Failed::next)
                .toList();
    }
}
