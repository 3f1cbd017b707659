package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Await;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Command;
import dev.supervisor.testing.FreePort;
import dev.supervisor.testing.SameOnEveryJdk;
import dev.supervisor.testing.TestBuild;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Several applications in one process of the real command. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD) // a read of a process's output can't be interrupted
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it is about signals")
@SameOnEveryJdk
class ApplicationsIT {

    /** Does at its start what its argument says. */
    private static final String ODD = """
            package app;

            import dev.supervisor.spi.*;
            import java.util.concurrent.CountDownLatch;

            public class Odd implements Application {
                public void start(ApplicationContext context) throws Exception {
                    switch (context.arguments().get(0)) {
                        case "throw" -> throw new IllegalStateException("no database");
                        case "hang" -> new CountDownLatch(1).await();
                        case "exit" -> System.exit(3);
                        case "flood" -> {
                            Thread flood = new Thread(() -> { while (true) System.out.println("flood ".repeat(100)); });
                            flood.setDaemon(true);
                            flood.start();
                        }
                        default -> throw new AssertionError();
                    }
                }
            }
            """;

    @TempDir
    private Path directory;

    @BeforeEach
    void build() throws Exception {
        Apps.http("v1").moveTo(directory.resolve("good.jar"));
        TestBuild.of(ODD).withProvider("app.Odd").moveTo(directory.resolve("odd.jar"));
    }

    private Command start(String configuration, String... arguments) throws Exception {
        Files.writeString(directory.resolve("s.yaml"), configuration);
        String[] all = new String[arguments.length + 2];
        all[0] = "--config";
        all[1] = "s.yaml";
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return Command.start(directory, all);
    }

    private static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static void assertServed(Command command, int port) throws Exception {
        assertEquals("v1 gen=1 n=1", Client.get(local(port), "/").body(), command::transcript);
    }

    private static void assertContains(String text, String part) {
        assertTrue(text.contains(part), () -> "no '" + part + "' in:\n" + text);
    }

    @Test
    void oneThatFailsOneThatHangsAndOneThatExitsDisturbNoOther() throws Exception {
        int port = FreePort.find();
        try (Command command = start("""
                        events: json:events
                        on-swap: echo hook $SUPERVISOR_APPLICATION $SUPERVISOR_STATUS
                        defaults: { app: odd.jar, port: 0, start-timeout: 60s, stop-timeout: 1s }
                        applications:
                          fails: { arguments: throw }
                          hangs: { arguments: [ hang ] }
                          exits: { arguments: exit }
                          good: { app: good.jar, port: %d }
                        """.formatted(port))) {
            command.await("good  \\| generation 1 serving good.jar: .*");
            assertServed(command, port);
            command.await("fails \\| odd.jar failed to start: java.lang.IllegalStateException: no database");
            command.await("exits \\| .*exit.*3.*");
            command.await("hook fails failed");
            command.await("hook good serving");
            Apps.http("v2").moveTo(directory.resolve("good.jar"));
            command.await("good  \\| generation 2 serving good.jar: .*");
            assertEquals("v2 gen=2 n=1", Client.get(local(port), "/").body());
            Await.until(
                    "events with names",
                    () -> events().stream()
                            .anyMatch(event -> event.get("event").getAsString().equals("serving")
                                    && event.get("app").getAsString().equals("good")
                                    && event.get("generation").getAsInt() == 2));
            assertTrue(events().stream().allMatch(event -> event.has("app")));
            assertFalse(command.hasSaid("hangs \\| .*(serving|failed).*"), "it still hangs");
            command.signal("TERM");
            assertEquals(0, command.exitCode());
        }
    }

    private List<JsonObject> events() throws Exception {
        return Files.readAllLines(directory.resolve("events")).stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
    }

