package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SupervisorOptions.Swap;
import dev.supervisor.testing.Await;
import dev.supervisor.testing.FreePort;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.TestBuild;
import java.io.PrintStream;
import java.net.ProxySelector;
import java.nio.file.Path;
import java.rmi.registry.LocateRegistry;
import java.security.Provider;
import java.security.Security;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What a JVM has once, and several applications want: each keeps what it has while another one starts, swaps, fails and ends. */
@Timeout(120)
@Isolated("it sets defaults of the JVM")
class SeveralInOneJvmIT {

    /** Does what its arguments name, at its start. */
    private static final String APP = """
            package app;

            import dev.supervisor.spi.*;
            import java.io.*;
            import java.net.*;
            import java.rmi.registry.LocateRegistry;
            import java.security.*;
            import java.util.*;

            public class App implements Application {
                public void start(ApplicationContext context) throws Exception {
                    List<String> arguments = context.arguments();
                    if (arguments.contains("proxies")) ProxySelector.setDefault(new Selector());
                    if (arguments.contains("out")) System.setOut(new Out());
                    if (arguments.contains("provider")) Security.addProvider(new Own());
                    if (arguments.contains("look")) {
                        System.setProperty("SeveralInOneJvmIT", ProxySelector.getDefault().getClass().getName());
                    }
                    if (arguments.get(0).matches("[0-9]+")) LocateRegistry.createRegistry(Integer.parseInt(arguments.get(0)));
                    if (App.class.getResource("/fails") != null) throw new IllegalStateException("as it is to");
                }

                static class Selector extends ProxySelector {
                    public List<Proxy> select(URI uri) { return List.of(Proxy.NO_PROXY); }
                    public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
                }

                static class Out extends PrintStream {
                    Out() { super(OutputStream.nullOutputStream()); }
                }

                static class Own extends Provider {
                    Own() { super("SeveralInOneJvm", "1", ""); }
                }
            }
            """;

    private static final String PROVIDER = "SeveralInOneJvm";

    @TempDir
    private Path directory;

    private static TestBuild build() {
        return TestBuild.of(APP).withProvider("app.App");
    }

    private Running start(String name, String... arguments) throws Exception {
        Path jar = directory.resolve(name + ".jar");
        build().moveTo(jar);
        Running running =
                Running.http(jar, options -> options.swap(Swap.OVERLAP).arguments(List.of(arguments)));
        running.awaitServing(1);
        return running;
    }

    private static void swap(Running running, int generation) throws Exception {
        running.supervisor().swap();
        running.awaitServing(generation);
    }

    @Test
    void defaultsThatAnApplicationHasSetStayWhileAnotherOneStartsAndSwaps() throws Exception {
        PrintStream before = System.out;
        try (Running a = start("a", "proxies", "out")) {
            ProxySelector selector = ProxySelector.getDefault();
            PrintStream out = System.out;
            assertEquals("app.App$Selector", selector.getClass().getName());
            try (Running b = start("b", "look")) {
                assertEquals(
                        "app.App$Selector", System.getProperty("SeveralInOneJvmIT"), "there is no moment without it");
                assertSame(selector, ProxySelector.getDefault());
                assertSame(out, System.out);
                swap(b, 2);
                assertSame(selector, ProxySelector.getDefault());
                assertSame(out, System.out);
                swap(a, 2);
                assertNotSame(selector, ProxySelector.getDefault(), "its own next generation sets its own");
            }
            assertEquals(
                    "app.App$Selector", ProxySelector.getDefault().getClass().getName());
        } finally {
            System.clearProperty("SeveralInOneJvmIT");
        }
        assertTrue(!ProxySelector.getDefault().getClass().getName().startsWith("app."));
        assertEquals(before.getClass(), System.out.getClass());
    }

    @Test
    void aSecurityProviderIsThereAgainWhenAnotherApplicationThatHadReplacedItEnds() throws Exception {
        try (Running a = start("a", "provider")) {
            Provider own = Security.getProvider(PROVIDER);
            assertNotNull(own);
            try (Running b = start("b", "provider")) {
                swap(b, 2);
                assertNotNull(Security.getProvider(PROVIDER));
                b.await(Event.Ended.class, ended -> ended.generation() == 1);
            }
            assertSame(own, Security.getProvider(PROVIDER));
            swap(a, 2);
            a.await(Event.Ended.class, ended -> ended.generation() == 1);
            assertNotNull(Security.getProvider(PROVIDER));
        }
        assertNull(Security.getProvider(PROVIDER));
    }

    @Test
    void aSecurityProviderIsThereAgainWhenTheNextGenerationHasFailed() throws Exception {
        try (Running a = start("a", "provider")) {
            Provider own = Security.getProvider(PROVIDER);
            build().withResource("fails", "").moveTo(directory.resolve("a.jar"));
            a.await(Event.Failed.class);
            Await.until("the provider of the live one", () -> Security.getProvider(PROVIDER) == own);
        }
    }

    @Test
    void theRegistryOfAnApplicationStaysWhenAnotherOneWantsItsPort() throws Exception {
        int port = FreePort.find();
        try (Running a = start("a", Integer.toString(port))) {
            Path jar = directory.resolve("b.jar");
            build().moveTo(jar);
            try (Running b = Running.http(jar, options -> options.arguments(List.of(Integer.toString(port))))) {
                Event.Failed failed = b.await(Event.Failed.class);
                assertTrue(
                        failed.problem().summary().contains("ort"),
                        failed.problem().summary());
                assertEquals(0, LocateRegistry.getRegistry("127.0.0.1", port).list().length);
            }
            swap(a, 2);
            assertEquals(0, LocateRegistry.getRegistry("127.0.0.1", port).list().length);
        }
    }
}
