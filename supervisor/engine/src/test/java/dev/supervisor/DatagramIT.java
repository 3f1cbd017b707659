package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.testing.Apps;
import dev.supervisor.testing.PreparedBuilds;
import dev.supervisor.testing.Running;
import dev.supervisor.testing.TestBuild;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Datagrams through swaps: none is lost, none gets an answer of a stale build. */
@Timeout(120)
class DatagramIT {

    private static final int SWAPS = 20;
    private static final int DATAGRAMS = 10_000;
    private static final int TIMEOUT_MILLIS = 30_000;

    @TempDir
    private Path directory;

    private Path jar() {
        return directory.resolve("app.jar");
    }

    private Running start(String... arguments) {
        return Running.with(jar(), options -> options.socket("udp::0").arguments(List.of(arguments)));
    }

    /** A client that knows the newest build that has answered. */
    private static final class Peer implements AutoCloseable {

        private final DatagramSocket socket = new DatagramSocket();

        Peer(InetSocketAddress server) throws IOException {
            socket.connect(server);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.setReceiveBufferSize(4 << 20);
        }

        void send(String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            socket.send(new DatagramPacket(bytes, bytes.length));
        }

        String receive() throws IOException {
            DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
            socket.receive(packet);
            return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
        }

        /** Counts the answers that come, until none comes for a while. */
        int countAnswers() throws IOException {
            int answers = 0;
            socket.setSoTimeout(1000);
            try {
                while (true) {
                    receive();
                    answers++;
                }
            } catch (SocketTimeoutException e) {
                socket.setSoTimeout(TIMEOUT_MILLIS);
                return answers;
            }
        }

        String ask(String text) throws IOException {
            send(text);
            return receive();
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:0", "[::1]:0"})
    void tenThousandDatagramsOverTwentySwapsAreAnsweredAndNoneByAStaleBuild(String place) throws Exception {
        PreparedBuilds builds = PreparedBuilds.of(SWAPS + 1, version -> Apps.datagrams("v" + version), jar());
        builds.moveNext();
        try (Running running = Running.with(jar(), options -> options.socket("udp::" + place))) {
            running.awaitServing(1);
            try (Peer peer = new Peer(running.address("udp"))) {
                Thread sender = new Thread(() -> sendAll(peer));
                sender.start();
                Thread swapper = new Thread(() -> swapAll(builds, running));
                swapper.start();
                BitSet answered = new BitSet();
                int newest = 0;
                int earlier = 0;
                while (answered.cardinality() < DATAGRAMS) {
                    String[] answer = peer.receive().split(" ");
                    int version = Integer.parseInt(answer[0].substring(1));
                    int number = Integer.parseInt(answer[1]);
                    assertTrue(!answered.get(number), "answered twice: " + number);
                    answered.set(number);
                    if (version < newest) {
                        earlier++;
                    }
                    newest = Math.max(newest, version);
                }
                sender.join();
                swapper.join();
                assertEquals(0, earlier, "answers of a build after those of the next");
                assertEquals("v" + SWAPS + " last", peer.ask("last"));
                assertEquals(List.of(), running.events(Event.DatagramsLost.class));
            }
        }
    }

    private static void sendAll(Peer peer) {
        try {
            for (int number = 0; number < DATAGRAMS; number++) {
                peer.send(Integer.toString(number));
                if (number % 8 == 0) {
                    LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void swapAll(PreparedBuilds builds, Running running) {
        try {
            for (int version = 1; version <= SWAPS; version++) {
                builds.moveNext();
                running.awaitServing(version + 1);
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void datagramsWaitForTheFirstBuildAndForOneThatIsMended() throws Exception {
        try (Running running = start();
                Peer peer = new Peer(running.address("udp"))) {
            peer.send("early");
            Apps.datagrams("v1").moveTo(jar());
            assertEquals("v1 early", peer.receive());
            TestBuild.empty().moveTo(jar());
            running.await(
                    Event.Failed.class,
                    failed -> failed.next() == Event.Failed.Next.WAITING
                            && running.events(Event.Serving.class).size() == 1);
            peer.send("during");
            Apps.datagrams("v2").moveTo(jar());
            assertEquals("v2 during", peer.receive());
        }
    }

    /** Several are read at once: the application has begun with the first, and must not see the others any more. */
    @Test
    void whatWasReadAndNotBegunIsGivenToTheNextBuild() throws Exception {
        Apps.datagrams("v1").moveTo(jar());
        try (Running running = start()) {
            running.awaitServing(1);
            try (Peer peer = new Peer(running.address("udp"))) {
                List<String> answers = new ArrayList<>();
                for (int i = 0; i < 16; i++) {
                    peer.send("block");
                }
                answers.add(peer.receive());
                Apps.datagrams("v2").moveTo(jar());
                running.awaitServing(2);
                while (answers.size() < 16) {
                    answers.add(peer.receive());
                }
                long old = answers.stream().filter("v1 block"::equals).count();
                assertTrue(old < 16, "all were answered by the old build");
                assertEquals(
                        16 - old, answers.stream().filter("v2 block"::equals).count());
            }
        }
    }

    @Test
    void aSupersededBuildMayStillAnswer() throws Exception {
        Apps.datagrams("v1").moveTo(jar());
        try (Running running = start("--own-bootstrap")) {
            running.awaitServing(1);
            try (Peer peer = new Peer(running.address("udp"))) {
                peer.send("later");
                assertEquals("v1 a", peer.ask("a"));
                Apps.datagrams("v2").moveTo(jar());
                assertEquals("v1 later", peer.receive());
                assertEquals("v2 b", peer.ask("b"));
            }
        }
    }

    @Test
    void aBuildThatServesNoDatagramsIsReportedAndTheyWait() throws Exception {
        Apps.http("v1").moveTo(jar());
        try (Running running = Running.http(jar(), options -> options.socket("dns=udp::0"));
                Peer peer = new Peer(running.address("dns"))) {
            peer.send("hello");
            assertEquals("dns", running.await(Event.NotServed.class).listener());
            Apps.datagrams("v2").moveTo(jar());
            assertEquals("v2 hello", peer.receive());
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "other systems do not tell")
    void anOverflowOfTheReceiveBufferIsReported() throws Exception {
        int sent = 1000;
        try (Running running =
                        Running.with(jar(), options -> options.socket("udp::0").receiveBuffer(4096));
                Peer peer = new Peer(running.address("udp"))) {
            for (int i = 0; i < sent; i++) {
                peer.send("0123456789");
            }
            Apps.datagrams("v1").moveTo(jar());
            running.await(Event.DatagramsLost.class);
            int received = peer.countAnswers();
            Apps.datagrams("v2").moveTo(jar()); // a swap reports what was lost after the first report
            running.awaitServing(2);
            long lost = running.events(Event.DatagramsLost.class).stream()
                    .mapToLong(Event.DatagramsLost::count)
                    .sum();
            received += peer.countAnswers();
            assertTrue(lost > 0 && received > 0, running.events()::toString);
            assertEquals(sent, received + lost);
        }
    }
}
