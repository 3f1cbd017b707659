package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.TestBuild;
import io.netty.util.NettyRuntime;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many generations at a time, and one among them that is stuck. */
@Timeout(120)
class GenerationsIT {

    private static final int LOOPS = 2 * NettyRuntime.availableProcessors();

    @TempDir
    private Path directory;

    private Path jar() {
        return directory.resolve("app.jar");
    }

    @Test
    void aConnectionMovesFromWhateverGenerationItIsInStraightToTheNewest() throws Exception {
        int generations = 5;
        List<Client> slow = new ArrayList<>();
        List<Client> go = new ArrayList<>();
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar())) {
            for (int generation = 1; generation <= generations; generation++) {
                Apps.http("v" + generation).moveTo(jar());
                running.awaitServing(generation);
                slow.add(Client.connect(running.address()));
                slow.get(generation - 1).send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
                slow.get(generation - 1).readUpTo("begun by v%d gen=%1$d\r\n".formatted(generation));
                go.add(Client.connect(running.address()));
                go.get(generation - 1).beginPost("/go");
            }
            Apps.http("v6").moveTo(jar());
            running.awaitServing(6);
            assertEquals(0, running.events(Event.Ended.class).size());
            for (int generation : List.of(3, 1, 5, 2, 4)) {
                Client finishing = slow.get(generation - 1);
                go.get(generation - 1).send("x");
                finishing.readUpTo("ended by v%d gen=%1$d\r\n0\r\n\r\n".formatted(generation));
                assertEquals("v6 gen=6 n=1", finishing.get("/").body());
                Event.Ended ended = running.await(Event.Ended.class, event -> event.generation() == generation);
                assertEquals(
                        Map.of(Departure.MOVED_AFTER_RESPONSE, 2L),
                        ended.ledger().departures());
                assertEquals(10, running.supervisor().tally("http").open());
            }
        } finally {
            for (Client client : slow) {
                client.leave();
            }
            for (Client client : go) {
                client.leave();
            }
        }
    }

    /** Its handler runs until a file is there, whoever interrupts it. */
    private TestBuild spinning() {
        String source = """
                package app;

                import dev.supervisor.spi.*;
                import io.netty.channel.*;
                import io.netty.handler.codec.http.*;
                import java.nio.file.*;

                public class Spinning implements Application {
                    public void start(ApplicationContext context) {
                        Path end = Path.of(context.arguments().get(0));
                        context.listener().serve(new ChannelInitializer<Channel>() {
                            protected void initChannel(Channel channel) {
                                channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(1000),
                                        new HttpApp.Handler("spinning") {
                                            protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request)
                                                    throws Exception {
                                                if (request.uri().equals("/spin")) spin();
                                                super.channelRead0(context, request);
                                            }

                                            void spin() {
                                                while (!Files.exists(end)) Thread.onSpinWait();
                                            }
                                        });
                            }
                        });
                    }
                }
                """;
        return TestBuild.of(source, Apps.HTTP.replace("static final class Handler", "static class Handler"))
                .withProvider("app.Spinning");
    }

    @Test
    void aStuckGenerationHurtsNobodyElse() throws Exception {
        Path end = directory.resolve("end");
        List<Client> others = new ArrayList<>();
        List<Client> late = new ArrayList<>();
        spinning().moveTo(jar());
        try (Running running = Running.http(
                        jar(),
                        options -> options.drainTimeout(Duration.ofSeconds(8)).arguments(List.of(end.toString())));
                Client stuck = Client.connect(running.address())) {
            running.awaitServing(1);
            assertEquals("spinning n=1", stuck.get("/").body());
            for (int i = 1; i < 2 * LOOPS; i++) {
                others.add(Client.connect(running.address()));
                assertEquals("spinning n=1", others.get(i - 1).get("/").body());
            }
            stuck.send("GET /spin HTTP/1.1\r\nHost: a\r\n\r\n");
            awaitSpinning(); // or the loop may begin with one of these before
            for (int i = 0; i < LOOPS; i++) { // one of them is for the loop that is stuck, or all are, if it accepts
                late.add(Client.connect(running.address()));
                late.get(i).send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            }
            Apps.http("v2").moveTo(jar());
            running.awaitServing(2);
            assertEquals("v2 gen=2 n=1", Client.get(running.address(), "/").body(), "at once");
            assertEquals(2 * LOOPS - 2, movedOf(others), "all but the one that shares the loop");
            for (Client client : late) {
                String answer = client.answer().body();
                assertTrue(answer.equals("v2 gen=2 n=1") || answer.equals("spinning n=1"), answer);
            }
            assertTrue(stuck.isClosed(), "from outside, at the deadline");
            Ledger ledger = running.await(Event.Ended.class, event -> event.generation() == 1)
                    .ledger();
            assertEquals(2, ledger.count(Departure.ENDED_AT_DEADLINE));
            String runsOn = running.await(Event.RunsOn.class).threads().get(0);
            assertTrue(runsOn.startsWith("a handler does not return, on generation-1-loop-"), runsOn);
            assertTrue(runsOn.contains("> at app.Spinning$1$1.spin(Spinning.java"), runsOn);
            Apps.http("v3").moveTo(jar());
            running.awaitServing(3);
            assertEquals("v3 gen=3 n=1", Client.get(running.address(), "/").body(), "the supervisor goes on");
        } finally {
            Files.createFile(end);
            for (Client client : others) {
                client.leave();
            }
            for (Client client : late) {
                client.leave();
            }
        }
    }

    private static void awaitSpinning() {
        while (Thread.getAllStackTraces().values().stream().noneMatch(GenerationsIT::isSpinning)) {
            Thread.onSpinWait();
        }
    }

    private static boolean isSpinning(StackTraceElement[] stack) {
        return List.of(stack).toString().contains("app.Spinning$1$1.spin");
    }

    /** How many of these are answered by the new build, rather than closed. */
    private static int movedOf(List<Client> clients) throws IOException {
        int moved = 0;
        for (Client client : clients) {
            try {
                assertEquals("v2 gen=2 n=1", client.get("/").body());
                moved++;
            } catch (EOFException e) {
                // closed at the deadline
            }
        }
        return moved;
    }
}
