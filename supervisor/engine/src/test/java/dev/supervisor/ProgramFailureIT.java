package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.supervisor.SupervisorOptions.Swap;
import dev.supervisor.failure.PlainText;
import dev.supervisor.generation.Generation;
import dev.supervisor.testing.Await;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Client.Answer;
import dev.supervisor.testing.FreePort;
import dev.supervisor.testing.Programs;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.TestBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Each way in which a program can fail, at its start and later: one clear message, and the next build is served. */
@Timeout(120)
class ProgramFailureIT {

    @TempDir
    private Path directory;

    private int port;

    @BeforeEach
    void findPort() throws IOException {
        port = FreePort.find();
    }

    private Path jar() {
        return directory.resolve("program.jar");
    }

    private Running run(UnaryOperator<SupervisorOptions.Builder> more) {
        return Running.with(
                jar(), options -> more.apply(options.port(port).arguments(List.of(Integer.toString(port)))));
    }

    private Running run() {
        return run(options -> options);
    }

    /** @param statements of its {@code main} */
    private static TestBuild main(String statements) {
        return Programs.of("""
                package program;
                import java.net.*;
                public class Main {
                    public static void main(String[] arguments) throws Exception {
                        int port = Integer.parseInt(arguments[0]);
                        %s
                    }
                    static void serve(Socket socket) {
                        try (socket) {
                            Http.serve(socket.getInputStream(), socket.getOutputStream());
                        } catch (java.io.IOException e) {
                            // the client has gone
                        }
                    }
                }
                """.formatted(statements));
    }

    private static final String SERVES = """
            ServerSocket server = new ServerSocket(port);
            Thread accepting = new Thread(() -> {
                try {
                    while (true) {
                        Socket socket = server.accept();
                        new Thread(() -> serve(socket)).start();
                    }
                } catch (java.io.IOException e) {
                    // closed
                }
            });
            accepting.start();
            """;

    private static void assertContains(String text, String... parts) {
        for (String part : parts) {
            assertTrue(text.contains(part), () -> "no '" + part + "' in:\n" + text);
        }
    }

    /** Serves v1, then the broken build, then a mended one; returns what was said of the broken one. */
    private String failsAndIsMended(TestBuild broken, UnaryOperator<SupervisorOptions.Builder> options)
            throws Exception {
        Programs program = Programs.SERVER_SOCKET;
        program.build("v1").moveTo(jar());
        try (Running running = run(options);
                Client established = Client.connect(running.address())) {
            running.awaitServing(1);
            assertEquals("v1", established.get("/").body());
            broken.moveTo(jar());
            Event.Failed failed = running.await(Event.Failed.class);
            Answer fresh = Client.get(running.address(), "/");
            assertEquals(503, fresh.status());
            assertEquals(503, established.get("/").status());
            program.build("v2").moveTo(jar());
            running.await(Event.Serving.class, event -> event.generation() > 1);
            assertEquals("v2", Client.get(running.address(), "/").body());
            assertEquals("v2", established.get("/").body(), "the connection has moved there and back");
            assertContains(fresh.body(), failed.problem().summary().split(" \\(")[0]);
            return PlainText.chain(failed.problem()) + "\n" + fresh.body();
        }
    }

    // The start

    @Test
    void anExceptionOfMainIsShownWithItsCausesAndTheProgramsOwnFramesMarked() throws Exception {
        assertContains(
                failsAndIsMended(
                        main("throw new IllegalStateException(\"outer\", new java.io.IOException(\"inner\"));"),
                        options -> options),
                "program.jar failed to start",
                "java.lang.IllegalStateException: outer",
                "caused by: java.io.IOException: inner",
                "> at program.Main.main(Main.java:");
    }

    @Test
    void aMainThatHasBoundItsPortAndThrowsLeavesThePortToTheNext() throws Exception {
        assertContains(
                failsAndIsMended(
                        main("ServerSocket server = new ServerSocket(port); throw new Error(\"after the bind\");"),
                        options -> options),
                "java.lang.Error: after the bind");
    }

    @Test
    void aMainThatReturnsWithoutListeningIsAFailure() throws Exception {
        assertContains(
                failsAndIsMended(main(""), options -> options),
                "main of program.Main has returned, and nothing listens on 127.0.0.1:" + port);
    }

    @Test
    void aMainThatNeverListensIsGivenUpAndItsStackShown() throws Exception {
        assertContains(
                failsAndIsMended(
                        main("new java.util.concurrent.CountDownLatch(1).await();"),
                        options -> options.startTimeout(Duration.ofMillis(300))),
                "did not start within 300 ms",
                "startTimeout",
                "> at program.Main.main(Main.java:");
    }

