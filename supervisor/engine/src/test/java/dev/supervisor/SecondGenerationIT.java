package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SupervisorOptions.Swap;
import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Await;
import dev.supervisor.testing.FreePort;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.TestBuild;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What an application may do once in a JVM, done by each of three generations while the one before still serves: it
 * works, or the failure says why it can't.
 */
@Timeout(120)
class SecondGenerationIT {

    /**
     * @param since the Java version that it needs
     * @param start throws if something does not work
     */
    record Once(String name, int since, String members, String start) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Once once(String name, String members, String start) {
        return new Once(name, 17, members, start);
    }

    static Stream<Once> worksAgain() {
        return Stream.of(
                        once(
                                "AttributeKey.newInstance in a static",
                                "static final AttributeKey<String> KEY = AttributeKey.newInstance(\"once\");",
                                "check(AttributeKey.<String>valueOf(\"once\") == KEY, \"another key\");"),
                        once(
                                "an MBean",
                                "public interface CountMBean { int getCount(); }"
                                        + " public static class Count implements CountMBean { public int getCount() { return 1; } }",
                                "ManagementFactory.getPlatformMBeanServer().registerMBean(new Count(), new ObjectName(\"app:type=Once\"));"
                                        + " check(ManagementFactory.getPlatformMBeanServer().getClassLoaderFor(new ObjectName(\"app:type=Once\"))"
                                        + " == Leaking.class.getClassLoader(), \"the bean of another generation\");"),
                        once(
                                "a JDBC driver that is found as a service",
                                "",
                                "check(DriverManager.getDriver(\"jdbc:own:x\").getClass() == OwnDriver.class, \"another driver\");"),
                        once(
                                "a URL stream handler factory",
                                "static class Own extends URLStreamHandler { protected URLConnection openConnection(URL url) {"
                                        + " return new URLConnection(url) { public void connect() { } }; } }",
                                "URL.setURLStreamHandlerFactory(protocol -> protocol.equals(\"own\") ? new Own() : null);"
                                        + " check(new URL(\"own:x\").openConnection().getClass().getClassLoader()"
                                        + " == Leaking.class.getClassLoader(), \"another handler\");"),
                        once(
                                "a security provider",
                                "public static class Own extends Provider { public Own() { super(\"Own\", \"1\", \"\"); } }",
                                "Security.addProvider(new Own());"
                                        + " check(Security.getProvider(\"Own\").getClass() == Own.class, \"another provider\");"),
                        once(
                                "a java.util.logging handler",
                                "static final AtomicInteger SEEN = new AtomicInteger();"
                                        + " static class Own extends Handler { public void publish(LogRecord r) { SEEN.incrementAndGet(); }"
                                        + " public void flush() { } public void close() { } }",
                                "java.util.logging.Logger logger = java.util.logging.Logger.getLogger(\"once\");"
                                        + " logger.setUseParentHandlers(false); logger.addHandler(new Own()); logger.info(\"hello\");"
                                        + " check(SEEN.get() == 1, SEEN);"),
                        once(
                                "a default uncaught-exception handler that wraps the one before",
                                "static final CompletableFuture<String> CAUGHT = new CompletableFuture<>();",
                                "Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();"
                                        + " check(before == null || !before.getClass().getName().startsWith(\"app.\"), before);"
                                        + " Thread.setDefaultUncaughtExceptionHandler((t, e) -> CAUGHT.complete(e.getMessage()));"
                                        + " new Thread(() -> { throw new IllegalStateException(\"thrown\"); }).start();"
                                        + " check(CAUGHT.get().equals(\"thrown\"), CAUGHT);"),
                        once(
                                "System.setOut that wraps the one before",
                                "static class Tee extends PrintStream { Tee(OutputStream out) { super(out, true); } }",
                                "check(!System.out.getClass().getName().startsWith(\"app.\"), \"another generation's\");"
                                        + " System.setOut(new Tee(System.out)); check(System.out instanceof Tee, System.out);"),
                        once(
                                "CompletableFuture.orTimeout",
                                "",
                                "try { new CompletableFuture<String>().orTimeout(10, TimeUnit.MILLISECONDS).get(); check(false, \"no timeout\"); }"
                                        + " catch (ExecutionException e) { check(e.getCause() instanceof TimeoutException, e); }"),
                        once(
                                "an HttpClient",
                                "",
                                "com.sun.net.httpserver.HttpServer server = com.sun.net.httpserver.HttpServer.create("
                                        + "new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);"
                                        + " server.createContext(\"/\", exchange -> { exchange.sendResponseHeaders(204, -1); exchange.close(); });"
                                        + " server.start();"
                                        + " try { check(java.net.http.HttpClient.newHttpClient().send(java.net.http.HttpRequest.newBuilder("
                                        + "URI.create(\"http://127.0.0.1:\" + server.getAddress().getPort())).build(),"
                                        + " java.net.http.HttpResponse.BodyHandlers.discarding()).statusCode() == 204, \"status\"); }"
                                        + " finally { server.stop(0); }"),
                        once(
                                "the common pool",
                                "",
                                "check(CompletableFuture.supplyAsync(() -> STATIC).get() == STATIC, \"another\");"
                                        + " check(IntStream.range(0, 10_000).parallel().mapToObj(i -> STATIC).distinct().count() == 1, \"many\");"),
                        new Once(
                                "virtual threads",
                                21,
                                "",
                                "try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {"
                                        + " check(executor.submit(() -> Thread.currentThread().isVirtual()).get(), \"not virtual\"); }"))
                .filter(once -> once.since() <= Runtime.version().feature());
    }