    @Test
    void whereAPortIsTakenTheOthersGoOn() throws Exception {
        int port = FreePort.find();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String configuration =
                    "applications:\n  late: { app: good.jar, port: %d }\n  good: { app: good.jar, port: %d }\n"
                            .formatted(taken.getLocalPort(), port);
            try (Command command = start(configuration)) {
                command.await("late \\| supervisor: can't bind http::127.0.0.1:" + taken.getLocalPort() + ": .*");
                command.await("good \\| generation 1 serving .*");
                assertServed(command, port);
                command.signal("TERM");
                assertEquals(1, command.exitCode(), "since one could not be started");
            }
            try (Command command = start(configuration, "--fail-fast")) {
                command.await("late \\| supervisor: can't bind .*");
                assertEquals(1, command.exitCode(), "at once");
            }
        }
    }

    @Test
    void withFailFastTheFirstFailureEndsAll() throws Exception {
        try (Command command = start("""
                fail-fast: true
                applications:
                  good: { app: good.jar, port: 0 }
                  fails: { app: odd.jar, port: 0, arguments: throw }
                """)) {
            command.await("fails \\| odd.jar failed to start: .*");
            assertEquals(1, command.exitCode());
        }
    }

    @Test
    void oneThatFloodsTheOutputHoldsNoOtherUp() throws Exception {
        int port = FreePort.find();
        try (Command command = start("""
                applications:
                  floods: { app: odd.jar, port: 0, arguments: flood }
                  good: { app: good.jar, port: %d }
                """.formatted(port))) {
            Await.until("an answer", () -> {
                try {
                    return Client.get(local(port), "/").body().startsWith("v1 ");
                } catch (ConnectException e) { // it is not bound yet
                    return false;
                }
            });
            Apps.http("v2").moveTo(directory.resolve("good.jar"));
            Await.until(
                    "the next build", () -> Client.get(local(port), "/").body().startsWith("v2 "));
            command.signal("TERM");
            assertEquals(0, command.exitCode());
        }
    }

    @Test
    void aHangUpSwapsAllAndBuildsAreNamed() throws Exception {
        try (Command command = start("""
                applications:
                  a: { app: good.jar, port: 0, build: "echo building a", watch: s.yaml }
                  bb: { app: good.jar, port: 0 }
                """)) {
            command.await("a  \\| .*building a");
            command.await("a  \\| generation 1 serving .*");
            command.await("bb \\| generation 1 serving .*");
            command.signal("HUP");
            command.await("a  \\| swap asked for");
            command.await("bb \\| generation 2 serving .*");
            command.signal("TERM");
            assertEquals(0, command.exitCode());
        }
    }

    @Test
    void passedSocketsGoToTheApplicationThatNamesThem() throws Exception {
        int shop = FreePort.find();
        int api = FreePort.find();
        Files.writeString(directory.resolve("s.yaml"), """
                applications:
                  shop: { app: good.jar, inherit: http-shop=http }
                  api: { app: good.jar, socket: "http-api=http::%d" }
                """.formatted(api));
        List<String> line = List.of(
                Command.SCRIPT.toString(),
                "exec",
                "--socket",
                "http-api=http::" + api,
                "--socket",
                "http-shop=http::" + shop,
                "--",
                Command.SCRIPT.toString(),
                "--config",
                "s.yaml");
        try (Command command = Command.start(directory, Map.of(), line)) {
            command.await("shop \\| generation 1 serving .*");
            command.await("api  \\| generation 1 serving .*");
            assertServed(command, shop);
            assertServed(command, api);
        }
    }

    @Test
    void anUpgradeIsRefused() throws Exception {
        Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", directory.toString(), "SUPERVISOR_COLOR", "never");
        Files.writeString(directory.resolve("s.yaml"), "applications: { a: { app: good.jar, port: 0 } }");
        try (Command command =
                Command.start(directory, environment, List.of(Command.SCRIPT.toString(), "--config", "s.yaml"))) {
            command.await("generation 1 serving .*");
            try (Command upgrade =
                    Command.start(directory, environment, List.of(Command.SCRIPT.toString(), "upgrade"))) {
                upgrade.await(".*can't upgrade: a supervisor with --config can't be upgraded \\(restart it\\).*");
                assertEquals(1, upgrade.exitCode());
            }
            command.signal("TERM");
            assertEquals(0, command.exitCode());
        }
    }

    @Test
    void aConfigurationIsChecked() throws Exception {
        Files.writeString(directory.resolve("supervisor.yaml"), """
                applications:
                  shop: { app: good.jar, port: 8888 }
                  api: { app: api.jar, socket: [ "http::9000", "unix::/run/api.sock" ], build: make, watch: good.jar }
                  old: { app: old.jar, port: 1 }
                """);
        try (Command check = Command.start(directory, "config", "check")) {
            assertEquals(0, check.exitCode());
            assertContains(check.transcript(), "supervisor.yaml:4:10: warning: old: 'old.jar' does not exist yet");
            assertContains(check.transcript(), """
                    supervisor.yaml: 3 applications
                      shop  http::127.0.0.1:8888  good.jar
                      api   http::127.0.0.1:9000, unix::/run/api.sock  api.jar, built by 'make'
                      old   http::127.0.0.1:1  old.jar""");
        }
        Files.writeString(directory.resolve("supervisor.yaml"), "applications:\n  shop: { prot: 1 }\n  a: 3\n");
        try (Command check = Command.start(directory, "config", "check", "supervisor.yaml")) {
            assertEquals(1, check.exitCode());
            assertEquals("""
                    supervisor.yaml:2:3: shop: there is no application to run (add app build/libs/app.jar)
                    supervisor.yaml:2:11: there is no key 'prot' (did you mean 'port'?)
                    supervisor.yaml:3:6: a: expected keys with values, such as 'app: app.jar', and not '3'""", check.transcript());
        }
        try (Command run = Command.start(directory, "--config", "supervisor.yaml")) {
            assertEquals(2, run.exitCode());
            assertContains(run.transcript(), "supervisor.yaml:2:11: there is no key 'prot' (did you mean 'port'?)");
        }
        try (Command check = Command.start(directory, "config", "check", "none.yaml")) {
            assertEquals(2, check.exitCode());
            assertContains(check.transcript(), "there is no configuration file 'none.yaml'");
        }
        try (Command run = Command.start(directory, "--config", "supervisor.yaml", "--port", "1")) {
            assertEquals(2, run.exitCode());
            assertContains(run.transcript(), "--port is about an application: with --config it stands in the file");
        }
    }
}
