package dev.supervisor.lending;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.lending.Comparison.Allowed;
import java.io.Closeable;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each operation that waits, and each event that ends it: the same for a lent channel as for one of the JDK. */
@Timeout(180)
class BlockedThreadsTest {

    private static final int FAR_MILLIS = 60_000;

    /** A mismatch counts if it comes each time: how much of a write the kernel has taken by then is a matter of time. */
    private static final int ATTEMPTS = 4;

    private static final List<Allowed> ALLOWED = List.of(new Allowed(
            "accept|socket accept",
            "ClosedChannelException.*",
            "AsynchronousCloseException.*",
            "JDK 17 says so of a channel that blocks, as if it had been closed just now; 25 does not"));

    private interface Step<S> {
        void take(S side, Thread blocked) throws Exception;
    }

    private interface Body<S> {
        Object run(S side) throws Exception;
    }

    private record Blocking<S>(String name, Body<S> body) {}

    /** @param before whether it happens before the operation begins, not while a thread waits in it */
    private record Event<S>(String name, boolean before, boolean interruptsFirst, Step<S> step) {

        static <S> Event<S> during(String name, Step<S> step) {
            return new Event<>(name, false, false, step);
        }

        static <S> Event<S> before(String name, boolean interrupts, Step<S> step) {
            return new Event<>(name, true, interrupts, step);
        }
    }

    private interface Opener<S> {
        S open() throws Exception;
    }

    // What waits

    private static final List<Blocking<Side>> READS = List.of(
            new Blocking<>("read", side -> side.subject.read(ByteBuffer.allocate(10))),
            new Blocking<>(
                    "scatter",
                    side -> side.subject.read(new ByteBuffer[] {
                        ByteBuffer.allocate(0), ByteBuffer.allocateDirect(3), ByteBuffer.allocate(10)
                    })),
            new Blocking<>("stream read", side -> side.input(false).read(new byte[10])),
            new Blocking<>("stream read with time-out", side -> {
                side.subject.socket().setSoTimeout(FAR_MILLIS);
                return side.input(false).read(new byte[10]);
            }));

    private static final List<Blocking<Side>> WRITES = List.of(
            new Blocking<>("write", side -> side.subject.write(ByteBuffer.allocate(1_000)) > 0),
            new Blocking<>(
                    "gather",
                    side -> side.subject.write(
                                    new ByteBuffer[] {ByteBuffer.allocateDirect(500), ByteBuffer.allocate(500)})
                            > 0),
            new Blocking<>("stream write", side -> {
                side.output(false).write(new byte[1_000]);
                return "written";
            }));

    private static final List<Blocking<ServerSide>> ACCEPTS = List.of(
            new Blocking<>("accept", side -> side.subject.accept() != null),
            new Blocking<>("socket accept", side -> side.subject.socket().accept() != null),
            new Blocking<>("socket accept with time-out", side -> {
                side.subject.socket().setSoTimeout(FAR_MILLIS);
                return side.subject.socket().accept() != null;
            }));

    // What happens

    private static final List<Event<Side>> TO_READS = List.of(
            Event.before("interrupt before", true, (side, blocked) -> {}),
            Event.before("interrupt before, bytes there", true, (side, blocked) -> side.peerSends(5)),
            Event.before("shutdownInput before", false, (side, blocked) -> side.subject.shutdownInput()),
            Event.before("end before", false, (side, blocked) -> side.peerShutsOutput()),
            Event.before("reset before", false, (side, blocked) -> side.peerResets()),
            Event.during("interrupt", (side, blocked) -> blocked.interrupt()),
            Event.during("close", (side, blocked) -> side.subject.close()),
            Event.during(
                    "socket close", (side, blocked) -> side.subject.socket().close()),
            Event.during("shutdownInput", (side, blocked) -> side.subject.shutdownInput()),
            Event.during("shutdownOutput, peer sends", (side, blocked) -> {
                side.subject.shutdownOutput();
                side.peer.write(ByteBuffer.allocate(5));
            }),
            Event.during("peer sends", (side, blocked) -> side.peer.write(ByteBuffer.allocate(5))),
            Event.during("peer shuts output", (side, blocked) -> side.peer.shutdownOutput()),
            Event.during("peer closes", (side, blocked) -> side.peer.close()),
            Event.during("peer resets", (side, blocked) -> reset(side)));

    private static final List<Event<Side>> TO_WRITES = List.of(
            Event.before("interrupt before", true, (side, blocked) -> {}),
            Event.before("shutdownOutput before", false, (side, blocked) -> side.subject.shutdownOutput()),
            Event.before("reset before", false, (side, blocked) -> side.peerResets()),
            Event.during("interrupt", (side, blocked) -> blocked.interrupt()),
            Event.during("close", (side, blocked) -> side.subject.close()),
            Event.during("shutdownOutput", (side, blocked) -> side.subject.shutdownOutput()),
            Event.during("shutdownInput, peer reads", (side, blocked) -> {
                side.subject.shutdownInput();
                drain(side, blocked);
            }),
            Event.during("peer sends, peer reads", (side, blocked) -> {
                side.peer.write(ByteBuffer.allocate(5));
                drain(side, blocked);
            }),
            Event.during("peer reads", BlockedThreadsTest::drain),
            Event.during("peer closes", (side, blocked) -> side.peer.close()),
            Event.during("peer resets", (side, blocked) -> reset(side)));

