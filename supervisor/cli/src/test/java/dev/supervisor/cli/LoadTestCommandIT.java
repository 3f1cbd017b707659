package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Command;
import dev.supervisor.testing.SameOnEveryJdk;
import dev.supervisor.testing.ScriptedServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code supervisor load-test} in a real process, against the real supervisor and other servers. */
@Timeout(120)
@SameOnEveryJdk
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it is about a POSIX shell script and signals")
class LoadTestCommandIT {

    @TempDir
    private Path directory;

    private Command loadTest(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("load-test"));
        all.addAll(List.of(arguments));
        return Command.start(directory, all.toArray(String[]::new));
    }

    private JsonObject json() throws IOException {
        return JsonParser.parseString(Files.readString(directory.resolve("result.json")))
                .getAsJsonObject();
    }

    @Test
    void whatAServerAnswersDoesNothingToTheTerminal() throws Exception {
        String treacherous = "\u001b[2Jred\u0007";
        try (ScriptedServer server =
                        ScriptedServer.start((number, exchange) -> exchange.ok(number < 5 ? "fine" : treacherous));
                Command later = loadTest(
                        server.url(), "--connections=1", "--warm-up=0s", "--duration=1s", "--expect-body=fine")) {
            assertEquals(1, later.exitCode(), later::transcript);
            assertTrue(later.hasSaid(".*; first after .* body: red.*"), later::transcript);
            assertFalse(later.transcript().contains("\u001b"), later::transcript);
        }
        try (ScriptedServer server = ScriptedServer.start((number, exchange) -> exchange.ok(treacherous));
                Command first = loadTest(server.url(), "--duration=1s", "--expect-body=fine")) {
            assertEquals(1, first.exitCode(), first::transcript);
            assertTrue(first.hasSaid("supervisor: .*red.*"), first::transcript);
            assertFalse(first.transcript().contains("\u001b"), first::transcript);
        }
    }

    @Test
    void provesThatReloadsLoseNoRequest() throws Exception {
        for (int version = 1; version <= 3; version++) {
            Apps.http("v" + version).moveTo(directory.resolve("v" + version + ".jar"));
        }
        Files.copy(directory.resolve("v1.jar"), directory.resolve("app.jar"));
        try (Command supervisor = Command.start(directory, "--port", "0", "--app", "app.jar")) {
            InetSocketAddress address = supervisor.awaitSocket();
            supervisor.await("generation 1 serving .*");
            try (Command test = loadTest(
                    "http://127.0.0.1:" + address.getPort() + "/",
                    "--connections=8",
                    "--mode=mixed",
                    "--duration=3s",
                    "--reload-every=200ms",
                    "--app=app.jar",
                    "--touch=v1.jar",
                    "--touch=v2.jar",
                    "--touch=v3.jar",
                    "--version-regex=v(\\d+) gen",
                    "--json=result.json",
                    "--html=result.html")) {
                assertEquals(0, test.exitCode(), test::transcript);
                assertTrue(test.hasSaid(" +no request failed"), test::transcript);
                assertTrue(test.hasSaid(" +2\\.\\d s .*p50.*p99.*max.*reloads?  0 failed"), test::transcript);
                assertFalse(test.transcript().contains("\u001b"), "no line that changes where there is no terminal");
            }
            JsonObject result = json();
            assertEquals(0, result.get("failed").getAsLong());
            assertTrue(result.get("connectionsOpened").getAsLong() > 4, result::toString);
            assertEquals(0, result.get("connectionsClosedByPeer").getAsLong());
            assertTrue(result.getAsJsonArray("reloads").size() >= 3, result::toString);
            for (JsonElement reload : result.getAsJsonArray("reloads")) {
                assertTrue(reload.getAsJsonObject().get("firstAnswerMillis").getAsDouble() > 0, result::toString);
            }
            assertTrue(Files.readString(directory.resolve("result.html")).contains("uPlot"));
            assertTrue(Client.get(address, "/").body().matches("v[123] gen=\\d+ n=1"));
        }
    }

    @Test
    void failsWhereARequestFails() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(
                        (number, exchange) -> exchange.answer(number == 100 ? "500 Oops" : "200 OK", ""));
                Command test =
                        loadTest(server.url(), "-c", "1", "-d", "1s", "--warm-up", "0", "--json", "result.json")) {
            assertEquals(1, test.exitCode());
            assertTrue(test.hasSaid("  1 request FAILED"), test::transcript);
            assertTrue(
                    test.hasSaid(" +1 answered with a status that was not expected; first after [\\d.]+ s: status 500"),
                    test::transcript);
            assertEquals(1, json().getAsJsonObject("failures").get("badStatus").getAsInt());
        }
    }

    @Test
    void endsEarlyWithAReportWhenItIsInterrupted() throws Exception {
        try (ScriptedServer server = ScriptedServer.start((number, exchange) -> exchange.ok(""));
                Command test = loadTest(server.url(), "--duration=1h", "--sample=1s", "--json=result.json")) {
            test.await(" +1\\.\\d s .*");
            test.signal("INT");
            assertEquals(0, test.exitCode(), test::transcript);
            assertTrue(test.hasSaid(".* \\(interrupted\\)"), test::transcript);
            assertTrue(json().get("interrupted").getAsBoolean());
        }
    }

    @Test
    void onATerminalOneLineChanges() throws Exception {
        try (ScriptedServer server = ScriptedServer.start((number, exchange) -> exchange.ok(""));
                Command test = Command.start(
                        directory,
                        Map.of("TERM", "xterm"),
                        List.of(
                                "script",
                                "-qec",
                                Command.SCRIPT + " load-test " + server.url() + " -d 2s -c 2",
                                "/dev/null"))) {
            assertEquals(0, test.exitCode(), test::transcript);
            assertTrue(
                    test.transcript().contains("\u001b[Kwarming up\n\u001b[K"),
                    test::transcript); // \r ends a line, too
            assertTrue(test.transcript().contains("no request failed"), test::transcript);
        }
    }

    @Test
    void aTargetThatIsNotThereIsExplainedInALine() throws Exception {
        ScriptedServer server = ScriptedServer.start((number, exchange) -> exchange.ok(""));
        server.close();
        try (Command test = loadTest(server.url())) {
            assertEquals(1, test.exitCode());
            assertEquals(
                    "supervisor: can't load-test " + server.url() + ": nobody listens there (is it running?)",
                    test.transcript());
        }
    }

    @Test
    void wrongUsageIsExplainedInALine() throws Exception {
        assertWrong("'x' is no duration", "http://127.0.0.1:1/", "--duration", "x");
        assertWrong("the number of connections can't be 0", "http://127.0.0.1:1/", "--connections", "0");
        assertWrong("the rate can't be -1", "http://127.0.0.1:1/", "--rate", "-1");
        assertWrong("the rate can't be Infinity", "http://127.0.0.1:1/", "--rate", "Infinity");
        assertWrong("the timeout can't be", "http://127.0.0.1:1/", "--timeout", "999999999999h");
        assertWrong("TLS is not supported", "https://127.0.0.1:1/");
        assertWrong("need each other", "http://127.0.0.1:1/", "--touch", "a.jar");
        assertWrong("a.jar' in place: it is no file", "http://127.0.0.1:1/", "--touch", "a.jar", "--app", "b.jar");
        assertWrong("don't go together", "http://127.0.0.1:1/", "--touch=a", "--app=b", "--reload-cmd=true");
    }

    private void assertWrong(String message, String... arguments) throws Exception {
        try (Command test = loadTest(arguments)) {
            assertEquals(2, test.exitCode(), test::transcript);
            assertTrue(test.transcript().contains(message), test::transcript);
            assertTrue(test.transcript().endsWith("Try 'supervisor load-test --help'."), test::transcript);
        }
    }

    @Test
    void whereTheResultCantBeWrittenItSaysSoBeforeItBegins() throws Exception {
        try (ScriptedServer server = ScriptedServer.start((number, exchange) -> exchange.ok(""));
                Command test = loadTest(server.url(), "--json", "no/such/directory/result.json")) {
            assertEquals(1, test.exitCode());
            assertTrue(test.transcript().contains("no/such/directory/result.json"), test::transcript);
            assertEquals(0, server.requests());
        }
    }

    @Test
    void helpTeaches() throws Exception {
        try (Command test = loadTest("--help")) {
            assertEquals(0, test.exitCode());
            for (String part : List.of("--rate", "Ctrl-C", "Exit codes", "Examples:", "--version-regex")) {
                assertTrue(test.transcript().contains(part), test::transcript);
            }
        }
        try (Command help = Command.start(directory, "--help")) {
            assertEquals(0, help.exitCode());
            assertTrue(help.transcript().contains("load-test"), help::transcript);
        }
    }
}
