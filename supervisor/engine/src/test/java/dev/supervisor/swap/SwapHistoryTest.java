package dev.supervisor.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Event;
import dev.supervisor.Held;
import dev.supervisor.Problem;
import dev.supervisor.Status.Distribution;
import dev.supervisor.Status.Phase;
import dev.supervisor.Status.Result;
import dev.supervisor.Status.Swap;
import dev.supervisor.Status.Timed;
import dev.supervisor.Status.Trigger;
import dev.supervisor.counts.FirstAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class SwapHistoryTest {

    private final SwapHistory history = new SwapHistory();

    private void begin(Trigger trigger) {
        history.noticed(trigger);
        history.began();
    }

    private void serve(int generation, Held held) {
        history.served(new Event.Serving(generation, "app.jar", Duration.ZERO, Duration.ZERO, Instant.now(), held));
    }

    private void serve(int generation) {
        serve(generation, Held.NONE);
    }

    private Swap last() {
        return history.swaps().recent().get(0);
    }

    private static List<Phase> phases(Swap swap) {
        return swap.phases().stream().map(Timed::phase).toList();
    }

    @Test
    void aSwapBeginsWithItsChangeAndEndsWhenItServes() {
        begin(Trigger.CHANGED);
        assertTrue(history.isRunning());
        assertEquals(Result.RUNNING, last().result());
        history.enter(Phase.SNAPSHOT);
        history.enter(Phase.START);
        history.made(1);
        serve(1, new Held(3, Duration.ofMillis(5)));
        assertFalse(history.isRunning());
        assertEquals(List.of(Phase.SNAPSHOT, Phase.START), phases(last()));
        assertEquals(3, last().held().count());
        assertEquals(Trigger.CHANGED, last().trigger());
        assertEquals(Map.of(Result.SERVED, 1L), history.swaps().totals());
        assertEquals(last().took(), last().took()); // it does not go on
    }

    @Test
    void aGenerationThatIsBroughtBackIsOneFailedSwap() {
        begin(Trigger.FIRST);
        serve(1);
        begin(Trigger.CHANGED);
        serve(2);
        history.broughtBack(2, Held.NONE, Problem.of("errors"));
        assertEquals(
                Map.of(Result.SERVED, 2L, Result.FAILED, 1L), history.swaps().totals());
        begin(Trigger.CHANGED);
        serve(3);
        assertEquals(
                Map.of(Result.SERVED, 3L, Result.FAILED, 1L), history.swaps().totals());
    }

    @Test
    void aBuildThatIsCompletedByAnotherChangeIsOneSwap() {
        begin(Trigger.CHANGED);
        history.leave(); // not ready
        begin(Trigger.CHANGED);
        serve(1);
        assertEquals(1, history.swaps().recent().size());
        begin(Trigger.ASKED);
        assertEquals(Trigger.ASKED, last().trigger());
    }

    @Test
    void aChangeThatTheBuildCoversBeginsNoOther() {
        begin(Trigger.FIRST);
        history.noticed(Trigger.CHANGED); // and it came before the sources had settled
        serve(1);
        history.began();
        assertEquals(Trigger.RETRY, last().trigger());
    }

    @Test
    void anOutdatedSwapIsFollowedByTheOneThatOutdatedIt() {
        begin(Trigger.FIRST);
        history.made(1);
        history.noticed(Trigger.CHANGED);
        history.outdated();
        history.began();
        history.failed(Problem.of("broken"), false);
        assertEquals(Trigger.CHANGED, last().trigger());
        assertEquals("broken", last().problem().orElseThrow().summary());
        assertEquals(Result.OUTDATED, history.swaps().recent().get(1).result());
        assertEquals(
                Map.of(Result.OUTDATED, 1L, Result.FAILED, 1L), history.swaps().totals());
    }

    @Test
    void anOutdatedSwapGoesOnIfItsBuildTurnsOutToBeTheSame() {
        begin(Trigger.CHANGED);
        history.enter(Phase.START);
        history.made(1);
        history.noticed(Trigger.CHANGED);
        history.outdated();
        history.began();
        history.enter(Phase.SNAPSHOT);
        assertEquals(Map.of(), history.swaps().totals());
        serve(1);
        assertEquals(1, history.swaps().recent().size());
        assertEquals(1, last().number());
        assertEquals(Result.SERVED, last().result());
        assertEquals(OptionalInt.of(1), last().generation());
        assertEquals(List.of(Phase.START, Phase.SNAPSHOT), phases(last()));
        assertEquals(Map.of(Result.SERVED, 1L), history.swaps().totals());
        begin(Trigger.CHANGED);
        assertEquals(2, last().number());
    }

    @Test
    void attemptsOfWhichNobodyIsToldAreForgotten() {
        begin(Trigger.CHANGED);
        history.failed(Problem.of("no space"), false);
        for (int i = 0; i < 50; i++) {
            history.began();
            history.inVain();
        }
        assertEquals(1, history.swaps().recent().size());
        history.began();
        serve(1);
        assertEquals(2, last().number());
        assertEquals(Trigger.RETRY, last().trigger());
    }

    @Test
    void theFirstAnswerCountsFromTheGatesIfRequestsHadWaited() {
        begin(Trigger.CHANGED);
        history.made(1);
        history.answered(1, new FirstAnswer.Times(millis(10), millis(30), millis(50))); // before the loop tells of it
        serve(1, new Held(1, Duration.ZERO));
        assertEquals(Duration.ofMillis(40), firstAnswer().took());
        begin(Trigger.CHANGED);
        history.made(2);
        serve(2);
        history.answered(2, new FirstAnswer.Times(millis(10), millis(30), millis(50)));
        assertEquals(Duration.ofMillis(20), firstAnswer().took());
        assertEquals(
                2,
                history.swaps()
                        .phases()
                        .getOrDefault(Phase.FIRST_ANSWER, Distribution.NONE)
                        .count());
    }

    @Test
    void aFirstRequestThatComesMuchLaterTellsNothing() {
        begin(Trigger.CHANGED);
        serve(1);
        history.answered(1, new FirstAnswer.Times(millis(0), millis(2_000), millis(2_001)));
        assertEquals(List.of(), phases(last()));
    }

    private Timed firstAnswer() {
        return last().phases().stream()
                .filter(timed -> timed.phase() == Phase.FIRST_ANSWER)
                .findFirst()
                .orElseThrow();
    }

    private static long millis(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
