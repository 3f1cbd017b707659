package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.StaticFields;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** No static field of the JDK leads to an application after a life in which it has used much of the JDK. */
@Timeout(180)
class StaticFieldsIT {

    /** In Java 17: of each a class, a listener, a task, or an object of the application where the JDK takes one. */
    private static final String LIFE = """
            java.util.logging.Logger logger = java.util.logging.Logger.getLogger("app.life");
            logger.setUseParentHandlers(false);
            logger.addHandler(new Own());
            logger.info("hello");
            System.getLogger("app.life").log(System.Logger.Level.DEBUG, "hello");
            ManagementFactory.getPlatformMBeanServer().registerMBean(new Life(), new ObjectName("app:type=Life"));
            new java.util.Timer(true).schedule(new TimerTask() { public void run() { } }, 100_000);
            ThreadLocal<Object> local = ThreadLocal.withInitial(Leaking::new);
            CompletableFuture.runAsync(local::get).get();
            Executors.newScheduledThreadPool(1).schedule(local::get, 1, TimeUnit.HOURS);
            new CompletableFuture<Object>().orTimeout(1, TimeUnit.HOURS).whenComplete((r, e) -> STATIC.hashCode());
            java.beans.Introspector.getBeanInfo(Bean.class);
            java.beans.PropertyEditorManager.registerEditor(Bean.class, Editor.class);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            new ObjectOutputStream(bytes).writeObject(new Bean());
            new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())) {
                protected Class<?> resolveClass(ObjectStreamClass type) { return Bean.class; }
            }.readObject();
            check(new Point(1, 2).equals(new Point(1, 2)), "record");
            check(Bean.class.getAnnotation(Marked.class) != null, "annotation");
            java.lang.reflect.Proxy.newProxyInstance(Leaking.class.getClassLoader(), new Class<?>[] {Runnable.class, Taken.class}, (p, m, a) -> 1).hashCode();
            java.lang.invoke.MethodHandles.lookup().findConstructor(Bean.class, java.lang.invoke.MethodType.methodType(void.class)).invoke();
            Bean.class.getDeclaredMethod("getName").invoke(new Bean());
            ResourceBundle.getBundle("app.Texts", Locale.ROOT, Leaking.class.getClassLoader());
            ServiceLoader.load(Taken.class, Leaking.class.getClassLoader()).iterator().hasNext();
            javax.xml.parsers.DocumentBuilderFactory.newInstance().newDocumentBuilder()
                    .parse(new ByteArrayInputStream("<a/>".getBytes()));
            javax.xml.transform.TransformerFactory.newInstance().newTransformer();
            javax.xml.xpath.XPathFactory.newInstance().newXPath().compile("/a");
            javax.net.ssl.SSLContext.getDefault().createSSLEngine();
            Security.addProvider(new Own.Security());
            Authenticator.setDefault(new Authenticator() { });
            CookieHandler.setDefault(new CookieManager());
            ProxySelector.setDefault(ProxySelector.of(null));
            java.net.http.HttpClient.newBuilder().executor(task -> STATIC.hashCode()).build();
            Thread.setDefaultUncaughtExceptionHandler((t, e) -> STATIC.hashCode());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> STATIC.hashCode()));
            java.lang.ref.Cleaner.create().register(new Object(), () -> STATIC.hashCode());
            ((NotificationEmitter) ManagementFactory.getMemoryMXBean()).addNotificationListener((n, h) -> STATIC.hashCode(), null, null);
            java.util.prefs.Preferences.userRoot().node("app-life").addPreferenceChangeListener(event -> STATIC.hashCode());
            java.util.prefs.Preferences.userRoot().node("app-life").removeNode();
            java.sql.DriverManager.registerDriver(new Base(), () -> STATIC.hashCode());
            System.getProperties().put("app.life", new Bean());
            URL.setURLStreamHandlerFactory(protocol -> STATIC == null ? null : null);
            Locale.setDefault(Locale.getDefault());
            TimeZone.setDefault(TimeZone.getDefault());
            new ProcessBuilder("true").start().onExit().thenRun(() -> STATIC.hashCode());
            System.setOut(new PrintStream(System.out) { });
            try { new javax.naming.InitialContext(new Hashtable<>(Map.of("app", new Bean()))).getEnvironment(); } catch (Exception e) { }
            java.rmi.server.UnicastRemoteObject.exportObject(new Remote(), 0);
            FileSystems.getDefault().newWatchService();
            new java.text.DecimalFormat("0.0").format(1);
            System.setProperty("app.life.text", "x");
            context.listener().serve(new ChannelInboundHandlerAdapter() { public boolean isSharable() { return true; } });
            """;

    private static final String MEMBERS = """
            public interface LifeMBean { int getN(); }
            public static class Life implements LifeMBean { public int getN() { return 1; } }
            @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME) @interface Marked { }
            interface Taken { }
            record Point(int x, int y) { }
            @Marked public static class Bean implements Serializable { public String getName() { return ""; } public Bean() { } }
            public static class Editor extends java.beans.PropertyEditorSupport { public Editor() { } }
            static class Remote implements java.rmi.Remote { }
            static class Own extends Handler {
                public void publish(LogRecord r) { } public void flush() { } public void close() { }
                public static class Security extends Provider { public Security() { super("Life", "1", ""); } }
            }
            static class Base implements Driver {
                public Connection connect(String url, Properties info) { return null; }
                public boolean acceptsURL(String url) { return false; }
                public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) { return null; }
                public int getMajorVersion() { return 1; }
                public int getMinorVersion() { return 0; }
                public boolean jdbcCompliant() { return false; }
                public java.util.logging.Logger getParentLogger() { return null; }
            }
            """;

    @TempDir
    private Path directory;

    @Test
    void noneLeadsToAGenerationThatHasEnded() throws Exception {
        Path jar = directory.resolve("app.jar");
        Apps.with(
                        MEMBERS + "static void life(ApplicationContext context) throws Throwable {\n" + LIFE + "}\n",
                        "try { life(context); } catch (Throwable e) { throw new Exception(e); }",
                        TEXTS)
                .moveTo(jar);
        try (Running running = Running.http(jar)) {
            running.awaitServing(1);
            assertEquals(List.of(), running.events(Event.Failed.class));
            List<String> during = StaticFields.leadingTo("generation-1");
            assertTrue(
                    during.stream().anyMatch(way -> way.startsWith("java.lang.System.props ->")),
                    () -> "the scan finds what is there: " + String.join("\n", during));
            Apps.http("v2").moveTo(jar); // or it would put things of its own in the places
            running.awaitServing(2);
            running.await(Event.Ended.class, event -> event.generation() == 1);
            running.await(Event.LeftBehind.class, event -> event.generation() == 1);
            assertEquals("", String.join("\n", StaticFields.leadingTo("generation-1")));
        }
    }

    private static final String TEXTS = """
            package app;

            public class Texts extends java.util.ListResourceBundle {
                protected Object[][] getContents() { return new Object[][] {{"a", "b"}}; }
            }
            """;
}
