package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.TestBuild;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an application sees of the supervisor and of other generations, and what is left of it. */
@Timeout(120)
class IsolationIT {

    @TempDir
    private Path directory;

    private Path jar() {
        return directory.resolve("app.jar");
    }

    /** Serves HTTP as {@link Apps#HTTP}, with the text of this expression as its version. */
    private static TestBuild answering(String expression) {
        return TestBuild.of(Apps.HTTP, """
                        package app;

                        import dev.supervisor.spi.*;
                        import io.netty.channel.*;
                        import io.netty.handler.codec.http.*;

                        public class Answering implements Application {
                            public void start(ApplicationContext context) throws Exception {
                                String text = String.valueOf(%s);
                                context.listener().serve(new ChannelInitializer<Channel>() {
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(1000),
                                                new HttpApp.Handler(text));
                                    }
                                });
                            }

                            static String find(String name) {
                                try {
                                    return Class.forName(name, false, Answering.class.getClassLoader()).getClassLoader().getName();
                                } catch (ClassNotFoundException e) {
                                    return "not found";
                                }
                            }

                            static String context() {
                                return Thread.currentThread().getContextClassLoader().getName();
                            }
                        }
                        """.formatted(expression)).withProvider("app.Answering");
    }

    @Test
    void itsHandlersAreAskedOnItsEventLoopsOnly() throws Exception {
        String answer = answerOf(TestBuild.of(Apps.HTTP, """
                        package app;

                        import dev.supervisor.spi.*;
                        import io.netty.channel.*;
                        import io.netty.handler.codec.http.*;
                        import java.util.*;
                        import java.util.concurrent.*;

                        public class Asked extends ChannelInitializer<Channel> implements Application {
                            static final Set<String> THREADS = ConcurrentHashMap.newKeySet();

                            public void start(ApplicationContext context) {
                                context.listener().serve(this);
                            }

                            public boolean isSharable() {
                                THREADS.add(Thread.currentThread().getName());
                                return true;
                            }

                            protected void initChannel(Channel channel) {
                                channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(1000),
                                        new HttpApp.Handler(String.valueOf(THREADS)));
                            }
                        }
                        """).withProvider("app.Asked"));
        assertTrue(answer.matches("\\[generation-1-loop-\\d+].*"), answer);
    }

    private String answerOf(TestBuild build) throws Exception {
        build.moveTo(jar());
        try (Running running = Running.http(jar())) {
            running.awaitServing(1);
            String body = Client.get(running.address(), "/").body();
            return body.substring(0, body.lastIndexOf(" n="));
        }
    }

