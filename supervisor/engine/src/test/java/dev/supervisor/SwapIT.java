package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SupervisorOptions.Swap;
import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.TestBuild;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class SwapIT {

    private static final Executor THREADS = task -> new Thread(task).start();

    @TempDir
    private Path directory;

    private Path jar() {
        return directory.resolve("build/app.jar");
    }

    private static CompletableFuture<String> getLater(Running running, String path) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return Client.get(running.address(), path).body();
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                },
                THREADS);
    }

    @ParameterizedTest
    @EnumSource(Swap.class)
    void aJarMovedIntoPlaceIsServed(Swap swap) throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar(), options -> options.swap(swap))) {
            running.awaitServing(1);
            assertEquals("v1 gen=1 n=1", Client.get(running.address(), "/").body());
            Apps.http("v2").moveTo(jar());
            running.awaitServing(2);
            assertEquals("v2 gen=2 n=1", Client.get(running.address(), "/").body());
        }
    }

    @Test
    void aJarRewrittenInPlaceIsServed() throws Exception {
        Apps.http("v1").writeTo(jar());
        try (Running running = Running.http(jar())) {
            running.awaitServing(1);
            Apps.http("v2").writeTo(jar());
            running.await(Event.Serving.class, event -> event.generation() >= 2);
            assertTrue(Client.get(running.address(), "/").body().startsWith("v2"));
        }
    }

    @Test
    void aRequestThatArrivesWhileAJarIsBeingWrittenWaitsForIt() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar());
                Client established = Client.connect(running.address())) {
            running.awaitServing(1);
            assertEquals("v1 gen=1 n=1", established.get("/").body());
            byte[] next = Apps.http("v2").jar();
            CompletableFuture<String> fresh;
            try (OutputStream out = Files.newOutputStream(jar())) {
                out.write(next, 0, 100);
                out.flush();
                running.await(Event.Changed.class);
                fresh = getLater(running, "/");
                established.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                for (byte[] part :
                        List.of(Arrays.copyOfRange(next, 100, 300), Arrays.copyOfRange(next, 300, next.length))) {
                    out.write(part);
                    out.flush();
                }
            }
            assertTrue(fresh.get().startsWith("v2"), fresh.get());
            assertTrue(established.answer().body().startsWith("v2"), "on the established connection too");
        }
    }

    @Test
    void aDeletedJarThatIsMadeAgainIsServedAndRequestsWaitMeanwhile() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar())) {
            running.awaitServing(1);
            Files.delete(jar());
            running.await(Event.Changed.class);
            CompletableFuture<String> waiting = getLater(running, "/");
            Apps.http("v2").moveTo(jar());
            assertEquals("v2 gen=2 n=1", waiting.get());
        }
    }

    @Test
    void aDeletedBuildDirectoryThatIsMadeAgainIsSeen() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar())) {
            running.awaitServing(1);
            Files.delete(jar());
            Files.delete(jar().getParent());
            running.await(Event.Changed.class);
            Apps.http("v2").moveTo(jar());
            assertEquals("v2 gen=2 n=1", getLater(running, "/").get());
        }
    }

    @Test
    void aDirectoryOfClassesIsServed() throws Exception {
        Path classes = directory.resolve("classes");
        Apps.http("v1").explodeTo(classes);
        try (Running running = Running.http(classes)) {
            running.awaitServing(1);
            assertEquals("v1 gen=1 n=1", Client.get(running.address(), "/").body());
            Files.writeString(classes.resolve("version.txt"), "v2");
            running.awaitServing(2);
            assertEquals("v2 gen=2 n=1", Client.get(running.address(), "/").body());
        }
    }

    @Test
    void aBuildWithTheSameBytesIsNotSwappedAndWhatWaitedIsServedByTheOldGeneration() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar());
                Client established = Client.connect(running.address())) {
            running.awaitServing(1);
            established.get("/");
            Apps.http("v1").writeTo(jar());
            running.await(Event.Unchanged.class);
            assertOldBuild(established.get("/").body());
            assertEquals("v1 gen=1 n=1", Client.get(running.address(), "/").body());
            assertEquals(1, running.events(Event.Serving.class).size());
        }
    }

    /** A request that came during the hold has led its connection to the gate and back: it is the first of a new channel. */
    private static void assertOldBuild(String answer) {
        assertTrue(answer.startsWith("v1 gen=1 n="), answer);
    }

    @Test
    void aSwapThatIsAskedForNeedsNoChange() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar())) {
            running.awaitServing(1);
            running.supervisor().swap();
            running.awaitServing(2);
            assertEquals("v1 gen=2 n=1", Client.get(running.address(), "/").body());
        }
    }

    @Test
    void pollingSeesChangesToo() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar(), options -> options.poll(Duration.ofMillis(20)))) {
            running.awaitServing(1);
            Apps.http("v2").moveTo(jar());
            running.awaitServing(2);
            assertEquals("v2 gen=2 n=1", Client.get(running.address(), "/").body());
        }
    }

    @Test
    void aChangedLibraryIsAChange() throws Exception {
        Path library = directory.resolve("lib/version.jar");
        TestBuild.empty().withResource("version.txt", "v1").moveTo(library);
        TestBuild app = TestBuild.of(Apps.HTTP).withProvider("app.HttpApp");
        app.moveTo(jar());
        try (Running running = Running.http(jar(), options -> options.library(directory.resolve("lib")))) {
            running.awaitServing(1);
            assertEquals("v1 gen=1 n=1", Client.get(running.address(), "/").body());
            TestBuild.empty().withResource("version.txt", "v2").moveTo(library);
            running.awaitServing(2);
            assertEquals("v2 gen=2 n=1", Client.get(running.address(), "/").body());
        }
    }

    @Test
    void classPathEntriesOfTheJarCountAsLibraries() throws Exception {
        Path library = jar().resolveSibling("lib/version.jar");
        TestBuild.empty().withResource("version.txt", "v1").moveTo(library);
        TestBuild.of(Apps.HTTP)
                .withProvider("app.HttpApp")
                .withClassPath("lib/version.jar", "lib/missing.jar")
                .moveTo(jar());
        try (Running running = Running.http(jar())) {
            running.awaitServing(1);
            TestBuild.empty().withResource("version.txt", "v2").moveTo(library);
            running.awaitServing(2);
            assertEquals("v2 gen=2 n=1", Client.get(running.address(), "/").body());
        }
    }

    @Test
    void anApplicationMayUseItsOwnBootstrapOnTheGenerationsLoops() throws Exception {
        servesByItsOwnBootstrap(List.of());
    }

    @Test
    void anApplicationMayUseItsOwnBootstrapAndItsOwnLoops() throws Exception {
        servesByItsOwnBootstrap(List.of("--own-group"));
    }

    private void servesByItsOwnBootstrap(List<String> arguments) throws Exception {
        Apps.ownBootstrap("v1").moveTo(jar());
        try (Running running = Running.http(jar(), options -> options.arguments(arguments));
                Client established = Client.connect(running.address())) {
            running.awaitServing(1);
            assertEquals("v1 gen=1 n=1", established.get("/").body());
            Apps.ownBootstrap("v2").moveTo(jar());
            running.awaitServing(2);
            assertEquals("v2 gen=2 n=1", established.get("/").body());
            assertEquals("v2 gen=2 n=1", Client.get(running.address(), "/").body());
            running.await(Event.Ended.class);
        }
    }

    @Test
    void aConnectionMovesThroughManyHandlersThatReadOnlyWhenAsked() throws Exception {
        Apps.full("v1").moveTo(jar());
        try (Running running = Running.http(jar());
                Client one = Client.connect(running.address());
                Client piped = Client.connect(running.address())) {
            running.awaitServing(1);
            for (int generation = 1; generation <= 10; generation++) {
                String name = "v%d gen=%1$d ".formatted(generation);
                piped.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
                assertEquals(100, piped.head().status());
                assertEquals(name + "/b ", one.get("/b").body());
                Apps.full("v" + (generation + 1)).moveTo(jar());
                running.awaitServing(generation + 1);
                piped.send(
                        "hiGET /b HTTP/1.1\r\nHost: a\r\n\r\nPOST /c HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
                assertEquals(name + "/a hi", piped.answer().body(), "begun, and so finished, by the old build");
                name = "v%d gen=%1$d ".formatted(generation + 1);
                assertEquals(name + "/b ", piped.answer().body(), "not begun, though it came in one piece");
                assertEquals(name + "/c abc", piped.answer().body());
            }
        }
    }

    @Test
    void aRequestThatIsPipelinedDuringAHoldBehindOneThatTheOldBuildAnswersWaits() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar());
                Client client = Client.connect(running.address());
                Client resumed = Client.connect(running.address())) {
            running.awaitServing(1);
            byte[] jar = Files.readAllBytes(jar());
            for (Client each : List.of(client, resumed)) {
                each.beginPost("/echo");
            }
            Files.delete(jar());
            running.await(Event.Awaiting.class);
            resumed.send("1GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals("1", resumed.answer().body());
            Files.write(jar(), jar);
            running.await(Event.Unchanged.class);
            assertOldBuild(resumed.answer().body());
            Files.delete(jar());
            running.awaitAwaiting();
            client.send("1GET /b HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals("1", client.answer().body());
            Apps.http("v2").moveTo(jar());
            assertEquals("v2 gen=2 n=1", client.answer().body());
            assertEquals("v2 gen=2 n=1", resumed.get("/").body());
        }
    }

    @Test
    void aResponseInFlightIsFinishedByTheGenerationThatBeganIt() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar());
                Client slow = Client.connect(running.address());
                Client other = Client.connect(running.address())) {
            running.awaitServing(1);
            slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(200, slow.head().status());
            other.beginPost("/go");
            Apps.http("v2").moveTo(jar());
            running.awaitServing(2);
            assertEquals("v2 gen=2 n=1", Client.get(running.address(), "/").body());
            other.send("x");
            assertEquals("gone", other.answer().body());
            assertEquals("11", slow.line());
            assertEquals("begun by v1 gen=1\r\n", slow.read(19));
            assertEquals("13", slow.line());
            assertEquals(", ended by v1 gen=1\r\n0\r\n\r\n", slow.read(26));
            assertEquals("v2 gen=2 n=1", slow.get("/").body());
            assertEquals("v2 gen=2 n=1", other.get("/").body());
        }
    }

    @Test
    void aConnectionWhoseLastResponseIsWrittenEndsWithItsGeneration() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar());
                Client last = Client.connect(running.address());
                Client other = Client.connect(running.address())) {
            running.awaitServing(1);
            last.send("GET /last HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(102, last.head().status());
            other.beginPost("/go");
            Apps.http("v2").moveTo(jar());
            running.awaitServing(2);
            other.send("x");
            assertEquals("close", last.answer().header("connection"));
            assertTrue(last.isClosed(), "by the old generation, which nobody but it would do");
        }
    }

    @Test
    void aConnectionWhoseLastResponseIsWrittenWhileNewWorkIsHeldEndsWithItsGeneration() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar());
                Client last = Client.connect(running.address());
                Client other = Client.connect(running.address())) {
            running.awaitServing(1);
            last.send("GET /last HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(102, last.head().status());
            other.beginPost("/go");
            Files.delete(jar());
            running.await(Event.Awaiting.class);
            other.send("x");
            assertEquals("close", last.answer().header("connection"));
            Apps.http("v2").moveTo(jar());
            running.awaitServing(2);
            assertTrue(last.isClosed(), "by the old generation, which nobody but it would do");
        }
    }

    @Test
    void aConnectionThatBeganWithAPreambleIsNotMovedToABuildThatWouldWaitForOne() throws Exception {
        String source = """
                package app;

                import dev.supervisor.spi.*;
                import io.netty.buffer.ByteBuf;
                import io.netty.channel.*;
                import io.netty.handler.codec.ByteToMessageDecoder;
                import io.netty.handler.codec.http.*;
                import java.util.List;

                public class Preamble implements Application {
                    public void start(ApplicationContext context) {
                        context.listener().serve(new ChannelInitializer<Channel>() {
                            protected void initChannel(Channel channel) {
                                channel.pipeline().addLast(new ByteToMessageDecoder() {
                                    protected void decode(ChannelHandlerContext c, ByteBuf in, List<Object> out) {
                                        if (in.readByte() != '!') c.close();
                                        else c.pipeline().remove(this);
                                    }
                                }, new HttpServerCodec(), new HttpObjectAggregator(1000),
                                        new HttpApp.Handler("v gen=" + context.generation()));
                            }
                        });
                    }
                }
                """;
        TestBuild build = TestBuild.of(source, Apps.HTTP).withProvider("app.Preamble");
        build.moveTo(jar());
        try (Running running = Running.http(jar());
                Client established = Client.connect(running.address())) {
            running.awaitServing(1);
            established.send("!");
            assertEquals("v gen=1 n=1", established.get("/").body());
            build.withResource("changed", "").moveTo(jar());
            running.awaitServing(2);
            assertEquals("v gen=1 n=2", established.get("/").body());
        }
    }

    @Test
    void aTcpConnectionStaysWithItsGenerationAndIsTold() throws Exception {
        Apps.tcp("v1").moveTo(jar());
        try (Running running =
                        Running.with(jar(), options -> options.socket("tcp::0").drainTimeout(Duration.ofSeconds(30)));
                Client established = Client.connect(running.address())) {
            running.awaitServing(1);
            established.send("a\n");
            assertEquals("v1 gen=1: a", established.line());
            Apps.tcp("v2").moveTo(jar());
            running.awaitServing(2);
            assertEquals("superseded", established.line());
            established.send("b\n");
            assertEquals("v1 gen=1: b", established.line());
            try (Client fresh = Client.connect(running.address())) {
                fresh.send("c\n");
                assertEquals("v2 gen=2: c", fresh.line());
            }
        }
    }

    @Test
    void whatIsLeftAtTheDrainDeadlineIsClosed() throws Exception {
        Apps.tcp("v1").moveTo(jar());
        try (Running running =
                        Running.with(jar(), options -> options.socket("tcp::0").drainTimeout(Duration.ofMillis(50)));
                Client established = Client.connect(running.address())) {
            running.awaitServing(1);
            established.send("a\n");
            established.line();
            Apps.tcp("v2").moveTo(jar());
            assertEquals("superseded", established.line());
            assertTrue(established.isClosed());
            assertEquals(1, running.await(Event.DrainTimedOut.class).connections());
            running.await(Event.Ended.class);
        }
    }

    @Test
    void aHandlerThatNeverReturnsDelaysNeitherTheSwapNorOtherConnections() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar(), options -> options.drainTimeout(Duration.ofMillis(100)));
                Client stuck = Client.connect(running.address())) {
            running.awaitServing(1);
            stuck.send("GET /stuck HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(200, stuck.head().status());
            stuck.read("11\r\nbegun by v1 gen=1\r\n".length());
            Apps.http("v2").moveTo(jar());
            running.awaitServing(2);
            assertEquals("v2 gen=2 n=1", Client.get(running.address(), "/").body());
            assertTrue(stuck.isClosed());
            running.await(Event.Ended.class);
            assertTrue(Thread.getAllStackTraces().entrySet().stream()
                    .noneMatch(thread -> thread.getKey().getName().startsWith("generation-1-")
                            && List.of(thread.getValue()).toString().contains("app.HttpApp")));
        }
    }
}