    private static final List<Event<ServerSide>> TO_ACCEPTS = List.of(
            Event.before("interrupt before", true, (side, blocked) -> {}),
            Event.before("interrupt before, connection there", true, (side, blocked) -> side.connectAndWait()),
            Event.before("connection there", false, (side, blocked) -> side.connectAndWait()),
            Event.before("closed before", false, (side, blocked) -> side.subject.close()),
            Event.during("interrupt", (side, blocked) -> blocked.interrupt()),
            Event.during("close", (side, blocked) -> side.subject.close()),
            Event.during(
                    "socket close", (side, blocked) -> side.subject.socket().close()),
            Event.during("connection", (side, blocked) -> side.connect()));

    private static void reset(Side side) throws Exception {
        side.peer.setOption(StandardSocketOptions.SO_LINGER, 0);
        side.peer.close();
    }

    private static void drain(Side side, Thread blocked) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(65_536);
        while (blocked.isAlive()) {
            side.peer.read(bytes.clear());
            Kernel.poll(side.peer, Kernel.POLLIN, 1);
        }
    }

    private static void fill(Side side) throws Exception {
        side.subject.setOption(StandardSocketOptions.SO_SNDBUF, 20_000);
        side.peer.setOption(StandardSocketOptions.SO_RCVBUF, 20_000);
        side.subject.configureBlocking(false);
        int full = 0;
        while (full < 3) { // what was on its way to the peer makes room for a little more
            full++;
            while (side.subject.write(ByteBuffer.allocate(full == 1 ? 50_000 : 100)) > 0) {
                full = 0;
            }
            Kernel.poll(side.socket, Kernel.POLLOUT, 3);
        }
        side.subject.configureBlocking(true);
    }

    // The comparison

    @Test
    void aThreadThatReadsIsWokenAsByTheJdk() throws Exception {
        try (ServerSocketChannel listener = Side.listen()) {
            assertEquals(Map.of(), differences(() -> Side.lent(listener), () -> Side.real(listener), READS, TO_READS));
        }
    }

    @Test
    void aThreadThatWritesIsWokenAsByTheJdk() throws Exception {
        try (ServerSocketChannel listener = Side.listen()) {
            assertEquals(
                    Map.of(),
                    differences(() -> full(Side.lent(listener)), () -> full(Side.real(listener)), WRITES, TO_WRITES));
        }
    }

    @Test
    void aThreadThatAcceptsIsWokenAsByTheJdk() throws Exception {
        assertEquals(
                Map.of(),
                differences(
                        () -> ServerSide.lent().bound(), () -> ServerSide.real().bound(), ACCEPTS, TO_ACCEPTS));
    }

    private static Side full(Side side) throws Exception {
        fill(side);
        return side;
    }

    private static <S extends Closeable> Map<String, String> differences(
            Opener<S> lent, Opener<S> real, List<Blocking<S>> operations, List<Event<S>> events) throws Exception {
        Map<String, String> differences = new TreeMap<>();
        for (boolean virtual : Threads.hasVirtual() ? List.of(false, true) : List.of(false)) {
            for (Blocking<S> operation : operations) {
                for (Event<S> event : events) {
                    String difference = difference(lent, real, operation, event, virtual);
                    if (!difference.isEmpty()) {
                        differences.put(
                                operation.name() + ", " + event.name() + (virtual ? ", virtual" : ""), difference);
                    }
                }
            }
        }
        return differences;
    }

    private static <S extends Closeable> String difference(
            Opener<S> lent, Opener<S> real, Blocking<S> operation, Event<S> event, boolean virtual) throws Exception {
        String difference = "";
        for (int i = 0; i < ATTEMPTS; i++) {
            String lentOutcome = outcome(lent, operation, event, virtual);
            String realOutcome = outcome(real, operation, event, virtual);
            if (lentOutcome.equals(realOutcome)
                    || ALLOWED.stream().anyMatch(one -> one.covers(operation.name(), lentOutcome, realOutcome))) {
                return "";
            }
            difference = "lent " + lentOutcome + ", real " + realOutcome;
        }
        return difference;
    }

    private static <S extends Closeable> String outcome(
            Opener<S> opener, Blocking<S> operation, Event<S> event, boolean virtual) throws Exception {
        try (S side = opener.open()) {
            if (event.before()) {
                event.step().take(side, Thread.currentThread());
            }
            FutureTask<String> task = new FutureTask<>(() -> {
                if (event.interruptsFirst()) {
                    Thread.currentThread().interrupt();
                }
                return performed(side, operation);
            });
            Thread thread = Threads.start(virtual, task);
            if (!event.before()) {
                Threads.awaitBlocked(thread);
                event.step().take(side, thread);
            }
            String outcome = task.get(FAR_MILLIS / 4, TimeUnit.MILLISECONDS);
            boolean open = side instanceof Side connection
                    ? connection.subject.isOpen()
                    : ((ServerSide) (Object) side).subject.isOpen();
            return outcome + (open ? ", open" : ", closed");
        } catch (TimeoutException e) {
            return "hangs";
        }
    }

    private static <S> String performed(S side, Blocking<S> operation) {
        String outcome;
        try {
            outcome = String.valueOf(operation.body().run(side));
        } catch (Exception e) {
            outcome = Operation.described(e);
        }
        return outcome + (Thread.interrupted() ? ", interrupted" : "");
    }
}
