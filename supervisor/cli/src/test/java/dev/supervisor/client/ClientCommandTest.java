package dev.supervisor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The commands ask a control socket of the test. */
@Timeout(30)
@EnabledOnOs(OS.LINUX)
final class ClientCommandTest {

    private static final String EVENTS = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
    private static final String DONE = "HTTP/1.1 202 Accepted\r\nExit-Code: 0\r\n\r\n";

    /** Answers a request that has been read. */
    private interface Answer {
        void to(SocketChannel client) throws Exception;
    }

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    private Map<String, String> environment() {
        return Map.of("XDG_RUNTIME_DIR", directory.toString());
    }

    /** Listens at the control socket of this process, and answers one request. */
    private FutureTask<Boolean> answering(long process, Answer answer) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        opened.add(server);
        server.bind(
                UnixDomainSocketAddress.of(RuntimeDirectory.of(environment()).control(process)));
        FutureTask<Boolean> answered = new FutureTask<>(() -> {
            try (SocketChannel client = server.accept()) {
                ByteBuffer request = ByteBuffer.allocate(1000);
                while (!new String(request.array(), 0, request.position(), StandardCharsets.US_ASCII)
                        .contains("\r\n\r\n")) {
                    assertTrue(client.read(request) > 0);
                }
                answer.to(client);
            }
            return true;
        });
        new Thread(answered, "control socket of the test").start();
        return answered;
    }

    private static void send(SocketChannel client, String text) throws IOException {
        Channels.newOutputStream(client).write(text.getBytes(StandardCharsets.UTF_8));
    }

    private int run(OutputStream out, String... words) {
        PrintStream printed = new PrintStream(out, false, StandardCharsets.UTF_8);
        return ClientCommand.run(List.of(words), environment(), printed, printed);
    }

    /** As in {@code supervisor logs -f | head -1}. A {@link PrintStream} throws nothing. */
    @Test
    void aFollowerOfTheLogEndsWhenThePipeIsClosed() throws Exception {
        FutureTask<Boolean> answered = answering(1, client -> {
            send(client, EVENTS + "an event\n");
            assertEquals(-1, client.read(ByteBuffer.allocate(1)), "the client has left");
        });
        OutputStream closedPipe = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        assertEquals(ExitCode.DONE, run(closedPipe, "logs", "-f", "--pid=1"));
        assertTrue(answered.get());
    }

    /** A pager takes its time, and the connection has not that long. */
    @Test
    void theLogIsReadToItsEndBeforeItIsPrinted() throws Exception {
        CountDownLatch printing = new CountDownLatch(1);
        AtomicBoolean complete = new AtomicBoolean();
        FutureTask<Boolean> answered = answering(1, client -> {
            send(client, EVENTS + "first\n");
            boolean unused = printing.await(300, TimeUnit.MILLISECONDS); // is not to come
            complete.set(true);
            send(client, "last\n");
        });
        ByteArrayOutputStream out = new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] bytes, int from, int length) {
                assertTrue(complete.get());
                printing.countDown();
                super.write(bytes, from, length);
            }
        };
        assertEquals(ExitCode.DONE, run(out, "logs", "--pid=1"));
        assertEquals("first\nlast\n", out.toString(StandardCharsets.UTF_8));
        assertTrue(answered.get());
    }

    @Test
    void theEndOfAProcessIsSeenThoughItsParentHasNotReapedIt() throws Exception {
        // the program that takes the shell's place does not know that it has a child, which ends only after that
        Process parent = new ProcessBuilder(
                        "sh", "-c", "exec 3<&0; sh -c 'read word' <&3 & echo $! > child; exec sleep 1000")
                .directory(directory.toFile())
                .start();
        opened.add(parent::destroyForcibly);
        long child = Await.pid(directory.resolve("child"));
        Await.until(
                "sleep has taken the shell's place",
                () -> Files.readString(Path.of("/proc/" + parent.pid() + "/comm"))
                        .equals("sleep\n"));
        FutureTask<Boolean> answered = answering(child, client -> {
            send(client, DONE + "process " + child + " stops\n");
            parent.outputWriter().append("end\n").flush();
        });
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertEquals(ExitCode.DONE, run(out, "stop", "--pid=" + child));
        assertTrue(answered.get());
        assertTrue(ProcessHandle.of(child).orElseThrow().isAlive(), "as Java sees it");
    }
}
