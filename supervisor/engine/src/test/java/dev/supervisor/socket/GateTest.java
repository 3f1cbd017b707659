package dev.supervisor.socket;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Held;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class GateTest {

    private static final int MAX_HELD = 3;
    private static final Duration HOLD_TIMEOUT = Duration.ofSeconds(60);

    /** Takes sockets, and begins with as many as it is told to. */
    private static final class Server implements Receiver {

        final List<Connection> taken = new ArrayList<>();
        int begun;

        @Override
        public void take(Connection connection) {
            taken.add(connection);
        }

        @Override
        public List<Connection> giveBack() {
            List<Connection> back = List.copyOf(taken.subList(begun, taken.size()));
            taken.removeAll(back);
            return back;
        }
    }

    private final EmbeddedChannel loop = new EmbeddedChannel();
    private final List<Boolean> accepting = new ArrayList<>();
    private final List<Connection> connections = new ArrayList<>();
    private final Server server = new Server();
    private final Server other = new Server();
    private long now = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(30); // a nanosecond clock may run over

    /** Those that are watched, each with what is told when its peer leaves. */
    private final Map<Connection, Runnable> watched = new HashMap<>();

    private final Gate gate = new Gate(
            "http", loop.eventLoop(), new Gate.Limits(MAX_HELD, HOLD_TIMEOUT), () -> now, this::watch, accepting::add);

    @BeforeEach
    void stopTheClock() {
        loop.freezeTime();
    }

    @AfterEach
    void closeSockets() throws IOException {
        for (Connection connection : connections) {
            connection.end();
        }
        loop.finishAndReleaseAll();
    }

    private Runnable watch(Connection connection, Consumer<Connection> onLeft) {
        watched.put(connection, () -> onLeft.accept(connection));
        return () -> watched.remove(connection);
    }

    private void leave(Connection connection) {
        requireNonNull(watched.remove(connection)).run();
    }

    private List<Connection> arrive(int count) throws IOException {
        List<Connection> arrived = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            arrived.add(new Connection(SocketChannel.open(), gate));
        }
        connections.addAll(arrived);
        arrived.forEach(gate::offer);
        return arrived;
    }

    private void pass(Duration time) {
        now += time.toNanos();
        loop.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        loop.runPendingTasks();
        loop.runScheduledPendingTasks();
    }

    private Held result(CompletableFuture<Held> future) {
        loop.runPendingTasks();
        assertTrue(future.isDone());
        return future.join();
    }

    private Held open(Receiver receiver) {
        return result(gate.open(receiver));
    }

    private void hold() {
        gate.hold();
        loop.runPendingTasks();
    }

    @Test
    void whatArrivesBeforeTheFirstBuildWaits() throws Exception {
        List<Connection> waiting = arrive(2);
        assertTrue(waiting.stream().allMatch(GateTest::isOpen));
        assertEquals(2, open(server).count());
        assertEquals(waiting, server.taken);
    }

    @Test
    void anOpenGateHandsOverInOrderOfArrival() throws Exception {
        List<Connection> expected = arrive(MAX_HELD + 2);
        open(server);
        expected.addAll(arrive(2));
        assertEquals(expected, server.taken);
    }

    @Test
    void openingTellsHowManyWaitedAndForHowLong() throws Exception {
        arrive(1);
        pass(Duration.ofSeconds(2));
        arrive(1);
        pass(Duration.ofSeconds(3));
        assertEquals(new Held(2, Duration.ofSeconds(5)), open(server));
        assertEquals(Held.NONE, open(server));
    }

    @Test
    void acceptingStopsWhenTheQueueIsFullAndGoesOnWhenItIsOpened() throws Exception {
        arrive(MAX_HELD - 1);
        assertFalse(accepting.contains(false));
        arrive(1);
        assertEquals(false, lastOf(accepting));
        open(server);
        assertEquals(true, lastOf(accepting));
    }

    @Test
    void whatIsLetGoByAGenerationWaitsEvenIfTheQueueIsFull() throws Exception {
        List<Connection> waiting = arrive(MAX_HELD + 5);
        assertTrue(waiting.stream().allMatch(GateTest::isOpen));
        assertEquals(waiting.size(), open(server).count());
    }

    @Test
    void aHoldingGateTakesBackWhatHadNotBeenBegun() throws Exception {
        open(server);
        List<Connection> arrived = arrive(3);
        server.begun = 1;
        hold();
        arrived.addAll(arrive(1));
        assertEquals(arrived.subList(0, 1), server.taken);
        assertEquals(3, open(other).count());
        assertEquals(arrived.subList(1, 4), other.taken);
    }

    @Test
    void acceptingStopsWhenWhatIsTakenBackFillsTheQueue() throws Exception {
        open(server);
        arrive(MAX_HELD);
        hold();
        assertEquals(false, lastOf(accepting));
    }

    @Test
    void holdingTwiceIsHoldingOnce() throws Exception {
        open(server);
        List<Connection> arrived = arrive(2);
        hold();
        hold();
        open(other);
        assertEquals(arrived, other.taken);
    }

    @Test
    void withOverlapTheNextGenerationGetsWhatTheFormerHadNotBegun() throws Exception {
        open(server);
        List<Connection> arrived = arrive(2);
        server.begun = 1;
        open(other);
        arrived.addAll(arrive(1));
        assertEquals(arrived.subList(0, 1), server.taken);
        assertEquals(arrived.subList(1, 3), other.taken);
    }

    @Test
    void openingAgainToTheSameTakesNothingBack() throws Exception {
        open(server);
        List<Connection> arrived = arrive(2);
        assertEquals(Held.NONE, open(server));
        assertEquals(arrived, server.taken);
    }

    @Test
    void whenTheReceiverIsLostItsSocketsWait() throws Exception {
        open(server);
        List<Connection> arrived = arrive(2);
        gate.lost(server, server.giveBack());
        loop.runPendingTasks();
        arrived.addAll(arrive(1));
        assertEquals(List.of(), server.taken);
        open(other);
        assertEquals(arrived, other.taken);
    }

    @Test
    void whatAFormerReceiverGivesBackGoesToTheOneThatIsLive() throws Exception {
        List<Connection> arrived = arrive(2);
        open(server);
        List<Connection> givenBack = server.giveBack();
        open(other);
        gate.lost(server, givenBack);
        loop.runPendingTasks();
        assertEquals(arrived, other.taken);
    }

    @Test
    void whatHasWaitedForTooLongIsClosed() throws Exception {
        List<Connection> first = arrive(1);
        pass(Duration.ofSeconds(1));
        List<Connection> second = arrive(1);
        pass(HOLD_TIMEOUT.minusSeconds(1).minusNanos(1));
        assertTrue(isOpen(first.get(0)));
        pass(Duration.ofNanos(1));
        assertFalse(isOpen(first.get(0)));
        assertTrue(isOpen(second.get(0)));
        pass(Duration.ofSeconds(1));
        assertFalse(isOpen(second.get(0)));
    }

    @Test
    void whatHasWaitedForTooLongGoesWhereItWasToldTo() throws Exception {
        gate.takeExpired(() -> server::take);
        loop.runPendingTasks();
        List<Connection> waiting = arrive(2);
        pass(HOLD_TIMEOUT);
        assertEquals(waiting, server.taken);
        assertEquals(Held.NONE, open(other));
        assertEquals(List.of(), other.taken);
    }

    @Test
    void whenNobodyCanTakeWhatHasWaitedForTooLongItIsTriedAgainAndNothingIsLost() throws Exception {
        boolean[] canTake = {false};
        gate.takeExpired(() -> {
            if (!canTake[0]) {
                throw new IllegalStateException("too many open files");
            }
            return server::take;
        });
        loop.runPendingTasks();
        List<Connection> waiting = arrive(2);
        pass(HOLD_TIMEOUT);
        assertTrue(waiting.stream().allMatch(GateTest::isOpen));
        canTake[0] = true;
        pass(Duration.ofSeconds(1));
        assertEquals(waiting, server.taken);
    }

    @Test
    void whatNobodyCouldTakeInTimeIsServedLater() throws Exception {
        gate.takeExpired(() -> {
            throw new IllegalStateException("too many open files");
        });
        loop.runPendingTasks();
        List<Connection> waiting = arrive(2);
        pass(HOLD_TIMEOUT);
        assertEquals(2, open(server).count());
        assertEquals(waiting, server.taken);
    }

    @Test
    void aReceiverThatFailsForOneConnectionGetsTheOthers() throws Exception {
        List<Connection> waiting = arrive(3);
        Receiver failsOnce = new Receiver() {
            @Override
            public void take(Connection connection) {
                if (connection == waiting.get(1)) {
                    throw new IllegalStateException();
                }
                server.take(connection);
            }

            @Override
            public List<Connection> giveBack() {
                return server.giveBack();
            }
        };
        assertEquals(3, open(failsOnce).count());
        assertEquals(List.of(waiting.get(0), waiting.get(2)), server.taken);
        assertFalse(isOpen(waiting.get(1)));
        assertEquals(true, lastOf(accepting));
    }

    @Test
    void aPeerThatLeavesWhileItWaitsIsHeldNoMore() throws Exception {
        List<Connection> waiting = arrive(MAX_HELD);
        assertEquals(false, lastOf(accepting));
        leave(waiting.get(1));
        assertEquals(true, lastOf(accepting));
        assertFalse(isOpen(waiting.get(1)));
        assertEquals(MAX_HELD - 1, open(server).count());
        assertEquals(List.of(waiting.get(0), waiting.get(2)), server.taken);
    }

    @Test
    void whenAllPeersHaveLeftNothingExpires() throws Exception {
        gate.takeExpired(() -> {
            throw new AssertionError("nobody waits");
        });
        loop.runPendingTasks();
        leave(arrive(1).get(0));
        pass(HOLD_TIMEOUT);
        List<Connection> later = arrive(1);
        assertEquals(1, open(server).count());
        assertEquals(later, server.taken);
    }

    @Test
    void whatWaitsIsWatchedAndNothingElse() throws Exception {
        List<Connection> first = arrive(1);
        assertEquals(Set.copyOf(first), watched.keySet());
        open(server);
        arrive(1);
        assertEquals(Set.of(), watched.keySet());
        hold(); // takes both back
        assertEquals(2, watched.size());
        pass(HOLD_TIMEOUT);
        assertEquals(Set.of(), watched.keySet());
        arrive(1);
        result(gate.close());
        assertEquals(Set.of(), watched.keySet());
    }

    @Test
    void acceptingGoesOnWhenExpiryHasMadeRoom() throws Exception {
        arrive(MAX_HELD);
        pass(HOLD_TIMEOUT);
        assertEquals(true, lastOf(accepting));
    }

    @Test
    void whatWaitsAgainHasItsFullTime() throws Exception {
        arrive(1);
        pass(HOLD_TIMEOUT.minusNanos(1));
        open(server);
        hold();
        pass(HOLD_TIMEOUT.minusNanos(1));
        assertTrue(isOpen(connections.get(0)));
        pass(Duration.ofNanos(1));
        assertFalse(isOpen(connections.get(0)));
    }

    @Test
    void nothingExpiresOnceItHasBeenHandedOver() throws Exception {
        arrive(1);
        open(server);
        pass(HOLD_TIMEOUT.multipliedBy(2));
        assertTrue(isOpen(connections.get(0)));
    }

    @Test
    void aClosedGateClosesWhatWaitsAndWhatComes() throws Exception {
        List<Connection> waiting = arrive(2);
        assertEquals(2, result(gate.close()).count());
        List<Connection> late = arrive(1);
        assertFalse(waiting.stream().anyMatch(GateTest::isOpen));
        assertFalse(isOpen(late.get(0)));
    }

    @Test
    void aClosedGateLeavesToAReceiverWhatItHasTaken() throws Exception {
        open(server);
        List<Connection> arrived = arrive(2);
        result(gate.close());
        assertEquals(arrived, server.taken);
        assertTrue(arrived.stream().allMatch(GateTest::isOpen));
    }

    @Test
    void aClosedGateStaysClosed() throws Exception {
        result(gate.close());
        assertEquals(Held.NONE, open(server));
        hold();
        List<Connection> late = arrive(1);
        assertEquals(List.of(), server.taken);
        assertFalse(isOpen(late.get(0)));
        assertEquals(Held.NONE, result(gate.close()));
    }

    @Test
    void whatWaitedAtSeveralGatesIsAddedUp() {
        Held sum = new Held(1, Duration.ofSeconds(2)).plus(new Held(3, Duration.ofSeconds(1)));
        assertEquals(new Held(4, Duration.ofSeconds(2)), sum);
        assertEquals(sum, Held.NONE.plus(sum));
    }

    private static boolean isOpen(Connection connection) {
        return connection.socket().isOpen();
    }

    private static boolean lastOf(List<Boolean> values) {
        return values.get(values.size() - 1);
    }
}