    @Test
    void aMainThatLoopsForEverIsGivenUpAndHurtsNobody() throws Exception {
        assertContains(
                failsAndIsMended(
                        main("while (true) Thread.onSpinWait();"),
                        options -> options.startTimeout(Duration.ofMillis(300)).stopTimeout(Duration.ofMillis(200))),
                "did not start within 300 ms",
                "> at program.Main.main(Main.java:");
    }

    @Test
    void aMainThatBindsButNeverAcceptsIsGivenUp() throws Exception {
        assertContains(
                failsAndIsMended(
                        main("ServerSocket server = new ServerSocket(port); Thread.sleep(1_000_000);"),
                        options -> options.startTimeout(Duration.ofMillis(300))),
                "did not start within 300 ms",
                "> at program.Main.main(Main.java:");
    }

    @Test
    void aFrameworkThatListensElsewhereIsToldHowToChangeThat() throws Exception {
        int other = FreePort.find();
        TestBuild elsewhere = main(SERVES.replace("port", Integer.toString(other)))
                .withResource("org/springframework/boot/SpringApplication.class", "");
        assertContains(
                failsAndIsMended(elsewhere, options -> options),
                "program.Main listens on",
                ":" + other + ", and not on 127.0.0.1:" + port,
                "-- --server.port=" + port);
    }

    // Later

    /** Keeps what is logged of generations. */
    private static final class Logged extends AppenderBase<ILoggingEvent> implements AutoCloseable {

        private final Logger logger = (Logger) LoggerFactory.getLogger(Generation.class);
        private final Queue<String> messages = new ConcurrentLinkedQueue<>();

        Logged() {
            start();
            logger.addAppender(this);
        }

        @Override
        protected void append(ILoggingEvent event) {
            messages.add(event.getFormattedMessage());
        }

        String await(String part) throws Exception {
            return Await.value(() ->
                    messages.stream().filter(message -> message.contains(part)).findFirst());
        }

        @Override
        public void close() {
            logger.detachAppender(this);
        }
    }

    @Test
    void aMainThatThrowsAfterTheStartIsReportedAndWhatItHasBegunGoesOn() throws Exception {
        Path file = directory.resolve("throw");
        main(SERVES + "while (!java.nio.file.Files.exists(java.nio.file.Path.of(\"" + file
                        + "\"))) Thread.sleep(5); throw new IllegalStateException(\"too late\");")
                .withResource("version.txt", "v1")
                .moveTo(jar());
        try (Logged logged = new Logged();
                Running running = run();
                Client client = Client.connect(running.address())) {
            running.awaitServing(1);
            assertEquals("v1", client.get("/").body());
            Files.createFile(file);
            String message = logged.await("main has failed");
            assertContains(
                    message,
                    "generation 1: main has failed, and what it has begun goes on",
                    "java.lang.IllegalStateException: too late",
                    "at program.Main.main(Main.java:");
            assertTrue(!message.contains("failed to start"), message);
            assertEquals("v1", client.get("/").body());
            assertEquals("v1", Client.get(running.address(), "/").body());
            assertEquals(List.of(), running.events(Event.Failed.class));
            Programs.SERVER_SOCKET.build("v2").moveTo(jar());
            running.awaitServing(2);
            assertEquals("v2", client.get("/").body());
        }
    }

    @Test
    void aProgramWhoseThreadsIgnoreInterruptsIsNamedAndHurtsNobody() throws Exception {
        main("Thread poller = new Thread(() -> { while (true) { Thread.interrupted(); Thread.onSpinWait(); } }, \"poller\");"
                        + " poller.setDaemon(true); poller.start();" + SERVES)
                .withResource("version.txt", "v1")
                .moveTo(jar());
        try (Running running = run(options -> options.stopTimeout(Duration.ofMillis(200))
                        .unloadTimeout(Duration.ofMillis(200))
                        .verifyUnload(true));
                Client client = Client.connect(running.address())) {
            running.awaitServing(1);
            assertEquals("v1", client.get("/").body());
            for (int version = 2; version <= 4; version++) {
                Programs.SERVER_SOCKET.build("v" + version).moveTo(jar());
                running.awaitServing(version);
                assertEquals("v" + version, client.get("/").body());
            }
            Event.KeptAlive kept = running.await(Event.KeptAlive.class);
            assertEquals(1, kept.generation());
            assertContains(
                    String.join("\n", kept.holders()),
                    "thread \"poller\"",
                    "does not end when it is interrupted: at program.Main.");
            running.await(Event.Unloaded.class, event -> event.generation() == 2);
        }
    }

    // System.exit

