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
                        "static void spin() { while (!ends()) LockSupport.parkNanos(1_000_000); }"
                                .replace("LockSupport", "java.util.concurrent.locks.LockSupport"),
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
                        "\\(io\\.netty\\.util\\.HashedWheelTimer\\) of app\\.Leaking\\S* was never stopped"),
                harmless(
                        "an HttpClient",
                        "static java.net.http.HttpClient client;",
                        "client = java.net.http.HttpClient.newHttpClient();"),
                cleared(
                        "a process of its own, and who waits for it",
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
                        "System.out replaced by what wraps the one before",
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
                        "MBean app:type=Count,generation=\\d+ was never unregistered"));
    }
}
