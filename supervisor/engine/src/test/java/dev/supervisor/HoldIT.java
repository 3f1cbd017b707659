package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.ManyClients;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.TestBuild;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to clients while there is nobody to serve them. */
@Timeout(120)
class HoldIT {

    /** The file that the start of {@link #gated} waits for is the application's argument. */
    private static final String GATED = """
            package app;

            import java.nio.file.*;
            import dev.supervisor.spi.*;

            public class Gated extends HttpApp {
                public void start(ApplicationContext context) throws Exception {
                    Path gate = Path.of(context.arguments().get(0));
                    while (!Files.exists(gate)) Thread.sleep(5);
                    super.start(context);
                }
            }
            """;

    @TempDir
    private Path directory;

    private Path jar() {
        return directory.resolve("app.jar");
    }

    private Path gate() {
        return directory.resolve("gate");
    }

    private void openGate() throws IOException {
        Files.createFile(gate());
    }

    private static TestBuild gated(String version) {
        return TestBuild.of(Apps.HTTP, GATED).withProvider("app.Gated").withResource("version.txt", version);
    }

    private Running running(UnaryOperator<SupervisorOptions.Builder> more) {
        return Running.http(jar(), options -> more.apply(options.arguments(List.of(gate().toString()))));
    }

    @Test
    void tenThousandClientsThatConnectWhileNothingIsReadyAreAllServed() throws Exception {
        gated("v1").moveTo(jar());
        try (Running running = running(options -> options);
                ManyClients clients = ManyClients.connect(10_000, running.address())) {
            running.awaitTally(tally -> tally.accepted() == 10_000);
            openGate();
            assertEquals(Map.of("v1 gen=1 n=1", 10_000), clients.answers());
            assertEquals(10_000, running.awaitServing(1).held().count());
        }
    }

    @Test
    void clientsBeyondTheLimitWaitInTheKernelsBacklog() throws Exception {
        gated("v1").moveTo(jar());
        try (Running running = running(options -> options.maxHeld(20).backlog(500));
                ManyClients clients = ManyClients.connect(400, running.address())) {
            openGate();
            assertEquals(Map.of("v1 gen=1 n=1", 400), clients.answers());
            int held = running.awaitServing(1).held().count();
            assertTrue(held >= 20 && held <= 40, "held " + held); // what one turn of accepting brings is kept
        }
    }

    @Test
    void aClientThatLeavesWhileItIsHeldHarmsNobody() throws Exception {
        gated("v1").moveTo(jar());
        try (Running running = running(options -> options);
                Client before = Client.connect(running.address())) {
            before.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Client leaves = Client.connect(running.address());
            leaves.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            leaves.leave();
            Client resets = Client.connect(running.address());
            resets.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            resets.reset();
            try (Client after = Client.connect(running.address())) {
                after.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                after.shutdownOutput();
                openGate();
                assertEquals("v1 gen=1 n=1", before.answer().body());
                assertEquals("v1 gen=1 n=1", after.answer().body());
            }
        }
    }

    @Test
    void aConnectionThatHasWaitedForTooLongIsServedByTheApplicationLater() throws Exception {
        gated("v1").moveTo(jar());
        try (Running running = running(options -> options.holdTimeout(Duration.ofMillis(200)));
                Client silent = Client.connect(running.address());
                Client asking = Client.connect(running.address())) {
            assertEquals(503, asking.get("/").status()); // so the other, which came before, has waited for too long too
            openGate();
            running.awaitServing(1);
            assertEquals("v1 gen=1 n=1", silent.get("/").body());
            assertEquals("v1 gen=1 n=1", asking.get("/").body());
        }
    }