    private static final String OWN_DRIVER = """
            package app;

            import java.sql.*;
            import java.util.Properties;
            import java.util.logging.Logger;

            public class OwnDriver implements Driver {
                static {
                    try { DriverManager.registerDriver(new OwnDriver()); } catch (SQLException e) { throw new AssertionError(e); }
                }

                public Connection connect(String url, Properties info) { return null; }
                public boolean acceptsURL(String url) { return url.startsWith("jdbc:own:"); }
                public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) { return new DriverPropertyInfo[0]; }
                public int getMajorVersion() { return 1; }
                public int getMinorVersion() { return 0; }
                public boolean jdbcCompliant() { return false; }
                public Logger getParentLogger() { return null; }
            }
            """;

    @TempDir
    private Path directory;

    private Path jar() {
        return directory.resolve("app.jar");
    }

    @ParameterizedTest
    @MethodSource("worksAgain")
    void whatIsDoneOnceWorksInEachGeneration(Once once) throws Exception {
        TestBuild build = Apps.with(once.members(), once.start(), OWN_DRIVER)
                .withResource("META-INF/services/java.sql.Driver", "app.OwnDriver\n");
        build.moveTo(jar());
        try (Running running =
                Running.http(jar(), options -> options.swap(Swap.OVERLAP).verifyUnload(true))) {
            for (int generation = 1; generation <= 3; generation++) {
                running.awaitServing(generation);
                assertEquals(List.of(), running.events(Event.Failed.class));
                running.supervisor().swap();
            }
            running.await(Event.Unloaded.class, event -> event.generation() == 1);
            running.await(Event.Unloaded.class, event -> event.generation() == 2);
        }
    }

    @Test
    void anMBeanOutlivesTheEndOfTheGenerationThatHadItsNameBefore() throws Exception {
        ObjectName name = new ObjectName("app:type=Taken");
        TestBuild build = Apps.with("""
                public interface NumberMBean { int getNumber(); }

                public static class Number implements NumberMBean {
                    final int number;
                    Number(int number) { this.number = number; }
                    public int getNumber() { return number; }
                }

                public void close() throws Exception {
                    ManagementFactory.getPlatformMBeanServer().unregisterMBean(new ObjectName("app:type=Taken"));
                }
                """, """
                ManagementFactory.getPlatformMBeanServer().registerMBean(
                        new Number(context.generation()), new ObjectName("app:type=Taken"));
                """);
        build.moveTo(jar());
        try (Running running = Running.http(jar())) {
            running.awaitServing(1);
            running.supervisor().swap();
            running.awaitServing(2);
            running.await(Event.Ended.class, event -> event.generation() == 1);
            assertEquals(2, ManagementFactory.getPlatformMBeanServer().getAttribute(name, "Number"));
        }
        assertEquals(false, ManagementFactory.getPlatformMBeanServer().isRegistered(name));
    }

