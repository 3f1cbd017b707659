package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SwapState.Action;
import dev.supervisor.SwapState.Activity;
import dev.supervisor.SwapState.Live;
import dev.supervisor.SwapState.Step;
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
        return new SwapState(hold, live, Activity.IDLE, 1);
    }

    private static SwapState working(boolean hold, Live live) {
        return new SwapState(hold, live, Activity.WORKING, 1);
    }

    private static SwapState awaiting(boolean hold, Live live) {
        return new SwapState(hold, live, Activity.AWAITING, 1);
    }

    private static void assertStep(Step step, Live live, Activity activity, Action... actions) {
        assertEquals(List.of(actions), step.actions());
        assertEquals(live, step.state().live());
        assertEquals(activity, step.state().activity());
    }

    @ParameterizedTest
    @EnumSource(Live.class)
    void withHoldNewWorkWaitsFromTheMomentOfAChange(Live live) {
        assertStep(idle(HOLD, live).changed(), live, Activity.WORKING, Action.HOLD, Action.WORK);
    }

    @Test
    void withOverlapTheOldBuildGoesOnWhileTheNewOneComesUp() {
        assertStep(idle(OVERLAP, Live.APPLICATION).changed(), Live.APPLICATION, Activity.WORKING, Action.WORK);
    }

    @ParameterizedTest
    @EnumSource(names = {"NOTHING", "FAILURE_PAGE"})
    void withOverlapNewWorkWaitsAsLongAsThereIsNoApplication(Live live) {
        assertStep(idle(OVERLAP, live).changed(), live, Activity.WORKING, Action.HOLD, Action.WORK);
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
        assertStep(
                awaiting(HOLD, Live.APPLICATION).changed(),
                Live.APPLICATION,
                Activity.WORKING,
                Action.HOLD,
                Action.WORK);
        assertStep(awaiting(OVERLAP, Live.APPLICATION).changed(), Live.APPLICATION, Activity.WORKING, Action.WORK);
    }

    @ParameterizedTest
    @EnumSource(Live.class)
    void withHoldAFailedBuildIsShown(Live live) {
        assertStep(
                working(HOLD, live).failed(1),
                Live.FAILURE_PAGE,
                Activity.IDLE,
                Action.REPORT_FAILURE,
                Action.INSTALL_FAILURE,
                Action.OPEN);
    }

    @Test
    void withOverlapTheOldBuildOutlivesAFailedOne() {
        assertStep(
                working(OVERLAP, Live.APPLICATION).failed(1), Live.APPLICATION, Activity.IDLE, Action.REPORT_FAILURE);
    }

    @ParameterizedTest
    @EnumSource(names = {"NOTHING", "FAILURE_PAGE"})
    void withOverlapAFailureIsShownIfThereIsNoApplication(Live live) {
        assertStep(
                working(OVERLAP, live).failed(1),
                Live.FAILURE_PAGE,
                Activity.IDLE,
                Action.REPORT_FAILURE,
                Action.INSTALL_FAILURE,
                Action.OPEN);
    }

    @Test
    void anOutdatedFailureIsReportedButNotShown() {
        SwapState outdated = working(HOLD, Live.APPLICATION).changed().state();
        assertStep(outdated.failed(1), Live.APPLICATION, Activity.WORKING, Action.REPORT_OUTDATED_FAILURE, Action.WORK);
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
                new SwapState(hold, Live.APPLICATION, Activity.IDLE, 3).exited(),
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
        SwapState state = new SwapState(HOLD, live, Activity.IDLE, 3);
        assertEquals(new Step(state, List.of()), state.exited());
    }

    @ParameterizedTest
    @EnumSource(names = {"IDLE", "WORKING"})
    void patienceThatEndsTooLateDoesNothing(Activity activity) {
        SwapState state = new SwapState(HOLD, Live.APPLICATION, activity, 3);
        assertEquals(new Step(state, List.of()), state.patienceOver());
    }

    @ParameterizedTest
    @ValueSource(booleans = {HOLD, OVERLAP})
    void whateverHappensNoChangeIsLostAndNoWorkIsLeftWaiting(boolean hold) {
        Walk start = new Walk(SwapState.initial(hold), new ArrayList<>(), false, 0, false, false);
        assertTrue(start.visitAll(9) > 50_000, "walked through all sequences");
    }

    /**
     * Everything that can happen, in every order, as the loop would do it.
     *
     * @param upTo the changes that the last work had begun with
     * @param open whether the gates are
     * @param armed whether patience will end
     */
    private record Walk(
            SwapState state, List<String> history, boolean inFlight, long upTo, boolean open, boolean armed) {

        long visitAll(int depth) {
            if (depth == 0) {
                return 1;
            }
            long visited = 1;
            visited += after("changed", state.changed(), false).visitAll(depth - 1);
            visited += after("patience over", state.patienceOver(), false).visitAll(depth - 1);
            if (state.live() == Live.APPLICATION) {
                visited += after("exited", state.exited(), false).visitAll(depth - 1);
            }
            if (inFlight) {
                visited += after("started", state.started(upTo), true).visitAll(depth - 1);
                visited += after("failed", state.failed(upTo), true).visitAll(depth - 1);
                visited += after("not ready", state.notReady(upTo), true).visitAll(depth - 1);
                if (state.live() == Live.APPLICATION) {
                    visited += after("unchanged", state.unchanged(upTo), true).visitAll(depth - 1);
                }
            }
            return visited;
        }

        private Walk after(String event, Step step, boolean workEnded) {
            List<String> now = new ArrayList<>(history);
            now.add(event);
            boolean working = inFlight && !workEnded;
            boolean isOpen = open;
            boolean isArmed = false;
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
                    case INSTALL_FAILURE ->
                        assertEquals(Live.FAILURE_PAGE, step.state().live());
                    case AWAIT -> isArmed = true;
                    case INSTALL -> assertEquals("started", event);
                    case REPORT_FAILURE, REPORT_OUTDATED_FAILURE -> assertFalse(event.equals("started"));
                }
            }
            isArmed |= armed && (step.actions().isEmpty() || event.equals("exited"));
            Walk next = new Walk(step.state(), now, working, begunWith, isOpen, isArmed);
            next.check(this);
            return next;
        }

        private void check(Walk before) {
            assertEquals(inFlight, state.activity() == Activity.WORKING, () -> "work is under way after " + history);
            if (!inFlight) {
                assertEquals(state.changes(), upTo, () -> "a change was lost after " + history);
            }
            if (state.activity() == Activity.IDLE && state.changes() > 0) {
                assertTrue(open, () -> "work waits for nothing after " + history);
            }
            if (state.activity() == Activity.AWAITING) {
                assertTrue(armed, () -> "waits for ever after " + history);
            }
            if (state.hold() && open) {
                assertEquals(Activity.IDLE, state.activity(), () -> "an old build serves after " + history);
            }
            boolean exited = history.get(history.size() - 1).equals("exited");
            if (!state.hold() && before.state.live() == Live.APPLICATION && !exited) {
                assertEquals(Live.APPLICATION, state.live(), () -> "the application was given up after " + history);
                assertTrue(open, () -> "new work waits after " + history);
            }
        }
    }
}