    @Test
    void aRequestOnAnEstablishedConnectionWaitsNoLongerThanANewOne() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = running(options -> options.holdTimeout(Duration.ofMillis(200)));
                Client established = Client.connect(running.address())) {
            running.awaitServing(1);
            assertEquals("v1 gen=1 n=1", established.get("/").body());
            gated("v2").moveTo(jar());
            running.await(Event.Changed.class);
            assertEquals(503, established.get("/").status()); // the start waits for the gate for much longer
            openGate();
            running.awaitServing(2);
            assertEquals("v2 gen=2 n=1", established.get("/").body());
        }
    }

    /** A file that the start of the next build waits for, and a time-out in the pipeline of the first. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "new ReadTimeoutHandler(1)",
                "new IdleStateHandler(0, 0, 1), new ChannelInboundHandlerAdapter() {"
                        + " public void userEventTriggered(ChannelHandlerContext context, Object event) {"
                        + " if (event instanceof IdleStateEvent) context.close(); } }"
            })
    void aRequestThatWaitsOnAnEstablishedConnectionOutlivesTheTimeOutsOfItsBuild(String timeOut) throws Exception {
        TestBuild.of(Apps.HTTP, TIMED.formatted(timeOut))
                .withProvider("app.Timed")
                .moveTo(jar());
        try (Running running = running(options -> options);
                Client asking = Client.connect(running.address());
                Client silent = Client.connect(running.address())) {
            running.awaitServing(1);
            assertEquals("v1 n=1", asking.get("/").body());
            CompletableFuture<String> next = CompletableFuture.supplyAsync(() -> firstOther("v1", asking));
            assertEquals("v1 n=1", silent.get("/").body());
            gated("v2").moveTo(jar());
            running.await(Event.Changed.class);
            assertTrue(silent.isClosed()); // by its build, so the other one has waited for as long
            openGate();
            assertEquals("v2 gen=2 n=1", next.join());
        }
    }

    private static final String TIMED = """
            package app;

            import dev.supervisor.spi.*;
            import io.netty.channel.*;
            import io.netty.handler.codec.http.*;
            import io.netty.handler.timeout.*;

            public class Timed implements Application {
                public void start(ApplicationContext context) {
                    context.listener().serve(new ChannelInitializer<Channel>() {
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(%s);
                            channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(1000),
                                    new HttpApp.Handler("v1"));
                        }
                    });
                }
            }
            """;

    /** Asks one after the other, so that none of its time-outs passes while its build serves. */
    private static String firstOther(String version, Client client) {
        try {
            String answer = client.get("/").body();
            while (answer.startsWith(version + " ")) {
                answer = client.get("/").body();
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aPeerThatLeavesWhileItIsHeldMakesRoomForAnother() throws Exception {
        gated("v1").moveTo(jar());
        try (Running running = running(options -> options.maxHeld(1).backlog(500))) {
            for (int i = 0; i < 20; i++) { // more than one turn of accepting brings
                Client.connect(running.address()).close();
            }
            running.awaitTally(tally -> tally.ended() == 20);
            try (Client client = Client.connect(running.address())) {
                running.awaitTally(tally -> tally.open() == 1);
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                openGate();
                assertEquals("v1 gen=1 n=1", client.answer().body());
                assertEquals(1, running.awaitServing(1).held().count());
            }
        }
    }

    @Test
    void aPeerThatLeavesAnEstablishedConnectionWhileItIsHeldIsNoticed() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = running(options -> options);
                Client asks = Client.connect(running.address());
                Client asksAndResets = Client.connect(running.address());
                Client leaves = Client.connect(running.address())) {
            running.awaitServing(1);
            for (Client client : List.of(asks, asksAndResets, leaves)) {
                assertEquals("v1 gen=1 n=1", client.get("/").body());
            }
            gated("v2").moveTo(jar());
            running.await(Event.Changed.class);
            asks.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            asks.shutdownOutput(); // and wants its answer
            asksAndResets.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            asksAndResets.reset();
            leaves.leave();
            running.awaitTally(tally -> tally.ended() == 2);
            openGate();
            assertEquals("v2 gen=2 n=1", asks.answer().body());
            assertEquals(1, running.awaitServing(2).held().count());
        }
    }

    @Test
    void anyNumberOfRebuildsDuringASwapLeadsToExactlyOneMoreWithTheNewestBuild() throws Exception {
        gated("v1").moveTo(jar());
        try (Running running = running(options -> options);
                Client client = Client.connect(running.address())) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            for (int version = 2; version <= 9; version++) {
                gated("v" + version).moveTo(jar());
            }
            running.await(Event.Listening.class);
            openGate();
            String answer = client.answer().body();
            assertTrue(answer.startsWith("v9"), answer);
            Event.Serving serving = running.await(Event.Serving.class);
            assertTrue(serving.generation() <= 2, serving::toString);
            assertEquals(1, running.events(Event.Serving.class).size());
        }
    }

    @Test
    void rebuildsThatLandOneAfterTheOtherAreNeverLost() throws Exception {
        Apps.http("v0").moveTo(jar());
        try (Running running = Running.http(jar())) {
            for (int version = 1; version <= 200; version++) {
                Apps.http("v" + version).moveTo(jar());
                if (version % 20 == 0) {
                    String expected = "v" + version;
                    String answer = Client.get(running.address(), "/").body();
                    while (!answer.startsWith(expected + " ")) { // a change may not have been seen yet
                        answer = Client.get(running.address(), "/").body();
                    }
                }
            }
        }
    }
}
