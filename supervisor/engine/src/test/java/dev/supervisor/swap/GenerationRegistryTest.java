package dev.supervisor.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GenerationRegistryTest {

    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
    private final List<Integer> toCollect = new ArrayList<>();
    private int collections;
    private final GenerationRegistry registry = new GenerationRegistry(
            3,
            Duration.ZERO,
            this::collect,
            (oldest, generations) -> said.add("cuts " + oldest + " of " + generations));

    private void collect() {
        collections++;
        toCollect.forEach(registry::gone);
    }

    private void born(int... generations) {
        for (int generation : generations) {
            registry.born(
                    generation,
                    new GenerationRegistry.Facts(
                            "app.jar",
                            Optional::empty,
                            () -> 10 * generation,
                            () -> generation,
                            () -> List.of("  \"a thread\"")));
        }
    }

    @Test
    void thereIsRoomUpToTheLimit() throws Exception {
        born(1, 2);
        registry.awaitRoom();
        assertTrue(said.isEmpty());
    }

    @Test
    void whatHasEndedDoesNotCountWhateverKeepsIt() throws Exception {
        born(1, 2, 3, 4, 5);
        registry.ended(1);
        registry.ended(2);
        registry.ended(3);
        assertEquals(new GenerationRegistry.RunningOn(1, 20), registry.runsOn(2));
        assertEquals(new GenerationRegistry.RunningOn(2, 50), registry.runsOn(3));
        registry.awaitRoom();
        assertTrue(said.isEmpty());
    }

    @Test
    void theDrainOfTheOldestIsCutShortForTheNext() throws Exception {
        born(1, 2, 3);
        registry.leaving(1, () -> said.add("1 is cut"));
        registry.leaving(2, () -> said.add("2 is cut"));
        CompletableFuture<Boolean> room = awaitRoom();
        assertEquals("cuts 1 of 3", said.take());
        assertEquals("1 is cut", said.take());
        assertFalse(room.isDone());
        registry.ended(1);
        assertTrue(room.join());
        assertTrue(said.isEmpty(), "no more than is needed");
    }

    @Test
    void whatHasJustBegunToLeaveIsNotCutShortBeforeThereIsToBeAnother() throws Exception {
        born(1, 2, 3);
        registry.leaving(3, () -> said.add("3 is cut"));
        assertTrue(said.isEmpty());
        CompletableFuture<Boolean> room = awaitRoom();
        assertEquals("cuts 3 of 3", said.take());
        assertEquals("3 is cut", said.take());
        registry.ended(3);
        assertTrue(room.join());
    }

    @Test
    void whatIsKeptMakesRoomLikeWhatDrains() throws Exception {
        born(1, 2, 3);
        registry.kept(1, () -> said.add("1 is cut"));
        assertEquals(Status.State.KEPT, registry.generations().get(0).state());
        CompletableFuture<Boolean> room = awaitRoom();
        assertEquals("cuts 1 of 3", said.take());
        assertEquals("1 is cut", said.take());
        registry.leaving(1, () -> {});
        assertEquals(Status.State.CUT_SHORT, registry.generations().get(0).state());
        registry.ended(1);
        assertTrue(room.join());
        registry.kept(2, () -> {});
        registry.leaving(2, () -> {});
        assertEquals(Status.State.DRAINING, registry.generations().get(1).state());
    }

    @Test
    void theNextOldestIsCutShortIfThatIsNotEnough() throws Exception {
        born(1, 2, 3, 4);
        registry.leaving(1, () -> {});
        registry.leaving(2, () -> {});
        CompletableFuture<Boolean> room = awaitRoom();
        assertEquals("cuts 1 of 4", said.take());
        registry.ended(1);
        assertEquals("cuts 2 of 3", said.take());
        registry.ended(2);
        assertTrue(room.join());
    }

    @Test
    void aDrainThatHasJustBegunIsGivenTimeInABurstOfSwaps() throws Exception {
        GenerationRegistry patient = new GenerationRegistry(
                1, Duration.ofMinutes(10), this::collect, (oldest, generations) -> said.add("cuts " + oldest));
        patient.born(1, new GenerationRegistry.Facts("app.jar", Optional::empty, () -> 0, () -> 1, List::of));
        patient.leaving(1, () -> said.add("1 is cut"));
        CompletableFuture<Boolean> room = new CompletableFuture<>();
        Thread waiting = awaitRoom(patient, room);
        while (waiting.getState() != Thread.State.TIMED_WAITING) {
            assertFalse(room.isDone());
            Thread.onSpinWait();
        }
        patient.ended(1);
        assertTrue(room.get());
        assertTrue(said.isEmpty());
    }

    private CompletableFuture<Boolean> awaitRoom() {
        CompletableFuture<Boolean> room = new CompletableFuture<>();
        awaitRoom(registry, room);
        return room;
    }

    private static Thread awaitRoom(GenerationRegistry registry, CompletableFuture<Boolean> room) {
        Thread waiting = new Thread(() -> {
            try {
                registry.awaitRoom();
                room.complete(true);
            } catch (InterruptedException e) {
                room.completeExceptionally(e);
            }
        });
        waiting.start();
        return waiting;
    }

    @Test
    void whatIsCollectedAfterAllKeepsNothing() {
        born(1, 2);
        registry.ended(1);
        registry.runsOn(1);
        registry.gone(1);
        registry.ended(2);
        assertEquals(new GenerationRegistry.RunningOn(1, 20), registry.runsOn(2));
    }

    @Test
    void whatHasEndedIsCollectedOnDemand() throws Exception {
        born(1, 2);
        registry.ended(1);
        toCollect.add(1);
        registry.awaitCollected();
        assertEquals(1, registry.generations().size());
    }

    @Test
    void whatIsNotCollectedOnDemandIsNotWaitedForAgain() throws Exception {
        born(1, 2);
        registry.ended(1);
        registry.awaitCollected();
        assertEquals(3, collections);
        registry.awaitCollected();
        assertEquals(3, collections);
        registry.ended(2);
        toCollect.add(2);
        registry.awaitCollected();
        assertEquals(4, collections, "another one");
    }

    @Test
    void eachIsDescribedWithWhatItHasOrHad() {
        born(0, 1, 2, 3, 4);
        registry.serving(3);
        registry.leaving(2, () -> {});
        registry.ended(1);
        registry.ended(0);
        registry.runsOn(0);
        assertEquals(
                List.of(
                        "0 RUNNING_ON app.jar 0 0",
                        "1 ENDED app.jar 10 0",
                        "2 DRAINING app.jar 20 2",
                        "3 LIVE app.jar 30 3",
                        "4 STARTING app.jar 40 4"),
                registry.generations().stream()
                        .map(each -> each.number() + " " + each.state() + " " + each.build() + " " + each.classes()
                                + " " + each.connections())
                        .toList());
        registry.gone(1);
        assertEquals(4, registry.generations().size());
    }

    @Test
    void theThreadsAreThoseOfWhoIsLiveOrStarts() {
        assertEquals(List.of(), registry.threads());
        born(1, 2, 3, 4);
        registry.ended(1);
        registry.leaving(2, () -> {});
        registry.serving(3);
        assertEquals(
                List.of("3 LIVE [  \"a thread\"]", "4 STARTING [  \"a thread\"]"),
                registry.threads().stream()
                        .map(each -> each.generation().number() + " "
                                + each.generation().state() + " " + each.lines())
                        .toList());
    }
}
