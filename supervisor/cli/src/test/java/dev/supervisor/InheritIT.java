package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.Await;
import dev.supervisor.testing.Client;
import dev.supervisor.testing.Command;
import dev.supervisor.testing.FreePort;
import dev.supervisor.testing.Tool;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sockets that a parent process passes, with real parents. */
@Timeout(120)
@EnabledOnOs(value = OS.LINUX, disabledReason = "the parents are of Linux")
class InheritIT {

    /** Opens a descriptor of a kind, passes it to a command, and accepts on it itself when the command has ended. */
    static final String PARENT = """
            import os, socket, subprocess, sys

            kind, command = sys.argv[1], sys.argv[2:]
            environment = dict(os.environ, LISTEN_FDS='1', LISTEN_FDS_FIRST_FD='10')
            descriptors, stdin = (10,), subprocess.DEVNULL
            if kind == 'datagram':
                opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                opened.bind(('127.0.0.1', 0))
            elif kind == 'file':
                opened = open('file.txt', 'w')
            elif kind == 'connected':
                opened, other = socket.socketpair()
            else:
                opened = socket.create_server(('127.0.0.1', 0))
            if kind == 'foreign':
                environment['LISTEN_PID'] = '1'
            if kind == 'named':
                environment['LISTEN_FDNAMES'] = 'http-named'
            if kind == 'miscounted':
                environment['LISTEN_FDNAMES'] = 'a:b'
            if kind == 'inetd':
                del environment['LISTEN_FDS']
                descriptors, stdin = (), opened
            elif kind == 'closed':
                opened.close()
                descriptors = ()
            else:
                os.dup2(opened.fileno(), 10)
            child = subprocess.Popen(command, env=environment, pass_fds=descriptors, stdin=stdin)
            print('child', child.pid, flush=True)
            code = child.wait()
            if code == 0 and kind in ('stream', 'inetd'):
                opened.settimeout(60)
                connection, _ = opened.accept()
                connection.sendall(b'the parent\\n')
            sys.exit(code)
            """;

    @TempDir
    private Path directory;

    @BeforeEach
    void build() throws IOException {
        Apps.http("v1").moveTo(directory.resolve("app.jar"));
    }

    private Command startBelow(String kind, String... options) throws Exception {
        Tool python = Tool.find("python3", "python3");
        List<String> command = new ArrayList<>(List.of(
                python.command().toString(),
                Files.writeString(directory.resolve("parent.py"), PARENT).toString(),
                kind,
                Command.SCRIPT.toString(),
                "--app=app.jar"));
        command.addAll(Arrays.asList(options));
        return Command.start(directory, Map.of(), command);
    }

    @Test
    void fourNamedSocketsOfSystemdAreServed() throws Exception {
        Tool activate = Tool.find("systemd-socket-activate", "systemd");
        int four = FreePort.find();
        int six = FreePort.find();
        int both = FreePort.find();
        Path unix = directory.resolve("u.sock");
        List<String> command = List.of(
                activate.command().toString(),
                "-l127.0.0.1:" + four,
                "-l[::1]:" + six,
                "-l" + both,
                "-l" + unix,
                "--fdname=http-four:http-six:http-both:http-unix",
                "-EJAVA_HOME=" + System.getProperty("java.home"), // it passes little else
                "-ESUPERVISOR_LOG=plain",
                "-ENOTIFY_SOCKET=/nowhere",
                "-EWATCHDOG_USEC=1",
                Command.SCRIPT.toString(),
                "--app=app.jar",
                "--on-swap=env > env.txt");
        try (Command supervisor = Command.start(directory, Map.of(), command)) {
            InetSocketAddress first = new InetSocketAddress(NetUtil.LOCALHOST4, four);
            supervisor.await("Listening on .*" + four + ".*");
            assertEquals("v1 gen=1 n=1", Client.get(first, "/").body(), "the connection that starts it");
            for (InetSocketAddress address : List.of(
                    new InetSocketAddress(NetUtil.LOCALHOST6, six),
                    new InetSocketAddress(NetUtil.LOCALHOST4, both),
                    new InetSocketAddress(NetUtil.LOCALHOST6, both))) {
                assertEquals("v1 gen=1 n=1", Client.get(address, "/").body(), address::toString);
            }
            try (Client client = Client.connect(unix)) {
                assertEquals("v1 gen=1 n=1", client.get("/").body());
                Apps.http("v2").moveTo(directory.resolve("app.jar"));
                supervisor.await("generation 2 serving.*");
                assertEquals("v2 gen=2 n=1", client.get("/").body(), "on the same connection");
            }
            supervisor.await("~> http\\+unix:" + unix + "  \\(http-unix\\)");
            Path environment = directory.resolve("env.txt");
            Await.until("the command has run", () -> Files.exists(environment) && Files.size(environment) > 0);
            for (String variable : List.of("LISTEN_", "NOTIFY_SOCKET", "WATCHDOG_")) {
                assertFalse(Files.readString(environment).contains(variable), variable);
            }
            supervisor.signal("TERM");
            assertEquals(0, supervisor.exitCode());
        }
        assertTrue(Files.exists(unix), "the file is systemd's");
    }

