package dev.supervisor.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.swap.SwapState.Action;
import dev.supervisor.swap.SwapState.Activity;
import dev.supervisor.swap.SwapState.Live;
import dev.supervisor.swap.SwapState.Retry;
import dev.supervisor.swap.SwapState.Step;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SwapStateTest {

    private static final boolean HOLD = true;
    private static final boolean OVERLAP = false;

    private static SwapState idle(boolean hold, Live live) {
        return new SwapState(hold, live, Activity.IDLE, live != Live.NOTHING, Retry.NONE, 1, false, 1);
    }

    private static SwapState working(boolean hold, Live live) {
        boolean open = !hold && live == Live.APPLICATION;
        return new SwapState(hold, live, Activity.WORKING, open, Retry.NONE, 1, false, 1);
    }

    private static SwapState paused(boolean hold, Live live) {
        return idle(hold, live).pause().state();
    }

    private static SwapState awaiting(boolean hold, Live live) {
        return working(hold, live).notReady(1).state();
    }

    /** The machine has lacked something once. */
    private static SwapState lacking(boolean hold, Live live) {
        return working(hold, live).lacking(1).state();
    }

    /** The machine still lacks it, and clients see that. */
    private static SwapState stillLacking(boolean hold, Live live) {
        return lacking(hold, live).patienceOver().state().lacking(1).state();
    }

    private static void assertStep(Step step, Live live, Activity activity, Action... actions) {
        assertEquals(List.of(actions), step.actions());
        assertEquals(live, step.state().live());
        assertEquals(activity, step.state().activity());
    }

    @ParameterizedTest
    @EnumSource(names = {"APPLICATION", "FAILURE_PAGE"})
    void withHoldNewWorkWaitsFromTheMomentOfAChange(Live live) {
        assertStep(idle(HOLD, live).changed(), live, Activity.WORKING, Action.HOLD, Action.WORK);
    }

    @ParameterizedTest
    @ValueSource(booleans = {HOLD, OVERLAP})
    void atFirstNewWorkWaitsAnyway(boolean hold) {
        assertStep(SwapState.initial(hold).changed(), Live.NOTHING, Activity.WORKING, Action.WORK);
    }

    @Test
    void withOverlapTheOldBuildGoesOnWhileTheNewOneComesUp() {
        assertStep(idle(OVERLAP, Live.APPLICATION).changed(), Live.APPLICATION, Activity.WORKING, Action.WORK);
    }

    @Test
    void withOverlapNewWorkWaitsAsLongAsThereIsNoApplication() {
        assertStep(
                idle(OVERLAP, Live.FAILURE_PAGE).changed(),
                Live.FAILURE_PAGE,
                Activity.WORKING,
                Action.HOLD,
                Action.WORK);
    }

    @ParameterizedTest
    @ValueSource(booleans = {HOLD, OVERLAP})
    void aChangeDuringWorkIsCountedAndBeginsNothing(boolean hold) {
        Step step = working(hold, Live.APPLICATION).changed();
        assertStep(step, Live.APPLICATION, Activity.WORKING);
        assertEquals(2, step.state().changes());
    }

    @ParameterizedTest
    @ValueSource(booleans = {HOLD, OVERLAP})
    void aStartedGenerationTakesOver(boolean hold) {
        for (Live live : Live.values()) {
            assertStep(working(hold, live).started(1), Live.APPLICATION, Activity.IDLE, Action.INSTALL, Action.OPEN);
        }
    }

    @Test
    void withHoldAnOutdatedGenerationGetsNoWork() {
        SwapState outdated = working(HOLD, Live.APPLICATION).changed().state();
        assertStep(outdated.started(1), Live.APPLICATION, Activity.WORKING, Action.INSTALL, Action.WORK);
    }

    @Test
    void withOverlapAnOutdatedGenerationServesUntilTheNextIsReady() {
        SwapState outdated = working(OVERLAP, Live.APPLICATION).changed().state();
        assertStep(outdated.started(1), Live.APPLICATION, Activity.WORKING, Action.INSTALL, Action.OPEN, Action.WORK);
    }

    @Test
    void manyChangesDuringWorkLeadToExactlyOneMoreTurn() {
        SwapState state = working(HOLD, Live.APPLICATION);
        for (int i = 0; i < 5; i++) {
            state = state.changed().state();
        }
        Step again = state.started(1);
        assertEquals(1, again.actions().stream().filter(Action.WORK::equals).count());
        assertStep(again.state().started(6), Live.APPLICATION, Activity.IDLE, Action.INSTALL, Action.OPEN);
    }

    @Test
    void anUnchangedBuildReleasesWhatWaited() {
        assertStep(working(HOLD, Live.APPLICATION).unchanged(1), Live.APPLICATION, Activity.IDLE, Action.OPEN);
    }

    @Test
    void anUnchangedBuildThatHasChangedMeanwhileIsMadeAgain() {
        SwapState outdated = working(HOLD, Live.APPLICATION).changed().state();
        assertStep(outdated.unchanged(1), Live.APPLICATION, Activity.WORKING, Action.WORK);
    }

    @ParameterizedTest
    @ValueSource(booleans = {HOLD, OVERLAP})
    void anIncompleteBuildIsAwaited(boolean hold) {
        assertStep(working(hold, Live.APPLICATION).notReady(1), Live.APPLICATION, Activity.AWAITING, Action.AWAIT);
    }

    @Test
    void anIncompleteBuildThatHasChangedMeanwhileIsTriedAgainAtOnce() {
        SwapState outdated = working(HOLD, Live.NOTHING).changed().state();
        assertStep(outdated.notReady(1), Live.NOTHING, Activity.WORKING, Action.WORK);
    }

    @Test
    void theNextChangeEndsTheWaitForAnIncompleteBuild() {
        assertStep(awaiting(HOLD, Live.APPLICATION).changed(), Live.APPLICATION, Activity.WORKING, Action.WORK);
        assertStep(awaiting(OVERLAP, Live.APPLICATION).changed(), Live.APPLICATION, Activity.WORKING, Action.WORK);
    }

    @ParameterizedTest
    @EnumSource(Live.class)
    void withHoldAFailedBuildIsShown(Live live) {
        assertStep(
                working(HOLD, live).failed(1, false),
                Live.FAILURE_PAGE,
                Activity.IDLE,
                Action.REPORT_FAILURE,
                Action.INSTALL_FAILURE,
                Action.OPEN);
    }

    @Test
    void withOverlapTheOldBuildOutlivesAFailedOne() {
        assertStep(
                working(OVERLAP, Live.APPLICATION).failed(1, false),
                Live.APPLICATION,
                Activity.IDLE,
                Action.REPORT_FAILURE);
    }

    @ParameterizedTest
    @EnumSource(names = {"NOTHING", "FAILURE_PAGE"})
    void withOverlapAFailureIsShownIfThereIsNoApplication(Live live) {
        assertStep(
                working(OVERLAP, live).failed(1, false),
                Live.FAILURE_PAGE,
                Activity.IDLE,
                Action.REPORT_FAILURE,
                Action.INSTALL_FAILURE,
                Action.OPEN);
    }

    @Test
    void anOutdatedFailureIsReportedButNotShown() {
        SwapState outdated = working(HOLD, Live.APPLICATION).changed().state();
        assertStep(
                outdated.failed(1, false),
                Live.APPLICATION,
                Activity.WORKING,
                Action.REPORT_OUTDATED_FAILURE,
                Action.WORK);
    }

    @Test
    void patienceWithAnIncompleteBuildEnds() {
        assertStep(
                awaiting(HOLD, Live.APPLICATION).patienceOver(),
                Live.FAILURE_PAGE,
                Activity.IDLE,
                Action.REPORT_FAILURE,
                Action.INSTALL_FAILURE,
                Action.OPEN);
        assertStep(
                awaiting(OVERLAP, Live.APPLICATION).patienceOver(),
                Live.APPLICATION,
                Activity.IDLE,
                Action.REPORT_FAILURE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {HOLD, OVERLAP})
    void anApplicationThatExitsIsReplacedByTheFailurePage(boolean hold) {
        assertStep(
                idle(hold, Live.APPLICATION).exited(),
                Live.FAILURE_PAGE,
                Activity.IDLE,
                Action.INSTALL_FAILURE,
                Action.OPEN,
                Action.REPORT_FAILURE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {HOLD, OVERLAP})
    void whatIsInTheMakingTakesThePlaceOfAnApplicationThatExits(boolean hold) {
        Step exited = working(hold, Live.APPLICATION).exited();
        assertStep(
                exited,
                Live.FAILURE_PAGE,
                Activity.WORKING,
                Action.HOLD,
                Action.INSTALL_FAILURE,
                Action.REPORT_FAILURE);
        assertStep(exited.state().started(1), Live.APPLICATION, Activity.IDLE, Action.INSTALL, Action.OPEN);
        assertStep(exited.state().unchanged(1), Live.FAILURE_PAGE, Activity.IDLE, Action.OPEN);
    }

    @ParameterizedTest
    @EnumSource(names = {"NOTHING", "FAILURE_PAGE"})
    void anExitOfWhoDoesNotServeChangesNothing(Live live) {
        SwapState state = idle(HOLD, live);
        assertEquals(new Step(state, List.of()), state.exited());
    }

    @ParameterizedTest
    @EnumSource(names = {"IDLE", "WORKING"})
    void patienceThatEndsTooLateDoesNothing(Activity activity) {
        SwapState state = new SwapState(HOLD, Live.APPLICATION, activity, true, Retry.NONE, 3, false, 3);
        assertEquals(new Step(state, List.of()), state.patienceOver());
    }

    @ParameterizedTest
    @ValueSource(booleans = {HOLD, OVERLAP})
    void whatTheMachineLacksIsTriedOnceMoreBeforeItIsReported(boolean hold) {
        Step lacking = working(hold, Live.APPLICATION).lacking(1);
        assertStep(lacking, Live.APPLICATION, Activity.AWAITING, Action.AWAIT);
        Step again = lacking.state().patienceOver();
        assertStep(again, Live.APPLICATION, Activity.WORKING, Action.WORK);
        assertStep(again.state().started(1), Live.APPLICATION, Activity.IDLE, Action.INSTALL, Action.OPEN);
    }

    @Test
    void whatTheMachineStillLacksIsReportedAndTriedAgainQuietly() {
        assertStep(
                lacking(HOLD, Live.APPLICATION).patienceOver().state().lacking(1),
                Live.FAILURE_PAGE,
                Activity.IDLE,
                Action.REPORT_FAILURE,
                Action.INSTALL_FAILURE,
                Action.OPEN,
                Action.RETRY_LATER);
        Step quietly = stillLacking(HOLD, Live.APPLICATION).pauseOver();
        assertStep(quietly, Live.FAILURE_PAGE, Activity.WORKING, Action.WORK);
        assertStep(quietly.state().lacking(1), Live.FAILURE_PAGE, Activity.IDLE, Action.RETRY_LATER);
        assertStep(quietly.state().notReady(1), Live.FAILURE_PAGE, Activity.IDLE);
        assertStep(quietly.state().started(1), Live.APPLICATION, Activity.IDLE, Action.INSTALL, Action.OPEN);
    }

    @Test
    void withOverlapTheOldBuildServesWhileTheMachineLacksSomething() {
        assertStep(
                lacking(OVERLAP, Live.APPLICATION).patienceOver().state().lacking(1),
                Live.APPLICATION,
                Activity.IDLE,
                Action.REPORT_FAILURE,
                Action.RETRY_LATER);
    }

    @Test
    void aChangeDuringAQuietAttemptMakesNewWorkWait() {
        Step changed = stillLacking(HOLD, Live.APPLICATION).pauseOver().state().changed();
        assertStep(changed, Live.FAILURE_PAGE, Activity.WORKING, Action.HOLD);
        assertStep(changed.state().lacking(1), Live.FAILURE_PAGE, Activity.WORKING, Action.WORK);
    }

    @Test
    void aPauseThatEndsAfterAChangeDoesNothing() {
        SwapState changed = stillLacking(HOLD, Live.APPLICATION).changed().state();
        assertEquals(new Step(changed, List.of()), changed.pauseOver());
        assertEquals(new Step(changed, List.of()), changed.formerEnded());
    }

    @Test
    void aStartThatFailedBesideTheFormerGenerationIsTriedOnceMoreWhenThatHasEnded() {
        Step failed = working(HOLD, Live.APPLICATION).failed(1, true);
        assertStep(
                failed, Live.FAILURE_PAGE, Activity.IDLE, Action.REPORT_FAILURE, Action.INSTALL_FAILURE, Action.OPEN);
        Step again = failed.state().formerEnded();
        assertStep(again, Live.FAILURE_PAGE, Activity.WORKING, Action.WORK);
        assertStep(again.state().started(1), Live.APPLICATION, Activity.IDLE, Action.INSTALL, Action.OPEN);
        SwapState failedAgain = again.state().failed(1, false).state();
        assertEquals(new Step(failedAgain, List.of()), failedAgain.formerEnded(), "not a third time");
    }

    /** Whoever waits for the outcome has not been told of the first failure. */
    @Test
    void ifAStartIsNotTriedOnceMoreItHasFailed() {
        SwapState failed = working(HOLD, Live.APPLICATION).failed(1, true).state();
        Step paused = failed.pause();
        assertStep(paused, Live.FAILURE_PAGE, Activity.IDLE, Action.REPORT_FAILURE);
        assertTrue(paused.state().hasNoted());
        assertStep(failed.formerEnded().state().notReady(1), Live.FAILURE_PAGE, Activity.IDLE, Action.REPORT_FAILURE);
        assertStep(
                failed.formerEnded().state().lacking(1),
                Live.FAILURE_PAGE,
                Activity.IDLE,
                Action.REPORT_FAILURE,
                Action.INSTALL_FAILURE,
                Action.OPEN,
                Action.RETRY_LATER);
    }

    @Test
    void withOverlapTheFormerGenerationDoesNotEndSoThatIsNotWaitedFor() {
        SwapState failed = working(OVERLAP, Live.APPLICATION).failed(1, true).state();
        assertEquals(new Step(failed, List.of()), failed.formerEnded());
    }

    @Test
    void theFormerGenerationMakesWayBeforeTheNextStarts() {
        Step way = working(HOLD, Live.APPLICATION).makesWay();
        assertStep(way, Live.NOTHING, Activity.WORKING, Action.LEAVE);
        assertStep(way.state().started(1), Live.APPLICATION, Activity.IDLE, Action.INSTALL, Action.OPEN);
        assertStep(
                way.state().failed(1, false),
                Live.FAILURE_PAGE,
                Activity.IDLE,
                Action.REPORT_FAILURE,
                Action.INSTALL_FAILURE,
                Action.OPEN);
    }

    @ParameterizedTest
    @EnumSource(names = {"NOTHING", "FAILURE_PAGE"})
    void onlyAnApplicationHasToMakeWay(Live live) {
        assertStep(working(HOLD, live).makesWay(), live, Activity.WORKING);
    }

    @Test
    void whatCouldNotBeDoneIsDoneAgain() {
        assertStep(
                idle(HOLD, Live.FAILURE_PAGE).again(false),
                Live.FAILURE_PAGE,
                Activity.IDLE,
                Action.INSTALL_FAILURE,
                Action.OPEN);
        assertStep(
                working(HOLD, Live.APPLICATION).again(false),
                Live.APPLICATION,
                Activity.WORKING,
                Action.INSTALL,
                Action.HOLD,
                Action.WORK);
        assertStep(
                working(OVERLAP, Live.APPLICATION).again(true),
                Live.APPLICATION,
                Activity.WORKING,
                Action.INSTALL,
                Action.OPEN);
        assertStep(
                awaiting(HOLD, Live.NOTHING).again(false),
                Live.NOTHING,
                Activity.AWAITING,
                Action.LEAVE,
                Action.HOLD,
                Action.AWAIT);
        assertStep(
                stillLacking(HOLD, Live.APPLICATION).again(false),
                Live.FAILURE_PAGE,
                Activity.IDLE,
                Action.INSTALL_FAILURE,
                Action.OPEN,
                Action.RETRY_LATER);
    }

    @Test
    void aFormerGenerationThatIsBroughtBackServesAndWhatIsInTheMakingGoesOn() {
        for (SwapState before : List.of(
                idle(OVERLAP, Live.APPLICATION),
                working(OVERLAP, Live.APPLICATION),
                awaiting(OVERLAP, Live.APPLICATION),
                lacking(OVERLAP, Live.APPLICATION))) {
            Step step = before.broughtBack();
            assertStep(step, Live.APPLICATION, before.activity(), Action.INSTALL, Action.OPEN, Action.REPORT_FAILURE);
            assertEquals(before, step.state());
        }
    }

    @Test
    void nothingIsBroughtBackWhereNothingOverlaps() {
        for (Live live : Live.values()) {
            assertEquals(List.of(), idle(HOLD, live).broughtBack().actions());
            assertEquals(List.of(), working(HOLD, live).broughtBack().actions());
            if (live != Live.APPLICATION) {
                assertEquals(List.of(), working(OVERLAP, live).broughtBack().actions());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {HOLD, OVERLAP})
    void inAPauseNothingFollowsFromAChange(boolean hold) {
        Step changed = paused(hold, Live.APPLICATION).changed();
        assertStep(changed, Live.APPLICATION, Activity.IDLE);
        assertTrue(changed.state().open());
        assertTrue(changed.state().hasNoted());
    }

    @Test
    void afterAPauseOneSwapFollowsIfSomethingHasChanged() {
        SwapState noted =
                paused(HOLD, Live.APPLICATION).changed().state().changed().state();
        Step resumed = noted.resume();
        assertStep(resumed, Live.APPLICATION, Activity.WORKING, Action.HOLD, Action.WORK);
        assertStep(resumed.state().started(3), Live.APPLICATION, Activity.IDLE, Action.INSTALL, Action.OPEN);
        assertEquals(List.of(), paused(HOLD, Live.APPLICATION).resume().actions(), "nothing has changed");
    }

    @ParameterizedTest
    @ValueSource(booleans = {HOLD, OVERLAP})
    void inAPauseASwapCanBeAskedForAndCoversWhatWasNoted(boolean hold) {
        Step asked = paused(hold, Live.APPLICATION).changed().state().asked();
        assertEquals(hold ? List.of(Action.HOLD, Action.WORK) : List.of(Action.WORK), asked.actions());
        Step started = asked.state().started(3);
        assertStep(started, Live.APPLICATION, Activity.IDLE, Action.INSTALL, Action.OPEN);
        assertTrue(started.state().paused());
        assertFalse(started.state().hasNoted());
    }

    @Test
    void whatHadBegunBeforeAPauseIsCompletedAndNotOutdatedByChangesInIt() {
        Step started = working(HOLD, Live.APPLICATION)
                .pause()
                .state()
                .changed()
                .state()
                .started(1);
        assertStep(started, Live.APPLICATION, Activity.IDLE, Action.INSTALL, Action.OPEN);
        assertTrue(started.state().hasNoted());
    }

    @Test
    void aChangeBeforeAPauseIsActedUponInIt() {
        Step started = working(HOLD, Live.APPLICATION)
                .changed()
                .state()
                .pause()
                .state()
                .started(1);
        assertStep(started, Live.APPLICATION, Activity.WORKING, Action.INSTALL, Action.WORK);
    }

    @Test
    void aPauseEndsTheWaitForACompleteBuild() {
        Step paused = awaiting(HOLD, Live.APPLICATION).pause();
        assertStep(paused, Live.APPLICATION, Activity.IDLE, Action.REPORT_FAILURE, Action.OPEN);
        assertStep(paused.state().resume(), Live.APPLICATION, Activity.WORKING, Action.HOLD, Action.WORK);
        assertStep(
                working(HOLD, Live.APPLICATION).pause().state().notReady(1),
                Live.APPLICATION,
                Activity.IDLE,
                Action.REPORT_FAILURE,
                Action.OPEN);
        assertStep(
                working(HOLD, Live.APPLICATION).pause().state().lacking(1),
                Live.APPLICATION,
                Activity.IDLE,
                Action.REPORT_FAILURE,
                Action.OPEN);
    }

    @Test
    void inAPauseNothingIsTriedAgain() {
        Step paused = stillLacking(HOLD, Live.APPLICATION).pause();
        assertStep(paused, Live.FAILURE_PAGE, Activity.IDLE);
        assertEquals(List.of(), paused.state().pauseOver().actions());
        assertStep(paused.state().resume(), Live.FAILURE_PAGE, Activity.WORKING, Action.HOLD, Action.WORK);
        SwapState failed =
                working(HOLD, Live.APPLICATION).pause().state().failed(1, true).state();
        assertEquals(List.of(), failed.formerEnded().actions());
        assertStep(failed.resume(), Live.FAILURE_PAGE, Activity.WORKING, Action.HOLD, Action.WORK);
    }

    @Test
    void aRollbackBeginsAPauseWithNothingNoted() {
        Step asked = idle(HOLD, Live.APPLICATION).rollback(false);
        assertStep(asked, Live.APPLICATION, Activity.WORKING, Action.HOLD, Action.WORK);
        SwapState served = asked.state().started(asked.state().wanted()).state();
        assertTrue(served.paused());
        assertEquals(List.of(), served.resume().actions());
    }

    @Test
    void aChangeThatARollbackOutdatesIsSwappedAfterThePause() {
        Step asked = working(HOLD, Live.APPLICATION).rollback(false);
        assertStep(asked, Live.APPLICATION, Activity.WORKING);
        Step outdated = asked.state().started(1);
        assertStep(outdated, Live.APPLICATION, Activity.WORKING, Action.INSTALL, Action.WORK);
        Step served = outdated.state().started(asked.state().wanted());
        assertStep(served, Live.APPLICATION, Activity.IDLE, Action.INSTALL, Action.OPEN);
        assertStep(served.state().resume(), Live.APPLICATION, Activity.WORKING, Action.HOLD, Action.WORK);
    }

    @Test
    void aRollbackOutdatesAnother() {
        SwapState first = idle(HOLD, Live.APPLICATION).rollback(false).state();
        SwapState second = first.rollback(true).state();
        Step outdated = second.started(first.wanted());
        assertStep(outdated, Live.APPLICATION, Activity.WORKING, Action.INSTALL, Action.WORK);
        SwapState served = outdated.state().started(second.wanted()).state();
        assertEquals(List.of(), served.resume().actions());
    }

    @ParameterizedTest
    @ValueSource(booleans = {HOLD, OVERLAP})
    void whateverHappensNoChangeIsLostAndNoWorkIsLeftWaiting(boolean hold) {
        SwapState first = SwapState.initial(hold).changed().state(); // as the loop begins
        Walk start = new Walk(first, List.of("changed"), true, 1, false, false, false);
        assertTrue(start.visitAll(7) > 50_000, "walked through all sequences");
    }

    /**
     * Everything that can happen, in every order, as the loop would do it.
     *
     * @param upTo the changes that the last work had begun with
     * @param open whether the gates are
     * @param armed whether patience will end
     * @param retries whether the same build will be tried again
     */
    private record Walk(
            SwapState state,
            List<String> history,
            boolean inFlight,
            long upTo,
            boolean open,
            boolean armed,
            boolean retries) {

        long visitAll(int depth) {
            if (depth == 0) {
                return 1;
            }
            long visited = 1;
            visited += visit("changed", state.changed(), false, depth);
            visited += visit("patience over", state.patienceOver(), false, depth);
            visited += visit("pause over", state.pauseOver(), false, depth);
            visited += visit("former ended", state.formerEnded(), false, depth);
            visited += visit("exited", state.exited(), false, depth);
            visited += visit("brought back", state.broughtBack(), false, depth);
            visited += visit("again", state.again(inFlight), false, depth);
            visited += visit("asked", state.asked(), false, depth);
            visited += visit("rollback", state.rollback(false), false, depth);
            visited += visit("pause", state.pause(), false, depth);
            visited += visit("resume", state.resume(), false, depth);
            if (inFlight) {
                visited += visit("makes way", state.makesWay(), false, depth);
                visited += visit("started", state.started(upTo), true, depth);
                visited += visit("failed", state.failed(upTo, false), true, depth);
                visited += visit("failed beside the former", state.failed(upTo, true), true, depth);
                visited += visit("not ready", state.notReady(upTo), true, depth);
                visited += visit("lacking", state.lacking(upTo), true, depth);
                if (state.live() == Live.APPLICATION) {
                    visited += visit("unchanged", state.unchanged(upTo), true, depth);
                }
            }
            return visited;
        }

        private long visit(String event, Step step, boolean workEnded, int depth) {
            boolean nothing = step.state().equals(state) && step.actions().isEmpty() && !workEnded;
            return nothing ? 0 : after(event, step, workEnded).visitAll(depth - 1);
        }

        private Walk after(String event, Step step, boolean workEnded) {
            List<String> now = new ArrayList<>(history);
            now.add(event);
            boolean working = inFlight && !workEnded;
            boolean isOpen = open;
            boolean isArmed = false;
            boolean isRetried = retries && !event.equals("pause over");
            long begunWith = upTo;
            for (Action action : step.actions()) {
                switch (action) {
                    case WORK -> {
                        assertFalse(working, () -> "two works at a time after " + now);
                        working = true;
                        begunWith = step.state().changes();
                    }
                    case HOLD -> isOpen = false;
                    case OPEN -> isOpen = true;
                    case LEAVE -> assertEquals(Live.NOTHING, step.state().live());
                    case INSTALL_FAILURE ->
                        assertEquals(Live.FAILURE_PAGE, step.state().live());
                    case AWAIT -> isArmed = true;
                    case RETRY_LATER -> isRetried = true;
                    case INSTALL -> assertEquals(Live.APPLICATION, step.state().live());
                    case REPORT_FAILURE, REPORT_OUTDATED_FAILURE -> assertFalse(event.equals("started"));
                }
            }
            boolean waitsOn = event.equals("exited") || event.equals("brought back");
            isArmed |= armed && (step.actions().isEmpty() || waitsOn);
            Walk next = new Walk(step.state(), now, working, begunWith, isOpen, isArmed, isRetried);
            next.check(this);
            return next;
        }

        private void check(Walk before) {
            assertEquals(inFlight, state.activity() == Activity.WORKING, () -> "work is under way after " + history);
            assertEquals(open, state.open(), () -> "the gates are not as the state says after " + history);
            if (!inFlight) {
                assertTrue(state.wanted() <= upTo, () -> "a change was lost after " + history);
                assertTrue(
                        state.paused() || !state.hasNoted(), () -> "what was noted is not acted upon after " + history);
            }
            if (state.paused() && !inFlight && state.live() != Live.NOTHING) {
                assertTrue(open, () -> "work waits in a pause after " + history);
            }
            if (state.paused() && state.activity() == Activity.IDLE) {
                assertEquals(Retry.NONE, state.retry(), () -> "something is tried in a pause after " + history);
            }
            if (before.state.hasNoted() && !state.hasNoted()) {
                assertTrue(inFlight || upTo >= before.state.changes(), () -> "what was noted is lost after " + history);
            }
            if (state.activity() == Activity.IDLE && state.changes() > 0) {
                assertTrue(open, () -> "work waits for nothing after " + history);
            }
            if (state.activity() == Activity.AWAITING) {
                assertTrue(armed, () -> "waits for ever after " + history);
            }
            if (state.activity() == Activity.IDLE && state.retry() == Retry.LATER) {
                assertTrue(retries, () -> "is never tried again after " + history);
            }
            if (state.hold() && open && state.activity() != Activity.IDLE) {
                assertEquals(Live.FAILURE_PAGE, state.live(), () -> "an old build serves after " + history);
                assertTrue(state.retry().isQuiet(), () -> "new work does not wait after " + history);
            }
            boolean exited = history.get(history.size() - 1).equals("exited");
            if (!state.hold() && before.state.live() == Live.APPLICATION && !exited) {
                assertEquals(Live.APPLICATION, state.live(), () -> "the application was given up after " + history);
                assertTrue(open, () -> "new work waits after " + history);
            }
        }
    }
}
