package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.failure.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PopulationTest {

    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
    private final Set<Integer> kept = ConcurrentHashMap.newKeySet();
    private final List<Integer> toCollect = new ArrayList<>();
    private final Population population = new Population(
            3,
            kept::contains,
            this::collect,
            (oldest, generations) -> said.add("cuts " + oldest + " of " + generations));

    private void collect() {
        toCollect.forEach(population::gone);
    }

    private void born(int... generations) {
        for (int generation : generations) {
            population.born(
                    generation,
                    new Population.Facts(
                            "app.jar", () -> 10 * generation, () -> generation, () -> List.of("  \"a thread\"")));
        }
    }

    @Test
    void thereIsRoomUpToTheLimit() throws Exception {
        born(1, 2);
        assertEquals(Optional.empty(), population.awaitRoom());
    }

    @Test
    void whatHasOnlyNotBeenCollectedYetDoesNotCount() throws Exception {
        born(1, 2, 3);
        population.ended(1);
        assertEquals(Optional.empty(), population.awaitRoom());
        assertTrue(said.isEmpty());
    }

    @Test
    void theDrainOfTheOldestIsCutShortForTheNext() throws Exception {
        born(1, 2, 3);
        population.leaving(1, () -> said.add("1 is cut"));
        population.leaving(2, () -> said.add("2 is cut"));
        CompletableFuture<Optional<Problem>> room = awaitRoom();
        assertEquals("cuts 1 of 3", said.take());
        assertEquals("1 is cut", said.take());
        assertFalse(room.isDone());
        population.ended(1);
        assertEquals(Optional.empty(), room.join());
        assertTrue(said.isEmpty(), "no more than is needed");
    }

    @Test
    void whatHasJustBegunToLeaveIsNotCutShortBeforeThereIsToBeAnother() throws Exception {
        born(1, 2, 3);
        population.leaving(3, () -> said.add("3 is cut"));
        assertTrue(said.isEmpty());
        CompletableFuture<Optional<Problem>> room = awaitRoom();
        assertEquals("cuts 3 of 3", said.take());
        assertEquals("3 is cut", said.take());
        population.ended(3);
        assertEquals(Optional.empty(), room.join());
    }

    @Test
    void theNextOldestIsCutShortIfThatIsNotEnough() throws Exception {
        born(1, 2, 3, 4);
        population.leaving(1, () -> {});
        population.leaving(2, () -> {});
        CompletableFuture<Optional<Problem>> room = awaitRoom();
        assertEquals("cuts 1 of 4", said.take());
        population.ended(1);
        assertEquals("cuts 2 of 3", said.take());
        population.ended(2);
        assertEquals(Optional.empty(), room.join());
    }

    private CompletableFuture<Optional<Problem>> awaitRoom() {
        CompletableFuture<Optional<Problem>> result = new CompletableFuture<>();
        new Thread(() -> {
                    try {
                        result.complete(population.awaitRoom());
                    } catch (InterruptedException e) {
                        result.completeExceptionally(e);
                    }
                })
                .start();
        return result;
    }

    @Test
    void aSwapFailsIfThereIsNothingToWaitFor() throws Exception {
        born(1, 2, 3);
        population.ended(1);
        population.ended(2);
        kept.addAll(List.of(1, 2));
        assertEquals(
                "there are 3 generations in memory, and no more are allowed: 1, 2 have ended, but something keeps them"
                        + " (mend what the transcript says, and restart the supervisor; --max-generations allows more)",
                population.awaitRoom().orElseThrow().summary());
    }

    @Test
    void whatIsKeptNoLongerIsCollectedBeforeASwapIsRefused() throws Exception {
        born(1, 2, 3);
        population.ended(1);
        population.ended(2);
        kept.addAll(List.of(1, 2));
        toCollect.add(2);
        assertEquals(Optional.empty(), population.awaitRoom());
    }

    @Test
    void whatHasEndedIsCollectedOnDemand() throws Exception {
        born(1, 2);
        population.ended(1);
        toCollect.add(1);
        population.awaitCollected();
        assertEquals(1, population.describe().size());
    }

    @Test
    void eachIsDescribedWithWhatItHasOrHad() {
        born(1, 2, 3, 4);
        population.serving(3);
        population.leaving(2, () -> {});
        population.ended(1);
        assertEquals(
                List.of(
                        "generation 1 (ended, but still in memory): app.jar, 10 classes",
                        "generation 2 (finishing what it had begun): app.jar, 20 classes, 2 connections",
                        "generation 3 (live): app.jar, 30 classes, 3 connections",
                        "generation 4 (starting): app.jar, 40 classes, 4 connections"),
                population.describe());
        population.gone(1);
        assertEquals(3, population.describe().size());
    }

    @Test
    void theThreadsAreThoseOfWhoIsLiveOrStarts() {
        assertEquals(List.of(), population.threads());
        born(1, 2, 3, 4);
        population.ended(1);
        population.leaving(2, () -> {});
        population.serving(3);
        assertEquals(
                List.of(
                        "generation 3 (live): app.jar, 30 classes, 3 connections",
                        "  \"a thread\"",
                        "generation 4 (starting): app.jar, 40 classes, 4 connections",
                        "  \"a thread\""),
                population.threads());
    }
}