    @ParameterizedTest
    @CsvSource({"stream,", "stream, --port=1", "stream, --inherit=http", "inetd,", "named, --socket=http-named=tcp::1"})
    void theSocketIsServedAndTheParentGoesOnAccepting(String kind, String option) throws Exception {
        String[] options = option == null ? new String[0] : new String[] {option};
        try (Command parent = startBelow(kind, options)) {
            String child = parent.await("child \\d+").substring("child ".length());
            InetSocketAddress address = parent.awaitSocket();
            assertEquals("v1 gen=1 n=1", Client.get(address, "/").body());
            ProcessHandle.of(Long.parseLong(child)).orElseThrow().destroy();
            Await.end(Long.parseLong(child));
            if (!kind.equals("named")) {
                try (Client client = Client.connect(address)) {
                    assertEquals("the parent", client.line());
                }
            }
            assertEquals(0, parent.exitCode());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "datagram, can't use descriptor 10 of the parent process for the socket 'http': it is a datagram socket.*",
        "file, can't use descriptor 10 of the parent process for the socket 'http': it is no socket.*",
        "closed, can't use descriptor 10 of the parent process for the socket 'http': it is no socket.*",
        "connected, can't use descriptor 10 of the parent process for the socket 'http': it is one connection.*"
    })
    void aDescriptorThatDoesNotFitIsNamed(String kind, String message) throws Exception {
        try (Command parent = startBelow(kind)) {
            parent.await("supervisor: " + message);
            assertEquals(1, parent.exitCode());
        }
    }

    @Test
    void namesAndCountsMustFit() throws Exception {
        try (Command parent = startBelow("miscounted")) {
            parent.await("supervisor: LISTEN_FDNAMES has 2 names \\('a:b'\\) for 1 descriptors.*");
            assertEquals(2, parent.exitCode());
        }
        try (Command parent = startBelow("named", "--port=0")) {
            parent.await("supervisor: the parent process passes descriptor 10 \\('http-named'\\), for which there is no"
                    + " socket of that name \\(add --inherit http-named=http, or pass fewer\\)");
            assertEquals(2, parent.exitCode());
        }
        try (Command parent = startBelow("stream", "--socket=http::0,tcp::0")) {
            parent.await("supervisor: the parent process passes sockets without names for 1 of 2 sockets.*");
            assertEquals(2, parent.exitCode());
        }
        try (Command wrong = Command.start(directory, "--app=app.jar", "--inherit=web=ftp")) {
            wrong.await("supervisor: 'web=ftp' is no --inherit: expected \\[NAME=\\]TYPE.*");
            assertEquals(2, wrong.exitCode());
        }
        try (Command none = Command.start(directory, "--app=app.jar", "--inherit=web=http")) {
            none.await("supervisor: the parent process passes no socket of the name 'web' for --inherit.*");
            assertEquals(2, none.exitCode());
        }
    }

    /** A child whose environment was not asked for has that of the C library, and not the JVM's copy. */
    @Test
    void aProcessThatTheApplicationStartsHasNoneOfTheVariables() throws Exception {
        Path environment = directory.resolve("app-env.txt");
        Apps.with("", "new ProcessBuilder(\"env\").redirectOutput(new File(\"app-env.txt\")).start().waitFor();")
                .moveTo(directory.resolve("app.jar"));
        try (Command parent = startBelow("stream")) {
            parent.await("generation 1 serving.*");
            assertFalse(Files.readString(environment).contains("LISTEN_"), () -> environment + " has it");
            assertTrue(Files.readString(environment).contains("PATH="));
        }
    }

    @Test
    void aDatagramSocketOfSystemdIsServed() throws Exception {
        Tool activate = Tool.find("systemd-socket-activate", "systemd");
        Apps.datagrams("v1").moveTo(directory.resolve("app.jar"));
        int port = FreePort.find();
        List<String> command = List.of(
                activate.command().toString(),
                "--datagram",
                "-l127.0.0.1:" + port,
                "--fdname=dns",
                "-EJAVA_HOME=" + System.getProperty("java.home"),
                "-ESUPERVISOR_LOG=plain",
                Command.SCRIPT.toString(),
                "--app=app.jar",
                "--inherit=dns=udp");
        try (Command supervisor = Command.start(directory, Map.of(), command);
                DatagramSocket peer = new DatagramSocket()) {
            supervisor.await("Listening on .*" + port + ".*");
            peer.connect(new InetSocketAddress(NetUtil.LOCALHOST4, port));
            peer.setSoTimeout(60_000);
            peer.send(new DatagramPacket("hello".getBytes(StandardCharsets.US_ASCII), 5));
            DatagramPacket answer = new DatagramPacket(new byte[100], 100);
            peer.receive(answer);
            assertEquals("v1 hello", new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII));
            supervisor.await("~> udp://127.0.0.1:" + port + "  \\(dns\\)");
        }
    }

    @Test
    void socketsForAnotherProcessAreLeftAlone() throws Exception {
        try (Command parent = startBelow("foreign", "--port=0")) {
            String child = parent.await("child \\d+").substring("child ".length());
            parent.await(".*the sockets of the parent process are not used: LISTEN_PID names process 1, and this is "
                    + child + ".*");
            assertEquals(200, Client.get(parent.awaitSocket(), "/").status());
            ProcessHandle.of(Long.parseLong(child)).orElseThrow().destroy();
            assertEquals(0, parent.exitCode());
        }
    }
}
