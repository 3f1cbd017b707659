package dev.supervisor.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.calls.Resident.Exit;
import dev.supervisor.calls.SystemCalls.ExitError;
import dev.supervisor.testing.TestBuild;
import dev.supervisor.unload.Owner;
import io.netty.channel.ChannelOption;
import io.netty.util.AttributeKey;
import java.lang.reflect.InvocationTargetException;
import java.nio.ByteBuffer;
import java.security.Provider;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Classes of an application, as their module loads them. */
class RedirectionTest {

    private static final Redirection REDIRECTION = new Redirection();

    private final List<Resident> residents = new ArrayList<>();

    /** One generation; its class {@code app.Calls} has one method, {@code call}. */
    private final class Generation extends ClassLoader {

        private final Map<String, byte[]> classes;
        private final List<Exit> exits = new ArrayList<>();

        Generation(TestBuild build) {
            super(RedirectionTest.class.getClassLoader());
            classes = build.entries();
            residents.add(Resident.enter(new Owner("a generation", this, new ThreadGroup("a")), exits::add));
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
                        import java.util.*;
                        import java.util.function.*;
                        import javax.management.*;

                        public class Calls implements java.util.concurrent.Callable<Object> {
                            public Object call() throws Exception {
                                %s
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
        residents.forEach(resident -> {
            resident.clear();
            resident.close();
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
