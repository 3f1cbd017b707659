package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.testing.FreePort;
import dev.supervisor.testing.LeakSource;
import dev.supervisor.testing.Running;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a JVM has one of, or makes when it is first used, and what can be set once: each of ten generations finds it as
 * the first did. The application fails to start if it does not.
 */
@Timeout(120)
class TenGenerationsIT {

    private static final int GENERATIONS = 10;

    private static final String REQUIRE = "static void require(boolean holds) { if (!holds) throw new"
            + " IllegalStateException(\"not as the first generation found it\"); }";

    @TempDir
    private Path directory;

    /** Of all generations: what one has left must not be in the way of the next. */
    @BeforeAll
    static void setWhatIsShared(@TempDir Path shared) throws Exception {
        System.setProperty("TenGenerationsIT.port", String.valueOf(FreePort.find()));
        System.setProperty("TenGenerationsIT.jar", shared.resolve("shared.jar").toString());
    }

    static Stream<LeakSource> uses() {
        return Stream.of(
                use("java.util.logging prints", "", JUL + "log.info(\"x\"); require(printed(log));"),
                use(
                        "java.util.logging without handlers",
                        "",
                        JUL + "require(printed(log)); java.util.logging.LogManager.getLogManager().reset();"),
                use(
                        "java.util.logging to a System.err of one's own",
                        "static class Own extends PrintStream { Own(PrintStream out) { super(out); } }",
                        "System.setErr(new Own(System.err));" + JUL + "require(printed(log)); log.info(\"x\");"),
                use("a System.Logger", "", """
                        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                        java.util.logging.Handler handler = new java.util.logging.StreamHandler(bytes, new java.util.logging.SimpleFormatter());
                        java.util.logging.Logger.getLogger("own.system").addHandler(handler);
                        System.getLogger("own.system").log(System.Logger.Level.INFO, "said");
                        handler.flush();
                        require(bytes.toString().contains("said"));
                        """),
                use(
                        "Flight Recorder",
                        "",
                        "try (jdk.jfr.Recording r = new jdk.jfr.Recording()) { r.start(); r.stop(); }"),
                use(
                        "the end of a process",
                        "",
                        "require(new ProcessBuilder(\"true\").start().onExit().get(30, TimeUnit.SECONDS).exitValue() == 0);"),
                use(
                        "preferences",
                        "",
                        "java.util.prefs.Preferences.userRoot().addPreferenceChangeListener(event -> STATIC.hashCode());"),
                use(
                        "a delayed future",
                        "",
                        "new CompletableFuture<Object>().completeOnTimeout(1, 1, TimeUnit.MILLISECONDS).get();"),
                use("asynchronous channels", "", """
                        try (var server = java.nio.channels.AsynchronousServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
                                var client = java.nio.channels.AsynchronousSocketChannel.open()) {
                            var accepted = server.accept();
                            client.connect(server.getLocalAddress()).get(30, TimeUnit.SECONDS);
                            accepted.get(30, TimeUnit.SECONDS).close();
                        }
                        """),
                use("an HttpServer that is forgotten, and a URL that is read of it", "", """
                        var server = com.sun.net.httpserver.HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
                        server.createContext("/", exchange -> { exchange.sendResponseHeaders(200, 2); exchange.getResponseBody().write("ok".getBytes()); exchange.close(); });
                        server.start();
                        require(new String(new URL("http://127.0.0.1:" + server.getAddress().getPort() + "/").openStream().readAllBytes()).equals("ok"));
                        """),
                use( // not System.in: the runner of the tests reads from it, and holds its lock
                        "streams that are closed",
                        "",
                        "require(!System.out.checkError()); System.out.close(); System.err.close();"),
                // what can be set once
                use(
                        "a content handler factory",
                        "",
                        "URLConnection.setContentHandlerFactory(type -> STATIC == null ? null : null);"),
                use(
                        "a stream handler factory",
                        "",
                        "URL.setURLStreamHandlerFactory(type -> STATIC == null ? null : null);"),
                use(
                        "a factory of datagram sockets",
                        "",
                        "DatagramSocket.setDatagramSocketImplFactory(() -> STATIC == null ? null : null);"),
                use(
                        "a JNDI builder of factories",
                        "",
                        "javax.naming.spi.NamingManager.setObjectFactoryBuilder((o, e) -> null);"),
                use(
                        "a factory of RMI sockets",
                        "static class Own extends java.rmi.server.RMISocketFactory {"
                                + " public Socket createSocket(String h, int p) throws IOException { return new Socket(h, p); }"
                                + " public ServerSocket createServerSocket(int p) throws IOException { return new ServerSocket(p); } }",
                        "java.rmi.server.RMISocketFactory.setSocketFactory(new Own());"),
                use(
                        "a serial filter",
                        "",
                        "ObjectInputFilter.Config.setSerialFilter(info -> STATIC == null ? null : ObjectInputFilter.Status.UNDECIDED);"),
                // tables of the JVM
                use(
                        "an RMI registry on one port, with an object",
                        "public interface Far extends java.rmi.Remote { void x() throws java.rmi.RemoteException; }"
                                + " static class Own implements Far { public void x() { } } static Own own = new Own(); static Object registry;",
                        """
                        int port = Integer.getInteger("TenGenerationsIT.port");
                        var made = java.rmi.registry.LocateRegistry.createRegistry(port);
                        registry = made;
                        made.rebind("far", java.rmi.server.UnicastRemoteObject.exportObject(own, 0));
                        ((Far) java.rmi.registry.LocateRegistry.getRegistry("127.0.0.1", port).lookup("far")).x();
                        """),
                use("the file system of a jar", "", """
                        java.nio.file.Path jar = java.nio.file.Path.of(System.getProperty("TenGenerationsIT.jar"));
                        if (!java.nio.file.Files.exists(jar)) {
                            new java.util.zip.ZipOutputStream(java.nio.file.Files.newOutputStream(jar)).close();
                        }
                        java.nio.file.FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of());
                        """));
    }

    private static final String JUL =
            "java.util.logging.Logger log = java.util.logging.Logger.getLogger(\"own\" + context.generation());";

    private static final String PRINTED = "static boolean printed(java.util.logging.Logger log) {"
            + " java.util.logging.Logger root = log.getParent();"
            + " return java.util.Arrays.stream(root.getHandlers()).anyMatch(h -> h instanceof java.util.logging.ConsoleHandler); }";

    private static LeakSource use(String name, String members, String start) {
        return LeakSource.harmless(name, REQUIRE + PRINTED + members, start);
    }

    @ParameterizedTest
    @MethodSource("uses")
    void eachFindsWhatTheFirstFound(LeakSource use) throws Exception {
        Path jar = directory.resolve("app.jar");
        use.build().moveTo(jar);
        try (Running running = Running.http(jar, options -> options.maxGenerations(2 * GENERATIONS))) {
            for (int generation = 1; generation <= GENERATIONS; generation++) {
                int number = generation;
                running.await(
                        Event.class,
                        event -> event instanceof Event.Failed
                                || (event instanceof Event.Serving serving && serving.generation() == number));
                assertEquals(List.of(), running.events(Event.Failed.class));
                if (generation > 1) {
                    int former = generation - 1;
                    running.await(Event.Ended.class, event -> event.generation() == former);
                }
                running.supervisor().swap();
            }
        }
    }
}
