package dev.supervisor.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.swap.SwapState.Action;
import dev.supervisor.swap.SwapState.Activity;
import dev.supervisor.swap.SwapState.Live;
import dev.supervisor.swap.SwapState.Step;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What fails in a step of a swap, for want of descriptors or by a bug, leaves a state that the next change mends. */
final class SwapActionsTest {

    /** What happens after a build has come to serve. */
    @SuppressWarnings("ImmutableEnumChecker") // the list is, and the events have no state
    enum Course {
        STARTS(changed(), ends(state -> state.started(state.changes()))),
        STARTS_OUTDATED(
                changed(),
                changed(),
                ends(state -> state.started(state.changes() - 1)),
                ends(state -> state.started(state.changes()))),
        IS_UNCHANGED(changed(), ends(state -> state.unchanged(state.changes()))),
        FAILS(changed(), ends(state -> state.failed(state.changes(), false))),
        FAILS_OUTDATED(
                changed(),
                changed(),
                ends(state -> state.failed(state.changes() - 1, false)),
                ends(state -> state.failed(state.changes(), false))),
        IS_INCOMPLETE(
                changed(),
                ends(state -> state.notReady(state.changes())),
                world -> world.apply(SwapState::patienceOver)),
        LACKS(
                changed(),
                ends(state -> state.lacking(state.changes())),
                world -> world.apply(SwapState::patienceOver),
                ends(state -> state.lacking(state.changes()))),
        MAKES_WAY(changed(), world -> world.apply(SwapState::makesWay), ends(state -> state.started(state.changes()))),
        IS_BROUGHT_BACK(world -> world.apply(SwapState::broughtBack)),
        IS_BROUGHT_BACK_AT_WORK(
                changed(), world -> world.apply(SwapState::broughtBack), ends(state -> state.started(state.changes()))),
        EXITS(world -> world.apply(SwapState::exited)),
        EXITS_AT_WORK(
                changed(),
                world -> world.apply(SwapState::exited),
                ends(state -> state.failed(state.changes(), false)));

        private final List<Event> events;

        Course(Event... events) {
            this.events = List.of(events);
        }
    }

    private interface Event {
        void happens(World world);
    }

    private static Event changed() {
        return world -> world.apply(SwapState::changed);
    }

    /** Work has ended, if it could begin. */
    private static Event ends(Function<SwapState, Step> outcome) {
        return world -> world.workEnds(outcome);
    }

    /** Gates and stage, as far as it matters who serves. */
    private static final class World implements SwapActions.World {

        private final SwapActions steps;
        private final Set<Action> broken = EnumSet.noneOf(Action.class);
        private final List<Action> performed = new ArrayList<>();
        private final Deque<Runnable> later = new ArrayDeque<>();

        private Live onStage = Live.NOTHING;
        private boolean open;
        private boolean working;
        private boolean settled;
        private int failures;

        World(boolean hold) {
            steps = new SwapActions(SwapState.initial(hold), this);
        }

        void apply(Function<SwapState, Step> event) {
            steps.apply(event.apply(steps.state()));
        }

        void workEnds(Function<SwapState, Step> outcome) {
            if (working) {
                working = false;
                apply(outcome);
            }
        }

        @Override
        public void perform(Action action) {
            if (broken.contains(action)) {
                throw new IllegalStateException("too many open files");
            }
            performed.add(action);
            settled = false;
            switch (action) {
                case HOLD -> open = false;
                case WORK -> working = true;
                case LEAVE -> onStage = Live.NOTHING;
                case INSTALL -> onStage = Live.APPLICATION;
                case INSTALL_FAILURE -> onStage = Live.FAILURE_PAGE;
                case OPEN -> open = true;
                case REPORT_FAILURE, REPORT_OUTDATED_FAILURE, AWAIT, RETRY_LATER -> {}
            }
        }

        @Override
        public void performed() {
            settled = true;
        }

        @Override
        public boolean isWorking() {
            return working;
        }

        @Override
        public void later(Runnable action) {
            later.add(action);
        }

        @Override
        public void failed(String what, Throwable why) {
            failures++;
        }

        void pausesEnd() {
            while (!later.isEmpty()) {
                later.remove().run();
            }
        }
    }

    private static World serving(boolean hold) {
        World world = new World(hold);
        changed().happens(world);
        ends(state -> state.started(state.changes())).happens(world);
        assertTrue(world.open);
        return world;
    }

    private static Stream<Arguments> eachActionInEachCourse() {
        return Stream.of(true, false)
                .flatMap(hold -> Stream.of(Course.values())
                        .flatMap(course -> Stream.of(Action.values())
                                .map(action -> Arguments.of(hold ? "hold" : "overlap", course, action))));
    }

    private static World broken(String swap, Course course, Action action) {
        World world = serving(swap.equals("hold"));
        world.broken.add(action);
        course.events.forEach(event -> event.happens(world));
        world.broken.clear();
        return world;
    }

    @ParameterizedTest
    @MethodSource("eachActionInEachCourse")
    void afterAnActionThatFailedTheNextGoodBuildServes(String swap, Course course, Action action) {
        World world = broken(swap, course, action);
        changed().happens(world);
        world.pausesEnd();
        ends(state -> state.started(state.changes())).happens(world);
        assertEquals(Live.APPLICATION, world.onStage);
        assertTrue(world.open, "the gates are open");
        assertEquals(Activity.IDLE, world.steps.state().activity());
        assertTrue(world.settled, "who has left begins to drain");
    }

    @ParameterizedTest
    @MethodSource("eachActionInEachCourse")
    void anActionThatFailedIsPerformedAgainWithoutAChange(String swap, Course course, Action action) {
        World world = broken(swap, course, action);
        world.pausesEnd();
        SwapState state = world.steps.state();
        assertEquals(state.open(), world.open, "the gates");
        assertEquals(state.live(), world.onStage);
        assertEquals(state.activity() == Activity.WORKING, world.working);
    }

    @ParameterizedTest
    @EnumSource(Action.class)
    void theOtherActionsOfTheStepArePerformed(Action action) {
        World world = serving(true);
        world.performed.clear();
        world.broken.add(action);
        changed().happens(world);
        ends(state -> state.failed(state.changes(), false)).happens(world);
        List<Action> expected = new ArrayList<>(
                List.of(Action.HOLD, Action.WORK, Action.REPORT_FAILURE, Action.INSTALL_FAILURE, Action.OPEN));
        if (action == Action.WORK) {
            expected = new ArrayList<>(List.of(Action.HOLD));
        }
        expected.remove(action);
        assertEquals(expected, world.performed);
    }

    @Test
    void whatFailsAgainIsPerformedAgainAndAgain() {
        World world = serving(true);
        world.broken.add(Action.OPEN);
        changed().happens(world);
        ends(state -> state.started(state.changes())).happens(world);
        for (int i = 0; i < 3; i++) {
            assertEquals(1, world.later.size(), "one repair at a time");
            world.later.remove().run();
        }
        world.broken.clear();
        world.later.remove().run();
        assertEquals(1, world.failures, "said once");
        assertTrue(world.open);
        assertTrue(world.later.isEmpty());
    }
}
