package dev.supervisor.testing;

import static dev.supervisor.testing.LeakSource.cleared;
import static dev.supervisor.testing.LeakSource.harmless;
import static dev.supervisor.testing.LeakSource.named;

import java.util.List;

/** What applications leave behind, one kind each. */
public final class LeakSources {

    private LeakSources() {}

    public static List<LeakSource> all() {
        return List.of(
                // threads
                cleared(
                        "a thread that waits for ever",
                        "static void sleep() { try { Thread.sleep(Long.MAX_VALUE); } catch (InterruptedException e) { } }",
                        "new Thread(Leaking::sleep, \"poller\").start();",
                        "thread \"poller\" of app\\.Leaking\\S* was never stopped"),
                named(
                        "a thread that ignores interrupts",
                        "static void spin() { while (!Boolean.getBoolean(\"leaks.end\")) java.util.concurrent.locks.LockSupport.parkNanos(1_000_000); }",
                        "Thread spinning = new Thread(Leaking::spin, \"spinning\"); spinning.setDaemon(true); spinning.start();",
                        "thread \"spinning\" of app\\.Leaking\\S* was never stopped, and does not end when it is interrupted:"
                                + " at app\\.Leaking\\.\\w+\\(Leaking.java:\\d+\\)"),
                cleared(
                        "a java.util.Timer",
                        "static class Reports extends java.util.TimerTask { public void run() { } }",
                        "new java.util.Timer(\"report-timer\", true).schedule(new Reports(), 0, 10);",
                        "thread \"report-timer\" \\(java\\.util\\.Timer\\) of app\\.Leaking\\$Reports was never cancelled"),
                cleared(
                        "an executor",
                        "",
                        "ExecutorService pool = Executors.newFixedThreadPool(3);"
                                + " for (int i = 0; i < 3; i++) pool.submit(() -> { });",
                        "thread \"pool-\\d+-thread-\\d\" and 2 more \\(java\\.util\\.concurrent\\.ThreadPoolExecutor\\)"
                                + " was never shut down"),
                cleared(
                        "a scheduled executor",
                        "",
                        "Executors.newScheduledThreadPool(1).scheduleAtFixedRate(() -> STATIC.hashCode(), 0, 1, TimeUnit.HOURS);",
                        "\\(java\\.util\\.concurrent\\.ScheduledThreadPoolExecutor\\) of app\\.Leaking\\S* was never shut down"),
                cleared(
                        "a fork-join pool",
                        "",
                        "new ForkJoinPool(1).submit(() -> STATIC.hashCode()).get();",
                        "\\(java\\.util\\.concurrent\\.ForkJoinPool\\) was never shut down"),
                cleared(
                        "an event loop group of its own",
                        "",
                        "new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()).submit(() -> STATIC.hashCode()).get();",
                        "\\(io\\.netty\\.channel\\.MultiThreadIoEventLoopGroup\\) was never shut down"),
                cleared(
                        "a HashedWheelTimer",
                        "",
                        "new HashedWheelTimer().newTimeout(t -> STATIC.hashCode(), 1, TimeUnit.HOURS);",
                        "\\(io\\.netty\\.util\\.HashedWheelTimer\\).* was never stopped"),
                harmless(
                        "an HttpClient",
                        "static java.net.http.HttpClient client;",
                        "client = java.net.http.HttpClient.newHttpClient();"),
                cleared(
                        "a process of its own, and a thread that waits for it",
                        "",
                        "Process process = new ProcessBuilder(\"sleep\", \"0\").start();"
                                + " process.onExit().thenRun(() -> STATIC.hashCode());"
                                + " new Thread(() -> { try { new CountDownLatch(1).await(); } catch (InterruptedException e) { } }, \"waiter\").start();",
                        "thread \"waiter\" of app\\.Leaking\\S* was never stopped"),
                // what a JVM has one of
                harmless(
                        "a shutdown hook",
                        "",
                        "Runtime.getRuntime().addShutdownHook(new Thread(() -> STATIC.hashCode()));"),
                harmless(
                        "System.out replaced by a stream that wraps the former one",
                        "static class Tee extends PrintStream { Tee(PrintStream out) { super(out, true); } }",
                        "System.setOut(new Tee(System.out));"),
                harmless(
                        "a default uncaught-exception handler",
                        "",
                        "Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();"
                                + " Thread.setDefaultUncaughtExceptionHandler((t, e) -> { if (before != null) before.uncaughtException(t, e); });"),
                harmless(
                        "a default ProxySelector",
                        "static class Own extends ProxySelector {"
                                + " final ProxySelector before = ProxySelector.getDefault();"
                                + " public List<Proxy> select(URI uri) { return before.select(uri); }"
                                + " public void connectFailed(URI u, SocketAddress s, IOException e) { } }",
                        "ProxySelector.setDefault(new Own());"),
                harmless(
                        "a default Authenticator, CookieHandler and ResponseCache",
                        "static class Auth extends Authenticator { }"
                                + " static class Cookies extends CookieManager { }"
                                + " static class Cache extends ResponseCache {"
                                + " public CacheResponse get(URI u, String m, Map<String, List<String>> h) { return null; }"
                                + " public CacheRequest put(URI u, URLConnection c) { return null; } }",
                        "Authenticator.setDefault(new Auth()); CookieHandler.setDefault(new Cookies());"
                                + " ResponseCache.setDefault(new Cache());"),
                harmless(
                        "a default HostnameVerifier and SSLContext",
                        "",
                        "javax.net.ssl.HttpsURLConnection.setDefaultHostnameVerifier((name, session) -> STATIC == null);"),
                // redirected calls
                harmless(
                        "a static AttributeKey",
                        "static final AttributeKey<Leaking> KEY = AttributeKey.newInstance(\"leaking\");",
                        ""),
                cleared(
                        "an MBean",
                        "public interface CountMBean { int getCount(); }"
                                + " public static class Count implements CountMBean { public int getCount() { return 1; } }",
                        "ManagementFactory.getPlatformMBeanServer().registerMBean(new Count(), new javax.management.ObjectName(\"app:type=Count,generation=\" + context.generation()));",
                        "MBean app:type=Count,generation=\\d+ was never unregistered"),
                // registries
                cleared(
                        "a JDBC driver",
                        """
                        static class Own implements Driver {
                            public Connection connect(String url, Properties info) { return null; }
                            public boolean acceptsURL(String url) { return false; }
                            public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) { return null; }
                            public int getMajorVersion() { return 1; }
                            public int getMinorVersion() { return 0; }
                            public boolean jdbcCompliant() { return false; }
                            public java.util.logging.Logger getParentLogger() { return null; }
                        }
                        """,
                        "DriverManager.registerDriver(new Own());",
                        "JDBC driver app\\.Leaking\\$Own was never deregistered"),
                cleared(
                        "a java.util.logging handler",
                        "static class Own extends Handler { public void publish(LogRecord r) { } public void flush() { } public void close() { } }",
                        "java.util.logging.Logger.getLogger(\"\").addHandler(new Own());",
                        "java\\.util\\.logging handler app\\.Leaking\\$Own .*was never removed"),
                harmless(
                        "a java.util.logging level of its own",
                        "static class Own extends java.util.logging.Level { Own() { super(\"OWN\", 850); } }",
                        "new Own();"),
                cleared(
                        "a security provider",
                        "public static class Own extends Provider { public Own(int i) { super(\"Own\" + i, \"1\", \"\"); } }",
                        "Security.addProvider(new Own(context.generation()));",
                        "security provider .*app\\.Leaking\\$Own.*was never removed"),
                harmless(
                        "a URL stream handler factory",
                        "",
                        "URL.setURLStreamHandlerFactory(protocol -> STATIC == null ? null : null);"),
                cleared(
                        "a listener to an MBean of the JVM",
                        "",
                        "((NotificationEmitter) ManagementFactory.getMemoryMXBean()).addNotificationListener((n, h) -> STATIC.hashCode(), null, null);",
                        "was never removed"),
                cleared(
                        "an object in the system properties",
                        "",
                        "System.getProperties().put(\"leaking.\" + context.generation(), STATIC);",
                        "system propert.*leaking\\.\\d+.*"),
                harmless(
                        "a default factory of Netty's leak detectors",
                        "static class Own extends io.netty.util.ResourceLeakDetectorFactory {"
                                + " final io.netty.util.ResourceLeakDetectorFactory before = instance();"
                                + " public <T> io.netty.util.ResourceLeakDetector<T> newResourceLeakDetector(Class<T> type, int interval, long max) {"
                                + " return before.newResourceLeakDetector(type, interval, max); } }",
                        "io.netty.util.ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Own());"),
                harmless(
                        "caches of beans, bundles and serialization",
                        "public static class Bean implements Serializable { public int getX() { return 1; } }"
                                + " public static class Texts extends ListResourceBundle { protected Object[][] getContents() { return new Object[0][]; } }",
                        "java.beans.Introspector.getBeanInfo(Bean.class);"
                                + " ResourceBundle.getBundle(\"app.Leaking$Texts\", Locale.ROOT, Leaking.class.getClassLoader());"
                                + " new ObjectOutputStream(OutputStream.nullOutputStream()).writeObject(new Bean());"),
                harmless(
                        "a record in a set",
                        "record Point(String x, Object y) { }",
                        "new HashSet<>(List.of(new Point(\"a\", STATIC))).contains(new Point(\"a\", STATIC));"),
                harmless(
                        "a handler of a signal",
                        "",
                        // not USR2: HotSpot itself suspends threads by it, for Flight Recorder say
                        "sun.misc.Signal.handle(new sun.misc.Signal(\"WINCH\"), signal -> STATIC.hashCode());"),
                cleared(
                        "an exported RMI object",
                        "public interface Far extends java.rmi.Remote { void x() throws java.rmi.RemoteException; }"
                                + " static class Own implements Far { public void x() { } } static final Own OWN = new Own();",
                        "java.rmi.server.UnicastRemoteObject.exportObject(OWN, 0);",
                        "RMI object of app\\.Leaking\\$Own was never unexported"),
                harmless(
                        "an RMI registry",
                        "static Object registry;",
                        "registry = java.rmi.registry.LocateRegistry.createRegistry(0);"),
                cleared(
                        "the file system of a jar",
                        "",
                        "java.nio.file.Path jar = java.nio.file.Files.createTempFile(\"own\", \".jar\"); jar.toFile().deleteOnExit();"
                                + " new java.util.zip.ZipOutputStream(java.nio.file.Files.newOutputStream(jar)).close();"
                                + " java.nio.file.FileSystems.newFileSystem(URI.create(\"jar:\" + jar.toUri()), Map.of());",
                        "file system \\S*own\\d+\\.jar was never closed"),
                cleared(
                        "a WatchService",
                        "static java.nio.file.WatchService watching;",
                        "watching = java.nio.file.FileSystems.getDefault().newWatchService();",
                        "WatchService was never closed"),
                cleared(
                        "a ServerSocketChannel",
                        "static Object channel;",
                        "channel = java.nio.channels.ServerSocketChannel.open().bind(new InetSocketAddress(\"127.0.0.1\", 0));",
                        "ServerSocketChannel of /127\\.0\\.0\\.1:\\d+ was never closed"),
                cleared(
                        "an HttpServer",
                        "",
                        "var server = com.sun.net.httpserver.HttpServer.create(new InetSocketAddress(\"127.0.0.1\", 0), 0);"
                                + " server.createContext(\"/\", exchange -> STATIC.hashCode()); server.start();",
                        "HttpServer was never stopped"),
                cleared(
                        "a FileHandler of java.util.logging",
                        "",
                        "java.util.logging.Logger.getLogger(\"\").addHandler(new java.util.logging.FileHandler(\"%t/own%u.log\"));",
                        "java\\.util\\.logging handler java\\.util\\.logging\\.FileHandler on the root logger was never removed"),
                cleared(
                        "a listener to preferences",
                        "",
                        "java.util.prefs.Preferences.userRoot().addPreferenceChangeListener(event -> STATIC.hashCode());",
                        "listener app\\.Leaking\\S* to the preferences / was never removed"),
                cleared(
                        "a listener to the flight recorder",
                        "static class Own implements jdk.jfr.FlightRecorderListener {}",
                        "jdk.jfr.FlightRecorder.addListener(new Own());",
                        "listener app\\.Leaking\\S* to the flight recorder was never removed"),
                cleared(
                        "a process that goes on, and an action at its end",
                        "",
                        "new ProcessBuilder(\"sleep\", \"60\").start().onExit().thenRun(() -> STATIC.hashCode());",
                        "process \\d+ of app\\.Leaking\\S* still runs"),
                harmless("a System.Logger", "", "System.getLogger(\"own\").log(System.Logger.Level.DEBUG, \"x\");"),
                harmless(
                        "a content handler factory",
                        "",
                        "URLConnection.setContentHandlerFactory(type -> STATIC == null ? null : null);"),
                harmless(
                        "a factory of RMI sockets",
                        "static class Own extends java.rmi.server.RMISocketFactory {"
                                + " public Socket createSocket(String h, int p) throws IOException { return new Socket(h, p); }"
                                + " public ServerSocket createServerSocket(int p) throws IOException { return new ServerSocket(p); } }",
                        "java.rmi.server.RMISocketFactory.setSocketFactory(new Own());"),
                // threads that go on
                cleared(
                        "a thread local on a shared thread",
                        "static final ThreadLocal<Object> LOCAL = new ThreadLocal<>();",
                        "GlobalEventExecutor.INSTANCE.submit(() -> LOCAL.set(List.of(STATIC))).sync();",
                        "thread local"),
                cleared(
                        "a FastThreadLocal on Netty's GlobalEventExecutor",
                        "static final FastThreadLocal<Object> LOCAL = new FastThreadLocal<>();",
                        "GlobalEventExecutor.INSTANCE.submit(() -> LOCAL.set(STATIC)).sync();",
                        "on thread \"globalEventExecutor.*was never removed"),
                harmless(
                        "a stream in parallel",
                        "",
                        "IntStream.range(0, 1000).parallel().mapToObj(i -> STATIC).forEach(Object::hashCode);"),
                cleared(
                        "a future that waits for its time-out",
                        "",
                        "new CompletableFuture<Object>().orTimeout(1, TimeUnit.HOURS).thenAccept(value -> STATIC.hashCode());",
                        "CompletableFuture's timer and was cancelled"),
                cleared(
                        "a task that waits in Netty's GlobalEventExecutor",
                        "",
                        "GlobalEventExecutor.INSTANCE.schedule(() -> STATIC.hashCode(), 1, TimeUnit.HOURS);",
                        "GlobalEventExecutor"),
                harmless(
                        "an action of a Cleaner",
                        "static final java.lang.ref.Cleaner CLEANER = java.lang.ref.Cleaner.create();",
                        "CLEANER.register(STATIC, () -> System.identityHashCode(Leaking.class));"),
                named(
                        "a task that never returns, on a thread of the common pool",
                        """
                        static void block() {
                            ForkJoinPool.ManagedBlocker blocker = new ForkJoinPool.ManagedBlocker() { // the pool helps itself
                                public boolean isReleasable() { return Boolean.getBoolean("leaks.end"); }
                                public boolean block() {
                                    while (!Boolean.getBoolean("leaks.end")) java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
                                    return true;
                                }
                            };
                            try { ForkJoinPool.managedBlock(blocker); } catch (InterruptedException e) { }
                        }
                        """,
                        "CompletableFuture.runAsync(Leaking::block, ForkJoinPool.commonPool());",
                        "is still running: at app\\.Leaking\\S*\\("),
                cleared(
                                "a virtual thread that waits for ever",
                                "",
                                "Thread.ofVirtual().name(\"waiter\").start(() -> { try { new CountDownLatch(1).await(); } catch (InterruptedException e) { } });",
                                "virtual thread \"waiter\" of app\\.Leaking\\S* was still running")
                        .since(21),
                // what nobody looks for
                named(
                        "a value of a ClassValue on a class of the JDK",
                        "static final ClassValue<Object> VALUE = new ClassValue<>() { protected Object computeValue(Class<?> type) { return new Object[] {this, STATIC}; } };",
                        "VALUE.get(String.class);",
                        "no thread and no place that is known to be shared holds it"));
    }
}