    private static final String EXITS_BY_REQUEST = """
            com.sun.net.httpserver.HttpServer server =
                    com.sun.net.httpserver.HttpServer.create(new InetSocketAddress(port), 0);
            server.setExecutor(java.util.concurrent.Executors.newCachedThreadPool());
            server.createContext("/", exchange -> {
                String path = exchange.getRequestURI().getPath();
                byte[] body = path.equals("/exit") ? exit() : Answers.of(path, exchange.getRequestBody().readAllBytes());
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            """;

    private static TestBuild exiting(String version) {
        TestBuild build = Programs.of("""
                package program;
                import java.net.*;
                public class Main {
                    public static void main(String[] arguments) throws Exception {
                        int port = Integer.parseInt(arguments[0]);
                        %s
                    }
                    static byte[] exit() {
                        try {
                            System.exit(3);
                            return new byte[0];
                        } catch (Throwable e) {
                            return e.getMessage().getBytes();
                        }
                    }
                }
                """.formatted(EXITS_BY_REQUEST));
        return build.withResource("version.txt", version);
    }

    @ParameterizedTest
    @EnumSource(Swap.class)
    void aProgramThatExitsEndsItselfAndNotTheSupervisor(Swap swap) throws Exception {
        exiting("v1").moveTo(jar());
        try (Running running = run(options -> options.swap(swap));
                Client client = Client.connect(running.address());
                Client busy = Client.connect(running.address())) {
            running.awaitServing(1);
            assertEquals("v1", client.get("/").body());
            Path begun = directory.resolve("begun");
            busy.send("GET /slow" + begun + " HTTP/1.1\r\nHost: a\r\n\r\n");
            Await.until("the request has begun", () -> Files.exists(begun));
            assertTrue(client.get("/exit").body().startsWith("System.exit(3): the supervisor ends this generation"));
            Event.Failed failed = running.await(Event.Failed.class);
            assertEquals("program.jar called System.exit(3)", failed.problem().summary());
            assertEquals("v1", busy.answer().body(), "it is finished");
            running.await(Event.Ended.class, event -> event.generation() == 1);
            Answer page = client.get("/");
            assertEquals(503, page.status());
            assertContains(page.body(), "program.jar called System.exit(3)", "program.Main.exit(Main.java");
            exiting("v2").moveTo(jar());
            running.awaitServing(2);
            assertEquals("v2", client.get("/").body());
            assertEquals("v2", busy.get("/").body());
        }
    }

    @Test
    void anExitOfMainIsAFailedStart() throws Exception {
        assertContains(
                failsAndIsMended(main("System.exit(1);"), options -> options),
                "program.jar called System.exit(1)",
                "> at program.Main.main(Main.java");
    }

    @Test
    void anExitThatMainCatchesIsAFailedStart() throws Exception {
        assertContains(
                failsAndIsMended(main("try { System.exit(2); } catch (Throwable e) { } " + SERVES), options -> options),
                "program.jar called System.exit(2)");
    }

    @Test
    void anExitByAThreadOfItsOwnDuringTheStartIsAFailedStart() throws Exception {
        assertContains(
                failsAndIsMended(
                        main("new Thread(() -> Runtime.getRuntime().exit(4)).start(); Thread.sleep(1_000_000);"),
                        options -> options.startTimeout(Duration.ofHours(1))),
                "program.jar called System.exit(4)");
    }

    /** As Spring Boot's command line runners may do: main returns, and then the program exits in order. */
    @Test
    void anExitOfMainWhileItServesRunsItsHooksOnce() throws Exception {
        Path file = directory.resolve("exit");
        Path hook = directory.resolve("hook");
        main("Runtime.getRuntime().addShutdownHook(new Thread(() -> { try { java.nio.file.Files.createFile("
                        + "java.nio.file.Path.of(\"" + hook + "\")); } catch (java.io.IOException e) {"
                        + " throw new java.io.UncheckedIOException(e); } }));" + SERVES
                        + "while (!java.nio.file.Files.exists(java.nio.file.Path.of(\"" + file
                        + "\"))) Thread.sleep(5); System.exit(0);")
                .withResource("version.txt", "v1")
                .moveTo(jar());
        try (Logged logged = new Logged();
                Running running = run();
                Client client = Client.connect(running.address())) {
            running.awaitServing(1);
            assertEquals("v1", client.get("/").body());
            Files.createFile(file);
            assertEquals(
                    "program.jar called System.exit(0)",
                    running.await(Event.Failed.class).problem().summary());
            running.await(Event.Ended.class, event -> event.generation() == 1);
            assertTrue(Files.exists(hook));
            assertEquals(503, client.get("/").status());
            assertEquals(List.of(), List.copyOf(logged.messages));
            Programs.SERVER_SOCKET.build("v2").moveTo(jar());
            running.awaitServing(2);
            assertEquals("v2", client.get("/").body());
        }
    }
}
