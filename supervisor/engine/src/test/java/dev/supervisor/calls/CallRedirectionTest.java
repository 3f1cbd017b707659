package dev.supervisor.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.supervisor.calls.CallingGeneration.Exit;
import dev.supervisor.calls.SystemCalls.ExitError;
import dev.supervisor.inspect.Owner;
import dev.supervisor.testing.TestBuild;
import io.netty.channel.ChannelOption;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.rmi.registry.Registry;
import java.rmi.server.RMIServerSocketFactory;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Classes of an application, as their module loads them. */
@Timeout(60)
class CallRedirectionTest {

    private static final CallRedirection REDIRECTION = CallRedirection.ofSpi();

    private final List<CallingGeneration> residents = new ArrayList<>();

    /** One generation; its class {@code app.Calls} has one method, {@code call}. */
    private final class Generation extends ClassLoader {

        private final Map<String, byte[]> classes;
        private final List<Exit> exits = new ArrayList<>();

        Generation(TestBuild build) {
            super(CallRedirectionTest.class.getClassLoader());
            classes = build.entries();
            residents.add(CallingGeneration.enter(
                    new Owner("a generation", this, new ThreadGroup("a")), this, exits::add, 0));
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = classes.get(name.replace('.', '/') + ".class");
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, REDIRECTION.transform(this, name, null, ByteBuffer.wrap(bytes)), null);
        }

