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
import dev.supervisor.testing.Project;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The real command in a real process. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD) // a read of a process's output can't be interrupted
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it is about a POSIX shell script and signals")
class CommandIT {

    @TempDir
    private Path directory;

    @BeforeEach
    void build() throws Exception {
        Apps.http("v1").moveTo(directory.resolve("app.jar"));
    }

    private static void assertContains(String text, String... parts) {
        for (String part : parts) {
            assertTrue(text.contains(part), () -> "no '" + part + "' in:\n" + text);
        }
    }

    @Test
    void itServesSwapsAndStops() throws Exception {
        try (Command command = Command.start(directory, "--port", "0", "--app", "app.jar")) {
            InetSocketAddress address = command.awaitSocket();
            command.await("generation 1 serving app.jar: loaded \\d+ ms, started \\d+ ms.*");
            assertEquals("v1 gen=1 n=1", Client.get(address, "/").body());
            Apps.http("v2").moveTo(directory.resolve("app.jar"));
            command.await("generation 2 serving .*");
            assertEquals("v2 gen=2 n=1", Client.get(address, "/").body());
            command.signal("HUP");
            command.await("generation 3 serving .*");
            command.signal("INT");
            assertEquals(0, command.exitCode());
            assertContains(command.transcript(), "stopping: ", "generation 3 ended");
        }
    }

    @Test
    void eventsAreWrittenAsJsonForPrograms() throws Exception {
        Path file = directory.resolve("events");
        try (Command command = Command.start(directory, "--port", "0", "--app", "app.jar", "--events", "json:events")) {
            InetSocketAddress address = command.awaitSocket();
            command.await("generation 1 serving .*");
            command.signal("INT");
            assertEquals(0, command.exitCode());
            List<JsonObject> events = Files.readAllLines(file).stream()
                    .map(line -> JsonParser.parseString(line).getAsJsonObject())
                    .toList();
            assertEquals(
                    List.of("listening", "serving", "stopping", "ended"),
                    events.stream()
                            .map(event -> event.get("event").getAsString())
                            .filter(name -> !name.equals("unloaded"))
                            .toList());
            assertEquals(
                    NetUtil.toSocketAddressString(address),
                    events.get(0).get("address").getAsString());
            assertEquals(1, events.get(1).get("generation").getAsInt());
        }
    }

    @Test
    void aPlaceForEventsThatCantBeWrittenIsWrongUsage() throws Exception {
        try (Command command =
                Command.start(directory, "--port", "0", "--app", "app.jar", "--events", "json:no/such/directory")) {
            assertEquals(2, command.exitCode());
            assertContains(command.transcript(), "can't write events to 'no/such/directory'");
        }
        try (Command command = Command.start(directory, "--port", "0", "--app", "app.jar", "--events", "xml")) {
            assertEquals(2, command.exitCode());
            assertContains(command.transcript(), "--events is 'xml', which is neither json nor json:FILE");
        }
    }