    /** The entries of the jar on the test's class path that this class is in. */
    private static Map<String, byte[]> entriesOfTheJarWith(Class<?> type) throws IOException {
        URL location = type.getProtectionDomain().getCodeSource().getLocation();
        Map<String, byte[]> entries = new LinkedHashMap<>();
        try (InputStream file = location.openStream();
                ZipInputStream zip = new ZipInputStream(file)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (!entry.isDirectory() && !entry.getName().equals("META-INF/MANIFEST.MF")) {
                    entries.put(entry.getName(), zip.readAllBytes());
                }
            }
        }
        return entries;
    }

    @Test
    void aFatJarThatBundlesItsOwnNettyGetsTheSupervisors() throws Exception {
        TestBuild fat = answering("find(\"io.netty.channel.Channel\") + \" \" + find(\"io.netty.Extinct\")")
                .with(entriesOfTheJarWith(io.netty.channel.Channel.class))
                .with(entriesOfTheJarWith(io.netty.handler.codec.http.HttpServerCodec.class))
                .with(TestBuild.of("package io.netty; public class Extinct {}").entries());
        assertEquals("app not found", answerOf(fat));
    }

    @Test
    void aClassThatOnlyTheBundledNettyHasIsNotSeenButAnExtraProjectOfNettyIs() throws Exception {
        TestBuild extra = answering("find(\"io.netty.incubator.Extra\") + \" \" + find(\"io.netty.Extinct\")")
                .with(TestBuild.of("package io.netty.incubator; public class Extra {}")
                        .entries())
                .with(TestBuild.of("package io.netty; public class Extinct {}").entries());
        assertEquals("generation-1 not found", answerOf(extra));
    }

    @Test
    void anApplicationBringsItsOwnLoggingAndItsOwnVersionOfALibraryOfTheSupervisor() throws Exception {
        TestBuild app = answering("find(\"org.slf4j.LoggerFactory\") + \" \""
                        + " + org.slf4j.LoggerFactory.getILoggerFactory().getClass().getClassLoader().getName() + \" \""
                        + " + find(\"picocli.CommandLine\")")
                .with(entriesOfTheJarWith(org.slf4j.Logger.class))
                .with(entriesOfTheJarWith(ch.qos.logback.classic.LoggerContext.class))
                .with(entriesOfTheJarWith(ch.qos.logback.core.Context.class))
                .with(TestBuild.of("package picocli; public class CommandLine {}")
                        .entries());
        assertEquals("generation-1 generation-1 generation-1", answerOf(app));
    }

    @Test
    void anApplicationWithoutSlf4jGetsTheSupervisorsAndSeesNothingElseOfIt() throws Exception {
        assertEquals(
                "app not found not found not found",
                answerOf(answering("find(\"org.slf4j.LoggerFactory\") + \" \" + find(\"picocli.CommandLine\") + \" \""
                        + " + find(\"dev.supervisor.Supervisor\") + \" \" + find(\"org.jboss.modules.Module\")")));
    }

    @Test
    void theWholeJdkIsThere() throws Exception {
        assertEquals(
                "java.sql.Driver com.sun.net.httpserver.HttpServer javax.xml.parsers.SAXParser",
                answerOf(answering("java.sql.Driver.class.getName() + \" \""
                        + " + com.sun.net.httpserver.HttpServer.class.getName() + \" \""
                        + " + javax.xml.parsers.SAXParser.class.getName()")));
    }

    @Test
    void applicationCodeRunsWithItsOwnContextClassLoader() throws Exception {
        assertEquals("generation-1", answerOf(answering("context()")));
    }

    @Test
    void aClassOfTheNewBuildIsNeverMixedWithOneOfTheOldWhileTheJarIsRewrittenInPlace() throws Exception {
        TestBuild first = TestBuild.of(Apps.HTTP, LAZY.replace("TEXT", "one"))
                .withProvider("app.Lazy")
                .withResource("version.txt", "v1");
        first.writeTo(jar());
        try (Running running = Running.http(jar(), options -> options.swap(SupervisorOptions.Swap.OVERLAP))) {
            running.awaitServing(1);
            Files.write(jar(), new byte[1000]); // what an open jar would show now
            assertEquals("one n=1", Client.get(running.address(), "/").body());
        }
    }

    /** Loads a class at the first request only. */
    private static final String LAZY = """
            package app;

            import dev.supervisor.spi.*;
            import io.netty.channel.*;
            import io.netty.handler.codec.http.*;

            public class Lazy implements Application {
                public void start(ApplicationContext context) {
                    context.listener().serve(new ChannelInitializer<Channel>() {
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(1000),
                                    new HttpApp.Handler(Late.TEXT()));
                        }
                    });
                }

                static class Late {
                    static String TEXT() { return "TEXT"; }
                }
            }
            """;

    @Test
    void twoSupervisorsInOneJvmDoNotDisturbEachOther() throws Exception {
        Path other = directory.resolve("other.jar");
        Apps.http("a1").moveTo(jar());
        Apps.http("b1").moveTo(other);
        try (Running a = Running.http(jar())) {
            try (Running b = Running.http(other)) {
                a.awaitServing(1);
                b.awaitServing(1);
                Apps.http("a2").moveTo(jar());
                a.awaitServing(2);
                assertEquals("a2 gen=2 n=1", Client.get(a.address(), "/").body());
                assertEquals("b1 gen=1 n=1", Client.get(b.address(), "/").body());
            }
            Apps.http("a3").moveTo(jar());
            a.awaitServing(3);
            assertEquals("a3 gen=3 n=1", Client.get(a.address(), "/").body());
        }
    }

    @Test
    void anEndedGenerationIsCollected() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar());
                Client established = Client.connect(running.address())) {
            for (int version = 2; version <= 6; version++) {
                established.get("/");
                Apps.http("v" + version).moveTo(jar());
                running.awaitServing(version);
            }
            Apps.starting("throw new IllegalStateException();").moveTo(jar());
            running.await(Event.Failed.class);
            established.get("/");
            Apps.http("v8").moveTo(jar());
            running.awaitServing(8);
            for (int generation = 1; generation <= 7; generation++) {
                awaitUnloaded(running, generation);
            }
        }
    }

    private static void awaitUnloaded(Running running, int generation) throws InterruptedException {
        running.await(Event.Unloaded.class, event -> event.generation() == generation, System::gc);
    }

    @Test
    void closingLeavesNoThreadAndNoPrivateCopy() throws Exception {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        Path temporary = Files.createDirectory(directory.resolve("tmp"));
        String former = System.setProperty("java.io.tmpdir", temporary.toString());
        try {
            Apps.http("v1").moveTo(jar());
            try (Running running = Running.http(jar())) {
                running.awaitServing(1);
                assertEquals("v1 gen=1 n=1", Client.get(running.address(), "/").body());
            }
        } finally {
            System.setProperty("java.io.tmpdir", former);
        }
        try (var left = Files.list(temporary)) {
            assertEquals(0, left.count());
        }
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            boolean ours = thread.getName().startsWith("supervisor-")
                    || thread.getName().startsWith("generation-");
            if (ours && !before.contains(thread)) {
                thread.join(60_000);
                assertTrue(!thread.isAlive(), thread.getName());
            }
        }
    }
}