        Object call() throws Throwable {
            Object calls = loadClass("app.Calls").getDeclaredConstructor().newInstance();
            try {
                return ((Callable<?>) calls).call();
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }

    private Generation generation(String body) {
        return new Generation(build(body));
    }

    private static TestBuild build(String body) {
        return TestBuild.of("""
                        package app;

                        import io.netty.channel.ChannelOption;
                        import io.netty.util.AttributeKey;
                        import java.lang.management.ManagementFactory;
                        import java.security.*;
                        import com.sun.net.httpserver.*;
                        import java.net.*;
                        import java.util.*;
                        import java.util.concurrent.CountDownLatch;
                        import java.util.function.*;
                        import java.util.logging.*;
                        import javax.management.*;

                        public class Calls implements java.util.concurrent.Callable<Object> {
                            public Object call() throws Exception {
                                %s
                            }

                            static HttpServer bind(HttpServer server) throws Exception {
                                server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
                                return server;
                            }

                            public static class Quiet extends Logger {
                                public Quiet() { super("RedirectionTest.quiet", null); }

                                @Override
                                public void addHandler(Handler handler) {
                                    super.addHandler(handler);
                                    Consumer<Handler> more = super::removeHandler;
                                    more.accept(handler);
                                }
                            }

                            public interface CountMBean { int getCount(); }

                            public static class Count implements CountMBean { public int getCount() { return 1; } }

                            public static class Own extends Provider {
                                public Own() { super("RedirectionTest", "1", "for a test"); }
                            }

                            interface WithDefault {
                                default Object get() {
                                    Function<String, AttributeKey<Object>> of = AttributeKey::valueOf;
                                    return of.apply("redirected in an interface");
                                }
                            }
                        }
                        """.formatted(body));
    }

    @AfterEach
    void end() {
        residents.forEach(callingGeneration -> {
            callingGeneration.clear();
            callingGeneration.close();
        });
        Security.removeProvider("RedirectionTest");
    }

    @Test
    void exitEndsTheGenerationAndDoesNotReturn() {
        for (String call : List.of(
                "System.exit(3);",
                "Runtime.getRuntime().exit(3);",
                "IntConsumer exit = System::exit; exit.accept(3);",
                "IntConsumer exit = Runtime.getRuntime()::exit; exit.accept(3);",
                "BiConsumer<Runtime, Integer> exit = Runtime::exit; exit.accept(Runtime.getRuntime(), 3);")) {
            Generation generation = generation(call + " return \"went on\";");
            assertThrows(ExitError.class, generation::call, call);
            assertEquals(3, generation.exits.get(0).status(), call);
            assertTrue(
                    generation.exits.get(0).where().stream()
                            .anyMatch(frame -> frame.getClassName().equals("app.Calls")),
                    "says where");
        }
    }

    @Test
    void anExitAfterTheEndOfTheGenerationDoesNotEndTheJvmEither() throws Throwable {
        Generation generation = generation("if (new Object().hashCode() == 0) return 1; System.exit(3); return 2;");
        residents.get(0).close();
        assertThrows(ExitError.class, generation::call);
        assertEquals(List.of(), generation.exits);
    }

    @Test
    void eachGenerationMakesAttributeKeysOfItsOwn() throws Throwable {
        String body = "return AttributeKey.newInstance(\"RedirectionTest.key\");";
        Generation first = generation(body);
        Object key = first.call();
        assertEquals("RedirectionTest.key", ((AttributeKey<?>) key).name());
        assertThrows(IllegalArgumentException.class, first::call, "twice in the same one");
        assertNotSame(key, generation(body).call());
        assertFalse(AttributeKey.exists("RedirectionTest.key"), "nothing is left in the pool");
    }

    @Test
    void aGenerationFindsItsKeysByTheirNames() throws Throwable {
        assertEquals(List.of(true, false, true, true), generation("""
                                Object key = AttributeKey.newInstance("RedirectionTest.a");
                                Function<String, AttributeKey<Object>> of = AttributeKey::valueOf;
                                return List.of(
                                        AttributeKey.exists("RedirectionTest.a"),
                                        AttributeKey.exists("RedirectionTest.b"),
                                        key == AttributeKey.valueOf("RedirectionTest.a") && key == of.apply("RedirectionTest.a"),
                                        AttributeKey.valueOf(Map.class, "x") == AttributeKey.valueOf("java.util.Map#x"));
                                """).call());
    }

    @Test
    void callsInInterfacesAreRedirectedToo() throws Throwable {
        Object key = generation("return new WithDefault() {}.get();").call();
        assertEquals("redirected in an interface", key.toString());
        assertFalse(AttributeKey.exists("redirected in an interface"));
    }

    @Test
    void nettysConstantsAreShared() throws Throwable {
        AttributeKey<?> nettys = AttributeKey.valueOf("io.netty.RedirectionTest");
        assertSame(
                nettys,
                generation("return AttributeKey.valueOf(\"io.netty.RedirectionTest\");")
                        .call());
        assertSame(
                ChannelOption.SO_BACKLOG,
                generation("return ChannelOption.valueOf(\"SO_BACKLOG\");").call());
    }

    @Test
    void eachGenerationMakesChannelOptionsOfItsOwn() throws Throwable {
        String body = "return ChannelOption.valueOf(\"RedirectionTest.option\");";
        Generation first = generation(body);
        assertSame(first.call(), first.call());
        assertNotSame(first.call(), generation(body).call());
        assertFalse(ChannelOption.exists("RedirectionTest.option"));
    }

    private static final String REGISTER = """
            MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            ObjectName name = new ObjectName("test:type=RedirectionTest");
            """;

    @Test
    void aNewerGenerationTakesOverTheNameOfAnMBean() throws Throwable {
        Generation first = generation(REGISTER + "return server.registerMBean(new Count(), name);");
        first.call();
        assertThrows(Exception.class, first::call, "its own name is taken");
        Generation second = generation(REGISTER + """
                if (server.getClassLoaderFor(name) != Calls.class.getClassLoader()) {
                    return server.registerMBean(new StandardMBean(new Count(), CountMBean.class), name);
                }
                server.unregisterMBean(name);
                return "unregistered";
                """);
        second.call();
        generation(REGISTER + "server.unregisterMBean(name); return 1;").call();
        assertEquals(
                true, generation(REGISTER + "return server.isRegistered(name);").call(), "that was not its own");
        assertEquals(List.of(), residents.get(0).clear());
        assertEquals(
                List.of("MBean test:type=RedirectionTest was never unregistered"),
                residents.get(1).clear());
        assertEquals(
                false,
                generation(REGISTER + "return server.isRegistered(name);").call());
    }

    /** The end of the old generation takes its MBean out while the new one registers its own by the same name. */
    @Test
    void anMBeanThatANewerGenerationRegistersMeanwhileStays() throws Throwable {
        Generation first = generation(REGISTER + """
                CountDownLatch entered = new CountDownLatch(1);
                CountDownLatch goOn = new CountDownLatch(1);
                server.registerMBean(new StandardMBean(new Count(), CountMBean.class) {
                    @Override public void preDeregister() throws Exception {
                        entered.countDown();
                        goOn.await();
                    }
                }, name);
                return List.of(entered, goOn);
                """);
        Generation second = generation(REGISTER + "return server.registerMBean(new Count(), name);");
        List<?> latches = (List<?>) first.call();
        Thread clearing = new Thread(() -> residents.get(0).clear());
        clearing.start();
        ((CountDownLatch) latches.get(0)).await();
        FutureTask<Boolean> registered = new FutureTask<>(() -> {
            try {
                second.call();
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
            return true;
        });
        Thread registering = new Thread(registered);
        registering.start();
        while (registering.getState() == Thread.State.RUNNABLE || registering.getState() == Thread.State.NEW) {
            Thread.onSpinWait(); // it has failed by then, or it waits
        }
        ((CountDownLatch) latches.get(1)).countDown();
        assertTrue(registered.get());
        clearing.join();
        assertEquals(
                true, generation(REGISTER + "return server.isRegistered(name);").call());
    }

    private static final String SERVER =
            "HttpServer server = bind(HttpServer.create()); CountDownLatch entered = new CountDownLatch(1);"
                    + "CountDownLatch goOn = new CountDownLatch(1);";

    @Test
    void anHttpServerWhoseHandlerDoesNotReturnDoesNotKeepTheRestFromBeingCleared() throws Throwable {
        Generation generation = generation(SERVER + """
                server.createContext("/", exchange -> {
                    entered.countDown();
                    for (boolean on = true; on; ) {
                        try {
                            goOn.await();
                            on = false;
                        } catch (InterruptedException e) {
                            on = true;
                        }
                    }
                });
                server.start();
                Socket client = new Socket(InetAddress.getLoopbackAddress(), server.getAddress().getPort());
                client.getOutputStream().write("GET / HTTP/1.0\\r\\n\\r\\n".getBytes());
                entered.await();
                return (Runnable) goOn::countDown;
                """);
        Runnable goOn = (Runnable) generation.call();
        FutureTask<List<String>> clearing =
                new FutureTask<>(() -> residents.get(0).clear());
        new Thread(clearing).start();
        try {
            assertEquals(List.of("HttpServer was never stopped"), clearing.get(30, TimeUnit.SECONDS));
        } finally {
            goOn.run();
        }
    }

    @Test
    void anHttpServerThatIsMadeWithAContextIsStoppedToo() throws Exception {
        Generation generation = generation("return 1;");
        HttpServer server = HttpServerCalls.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                0,
                "/",
                HttpExchange::close,
                new Filter[0],
                generation.loadClass("app.Calls"));
        server.removeContext("/"); // which throws if there is none
        assertEquals(List.of("HttpServer was never stopped"), residents.get(0).clear());
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_18)
    void theFactoryWithAContextIsRedirected() throws Throwable {
        Generation generation = generation("""
                InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
                HttpServer.create(any, 0, "/", HttpExchange::close);
                return HttpsServer.create(any, 0, "/", HttpExchange::close);
                """);
        generation.call();
        assertEquals(
                List.of("HttpServer was never stopped", "HttpServer was never stopped"),
                residents.get(0).clear());
    }

    @Test
    void aReferenceToAMethodOfAnInstanceOfASubclassIsRedirected() throws Throwable {
        Generation generation = generation("""
                HttpsServer server = HttpsServer.create(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
                HttpServer same = server;
                IntConsumer stop = server::stop;
                IntConsumer stopSame = same::stop;
                BiConsumer<HttpsServer, Integer> stopAny = HttpsServer::stop;
                stop.accept(0);
                return stopSame != stop && stopAny != null;
                """);
        assertEquals(true, generation.call());
        assertEquals(List.of(), residents.get(0).clear());
    }

    @Test
    void callsOfSuperAreLeftAlone() throws Throwable {
        assertEquals(0, generation("""
                        Logger logger = new Quiet();
                        logger.addHandler(new MemoryHandler(new ConsoleHandler(), 1, Level.OFF));
                        return logger.getHandlers().length;
                        """).call());
    }

    @Test
    void handlersThatWereOnALoggerBeforeAreTakenFromAnotherButNotClosed() throws Throwable {
        Logger root = Logger.getLogger("");
        AtomicInteger closed = new AtomicInteger();
        Handler jvms = new Handler() {
            @Override
            public void publish(LogRecord record) {}

            @Override
            public void flush() {}

            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };
        root.addHandler(jvms);
        try {
            Generation generation = generation("""
                    Logger mine = Logger.getLogger("RedirectionTest");
                    for (Handler handler : Logger.getLogger("").getHandlers()) {
                        mine.addHandler(handler);
                    }
                    return mine;
                    """);
            Logger mine = (Logger) generation.call();
            assertTrue(List.of(mine.getHandlers()).contains(jvms));
            residents.get(0).clear();
            assertEquals(0, mine.getHandlers().length);
            assertEquals(0, closed.get());
        } finally {
            root.removeHandler(jvms);
        }
    }

    /** That is done under a lock which the thread that makes the registry needs at last. */
    @Test
    void whatAGenerationHasOpenedCanBeLookedThroughWhileARegistryIsMade() throws Exception {
        Class<?> caller = generation("return 1;").loadClass("app.Calls");
        RmiCalls.createRegistry(0, caller);
        OpenedResource first =
                residents.get(0).findOpened(OpenedResource.class, any -> true).orElseThrow();
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        RMIServerSocketFactory slow = port -> {
            entered.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return new ServerSocket(port, 0, InetAddress.getLoopbackAddress());
        };
        FutureTask<Registry> creating = new FutureTask<>(() -> RmiCalls.createRegistry(0, null, slow, caller));
        new Thread(creating).start();
        entered.await();
        FutureTask<Boolean> looking = new FutureTask<>(first::isOpen);
        new Thread(looking).start();
        try {
            assertTrue(looking.get(30, TimeUnit.SECONDS));
        } finally {
            goOn.countDown();
        }
        creating.get();
    }

    @Test
    void whatIsOfAGenerationThatHasEndedIsKnownAsThatOfOne() throws Throwable {
        Object own = generation("return new Count();").call();
        assertTrue(CallingGeneration.anyReaches(own) && CallingGeneration.livingReaches(own));
        residents.get(0).close();
        assertTrue(CallingGeneration.anyReaches(own));
        assertFalse(CallingGeneration.livingReaches(own));
    }

    @Test
    void aNewerGenerationTakesThePlaceOfASecurityProvider() throws Throwable {
        Generation first = generation("return Security.insertProviderAt(new Own(), 2);");
        assertEquals(2, first.call());
        assertEquals(-1, first.call(), "as the JDK does");
        Provider firsts = Security.getProvider("RedirectionTest");
        Generation second = generation("return Security.addProvider(new Own());");
        assertEquals(2, second.call());
        assertNotSame(firsts, Security.getProvider("RedirectionTest"));
        generation("Security.removeProvider(\"RedirectionTest\"); return 1;").call();
        assertNotSame(null, Security.getProvider("RedirectionTest"), "that was not its own");
    }

    /** Spring Boot takes over {@code java.util.logging} only where it finds what a new JVM has. */
    @Test
    void handlersOfOtherGenerationsAreNotSeen() throws Throwable {
        String count = "return Logger.getLogger(\"RedirectionTest.shared\").getHandlers().length;";
        String add =
                "Logger.getLogger(\"RedirectionTest.shared\").addHandler(new MemoryHandler(new ConsoleHandler(), 1, Level.OFF)); ";
        assertEquals(1, generation(add + count).call());
        assertEquals(0, generation(count).call());
        assertEquals(1, generation(add + count).call());
    }

    @Test
    void classesWithoutSuchCallsAreLeftAlone() {
        byte[] bytes = build("return System.currentTimeMillis();").entries().get("app/Calls.class");
        ByteBuffer before = ByteBuffer.wrap(bytes);
        assertSame(before, REDIRECTION.transform(getClass().getClassLoader(), "app.Calls", null, before));
    }

    @Test
    void brokenClassesAreLeftToTheJvm() {
        ByteBuffer broken = ByteBuffer.wrap(new byte[] {1, 2, 3});
        assertSame(broken, REDIRECTION.transform(getClass().getClassLoader(), "app.Calls", null, broken));
        assertEquals(3, broken.remaining());
    }
}
