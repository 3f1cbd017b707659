package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Command;
import dev.supervisor.testing.FreePort;
import dev.supervisor.testing.Tool;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service manager is told, and what it keeps; a script plays it. */
@Timeout(120)
@EnabledOnOs(value = OS.LINUX, disabledReason = "abstract names and systemd are of Linux")
class NotifyIT {

    private static final String KEEPS = "FDSTORE";

    @TempDir
    private Path directory;

    @BeforeEach
    void build() throws IOException {
        Apps.http("v1").moveTo(jar());
    }

    private Path jar() {
        return directory.resolve("app.jar");
    }

    private Command startBelow(String socket, Map<String, String> environment, String... options) throws Exception {
        Tool python = Tool.find("python3", "python3");
        Path script = directory.resolve("service-manager.py");
        try (InputStream text = Objects.requireNonNull(
                NotifyIT.class.getResourceAsStream(script.getFileName().toString()))) {
            Files.copy(text, script);
        }
        List<String> command = new ArrayList<>(List.of(
                python.command().toString(), script.toString(), socket, Command.SCRIPT.toString(), "--app=app.jar"));
        command.addAll(Arrays.asList(options));
        return Command.start(directory, environment, command);
    }

    private Command startBelow(Map<String, String> environment, String... options) throws Exception {
        return startBelow(directory.resolve("notify").toString(), environment, options);
    }

    private static Stream<String> notified(Command manager) {
        return manager.transcript().lines().filter(line -> line.startsWith("notified "));
    }

    private static String states(Command manager) {
        return notified(manager)
                .flatMap(line -> Stream.of("READY", "RELOADING", "STOPPING")
                        .filter(state -> line.startsWith("notified " + state + "=1")))
                .collect(Collectors.joining(" "));
    }

    private static long monotonicMicros() {
        return System.nanoTime() / 1000;
    }

    @Test
    void readyIsToldOnlyWhenTheFirstGenerationServes() throws Exception {
        Path go = directory.resolve("go");
        Apps.starting("while (!java.nio.file.Files.exists(java.nio.file.Path.of(\"" + go
                        + "\"))) Thread.sleep(10); context.listener().serve(new io.netty.channel.ChannelInitializer<>() {"
                        + " protected void initChannel(io.netty.channel.Channel channel) {} });")
                .moveTo(jar());
        try (Command manager = startBelow(Map.of(), "--port=0")) {
            manager.await("notified EXTEND_TIMEOUT_USEC=20000000 ");
            manager.await("notified EXTEND_TIMEOUT_USEC=20000000 ");
            assertTrue(notified(manager).allMatch(line -> line.startsWith("notified EXTEND_")));
            Files.createFile(go);
            manager.await("notified READY=1 STATUS=generation 1 serving app.jar: .* ");
        }
    }

