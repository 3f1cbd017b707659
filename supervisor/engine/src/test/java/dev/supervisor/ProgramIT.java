package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SupervisorOptions.Swap;
import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Await;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.FreePort;
import dev.supervisor.testing.Programs;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.TestBuild;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs with a {@code main}, which know nothing of the supervisor: the same promises as for applications of the SPI. */
@Timeout(120)
class ProgramIT {

    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

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

    /** Whether connections are relayed. */
    boolean relays() {
        return false;
    }

    private Running run(Path app, int listens, UnaryOperator<SupervisorOptions.Builder> more) {
        return Running.with(
                app,
                options ->
                        more.apply(options.port(port).relay(relays()).arguments(List.of(Integer.toString(listens)))));
    }

    private Running run(UnaryOperator<SupervisorOptions.Builder> more) {
        return run(jar(), port, more);
    }

    private Running run() {
        return run(options -> options);
    }

    @ParameterizedTest
    @EnumSource
    void establishedConnectionsMove(Programs program) throws Exception {
        program.build("v1").moveTo(jar());
        try (Running running = run();
                Client idle = Client.connect(running.address());
                Client busy = Client.connect(running.address())) {
            running.awaitServing(1);
            assertEquals("v1", idle.get("/").body());
            assertEquals("v1", busy.get("/").body());
            for (int version = 2; version <= 6; version++) {
                String former = "v" + (version - 1);
                Path begun = directory.resolve("begun-" + version);
                busy.send("GET /slow" + begun + " HTTP/1.1\r\nHost: a\r\n\r\n");
                Await.until(
                        "the request has begun",
                        () -> Files.exists(begun)); // or it may come after the change, and wait
                program.build("v" + version).moveTo(jar());
                running.awaitServing(version);
                assertEquals("v" + version, idle.get("/").body());
                assertEquals(former, busy.answer().body());
                assertEquals("v" + version, busy.get("/").body());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRequestThatHasBegunIsTheFormersAndTheNextOneTheNexts(Programs program) throws Exception {
        program.build("v1").moveTo(jar());
        try (Running running = run(options -> options.swap(Swap.OVERLAP));
                Client client = Client.connect(running.address())) {
            running.awaitServing(1);
            assertEquals("v1", client.get("/").body());
            client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab");
            program.build("v2").moveTo(jar());
            running.awaitServing(2);
            client.send("cde" + GET);
            assertEquals("abcde", client.answer().body());
            assertEquals("v2", client.answer().body());
        }
    }

    @ParameterizedTest
    @EnumSource
    void neverStaleWithHold(Programs program) throws Exception {
        program.build("v1").moveTo(jar());
        try (Running running = run();
                Client established = Client.connect(running.address())) {
            running.awaitServing(1);
            established.get("/");
            for (int version = 2; version <= 8; version++) {
                Files.delete(jar());
                int generation = version;
                running.awaitAwaiting();
                established.send(GET);
                program.build("v" + version).moveTo(jar());
                assertEquals("v" + version, established.answer().body());
                assertEquals("v" + version, Client.get(running.address(), "/").body());
                running.await(Event.Serving.class, event -> event.generation() == generation);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void formerGenerationsAreUnloaded(Programs program) throws Exception {
        program.build("v1").moveTo(jar());
        try (Running running = run(options -> options.verifyUnload(true));
                Client client = Client.connect(running.address())) {
            for (int version = 1; version <= 4; version++) {
                program.build("v" + version).moveTo(jar());
                running.awaitServing(version);
                assertEquals("v" + version, client.get("/").body());
            }
            for (int version = 1; version <= 3; version++) {
                int generation = version;
                running.await(Event.Unloaded.class, event -> event.generation() == generation);
            }
            assertEquals(List.of(), running.events(Event.LeftBehind.class));
        }
    }

    @Test
    void aFailedBuildShowsThePageAndConnectionsMoveToTheMendedOne() throws Exception {
        Programs.SERVER_SOCKET.build("v1").moveTo(jar());
        try (Running running = run();
                Client client = Client.connect(running.address())) {
            running.awaitServing(1);
            assertEquals("v1", client.get("/").body());
            Programs.of("""
                    package program;
                    public class Main {
                        public static void main(String[] arguments) {
                            throw new IllegalStateException("no database");
                        }
                    }
                    """).moveTo(jar());
            Event.Failed failed = running.await(Event.Failed.class);
            assertTrue(
                    failed.problem().summary().contains("IllegalStateException: no database"),
                    failed.problem().summary());
            assertEquals(503, client.get("/").status());
            Programs.SERVER_SOCKET.build("v3").moveTo(jar());
            running.await(Event.Serving.class, event -> event.generation() > 2); // the failed one may be tried again
            assertEquals("v3", client.get("/").body());
        }
    }

    /** The field has the class loaded with the one that was used, in advance; the program itself has never loaded it from its jar. */
    @Test
    void aProgramThatDefinesAClassItselfStartsOnceMoreWithoutWhatWasLoadedInAdvance() throws Exception {
        version(patching(), "v1").moveTo(jar());
        try (Running running = run()) {
            running.awaitServing(1);
            for (int build = 2, last = 1; build <= 4; build++) {
                int former = last;
                awaitPrepared(); // or the test would show nothing
                version(patching(), "v" + build).moveTo(jar());
                last = running.await(Event.Serving.class, event -> event.generation() > former)
                        .generation();
                try (Client client = Client.connect(running.address())) {
                    assertEquals("v" + build + " patched", client.get("/").body());
                }
            }
        }
    }

    /** The thread was started before the generation was said to serve. */
    private static void awaitPrepared() throws Exception {
        Await.until(
                "the next module is prepared",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("supervisor-preparing-")));
    }

    private static TestBuild patching() {
        String main = """
                package program;
                import com.sun.net.httpserver.HttpServer;
                import java.io.InputStream;
                import java.lang.invoke.MethodHandles;
                import java.net.InetSocketAddress;
                public class Main {
                    public static void main(String[] arguments) throws Exception {
                        byte[] bytes;
                        try (InputStream in = Main.class.getResourceAsStream("/library/Patched.class")) {
                            bytes = in.readAllBytes();
                        }
                        MethodHandles.privateLookupIn(library.Neighbour.class, MethodHandles.lookup()).defineClass(bytes);
                        String version;
                        try (InputStream in = Main.class.getResourceAsStream("/version.txt")) {
                            version = new String(in.readAllBytes());
                        }
                        byte[] answer = (version + " " + new library.User().field).getBytes();
                        HttpServer server = HttpServer.create(new InetSocketAddress(Integer.parseInt(arguments[0])), 0);
                        server.createContext("/", exchange -> {
                            exchange.sendResponseHeaders(200, answer.length);
                            exchange.getResponseBody().write(answer);
                            exchange.close();
                        });
                        server.start();
                    }
                }
                """;
        return TestBuild.of(
                        main,
                        "package library; public class Neighbour {}",
                        "package library; public class Patched { public String toString() { return \"patched\"; } }",
                        "package library; public class User { public Patched field = new Patched(); }")
                .withMainClass("program.Main");
    }

    @Test
    void aMainThatReturnsWithoutListeningIsAFailure() throws Exception {
        Programs.of("package program; public class Main { public static void main(String[] a) {} }")
                .moveTo(jar());
        try (Running running = run()) {
            String summary = running.await(Event.Failed.class).problem().summary();
            assertTrue(
                    summary.contains("main of program.Main has returned, and nothing listens on 127.0.0.1:" + port),
                    summary);
        }
    }

    @Test
    void aProgramThatListensElsewhereIsToldSo() throws Exception {
        int other = FreePort.find();
        Programs.HTTP_SERVER.build("v1").moveTo(jar());
        try (Running running = run(jar(), other, options -> options)) {
            String summary = running.await(Event.Failed.class).problem().summary();
            assertTrue(summary.contains(":" + other + ", and not on 127.0.0.1:" + port), summary);
        }
    }

    private static TestBuild version(TestBuild build, String version) {
        return build.withResource("version.txt", version);
    }

    @Test
    void aProtocolThatIsNotKnownIsLeftTheTimeToFinish() throws Exception {
        String source = """
                package program;
                import java.net.*;
                public class Main {
                    public static void main(String[] arguments) throws Exception {
                        ServerSocket server = new ServerSocket(Integer.parseInt(arguments[0]));
                        while (true) {
                            Socket socket = server.accept();
                            new Thread(() -> serve(socket)).start();
                        }
                    }
                    static void serve(Socket socket) {
                        try (socket) {
                            while (socket.getInputStream().read() >= 0) {
                                socket.getOutputStream().write('.');
                                Thread.sleep(1500);
                                socket.getOutputStream().write(Answers.VERSION.getBytes());
                            }
                        } catch (Exception e) {
                            // the client has gone
                        }
                    }
                }
                """;
        version(Programs.of(source), "v1").moveTo(jar());
        try (Running running = run();
                Client client = Client.connect(running.address())) {
            running.awaitServing(1);
            client.send("!");
            assertEquals(".v1", client.read(3));
            client.send("!");
            assertEquals(".", client.read(1)); // it has begun before the change
            version(Programs.of(source), "v2").moveTo(jar());
            running.awaitServing(2);
            assertEquals("v1", client.read(2));
            running.await(Event.Ended.class, event -> event.generation() == 1);
            assertTrue(client.isClosed());
            try (Client next = Client.connect(running.address())) {
                next.send("!");
                assertEquals(".v2", next.read(3));
            }
        }
    }

    @Test
    void aHandlerThatNeverReturnsHurtsNobody() throws Exception {
        String source = """
                package program;
                import java.net.*;
                public class Main {
                    public static void main(String[] arguments) throws Exception {
                        ServerSocket server = new ServerSocket(Integer.parseInt(arguments[0]));
                        while (true) {
                            Socket socket = server.accept();
                            new Thread(() -> serve(socket)).start();
                        }
                    }
                    static void serve(Socket socket) {
                        try {
                            socket.getInputStream().read();
                            socket.getOutputStream().write('.');
                            while (true) {
                                Thread.onSpinWait();
                            }
                        } catch (Exception e) {
                            // the client has gone
                        }
                    }
                }
                """;
        Programs.of(source).moveTo(jar());
        try (Running running = run(
                        options -> options.drainTimeout(Duration.ofMillis(1500)).stopTimeout(Duration.ofMillis(500)));
                Client stuck = Client.connect(running.address())) {
            running.awaitServing(1);
            stuck.send(GET);
            assertEquals(".", stuck.read(1)); // it has begun before the change
            Programs.SERVER_SOCKET.build("v2").moveTo(jar());
            running.awaitServing(2);
            assertEquals("v2", Client.get(running.address(), "/").body());
            running.await(Event.DrainTimedOut.class);
            running.await(Event.Ended.class, event -> event.generation() == 1);
            assertTrue(stuck.isClosed());
            assertEquals("v2", Client.get(running.address(), "/").body());
        }
    }

    /** As with the JDK's sockets, which an interrupt does not close. */
    @Test
    void aThreadThatIsInterruptedCanStillAnswerAndAcceptByASocket() throws Exception {
        String source = """
                package program;
                import java.net.*;
                public class Main {
                    public static void main(String[] arguments) throws Exception {
                        ServerSocket server = new ServerSocket(Integer.parseInt(arguments[0]));
                        while (true) {
                            Thread.currentThread().interrupt();
                            try (Socket socket = server.accept()) {
                                byte[] buffer = new byte[1000];
                                socket.getInputStream().read(buffer);
                                socket.getOutputStream().write(
                                        "HTTP/1.1 200 OK\\r\\nConnection: close\\r\\nContent-Length: 2\\r\\n\\r\\nv1".getBytes());
                            }
                        }
                    }
                }
                """;
        Programs.of(source).moveTo(jar());
        try (Running running = run()) {
            running.awaitServing(1);
            for (int i = 0; i < 200; i++) {
                assertEquals("v1", Client.get(running.address(), "/").body());
            }
        }
    }

    @Test
    void aLoopThatAcceptsInSpiteOfFailuresEndsWithItsGeneration() throws Exception {
        String source = """
                package program;
                import java.net.*;
                public class Main {
                    public static void main(String[] arguments) throws Exception {
                        ServerSocket server = new ServerSocket(Integer.parseInt(arguments[0]));
                        while (true) {
                            try (Socket socket = server.accept()) {
                                Http.serve(socket.getInputStream(), socket.getOutputStream());
                            } catch (java.io.IOException e) {
                                // goes on
                            }
                        }
                    }
                }
                """;
        version(Programs.of(source), "v1").moveTo(jar());
        try (Running running = run(options -> options.verifyUnload(true))) {
            running.awaitServing(1);
            assertEquals("v1", Client.get(running.address(), "/").body());
            version(Programs.of(source), "v2").moveTo(jar());
            running.awaitServing(2);
            assertEquals("v2", Client.get(running.address(), "/").body());
            running.await(Event.Unloaded.class, event -> event.generation() == 1);
        }
    }

    @Test
    void theSpiWinsWhereThereAreBoth() throws Exception {
        TestBuild both =
                Programs.HTTP_SERVER.build("both").with(Apps.http("both").entries());
        both.moveTo(jar());
        try (Running running = run()) {
            running.awaitServing(1);
            assertEquals("both gen=1 n=1", Client.get(running.address(), "/").body());
        }
        try (Running running = run(options -> options.mainClass("program.Main"))) {
            running.awaitServing(1);
            assertEquals("both", Client.get(running.address(), "/").body());
        }
    }

    /** As Netty, Tomcat and Undertow send files; the JDK could do that without a write. */
    @Test
    void aConnectionThatWasSentAFileMoves() throws Exception {
        String source = """
                package program;
                import java.io.*;
                import java.net.InetSocketAddress;
                import java.nio.ByteBuffer;
                import java.nio.channels.*;
                import java.nio.file.*;
                public class Main {
                    public static void main(String[] arguments) throws Exception {
                        Path file = Files.createTempFile("sent", null);
                        Files.writeString(file, Answers.VERSION);
                        ServerSocketChannel server = ServerSocketChannel.open();
                        server.bind(new InetSocketAddress(Integer.parseInt(arguments[0])));
                        while (true) {
                            SocketChannel channel = server.accept();
                            new Thread(() -> serve(channel, file)).start();
                        }
                    }
                    static void serve(SocketChannel channel, Path file) {
                        try (channel; FileChannel content = FileChannel.open(file)) {
                            ByteBuffer request = ByteBuffer.allocate(10_000);
                            while (channel.read(request.clear()) >= 0) {
                                channel.write(ByteBuffer.wrap("HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\n".getBytes()));
                                if (content.transferTo(0, 2, channel) != 2) {
                                    throw new IOException("not sent");
                                }
                            }
                        } catch (IOException e) {
                            // the client has gone
                        }
                    }
                }
                """;
        version(Programs.of(source), "v1").moveTo(jar());
        try (Running running = run();
                Client client = Client.connect(running.address())) {
            running.awaitServing(1);
            assertEquals("v1", client.get("/").body());
            for (int version = 2; version <= 3; version++) {
                version(Programs.of(source), "v" + version).moveTo(jar());
                running.awaitServing(version);
                assertEquals("v" + version, client.get("/").body());
            }
        }
    }

    /** Its sockets are made within the JDK, so connections are relayed to it. */
    @Test
    void aServerSocketOfTls() throws Exception {
        Path keys = directory.resolve("keys.p12");
        keytool(keys);
        String source = """
                package program;
                import java.net.*;
                import javax.net.ssl.*;
                public class Main {
                    public static void main(String[] arguments) throws Exception {
                        SSLContext context = SSLContext.getInstance("TLS");
                        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                        keys.init(java.security.KeyStore.getInstance(new java.io.File(arguments[1]), "secret".toCharArray()),
                                "secret".toCharArray());
                        context.init(keys.getKeyManagers(), null, null);
                        ServerSocket server = context.getServerSocketFactory()
                                .createServerSocket(Integer.parseInt(arguments[0]));
                        while (true) {
                            Socket socket = server.accept();
                            new Thread(() -> serve(socket)).start();
                        }
                    }
                    static void serve(Socket socket) {
                        try (socket) {
                            Http.serve(socket.getInputStream(), socket.getOutputStream());
                        } catch (java.io.IOException e) {
                            // the client has gone
                        }
                    }
                }
                """;
        SSLSocketFactory clients = trusting(keys);
        version(Programs.of(source), "v1").moveTo(jar());
        try (Running running = run(options -> options.arguments(List.of(Integer.toString(port), keys.toString()))
                .verifyUnload(true))) {
            running.awaitServing(1);
            try (Socket established = clients.createSocket(InetAddress.getLoopbackAddress(), port)) {
                assertEquals("v1", get(established));
                version(Programs.of(source), "v2").moveTo(jar());
                running.awaitServing(2);
                assertEquals("v1", get(established), "its keys are the former generation's");
            }
            try (Socket next = clients.createSocket(InetAddress.getLoopbackAddress(), port)) {
                assertEquals("v2", get(next));
            }
            running.await(Event.Unloaded.class, event -> event.generation() == 1);
        }
    }

    private static void keytool(Path keys) throws Exception {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-keystore",
                        keys.toString(),
                        "-storepass",
                        "secret")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertEquals(0, keytool.waitFor());
    }

    private static SSLSocketFactory trusting(Path keys) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(KeyStore.getInstance(keys.toFile(), "secret".toCharArray()));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context.getSocketFactory();
    }

    /** Returns the body of the answer, which has two bytes. */
    private static String get(Socket socket) throws IOException {
        socket.setSoTimeout(60_000);
        socket.getOutputStream().write(GET.getBytes(StandardCharsets.US_ASCII));
        StringBuilder answer = new StringBuilder();
        while (!answer.toString().matches("(?s).*\r\n\r\n..")) {
            answer.append((char) socket.getInputStream().read());
        }
        return answer.substring(answer.length() - 2);
    }

    @Test
    void aDirectoryOfClassesIsRunByTheNameOfItsMainClass() throws Exception {
        Path classes = directory.resolve("classes");
        Programs.SELECTOR.build("v1").explodeTo(classes);
        try (Running running = run(classes, port, options -> options.mainClass("program.Main"))) {
            running.awaitServing(1);
            assertEquals("v1", Client.get(running.address(), "/").body());
        }
    }
}