    @Test
    void aFailedStartLeavesTheSettingsOfTheOneThatServes() throws Exception {
        String members = "static class Tee extends PrintStream { Tee(OutputStream out) { super(out, true); } }";
        Apps.with(members, "System.setOut(new Tee(System.out));").moveTo(jar());
        try (Running running = Running.http(jar(), options -> options.swap(Swap.OVERLAP))) {
            running.awaitServing(1);
            Apps.with(members, "System.setOut(new Tee(System.out)); throw new IllegalStateException(\"broken\");")
                    .moveTo(jar());
            running.await(Event.Failed.class);
            Await.until( // told at once, and cleared after that
                    "System.out is that of generation 1",
                    () -> System.out.getClass().getClassLoader().getName().equals("generation-1"));
        }
        assertTrue(System.out.getClass().getClassLoader() == null
                || System.out.getClass().getClassLoader() == getClass().getClassLoader());
    }

    @Test
    void aPortOfItsOwnThatTheFormerGenerationHasIsExplained() throws Exception {
        int port = FreePort.find();
        Apps.with(
                        "static ServerSocket own; public void close() throws Exception { own.close(); }",
                        "own = new ServerSocket(" + port
                                + "); new Thread(() -> { try { own.accept(); } catch (IOException e) { } }).start();")
                .moveTo(jar());
        try (Running running = Running.http(jar(), options -> options.swap(Swap.OVERLAP))) {
            running.awaitServing(1);
            running.supervisor().swap();
            String summary = running.await(Event.Failed.class).problem().summary();
            assertTrue(
                    summary.contains("it binds a port of its own that is in use")
                            && summary.contains("socket NAME=tcp::PORT"),
                    summary);
        }
    }

    @Test
    void aNativeLibraryThatTheFormerGenerationHasIsExplained() throws Exception {
        Path jdks = Path.of(System.getProperty("java.home"), "lib", System.mapLibraryName("prefs"));
        Path own = Files.copy(jdks, directory.resolve(System.mapLibraryName("own")));
        Apps.with("", "System.load(\"" + own + "\");").moveTo(jar());
        try (Running running = Running.http(jar(), options -> options.swap(Swap.OVERLAP))) {
            running.awaitServing(1);
            running.supervisor().swap();
            String summary = running.await(Event.Failed.class).problem().summary();
            assertTrue(
                    summary.contains("already loaded in another classloader")
                            && summary.contains("load a copy of the file"),
                    summary);
        }
    }

    @Test
    void eachGenerationMayHaveALogbackOfItsOwn() throws Exception {
        TestBuild build = Apps.with("", """
                org.slf4j.Logger logger = org.slf4j.LoggerFactory.getLogger("once");
                check(logger instanceof ch.qos.logback.classic.Logger, logger.getClass());
                check(logger.getClass().getClassLoader() == Leaking.class.getClassLoader(), "the supervisor's");
                logger.info("hello from logback");
                """);
        assertWorksThreeTimes(build, "logback", "slf4j");
    }

    @Test
    void eachGenerationMayHaveALog4jOfItsOwn() throws Exception {
        TestBuild build = Apps.with("", """
                org.apache.logging.log4j.Logger logger = org.apache.logging.log4j.LogManager.getLogger("once");
                check(logger.getClass().getName().startsWith("org.apache.logging.log4j.core"), logger.getClass());
                check(logger.getClass().getClassLoader() == Leaking.class.getClassLoader(), "another's");
                logger.error("hello from log4j");
                """);
        assertWorksThreeTimes(build, "log4j");
    }

    private void assertWorksThreeTimes(TestBuild build, String... libraries) throws Exception {
        build.moveTo(jar());
        try (Running running = Running.http(jar(), options -> {
            onClassPath(libraries).forEach(options::library);
            return options.verifyUnload(true);
        })) {
            for (int generation = 1; generation <= 3; generation++) {
                running.awaitServing(generation);
                running.supervisor().swap();
            }
            running.await(Event.Unloaded.class, event -> event.generation() == 1);
            running.await(Event.Unloaded.class, event -> event.generation() == 2);
            assertEquals(List.of(), running.events(Event.LeftBehind.class));
        }
    }

    private static List<Path> onClassPath(String... names) {
        return Arrays.stream(System.getProperty("java.class.path").split(System.getProperty("path.separator")))
                .map(Path::of)
                .filter(path -> path.toString().endsWith(".jar")
                        && Arrays.stream(names)
                                .anyMatch(name -> path.getFileName().toString().startsWith(name)))
                .toList();
    }
}
