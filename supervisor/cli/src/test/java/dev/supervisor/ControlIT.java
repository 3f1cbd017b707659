package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Await;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Command;
import dev.supervisor.testing.SameOnEveryJdk;
import dev.supervisor.testing.TestBuild;
import dev.supervisor.testing.Tool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The control socket of a running supervisor, and the commands that use it, from the distribution. */
@Timeout(180)
@EnabledOnOs(value = OS.LINUX, disabledReason = "tried there only")
@SameOnEveryJdk
class ControlIT {

    private static final int MOST_CONNECTIONS = 16;
    private static final String STARTED = "generation 1 serving.*";

    @TempDir
    private Path directory;

    private final List<Command> started = new ArrayList<>();
    private final List<SocketChannel> channels = new ArrayList<>();

    @AfterEach
    void endAll() throws IOException {
        for (SocketChannel channel : channels) {
            channel.close();
        }
        started.forEach(Command::close);
    }

    private Path jar() {
        return directory.resolve("app.jar");
    }

    private Path sockets() {
        return directory.resolve("supervisor");
    }

    private Command command(String... words) throws IOException {
        return command(List.of(), words);
    }

    /** @param by what runs the script */
    private Command command(List<String> by, String... words) throws IOException {
        Map<String, String> environment = new HashMap<>(Map.of("XDG_RUNTIME_DIR", directory.toString()));
        List<String> line = new ArrayList<>(by);
        line.add(Command.SCRIPT.toString());
        line.addAll(List.of(words));
        Command command = Command.start(directory, environment, line);
        started.add(command);
        return command;
    }

    /** Runs a command to its end, and returns its exit code and all that it has printed. */
    private String run(String... words) throws Exception {
        return run(List.of(), words);
    }

    private String run(List<String> by, String... words) throws Exception {
        Command command = command(by, words);
        return command.exitCode() + " " + command.transcript();
    }

    private void assertRun(String expected, String... words) throws Exception {
        String found = run(words);
        assertTrue(found.replace('\n', ' ').matches(expected), found);
    }