    @Test
    void aFirstBuildThatHasFailedIsGivenNoMoreTime() throws Exception {
        Files.writeString(jar(), "no jar");
        try (Command manager = startBelow(Map.of("WATCHDOG_USEC", "2000000"), "--port=0")) {
            manager.await("notified STATUS=.*app.jar is no jar.*; waiting for the next build ");
            long extensions =
                    notified(manager).filter(line -> line.contains("EXTEND_")).count();
            for (int i = 0; i < 8; i++) { // seconds: another extension would be due
                manager.await("notified WATCHDOG=1 ");
            }
            assertEquals(
                    extensions,
                    notified(manager).filter(line -> line.contains("EXTEND_")).count());
            assertFalse(manager.hasSaid("notified READY=1.*"));
            Apps.http("v1").moveTo(jar());
            manager.await("notified READY=1 STATUS=generation \\d serving app.jar: .* ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"path", "@abstract"})
    void eachSwapIsToldWithItsEnd(String kind) throws Exception {
        String socket = kind.startsWith("@")
                ? kind + UUID.randomUUID()
                : directory.resolve(kind).toString();
        try (Command manager = startBelow(socket, Map.of(), "--port=0")) {
            manager.await("notified READY=1 STATUS=generation 1 serving app.jar: .* ");

            long before = monotonicMicros();
            manager.type("HUP\n");
            String reloading = manager.await("notified RELOADING=1 MONOTONIC_USEC=\\d+ STATUS=swap asked for ");
            long told = Long.parseLong(reloading.replaceAll(".*_USEC=(\\d+) .*", "$1"));
            assertTrue(before <= told && told <= monotonicMicros(), reloading);
            manager.await("notified READY=1 STATUS=generation 2 serving app.jar: .* ");

            Apps.http("v1").moveTo(jar());
            manager.await("notified RELOADING=1 MONOTONIC_USEC=\\d+ STATUS=changed: .*app.jar ");
            manager.await("notified READY=1 STATUS=generation 2 goes on: .* ");

            Apps.starting("throw new IllegalStateException(\"no\\nREADY=1\");").moveTo(jar());
            manager.await("notified RELOADING=1 MONOTONIC_USEC=\\d+ STATUS=changed: .*app.jar ");
            manager.await("notified READY=1 STATUS=app.jar failed to start: .*: no; READY=1; .* ");

            Apps.http("v2").moveTo(jar());
            manager.await("notified RELOADING=1 MONOTONIC_USEC=\\d+ STATUS=changed: .*app.jar ");
            manager.await("notified READY=1 STATUS=generation \\d serving app.jar: .* ");

            manager.type("TERM\n");
            manager.await("notified STOPPING=1 STATUS=stopping: .* ");
            manager.type("end\n");
            manager.await("ended 0");
            assertTrue(
                    states(manager).matches("READY( RELOADING READY){4,} STOPPING"), // a change may be seen twice
                    manager::transcript);
            assertTrue(notified(manager).allMatch(line -> line.endsWith(" ")), "by the main process only");
            assertFalse(manager.hasSaid("WARNING: .*"), manager::transcript);
        }
    }

    @Test
    void manyRequestsEndInReady() throws Exception {
        try (Command manager = startBelow(Map.of(), "--port=0")) {
            manager.await("notified READY=1 .*");
            for (int i = 0; i < 20; i++) {
                manager.type("HUP\n");
            }
            manager.await("notified RELOADING=1 .*");
            while (!states(manager).endsWith("READY")) {
                manager.await("notified (READY|RELOADING)=1 .*");
            }
            manager.type("TERM\nend\n");
            manager.await("ended 0");
        }
    }

    @Test
    void theWatchdogIsSilentWhileNothingIsAccepted() throws Exception {
        Path go = directory.resolve("go");
        Apps.starting("""
                        context.listener().serve(new io.netty.channel.ChannelInitializer<>() {
                            protected void initChannel(io.netty.channel.Channel channel) {
                                channel.parent().eventLoop().execute(() -> {
                                    System.out.println("blocked");
                                    try {
                                        while (!java.nio.file.Files.exists(java.nio.file.Path.of("%s"))) Thread.sleep(10);
                                    } catch (InterruptedException e) {
                                        throw new IllegalStateException(e);
                                    }
                                    System.out.println("free again");
                                });
                            }
                        });
                        """.formatted(go)).moveTo(jar());
        try (Command manager = startBelow(Map.of("WATCHDOG_USEC", "100000"), "--port=0")) {
            manager.await("notified READY=1 .*");
            manager.await("notified WATCHDOG=1 ");
            try (Client client = Client.connect(manager.awaitSocket())) {
                client.send("any");
                manager.await("blocked");
                TimeUnit.SECONDS.sleep(1); // for 20 signs of life
                Files.createFile(go);
                manager.await("free again");
            }
            manager.await("notified WATCHDOG=1 ");
            List<String> lines = manager.transcript().lines().toList();
            long meanwhile = lines.subList(lines.indexOf("blocked"), lines.indexOf("free again")).stream()
                    .filter("notified WATCHDOG=1 "::equals)
                    .count();
            assertTrue(meanwhile <= 2, () -> meanwhile + " signs of life"); // those that were under way
        }
    }

    @Test
    void aSocketThatIsKeptRefusesNobodyWhileTheSupervisorIsDead() throws Exception {
        int port = FreePort.find();
        Path unix = directory.resolve("u.sock");
        Map<String, String> keeps = Map.of(KEEPS, "4");
        try (Command manager = startBelow(keeps, "--socket=http::" + port, "--socket=http-unix=http::" + unix)) {
            manager.await("notified FDSTORE=1 FDNAME=http=.*");
            manager.await("notified FDSTORE=1 FDNAME=http-unix=.*");
            manager.await("notified READY=1 .*");
            InetSocketAddress address = manager.awaitSocket();
            assertEquals("v1 gen=1 n=1", Client.get(address, "/").body());

            manager.type("TERM\nend\n"); // the one that has bound them
            manager.await("ended 0");
            restartsWhileClientsWait(manager, address, unix);

            manager.type("kill\n");
            manager.await("killed");
            restartsWhileClientsWait(manager, address, unix);
            assertEquals(
                    2,
                    notified(manager).filter(line -> line.contains("FDSTORE=1")).count(),
                    "once for each");
            assertFalse(manager.hasSaid(".*FDSTOREREMOVE.*"));
        }
    }

    private static void restartsWhileClientsWait(Command manager, InetSocketAddress address, Path unix)
            throws Exception {
        try (Client waiting = Client.connect(address);
                Client local = Client.connect(unix)) {
            waiting.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            manager.type("start\n");
            manager.await("started \\d+ with http-unix=\\w+ http=\\w+");
            assertEquals("v1 gen=1 n=1", waiting.answer().body());
            assertEquals("v1 gen=1 n=1", local.get("/").body());
            manager.await("~> http\\+unix:" + unix + " .*");
        }
        manager.await("notified READY=1 .*");
    }

    @Test
    void anUpgradeTellsTheNewMainProcessWhichThenSpeaks() throws Exception {
        Map<String, String> environment = Map.of(KEEPS, "4", "XDG_RUNTIME_DIR", directory.toString());
        long successor = 0;
        try (Command manager = startBelow(environment, "--port=0")) {
            manager.await("notified READY=1 .*");
            InetSocketAddress address = manager.awaitSocket();
            try (Client client = Client.connect(address)) {
                assertEquals("v1 gen=1 n=1", client.get("/").body());
                manager.type("USR2\n");
                String line = manager.await("notified MAINPID=\\d+ READY=1 ");
                successor = Long.parseLong(line.replaceAll("\\D*MAINPID=(\\d+).*", "$1"));
                manager.type("end\n");
                manager.await("ended 0");
                assertEquals("v1 gen=2 n=1", client.get("/").body());
                Apps.http("v2").moveTo(jar());
                manager.await("notified RELOADING=1 .* "); // by no other process than the main one
                manager.await("notified READY=1 .*generation 3 serving.* ");
                assertEquals("v2 gen=3 n=1", client.get("/").body());
            }
            assertFalse(manager.hasSaid("notified STOPPING.*"), manager::transcript);
            assertEquals(
                    1,
                    notified(manager).filter(line -> line.contains("FDSTORE=1")).count(),
                    "it is kept already");
            manager.type("TERM\n");
            manager.await("notified STOPPING=1 .* ");
        } finally {
            if (successor != 0) {
                ProcessHandle.of(successor).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    @Test
    void aSocketThatIsSetNoMoreIsClosedByAllBeforeTheNextIsBound() throws Exception {
        int port = FreePort.find();
        Files.writeString(directory.resolve("options"), "--socket=http::" + port + "\n--socket=more=http::0");
        try (Command manager = startBelow(Map.of(KEEPS, "4"), "@options")) {
            manager.await("notified FDSTORE=1 FDNAME=more=.*");
            manager.await("notified READY=1 .*");
            InetSocketAddress first = manager.awaitSocket();
            InetSocketAddress more = manager.awaitSocket();
            manager.type("TERM\nend\n");
            manager.await("ended 0");

            Files.writeString(
                    directory.resolve("options"), "--socket=http::0.0.0.0:" + port); // it overlaps the kept one
            manager.type("start\n");
            manager.await("notified FDSTOREREMOVE=1 FDNAME=http=.*");
            manager.await("notified FDSTOREREMOVE=1 FDNAME=more=.*");
            manager.await("notified READY=1 .*");
            assertEquals("v1 gen=1 n=1", Client.get(first, "/").body());
            assertThrows(ConnectException.class, () -> Client.connect(more));
            manager.await("notified FDSTORE=1 FDNAME=http=.*");
            assertFalse(manager.hasSaid(".*can't.*"), manager::transcript);
        }
    }

    @Test
    void aKeptUnixSocketWhoseFileIsGoneIsBoundAnew() throws Exception {
        Path unix = directory.resolve("u.sock");
        try (Command manager = startBelow(Map.of(KEEPS, "4"), "--socket=http::" + unix)) {
            manager.await("notified FDSTORE=1 .*");
            manager.await("notified READY=1 .*");
            manager.type("kill\n");
            manager.await("killed");
            Files.delete(unix);
            manager.type("start\n");
            manager.await("notified FDSTOREREMOVE=1 FDNAME=http=.*");
            manager.await("notified FDSTORE=1 FDNAME=http=.*");
            manager.await("notified READY=1 .*");
            try (Client client = Client.connect(unix)) {
                assertEquals("v1 gen=1 n=1", client.get("/").body());
            }
        }
    }

    @Test
    void withoutAStoreASocketIsNotGivenAway() throws Exception {
        Path unix = directory.resolve("u.sock");
        try (Command manager = startBelow(Map.of(), "--socket=http::" + unix)) {
            manager.await("notified READY=1 .*");
            manager.type("TERM\nend\n");
            manager.await("ended 0");
            assertFalse(manager.hasSaid(".*FDSTORE.*"));
            assertFalse(Files.exists(unix), "nobody else has it");
        }
    }

    @Test
    void aServiceManagerThatIsNotThereIsNamedOnce() throws Exception {
        Map<String, String> environment =
                Map.of("NOTIFY_SOCKET", directory.resolve("nobody").toString());
        List<String> command = List.of(Command.SCRIPT.toString(), "--app=app.jar", "--port=0");
        try (Command supervisor = Command.start(directory, environment, command)) {
            InetSocketAddress address = supervisor.awaitSocket();
            supervisor.await(".*can't notify the service manager at .*nobody: .*");
            supervisor.await("generation 1 serving .*");
            assertEquals("v1 gen=1 n=1", Client.get(address, "/").body());
            supervisor.signal("HUP");
            supervisor.await("generation 2 serving .*");
            supervisor.signal("TERM");
            assertEquals(0, supervisor.exitCode());
            assertEquals(
                    1,
                    supervisor
                            .transcript()
                            .lines()
                            .filter(line -> line.contains("can't notify"))
                            .count());
        }
    }

    @Test
    void withoutAServiceManagerNothingOfThatIsLoaded() throws Exception {
        Map<String, String> environment = new HashMap<>();
        environment.put("SUPERVISOR_JAVA_OPTS", "-Xlog:class+load:file=loaded.txt");
        environment.put("WATCHDOG_USEC", "1000");
        environment.put(KEEPS, "1");
        List<String> command = List.of(Command.SCRIPT.toString(), "--app=app.jar", "--port=0");
        try (Command supervisor = Command.start(directory, environment, command)) {
            supervisor.await("generation 1 serving .*");
            supervisor.signal("QUIT");
            supervisor.await("\"supervisor-accept.*");
            supervisor.signal("TERM");
            assertEquals(0, supervisor.exitCode());
            assertFalse(supervisor.hasSaid("\"supervisor-notify.*"), supervisor::transcript);
            assertFalse(Files.readString(directory.resolve("loaded.txt")).contains(" org.newsclub."));
        }
    }
}