    @Test
    void itWorksThroughASymbolicLinkAndByEnvironmentAndFile() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), Command.SCRIPT);
        Path file = Files.writeString(directory.resolve("options"), "--app app.jar\n--drain-timeout 1s");
        try (Command command = Command.start(
                directory,
                Map.of("SUPERVISOR_SOCKET", "web=http::0", "SUPERVISOR_QUIET", "true", "SUPERVISOR_COLOR", "always"),
                List.of(link.toString(), "@" + file))) {
            String line = command.await(".*~> http://127.0.0.1:\\d+/  \\(web\\).*");
            assertTrue(line.startsWith("\u001b["), "colored");
            command.signal("TERM");
            assertEquals(0, command.exitCode());
            assertFalse(command.transcript().contains("serving"), "quiet");
        }
    }

    @Test
    void whatStandsAfterTheDashesIsForTheApplication() throws Exception {
        Apps.starting("System.out.println(\"arguments \" + context.arguments());")
                .moveTo(directory.resolve("app.jar"));
        try (Command command = Command.start(directory, "-p", "0", "-a", "app.jar", "--", "--port", "x", "@y")) {
            command.await("arguments \\[--port, x, @y\\]");
        }
    }

    @Test
    void theStatusIsShownByHttp() throws Exception {
        int port = FreePort.find();
        try (Command command =
                Command.start(directory, "-p", "0", "-a", "app.jar", "--admin", Integer.toString(port))) {
            InetSocketAddress status = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            command.await("~> http://127\\.0\\.0\\.1:" + port + "/  \\(the status\\)");
            command.await("generation 1 serving .*");
            JsonObject before = JsonParser.parseString(
                            Client.get(status, "/status.json").body())
                    .getAsJsonObject();
            assertEquals("serving", before.get("state").getAsString());
            assertEquals(
                    "app",
                    before.getAsJsonArray("applications")
                            .get(0)
                            .getAsJsonObject()
                            .get("name")
                            .getAsString());
            command.signal("INT");
            assertEquals(0, command.exitCode());
        }
    }

    @Test
    void aPortOfTheStatusThatIsTakenFailsTheStartBeforeThereAreOtherSockets() throws Exception {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Command command = Command.start(
                        directory, "-p", "0", "-a", "app.jar", "--admin", Integer.toString(holder.getLocalPort()))) {
            assertEquals(1, command.exitCode());
            assertContains(
                    command.transcript(),
                    "can't bind 127.0.0.1:" + holder.getLocalPort() + " for --admin",
                    "use another port");
            assertFalse(command.transcript().contains("~>"), "nothing is bound");
        }
    }

    @Test
    void aPortThatIsTakenIsNamedAndFailsTheStart() throws Exception {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Command command =
                        Command.start(directory, "-p", Integer.toString(holder.getLocalPort()), "-a", "app.jar")) {
            assertEquals(1, command.exitCode());
            assertContains(
                    command.transcript(),
                    "can't bind http::127.0.0.1:" + holder.getLocalPort(),
                    "address already in use",
                    "ss -ltnp",
                    "0 picks a free one");
            assertFalse(command.transcript().contains("\tat "), "no stack trace");
        }
    }

    @Test
    void wrongUsageIsExplained() throws Exception {
        try (Command command = Command.start(directory, "-p", "0")) {
            assertEquals(2, command.exitCode());
            assertContains(command.transcript(), "--app", "--help");
        }
    }

    @Test
    void aSecondSignalEndsAtOnce() throws Exception {
        try (Command command = Command.start(directory, "-p", "0", "-a", "app.jar", "--drain-timeout", "1h");
                Client slow = Client.connect(command.awaitSocket())) {
            slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(200, slow.head().status());
            command.signal("TERM");
            command.await("stopping: .*");
            command.signal("TERM");
            assertEquals(128 + 15, command.exitCode());
        }
    }

    @Test
    void aStopDelayGoesOnAcceptingAndASecondSignalEndsItAtOnce() throws Exception {
        try (Command command = Command.start(directory, "-p", "0", "-a", "app.jar", "--stop-delay", "1h")) {
            InetSocketAddress address = command.awaitSocket();
            command.await("generation 1 serving .*");
            command.signal("TERM");
            command.await("stopping: accepting for 3600.0 s more, .*");
            Client.Answer answer = Client.get(address, "/");
            while (!answer.header("connection").equals("close")) {
                answer = Client.get(address, "/");
            }
            assertEquals("v1 gen=1 n=1", answer.body());
            command.signal("TERM");
            assertEquals(128 + 15, command.exitCode());
        }
    }

    @Test
    void aStopDelayEndsInAnOrderlyStop() throws Exception {
        try (Command command =
                Command.start(directory, "-p", "0", "-a", "app.jar", "--stop-delay", "500ms", "--drain-timeout", "0")) {
            command.await("generation 1 serving .*");
            command.signal("TERM");
            assertEquals(0, command.exitCode());
            assertContains(command.transcript(), "stopping: accepting for 0.5 s more, ", "generation 1 ended");
        }
    }

    @Test
    void stoppingLetsARequestInFlightFinishAndAcceptsNoMore() throws Exception {
        try (Command command = Command.start(directory, "-p", "0", "-a", "app.jar");
                Client slow = Client.connect(command.awaitSocket());
                Client go = Client.connect(slow.remoteAddress())) {
            slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(200, slow.head().status());
            go.beginPost("/go");
            assertEquals("v1 gen=1 n=1", Client.get(slow.remoteAddress(), "/").body());
            command.signal("INT");
            command.await("stopping: .*");
            slow.awaitRefusal();
            go.send("x");
            assertEquals("gone", go.answer().body());
            assertEquals("11", slow.line());
            slow.read("begun by v1 gen=1\r\n13\r\n, ended by v1 gen=1\r\n0\r\n\r\n".length());
            assertTrue(slow.isClosed());
            assertEquals(0, command.exitCode());
        }
    }

    @Test
    void aMissingJavaIsExplained() throws Exception {
        try (Command command = Command.start(
                directory, Map.of("JAVA_HOME", directory.toString()), List.of(Command.SCRIPT.toString(), "--help"))) {
            assertEquals(1, command.exitCode());
            assertContains(command.transcript(), "JAVA_HOME is '" + directory + "'", "17+");
        }
    }

    @Test
    void aPlaceWhereItCanNotRunIsExplained() throws Exception {
        for (String place : List.of("co:lon", "bang!", "empty")) {
            Path script = directory.resolve(place).resolve("bin/supervisor");
            Files.createDirectories(script.resolveSibling(""));
            Files.copy(Command.SCRIPT, script);
            try (Command command = Command.start(directory, Map.of(), List.of("sh", script.toString(), "--version"))) {
                assertEquals(1, command.exitCode());
                String why = place.equals("empty") ? "there is no lib/supervisor.jar in '" : "can't run in '";
                assertContains(command.transcript(), "supervisor: " + why + directory.resolve(place) + "'");
            }
        }
    }

    @Test
    void helpNamesEveryOptionWithItsDefaultAndVersionSaysWhatRuns() throws Exception {
        try (Command help = Command.start(directory, "--help");
                Command version = Command.start(directory, "--version")) {
            assertEquals(0, help.exitCode());
            assertContains(
                    help.transcript().replaceAll("\\s+", " "),
                    "-p, --port",
                    "-s, --socket",
                    "-a, --app",
                    "--lib",
                    "--app-class",
                    "--swap",
                    "Default: hold",
                    "--start-timeout",
                    "Default: 30s",
                    "--drain-timeout",
                    "--hold-timeout",
                    "Default: 60s",
                    "--max-held",
                    "Default: 10000",
                    "--backlog",
                    "Default: 4096",
                    "--settle",
                    "Default: 10ms",
                    "--poll",
                    "-q, --quiet",
                    "--color",
                    "--version",
                    "SUPERVISOR_MAX_HELD",
                    "@FILE",
                    "HUP");
            assertEquals(0, version.exitCode());
            assertTrue(
                    version.transcript().matches("(?s)supervisor \\d.*Netty 4\\.2\\..*Java .*"), version.transcript());
        }
    }

    @Test
    void itBuildsWhenASourceChangesAndEndsABuildThatRunsWhenItIsStopped() throws Exception {
        Project project = Project.create(directory, "one");
        project.write("slow.sh", "[ -e slow ] && { sleep 1000 & echo $! > child; wait; }; exec sh build.sh");
        try (Command command = Command.start(
                directory,
                "--port",
                "0",
                "--app",
                "app.jar",
                "--build",
                "sh slow.sh",
                "--on-swap",
                "echo swapped: $SUPERVISOR_STATUS $SUPERVISOR_GENERATION")) {
            InetSocketAddress address = command.awaitSocket();
            command.await("building: sh slow.sh");
            command.await("built in .*");
            command.await("generation 1 serving app.jar: .*");
            command.await("swapped: serving 1");
            project.say("two");
            command.await("changed: src/app/Text.java");
            command.await("generation 2 serving .*");
            assertEquals("two", Client.get(address, "/").body());
            project.say("three;\" +");
            command.await(" *src/app/Text.java:\\d+: error: .*"); // the output is shown as it comes
            command.await("'sh slow.sh' failed with exit code 1.*");
            command.await("swapped: failed 2");

            project.write("slow", "");
            project.say("four");
            long child = Await.pid(directory.resolve("child"));
            command.signal("INT");
            assertEquals(0, command.exitCode());
            Await.end(child);
        }
    }

    @Test
    void aStopEndsWhatOnSwapHasBegun() throws Exception {
        Apps.http("v1").moveTo(directory.resolve("app.jar"));
        String hook = "sleep 1000 & echo $! > next && mv next child; wait";
        try (Command command = Command.start(directory, "-p", "0", "-a", "app.jar", "--on-swap", hook)) {
            long child = Await.pid(directory.resolve("child"));
            command.signal("TERM");
            assertEquals(0, command.exitCode());
            Await.end(child);
        }
    }

    @Test
    void anEndAtOnceEndsTheBuildToo() throws Exception {
        Project project = Project.create(directory, "one");
        project.write(
                "slow.sh",
                "trap '' TERM; sh -c 'trap \"\" TERM; echo $$ > next && mv next child; sleep 1000'; sleep 1000");
        try (Command command = Command.start(directory, "-p", "0", "-a", "app.jar", "--build", "sh slow.sh")) {
            long child = Await.pid(directory.resolve("child"));
            command.signal("INT");
            command.await("stopping: .*"); // two signals at once may be one
            command.signal("INT");
            int code = command.exitCode();
            assertTrue(code == 128 + 2 || code == 0, () -> "0 if the build had been ended before, but not " + code);
            Await.end(child);
        }
    }

    @Test
    void aReaderThatStandsStillStopsNeitherSwapsNorTheEnd() throws Exception {
        Files.move(directory.resolve("app.jar"), directory.resolve("v1.jar"));
        Files.writeString(directory.resolve("source"), "v1");
        int port = FreePort.find();
        Process process = new ProcessBuilder(
                        Command.SCRIPT.toString(),
                        "--port",
                        String.valueOf(port),
                        "--app",
                        "app.jar",
                        "--watch",
                        "source",
                        "--build",
                        "seq 100000; cp $(cat source).jar new.jar && mv new.jar app.jar")
                .directory(directory.toFile())
                .start();
        try {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            Await.until("it listens", () -> listens(address));
            assertEquals("v1 gen=1 n=1", Client.get(address, "/").body());
            Apps.http("v2").moveTo(directory.resolve("v2.jar"));
            Files.writeString(directory.resolve("source"), "v2");
            Await.until(
                    "the second build serves",
                    () -> Client.get(address, "/").body().startsWith("v2 "));
            process.destroy(); // by TERM
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it ends");
            assertEquals(0, process.exitValue());
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** The JDK's own shutdown hook flushes standard error, which is stuck as well. */
    @Test
    void aReaderThatStandsStillDoesNotKeepTheShutdownHooksFromEnding() throws Exception {
        Apps.with(
                        "",
                        "java.util.logging.Logger.getLogger(\"app\").warning(\"first\");"
                                + " Thread talk = new Thread(() -> { for (int i = 0; i < 10_000; i++) System.err.println(\"more and more\"); });"
                                + " talk.setDaemon(true); talk.start(); Files.createFile(Path.of(\"started\"));")
                .moveTo(directory.resolve("app.jar"));
        Process process = new ProcessBuilder(
                        Command.SCRIPT.toString(), "-p", "0", "-a", "app.jar", "--stop-timeout", "100ms")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        try {
            Await.until("it starts", () -> Files.exists(directory.resolve("started")));
            process.destroy(); // by TERM
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it ends");
        } finally {
            process.destroyForcibly();
        }
    }

    private static boolean listens(InetSocketAddress address) {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void linesOfTheLogAndOfTheTranscriptAreJsonWhereThatIsAskedFor() throws Exception {
        Apps.starting("org.slf4j.LoggerFactory.getLogger(\"shop\").info(\"open\\nfor all\");")
                .moveTo(directory.resolve("app.jar"));
        try (Command command =
                Command.start(directory, "--port", "0", "--app", "app.jar", "--log", "json", "--refresh")) {
            command.await("\\{\"time\":\"[^\"]*\",\"level\":\"INFO\",\"event\":\"log\",\"generation\":1,"
                    + "\"logger\":\"shop\",\"message\":\"open\\\\nfor all\"}");
            command.await(".*\"event\":\"serving\",\"generation\":1,.*");
            command.signal("TERM");
            assertEquals(0, command.exitCode());
            command.transcript().lines().forEach(line -> assertTrue(line.matches("\\{\"time\".*}"), line));
        }
    }

    @Test
    void theFirstBuildThatFailsEndsItWhereThatIsAskedFor() throws Exception {
        Apps.starting("throw new IllegalStateException(\"no database\");").moveTo(directory.resolve("app.jar"));
        try (Command command = Command.start(directory, "--port", "0", "--app", "app.jar", "--fail-fast")) {
            assertEquals(1, command.exitCode());
            assertContains(command.transcript(), "no database", "stopping: ");
        }
        try (Command command = Command.start(
                directory, "--port", "0", "--app", "none.jar", "--fail-fast", "--hold-timeout", "100ms")) {
            assertEquals(1, command.exitCode());
            assertContains(command.transcript(), "none.jar");
        }
    }

    @Test
    void aStopEndsAlsoWhileTheApplicationBlocksWhatNettyShares() throws Exception {
        Apps.with(
                        "static void hang() { while (true) try { Thread.sleep(1000); } catch (InterruptedException e) { } }",
                        "GlobalEventExecutor.INSTANCE.execute(Leaking::hang);")
                .moveTo(directory.resolve("app.jar"));
        try (Command command = Command.start(directory, "-p", "0", "-a", "app.jar", "--stop-timeout", "100ms")) {
            command.await("generation 1 serving .*");
            command.signal("TERM");
            assertEquals(0, command.exitCode());
        }
    }

    @Test
    void aStopThatTakesTooLongIsCutShort() throws Exception {
        String hooks =
                "static void hang() { while (true) try { Thread.sleep(1000); } catch (InterruptedException e) { } }"
                        + " static void again() { while (true) try { Thread.sleep(10);"
                        + " Runtime.getRuntime().addShutdownHook(new Thread(Leaking::hang)); } catch (Exception e) { } }";
        Apps.with(hooks, "Thread again = new Thread(Leaking::again); again.setDaemon(true); again.start();")
                .moveTo(directory.resolve("app.jar"));
        try (Command command = Command.start(
                directory, "-p", "0", "-a", "app.jar", "--stop-timeout", "100ms", "--drain-timeout", "0")) {
            command.await("generation 1 serving .*");
            command.signal("TERM");
            command.await("supervisor: the (stop has|shutdown hooks of the JVM have) taken longer than \\d s.*");
            assertEquals(1, command.exitCode());
        }
    }
}