    private Command supervisor(String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of("--app=app.jar", "--port=0", "--work-dir=copies"));
        words.addAll(List.of(options));
        Command supervisor = command(words.toArray(String[]::new));
        return supervisor;
    }

    private Command serving(String... options) throws Exception {
        Apps.http("v1").moveTo(jar());
        Command supervisor = supervisor(options);
        supervisor.await(STARTED);
        Await.until("there is a control socket", () -> !controls().isEmpty());
        return supervisor;
    }

    private List<Path> controls() throws IOException {
        if (!Files.exists(sockets())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(sockets())) {
            return files.filter(file -> file.toString().endsWith(".sock")).toList();
        }
    }

    private Path control() throws IOException {
        return controls().get(0);
    }

    private SocketChannel connect() throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channels.add(channel);
        channel.connect(UnixDomainSocketAddress.of(control()));
        return channel;
    }

    private static void send(SocketChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Reads to the end of the connection. */
    private static String rest(SocketChannel channel) throws IOException {
        return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
    }

    private String ask(String request, String... headers) throws IOException {
        try (SocketChannel channel = connect()) {
            send(channel, request + " HTTP/1.1\r\nHost: localhost\r\n" + String.join("", headers) + "\r\n");
            return rest(channel);
        }
    }

    private static String curl(Tool curl, String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of(curl.command().toString()));
        line.addAll(List.of(arguments));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }

    private static String version(InetSocketAddress address) throws IOException {
        return Client.get(address, "/").body().split(" ")[0];
    }

    @Test
    void theSocketIsForThisUserAloneAndCurlIsAnswered() throws Exception {
        Command supervisor = serving();
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(sockets())));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(control())));
        Tool curl = Tool.find("curl", "curl");
        String socket = control().toString();
        String status = curl(curl, "-sS", "--unix-socket", socket, "http://localhost/status");
        assertTrue(status.startsWith("{\"version\":"), status);
        assertTrue(status.contains("\"state\":\"serving\""), status);
        String text = curl(curl, "-sS", "-H", "Accept: text/plain", "--unix-socket", socket, "http://localhost/status");
        assertTrue(text.startsWith("process "), text);
        String swapped = curl(curl, "-sS", "-X", "POST", "--unix-socket", socket, "http://localhost/swap?wait=30s");
        assertEquals("{\"result\":\"served\",\"generation\":2}\n", swapped);
        supervisor.signal("TERM");
        assertEquals(0, supervisor.exitCode());
        assertEquals(List.of(), controls());
    }

    /** Even if somebody has opened the directory and the socket to all. */
    @Test
    void anotherUserIsNotAnswered() throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can be another user");
        Tool curl = Tool.find("curl", "curl");
        Tool setpriv = Tool.find("setpriv", "util-linux");
        Command supervisor = serving();
        assertEquals(
                "4 supervisor: can't look into " + sockets() + ": permission denied",
                run(List.of(setpriv.command().toString(), "--reuid=65534", "--clear-groups"), "status"));
        String socket = control().toString();
        for (Path opened : List.of(directory, sockets(), control())) {
            Files.setPosixFilePermissions(opened, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        List<String> line = List.of(
                setpriv.command().toString(),
                "--reuid=65534",
                "--clear-groups",
                curl.command().toString(),
                "-sS",
                "--unix-socket",
                socket,
                "http://localhost/status");
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertNotEquals(0, process.waitFor(), output);
        assertFalse(output.contains("version"), output);
        supervisor.await(".*may not use the control socket.*");
        Files.setPosixFilePermissions(sockets(), PosixFilePermissions.fromString("rwx------"));
        assertRun("0 process.*", "status");
    }

    @Test
    void whatChangesSomethingIsAskedForByPost() throws Exception {
        Command supervisor = serving();
        for (String path : List.of("swap", "rollback", "pause", "resume", "drain", "stop", "upgrade")) {
            for (String method : List.of("GET", "HEAD", "PUT", "DELETE", "OPTIONS")) {
                String answer = ask(method + " /" + path);
                assertTrue(answer.startsWith("HTTP/1.1 405 "), answer);
                assertTrue(answer.contains("\r\nAllow: POST\r\n"), answer);
            }
        }
        for (String path : List.of("status", "threads", "events")) {
            assertTrue(ask("GET /" + path).startsWith("HTTP/1.1 200 "));
            String answer = ask("POST /" + path);
            assertTrue(answer.startsWith("HTTP/1.1 405 ") && answer.contains("\r\nAllow: GET\r\n"), answer);
        }
        String missing = ask("GET /nothing");
        assertTrue(missing.startsWith("HTTP/1.1 404 "), missing);
        assertTrue(missing.contains("\"GET /status\",") && missing.contains("\"POST /upgrade\""), missing);
        assertTrue(ask("GET /").startsWith("HTTP/1.1 404 "));
        assertTrue(ask("POST /swap?wait=soon").contains("no duration"));
        assertTrue(ask("POST /swap?wait=3000000h").contains("no duration"));
        assertTrue(ask("POST /swap?when=now").contains("{\"error\":\"/swap has no parameter 'when'"));
        assertTrue(ask("POST /rollback?n=0").startsWith("HTTP/1.1 400 "));
        assertTrue(ask("POST /swap?app=other").startsWith("HTTP/1.1 404 "));
        assertTrue(ask("POST /swap?app=app").startsWith("HTTP/1.1 202 "));
        assertFalse(supervisor.hasSaid(".*(stopping|paused|draining).*"));
    }

    @Test
    void aRequestIsShortAndComesSoon() throws Exception {
        serving();
        SocketChannel silent = connect();
        SocketChannel slow = connect();
        send(slow, "GET /status HTTP/1.1\r\nHo");
        String longLine = ask("GET /" + "a".repeat(10_000));
        assertTrue(longLine.startsWith("HTTP/1.1 431 "), longLine);
        String longHeader = ask("GET /status", "A: " + "a".repeat(10_000) + "\r\n");
        assertTrue(longHeader.startsWith("HTTP/1.1 431 "), longHeader);
        String longBody = ask("POST /upgrade", "Content-Length: 2000000\r\n");
        assertTrue(longBody.startsWith("HTTP/1.1 413 "), longBody);
        String noRequest = ask("nonsense");
        assertTrue(noRequest.startsWith("HTTP/1.1 400 "), noRequest);
        assertEquals("", rest(silent), "closed after a while");
        assertEquals("", rest(slow));
        assertTrue(ask("GET /status").startsWith("HTTP/1.1 200 "));
    }

    @Test
    void thereIsABoundOfConnections() throws Exception {
        Command supervisor = serving();
        List<SocketChannel> following = new ArrayList<>();
        for (int i = 0; i < MOST_CONNECTIONS; i++) {
            SocketChannel follower = connect();
            send(follower, "GET /events?follow HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertEquals(1, follower.read(ByteBuffer.allocate(1)), "answered");
            following.add(follower);
        }
        String full = ask("GET /status");
        assertTrue(full.startsWith("HTTP/1.1 503 "), full);
        assertTrue(full.contains("{\"error\":\"there are 16 connections already"), full);
        assertRun("4 supervisor: there are 16 connections already.*", "status");
        Apps.http("v2").moveTo(jar());
        supervisor.await("generation 2 serving.*");
        following.get(0).close();
        Await.until("there is room", () -> ask("GET /status").startsWith("HTTP/1.1 200 "));
    }

    @Test
    void statusTellsByItsExitCodeHowTheBuildIs() throws Exception {
        assertRun(
                "3 supervisor: no supervisor of this user runs that can be asked .*a socket that was deleted is made"
                        + " anew within seconds.*",
                "status");
        Command supervisor = serving("--swap=overlap");
        assertRun("0 process \\d+: app is serving on 127.0.0.1:\\d+ .*generation 1, live.*", "status");
        assertRun("0 \\{\"version\".*", "status", "--json");
        TestBuild.empty().moveTo(jar());
        supervisor.await(".*the generation before keeps serving");
        assertRun(
                "1 process \\d+: app has failed, and the build before is serving .*the newest build does not serve:.*",
                "status");
        assertRun("2 supervisor: 'status' has no option --nonsense .*", "status", "--nonsense");
        assertRun(
                "3 supervisor: process 2147483000 can't be reached .*no such process runs.*",
                "status",
                "--pid=2147483000");
        assertRun("3 supervisor: no supervisor of this user runs on port 1 that can be asked.*", "status", "--port=1");
        Files.setPosixFilePermissions(sockets(), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertRun("4 supervisor: .* is not a directory that only this user can enter.*", "status");
        Files.setPosixFilePermissions(sockets(), PosixFilePermissions.fromString("rwx------"));
        assertRun("0 process \\d+ stops", "stop");
        assertEquals(0, supervisor.exitCode());
        assertRun("3 .*", "stop");
    }

    @Test
    void aStoppedProcessIsNotWaitedForInVain() throws Exception {
        Command supervisor = serving();
        long process = Long.parseLong(control().getFileName().toString().replace(".sock", ""));
        new ProcessBuilder("sh", "-c", "kill -STOP " + process).start().waitFor();
        try {
            assertRun("4 supervisor: process " + process + " has not answered in time.*", "status");
        } finally {
            new ProcessBuilder("sh", "-c", "kill -CONT " + process).start().waitFor();
        }
        assertRun("0 .*", "status");
        assertFalse(supervisor.hasSaid("stopping.*"));
    }

    @Test
    void aSwapIsWaitedFor() throws Exception {
        Command supervisor = serving();
        assertRun("0 app: swap asked for", "swap");
        supervisor.await("generation 2 serving.*");
        assertRun("0 generation 3 serves", "swap", "--wait");
        assertRun("0 app: paused", "pause");
        Apps.starting("throw new IllegalStateException(\"no database\");").moveTo(jar());
        assertRun("1 supervisor: app.jar failed to start: .*no database.*", "swap", "--wait=60s");
        Apps.starting("Thread.sleep(1_000_000);").moveTo(jar());
        assertRun("4 supervisor: the outcome is not known after 500 ms: the swap goes on", "swap", "--wait=500ms");
        assertRun("0 generation \\d+ serves", "rollback");
        assertRun(
                "1 supervisor: there is no such build to go back to: this is the only one that has served",
                "rollback",
                "9");
    }

    @Test
    void aRollbackNeedsNoFileAndWaitsForResume() throws Exception {
        Command supervisor = serving();
        InetSocketAddress address = supervisor.awaitSocket();
        Apps.http("v2").moveTo(jar());
        supervisor.await("generation 2 serving.*");
        assertRun("0 app: paused", "pause");
        Files.delete(jar());
        assertRun("0 generation 3 serves", "rollback", "1");
        assertEquals("v1", version(address));
        Apps.http("v3").moveTo(jar());
        assertRun(
                "0 process \\d+: app is serving on 127.0.0.1:\\d+ \\(paused\\) .*paused: something has changed, and is swapped"
                        + " after 'supervisor resume'.*",
                "status");
        assertEquals("v1", version(address));
        assertRun("0 app: resumed, and a swap of what has changed follows", "resume");
        supervisor.await("generation 4 serving.*");
        assertEquals("v3", version(address));
        Command logs = command("logs");
        logs.await(".* rollback asked for, to app.jar of generation 1; paused.*");
        assertEquals(0, logs.exitCode());
    }

    @Test
    void aDrainCanBeTakenBack() throws Exception {
        Command supervisor = serving();
        InetSocketAddress address = supervisor.awaitSocket();
        assertRun("0 app: draining", "drain");
        assertEquals("close", Client.get(address, "/").header("connection"));
        assertRun("0 app: resumed", "resume");
        Await.until(
                "clients may stay",
                () -> !Client.get(address, "/").header("connection").equals("close"));
        assertRun("0 generation 1 \\(live\\): app.jar.*", "threads");
    }

    @Test
    void withoutANameACommandIsForAllApplicationsThatRun() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(directory.resolve("s.yaml"), """
                    defaults: { app: app.jar, port: 0 }
                    applications: { shop: {}, api: {}, late: { port: %d } }
                    """.formatted(taken.getLocalPort()));
            Command supervisor = command("--config=s.yaml");
            supervisor.await("shop \\| generation 1 serving.*");
            supervisor.await("api  \\| generation 1 serving.*");
            Await.until("there is a control socket", () -> !controls().isEmpty());
            assertRun("0 shop: generation \\d+ serves api: generation \\d+ serves", "swap", "--wait");
            assertRun("0 shop: paused api: paused", "pause");
            assertRun("0 api: resumed", "resume", "--app=api");
            assertRun("1 supervisor: late was not started: can't bind http::127.0.0.1:.*", "swap", "--app=late");
            assertRun(
                    "2 supervisor: no application is named 'lat' \\(there is shop, api, late\\).*",
                    "pause",
                    "--app=lat");
            assertRun("2 supervisor: there are several applications, shop, api: choose one with --app.*", "rollback");
        }
    }

    @Test
    void eventsAreFollowed() throws Exception {
        Command supervisor = serving();
        Command text = command("logs", "-f");
        text.await(".*generation 1 serving app.jar.*");
        Command json = command("logs", "--follow", "--json");
        json.await("\\{\"time\":.*\"event\":\"serving\",\"generation\":1.*");
        Apps.http("v2").moveTo(jar());
        text.await(".*generation 2 serving app.jar.*");
        json.await("\\{\"time\":.*\"event\":\"serving\",\"generation\":2.*");
        supervisor.signal("TERM");
        assertEquals(0, supervisor.exitCode());
        text.await(".*stopping.*");
        text.exitCode();
    }

    /** A closed pipe is seen at the next event, as {@code tail -f} sees it at the next line. */
    @Test
    void aFollowerEndsWithTheReaderOfItsOutput() throws Exception {
        serving();
        Command first = command(List.of("sh", "-c", "\"$@\" | head -1", "sh"), "logs", "-f");
        first.await(".*");
        AtomicBoolean ended = new AtomicBoolean();
        Thread end = new Thread(() -> {
            try {
                ended.set(first.exitCode() == 0);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        end.start();
        Await.until("it has ended", () -> {
            assertRun("0 generation \\d+ serves", "swap", "--wait=60s"); // has events
            return !end.isAlive();
        });
        assertTrue(ended.get());
    }

    @Test
    void twoSupervisorsAreToldApart() throws Exception {
        Command first = serving();
        InetSocketAddress address = first.awaitSocket();
        Command second = supervisor();
        second.await(STARTED);
        InetSocketAddress other = second.awaitSocket();
        Await.until("there are two control sockets", () -> controls().size() == 2);
        assertRun(
                "2 supervisor: several supervisors run \\(choose one with --port or --pid\\):(   process \\d+: app is"
                        + " serving on 127.0.0.1:\\d+){2} .*",
                "pause");
        assertRun("0 app: paused", "pause", "--port", Integer.toString(other.getPort()));
        second.await("paused: .*");
        assertRun("0 app: resumed", "resume", "-p", Integer.toString(other.getPort()));
        assertRun("0 process \\d+ stops", "stop", "--port=" + address.getPort());
        assertEquals(0, first.exitCode());
        assertRun("0 process \\d+: app is serving on 127.0.0.1:" + other.getPort() + ".*", "status");
    }

    @Test
    void withoutAControlSocketThereIsNone() throws Exception {
        Apps.http("v1").moveTo(jar());
        Command supervisor = supervisor("--no-control");
        supervisor.await(STARTED);
        assertRun("3 .*", "status");
        assertEquals(List.of(), controls());
    }

    @Test
    void aSocketThatWasDeletedIsMadeAnew() throws Exception {
        serving();
        Path control = control();
        long process = Long.parseLong(control.getFileName().toString().replace(".sock", ""));
        Files.delete(control);
        Files.delete(sockets());
        String found = run("status", "--pid=" + process);
        assertTrue(
                found.startsWith("0 ")
                        || found.contains("a socket that was deleted is made anew within seconds")
                        || found.contains("no supervisor of this user runs"),
                found);
        Await.until("the socket is there again", () -> Files.exists(control));
        Await.until("it answers", () -> run("status").startsWith("0 "));
    }

    @Test
    void helpIsThatOfTheCommand() throws Exception {
        for (String name : List.of(
                "status", "swap", "rollback", "pause", "resume", "drain", "threads", "logs", "stop", "upgrade")) {
            assertRun("0 .*Usage: supervisor " + name + " .*Exit codes: .*", name, "--help");
        }
    }
}
