package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SupervisorOptions.Swap;
import dev.supervisor.failure.PlainText;
import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Client.Answer;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.TestBuild;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each way in which a build can be broken: one clear message, the page says why, and the next build is served. */
@Timeout(120)
class BrokenBuildIT {

    @TempDir
    private Path directory;

    private Path jar() {
        return directory.resolve("build/libs/app.jar");
    }

    /** Serves v1, then the broken build, then a mended one; returns what was said of the broken one. */
    private String failsAndIsMended(TestBuild broken, UnaryOperator<SupervisorOptions.Builder> options)
            throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar(), options);
                Client established = Client.connect(running.address())) {
            running.awaitServing(1);
            established.get("/");
            broken.moveTo(jar());
            String text = PlainText.chain(running.await(Event.Failed.class).problem());
            Answer fresh = Client.get(running.address(), "/");
            assertEquals(503, fresh.status());
            assertEquals(503, established.get("/").status());
            Apps.http("v2").moveTo(jar());
            running.await(Event.Serving.class, event -> event.generation() > 1);
            assertTrue(Client.get(running.address(), "/").body().startsWith("v2"));
            assertTrue(established.get("/").body().startsWith("v2"), "the connection has moved there and back");
            return text + "\n" + fresh.body();
        }
    }

    private static void assertContains(String text, String... parts) {
        for (String part : parts) {
            assertTrue(text.contains(part), () -> "no '" + part + "' in:\n" + text);
        }
    }

    @Test
    void anApplicationThatDoesNotExistYetIsWaitedFor() throws Exception {
        try (Running running = Running.http(jar())) {
            Event.Failed failed = running.await(Event.Failed.class);
            assertContains(failed.problem().summary(), jar().toString(), "does not exist");
            assertEquals(Event.Failed.Next.WAITING, failed.next());
            Answer answer = Client.get(running.address(), "/");
            assertEquals(503, answer.status());
            assertContains(answer.body(), "does not exist");
            Apps.http("v1").moveTo(jar());
            running.await(Event.Serving.class);
            assertTrue(Client.get(running.address(), "/").body().startsWith("v1"));
        }
    }

    @Test
    void halfAJarIsReportedAndTheWholeOneIsServed() throws Exception {
        byte[] whole = Apps.http("v1").jar();
        Files.createDirectories(jar().getParent());
        Files.write(jar(), Arrays.copyOf(whole, whole.length / 2));
        try (Running running = Running.http(jar())) {
            assertContains(PlainText.chain(running.await(Event.Failed.class).problem()), "is no jar", "part of one");
            Files.write(jar(), whole);
            running.await(Event.Serving.class);
            assertEquals("v1 gen=1 n=1", Client.get(running.address(), "/").body());
        }
    }

    @Test
    void whatIsNoZipIsReported() throws Exception {
        Files.createDirectories(jar().getParent());
        Files.writeString(jar(), "#!/bin/sh\n");
        try (Running running = Running.http(jar())) {
            assertContains(PlainText.chain(running.await(Event.Failed.class).problem()), jar().toString(), "is no jar");
        }
    }

    @Test
    void aMissingLibraryIsNamed() throws Exception {
        Apps.http("v1").moveTo(jar());
        Path library = directory.resolve("no/such.jar");
        try (Running running = Running.http(jar(), options -> options.library(library))) {
            assertContains(
                    PlainText.chain(running.await(Event.Failed.class).problem()), library.toString(), "does not exist");
        }
    }

    @Test
    void aLibraryThatTheClassPathNamesIsWaitedForAfterAFailedStart() throws Exception {
        Path library = jar().resolveSibling("lib/needed.jar");
        TestBuild whole = TestBuild.of("package other; public class Needed {}", """
                package app;
                public class Special extends HttpApp {
                    public void start(dev.supervisor.spi.ApplicationContext context) throws Exception {
                        new other.Needed();
                        super.start(context);
                    }
                }
                """, Apps.HTTP);
        byte[] needed = Objects.requireNonNull(whole.entries().get("other/Needed.class"));
        whole.without("other/Needed.class")
                .withProvider("app.Special")
                .withResource("version.txt", "v1")
                .withClassPath("lib/needed.jar")
                .moveTo(jar());
        try (Running running = Running.http(jar())) {
            assertContains(PlainText.chain(running.await(Event.Failed.class).problem()), "other.Needed");
            TestBuild.empty().with(Map.of("other/Needed.class", needed)).moveTo(library);
            running.await(Event.Serving.class);
            assertTrue(Client.get(running.address(), "/").body().startsWith("v1"));
        }
    }

    @Test
    void noProviderIsReported() throws Exception {
        assertContains(
                failsAndIsMended(TestBuild.of(Apps.HTTP), UnaryOperator.identity()),
                "there is no application in app.jar",
                "META-INF/services/dev.supervisor.spi.Application",
                "appClass");
    }

    @Test
    void twoProvidersAreReportedByName() throws Exception {
        TestBuild two = TestBuild.of(Apps.HTTP, Apps.OWN_BOOTSTRAP)
                .withResource("version.txt", "v")
                .withProvider("app.HttpApp", "app.OwnBootstrap");
        assertContains(
                failsAndIsMended(two, UnaryOperator.identity()),
                "2 applications",
                "app.HttpApp",
                "app.OwnBootstrap",
                "appClass");
        two.moveTo(jar());
        try (Running running = Running.http(jar(), options -> options.appClass("app.OwnBootstrap"))) {
            running.awaitServing(1);
            assertEquals("v gen=1 n=1", Client.get(running.address(), "/").body());
        }
    }

    @Test
    void aProviderThatIsNotThereIsReported() throws Exception {
        assertContains(
                failsAndIsMended(Apps.http("v").withProvider("app.Misspelt"), UnaryOperator.identity()),
                "app.Misspelt",
                "not found");
    }

    @Test
    void anAppClassThatIsNotThereIsReported() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar(), options -> options.appClass("app.Misspelt"))) {
            assertContains(
                    PlainText.chain(running.await(Event.Failed.class).problem()),
                    "there is no class app.Misspelt",
                    "appClass");
        }
    }

    @Test
    void anAppClassThatIsNoApplicationIsReported() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar(), options -> options.appClass("app.HttpApp$Handler"))) {
            assertContains(
                    PlainText.chain(running.await(Event.Failed.class).problem()),
                    "does not implement dev.supervisor.spi.Application");
        }
    }

    @Test
    void aMissingClassIsNamed() throws Exception {
        TestBuild whole = TestBuild.of("package other; public class Needed {}", """
                package app;
                public class Special implements dev.supervisor.spi.Application {
                    public void start(dev.supervisor.spi.ApplicationContext context) { new other.Needed(); }
                }
                """);
        TestBuild broken = whole.withProvider("app.Special").without("other/Needed.class");
        assertContains(
                failsAndIsMended(broken, UnaryOperator.identity()),
                "other.Needed",
                "library",
                "> at app.Special.start");
    }

    @Test
    void anExceptionInStartIsShownWithItsCausesAndTheApplicationsOwnFramesMarked() throws Exception {
        TestBuild broken = Apps.starting(
                "java.util.Optional.of(1).map(x -> { throw new IllegalStateException(\"outer <b>\", new java.io.IOException(\"inner\")); });");
        assertContains(
                failsAndIsMended(broken, UnaryOperator.identity()),
                "app.jar failed to start",
                "java.lang.IllegalStateException: outer <b>",
                "caused by: java.io.IOException: inner",
                "> at app.Special.start(Special.java:",
                "    at java.util.Optional.map(");
    }

    @Test
    void anErrorInStartFailsOnlyThatGeneration() throws Exception {
        assertContains(
                failsAndIsMended(Apps.starting("throw new StackOverflowError(\"deep\");"), UnaryOperator.identity()),
                "deep");
    }

    @Test
    void anExceptionThatFailsToDescribeItselfIsReportedAllTheSame() throws Exception {
        TestBuild broken = Apps.starting(
                "throw new Exception() { public String getMessage() { throw new IllegalStateException(); } };");
        assertContains(failsAndIsMended(broken, UnaryOperator.identity()), "app.jar failed to start", "app.Special$1");
    }

    @Test
    void anExceptionThatFailsToNameItsCauseIsReportedAllTheSame() throws Exception {
        TestBuild broken = Apps.starting(
                "throw new Exception(\"odd\") { public Throwable getCause() { throw new IllegalStateException(); } };");
        assertContains(failsAndIsMended(broken, UnaryOperator.identity()), "app.jar failed to start", "odd");
    }

    @Test
    void aStartThatHangsIsGivenUpAndItsStackShown() throws Exception {
        assertContains(
                failsAndIsMended(
                        Apps.starting("new java.util.concurrent.CountDownLatch(1).await();"),
                        options -> options.startTimeout(Duration.ofMillis(200))),
                "did not start within 200 ms",
                "startTimeout",
                "> at app.Special.start(Special.java:");
    }

    @Test
    void aStartThatLoopsForEverIsGivenUp() throws Exception {
        assertContains(
                failsAndIsMended(
                        Apps.starting(
                                "while (System.nanoTime() != 0) { Thread.onSpinWait(); if (context.generation() > 5) return; }"),
                        options -> options.startTimeout(Duration.ofMillis(200))),
                "did not start within 200 ms");
    }

    @Test
    void aBuildForANewerJavaIsReported() throws Exception {
        TestBuild build = Apps.http("v1");
        byte[] type =
                Objects.requireNonNull(build.entries().get("app/HttpApp.class")).clone();
        type[7] = (byte) (44 + 99); // the major version of the class file format
        TestBuild newer = build.with(Map.of("app/HttpApp.class", type));
        assertContains(
                failsAndIsMended(newer, UnaryOperator.identity()),
                "was compiled for Java 99",
                "the supervisor runs on Java " + Runtime.version().feature());
    }

    @Test
    void withOverlapTheOldGenerationKeepsServing() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar(), options -> options.swap(Swap.OVERLAP));
                Client established = Client.connect(running.address())) {
            running.awaitServing(1);
            established.get("/");
            Apps.starting("throw new IllegalStateException(\"broken\");").moveTo(jar());
            Event.Failed failed = running.await(Event.Failed.class);
            assertEquals(Event.Failed.Next.OLD_SERVES, failed.next());
            assertEquals(Event.Failed.Next.OLD_SERVES, failed.next());
            assertEquals("v1 gen=1 n=2", established.get("/").body());
            assertEquals("v1 gen=1 n=1", Client.get(running.address(), "/").body());
            Apps.http("v2").moveTo(jar());
            running.await(Event.Serving.class, event -> event.generation() > 1);
            assertTrue(established.get("/").body().startsWith("v2"));
        }
    }

    @Test
    void aTcpListenerHoldsUntilTheBuildIsMended() throws Exception {
        Apps.tcp("v1").moveTo(jar());
        try (Running running = Running.with(jar(), options -> options.socket("tcp::0"))) {
            running.awaitServing(1);
            Apps.starting("throw new IllegalStateException(\"broken\");").moveTo(jar());
            running.await(Event.Failed.class);
            try (Client waiting = Client.connect(running.address())) {
                waiting.send("a\n");
                Apps.tcp("v2").moveTo(jar());
                assertTrue(waiting.line().startsWith("v2"));
            }
        }
    }

    @Test
    void anApplicationThatDoesNotServeASocketIsToldOfAndItsConnectionsWait() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running =
                Running.with(jar(), options -> options.port(0).socket("tcp::0").holdTimeout(Duration.ofMillis(300)))) {
            assertEquals("tcp", running.await(Event.NotServed.class).listener());
            try (Client waiting = Client.connect(running.address("tcp"))) {
                assertTrue(waiting.isClosed(), "after the hold timeout");
            }
        }
    }

    @Test
    void aBrowserGetsHtmlInWhichEveryTextIsEscaped() throws Exception {
        Apps.starting("throw new IllegalStateException(\"<script>alert(1)</script>\");")
                .moveTo(jar());
        try (Running running = Running.http(jar());
                Client browser = Client.connect(running.address())) {
            running.await(Event.Failed.class);
            browser.send("GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/html,*/*\r\n\r\n");
            Answer page = browser.answer();
            assertEquals("text/html; charset=utf-8", page.header("content-type"));
            assertEquals("no-store", page.header("cache-control"));
            assertFalse(page.header("retry-after").isEmpty());
            assertContains(
                    page.body(), "&lt;script&gt;alert(1)&lt;/script&gt;", "<b>at app.Special.start(Special.java:");
            assertFalse(page.body().contains("<script>alert"));
        }
    }

    @Test
    void detailsAreForTheDevelopersOwnMachineOnly() throws Exception {
        Apps.starting("throw new IllegalStateException(\"secret\");").moveTo(jar());
        try (Running running = Running.with(
                        jar(), options -> options.socket("http::127.0.0.1:0").socket("all=http::0.0.0.0:0"));
                Client rebound = Client.connect(running.address("http"))) {
            running.await(Event.Failed.class);
            rebound.send("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n");
            assertFalse(rebound.answer().body().contains("secret"));
            assertTrue(rebound.get("/").body().contains("secret"), "with a loopback Host it is there");
            int port = running.address("all").getPort();
            Answer elsewhere = Client.get(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), "/");
            assertEquals(503, elsewhere.status());
            assertFalse(elsewhere.body().contains("secret"));
        }
    }

    @Test
    void aFailureThatIsReportedOnceIsNotRepeatedWithoutAChange() throws Exception {
        Apps.starting("throw new IllegalStateException(\"broken\");").moveTo(jar());
        try (Running running = Running.http(jar())) {
            running.await(Event.Failed.class);
            Client.get(running.address(), "/");
            Client.get(running.address(), "/");
            assertEquals(1, running.events(Event.Failed.class).size());
            Apps.starting("throw new IllegalStateException(\"broken\");").moveTo(jar()); // the same bytes: tried again
            running.await(
                    Event.Failed.class,
                    event -> running.events(Event.Failed.class).size() > 1);
        }
    }

    @Test
    void whatAFailedGenerationBeganIsTakenBack() throws Exception {
        TestBuild half = Apps.starting("context.listener().serve(new io.netty.channel.ChannelInboundHandlerAdapter());"
                + " throw new IllegalStateException(\"after serve\");");
        assertContains(failsAndIsMended(half, UnaryOperator.identity()), "after serve");
    }

    @Test
    void aListenerThatIsServedTwiceFailsTheStart() throws Exception {
        String serve = "context.listener().serve(new io.netty.channel.ChannelInboundHandlerAdapter());";
        assertContains(
                failsAndIsMended(Apps.starting(serve + serve), UnaryOperator.identity()),
                "listener http is already served by this generation");
    }

    @Test
    void theListenersThereAreAreNamedWhenOneIsAskedForInVain() throws Exception {
        assertContains(
                failsAndIsMended(Apps.starting("context.listener(\"admin\");"), UnaryOperator.identity()),
                "there is no listener 'admin', only http",
                "admin=http::PORT");
    }

    @Test
    void aBuildThatIsGoneForLongerThanTheHoldTimeoutIsReported() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar(), options -> options.holdTimeout(Duration.ofMillis(300)))) {
            running.awaitServing(1);
            Files.delete(jar());
            assertContains(PlainText.chain(running.await(Event.Failed.class).problem()), "does not exist");
            assertEquals(503, Client.get(running.address(), "/").status());
        }
    }

    @Test
    void aRequestThatWaitsForLongerThanTheHoldTimeoutIsAnswered() throws Exception {
        Apps.starting("new java.util.concurrent.CountDownLatch(1).await();").moveTo(jar());
        try (Running running = Running.http(jar(), options -> options.holdTimeout(Duration.ofMillis(200)))) {
            Answer answer = Client.get(running.address(), "/");
            assertEquals(503, answer.status());
            assertContains(answer.body(), "no build was ready within");
            assertEquals(List.of(), running.events(Event.Failed.class));
        }
    }

    @Test
    void classesThatAreCompiledAnewAreWaitedFor() throws Exception {
        Path classes = directory.resolve("classes");
        Apps.http("v1").explodeTo(classes);
        try (Running running = Running.http(classes);
                Client established = Client.connect(running.address())) {
            running.awaitServing(1);
            established.get("/");
            deleteClasses(classes); // as Maven does first
            running.await(Event.Awaiting.class);
            established.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Apps.http("v2").explodeTo(classes);
            assertTrue(established.answer().body().startsWith("v2"));
            assertEquals(List.of(), running.events(Event.Failed.class));
        }
    }

    @Test
    void aProviderThatIsCopiedAfterTheClassesIsWaitedFor() throws Exception {
        Path classes = directory.resolve("classes");
        Apps.http("v1").explodeTo(classes);
        try (Running running = Running.http(classes)) {
            running.awaitServing(1);
            Files.delete(classes.resolve("META-INF/services/dev.supervisor.spi.Application"));
            running.await(Event.Awaiting.class);
            Apps.http("v2").explodeTo(classes);
            running.await(Event.Serving.class, event -> event.generation() > 1);
            assertTrue(Client.get(running.address(), "/").body().startsWith("v2"));
            assertEquals(List.of(), running.events(Event.Failed.class));
        }
    }

    @Test
    void classesThatStayIncompleteAreReportedAndShown() throws Exception {
        Path classes = directory.resolve("classes");
        Apps.http("v1").explodeTo(classes);
        try (Running running = Running.http(classes, options -> options.holdTimeout(Duration.ofMillis(300)))) {
            running.awaitServing(1);
            Files.delete(classes.resolve("app/HttpApp.class"));
            assertContains(PlainText.chain(running.await(Event.Failed.class).problem()), "app.HttpApp not found");
            assertContains(Client.get(running.address(), "/").body(), "app.HttpApp not found");
        }
    }

    @Test
    void classesThatWereIncompleteFromTheStartAreReportedAtOnce() throws Exception {
        Path classes = Files.createDirectories(directory.resolve("classes"));
        try (Running running = Running.http(classes)) {
            assertContains(
                    PlainText.chain(running.await(Event.Failed.class).problem()), "there is no application in classes");
            assertEquals(List.of(), running.events(Event.Awaiting.class));
        }
    }

    private static void deleteClasses(Path directory) throws Exception {
        try (var files = Files.walk(directory)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".class")).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void aFailedStartIsReportedBeforeWhatItHasLeftIsCleared() throws Exception {
        Apps.starting("new Thread(() -> java.util.concurrent.locks.LockSupport.park()).start();"
                        + " throw new IllegalStateException(\"broken\");")
                .moveTo(jar());
        try (Running running = Running.http(jar(), options -> options.stopTimeout(Duration.ofMillis(50)))) {
            running.await(Event.LeftBehind.class);
            List<Event> events = running.events().stream()
                    .filter(event -> event instanceof Event.Failed || event instanceof Event.LeftBehind)
                    .toList();
            assertTrue(events.get(0) instanceof Event.Failed, () -> "" + events);
        }
    }

    @Test
    void anExceptionThatNeverSaysWhyIsNamed() throws Exception {
        String text = failsAndIsMended(
                Apps.starting("throw new RuntimeException() { public String getMessage() {"
                        + " while (true) try { Thread.sleep(1000); } catch (InterruptedException e) { } } };"),
                options -> options.stopTimeout(Duration.ofMillis(10)));
        assertContains(text, "failed to start: app.Special$1, which does not say why");
    }

    @Test
    void aMessageOf50MegabytesIsCutShort() throws Exception {
        String text = failsAndIsMended(
                Apps.starting("throw new RuntimeException(\"x\".repeat(50_000_000));"), options -> options);
        assertContains(text, "failed to start: java.lang.RuntimeException");
        assertTrue(text.length() < 100_000, () -> text.length() + " characters");
    }
}
