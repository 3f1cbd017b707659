package dev.supervisor.socket.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Departure;
import dev.supervisor.socket.http.HandoffState.Checked;
import dev.supervisor.socket.http.HandoffState.Leave;
import dev.supervisor.socket.http.HandoffState.Phase;
import dev.supervisor.socket.http.HandoffState.Reading;
import dev.supervisor.socket.http.HandoffState.State;
import dev.supervisor.socket.http.ProtocolProgress.Http;
import dev.supervisor.socket.http.ProtocolProgress.Opaque;
import dev.supervisor.socket.http.ProtocolProgress.Streams;
import dev.supervisor.socket.http.ProtocolProgress.Untouched;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

final class HandoffStateTest {

    private static final List<Boolean> BOTH = List.of(false, true);
    private static final List<Phase> QUIESCING = List.of(Phase.HOLDING, Phase.SUPERSEDED, Phase.DISMISSED);

    private static final ProtocolProgress IDLE = new Http(false, 0, false, false);
    private static final ProtocolProgress IN_REQUEST = new Http(true, 0, false, false);
    private static final ProtocolProgress UNANSWERED = new Http(false, 1, false, false);
    private static final ProtocolProgress IN_RESPONSE = new Http(false, 0, true, false);
    private static final ProtocolProgress IN_TUNNEL = new Http(false, 0, false, true);
    private static final ProtocolProgress HTTP2_IDLE = new Streams(0, false);
    private static final ProtocolProgress HTTP2_ACTIVE = new Streams(2, true);
    private static final ProtocolProgress HTTP2_OVER = new Streams(0, true);

    private static final HandoffState READING = HandoffState.INITIAL;
    private static final HandoffState STOPPED =
            READING.readable(Phase.HOLDING, IDLE, true).next();
    private static final HandoffState ENDING = READING.last();
    private static final HandoffState LEFT = READING.leaving(Departure.HANDED_OFF);
    private static final List<HandoffState> ALL = List.of(READING, STOPPED, ENDING, STOPPED.last(), LEFT, LEFT.last());

    private static List<ProtocolProgress> everyProgress() {
        List<ProtocolProgress> all = new ArrayList<>(List.of(new Untouched(), new Opaque()));
        for (boolean first : BOTH) {
            for (boolean second : BOTH) {
                all.add(new Streams(first ? 3 : 0, second));
                for (int unanswered = 0; unanswered <= 2; unanswered++) {
                    all.add(new Http(first, unanswered, second, false));
                    all.add(new Http(first, unanswered, second, true));
                }
            }
        }
        return all;
    }

    private static void forAll(List<Phase> phases, BiConsumer<Phase, ProtocolProgress> promise) {
        phases.forEach(phase -> everyProgress().forEach(progress -> promise.accept(phase, progress)));
    }

    private static Reading reading(HandoffState handoffState, Phase phase, ProtocolProgress progress, boolean kept) {
        return handoffState.readable(phase, progress, kept).reading();
    }

    private static HandoffState stopped(
            HandoffState handoffState, Phase phase, ProtocolProgress progress, boolean kept) {
        var readable = handoffState.readable(phase, progress, kept);
        assertEquals(Reading.NONE, readable.reading());
        return readable.next();
    }

    private static Leave leave(HandoffState handoffState, Phase phase, ProtocolProgress progress) {
        return leave(handoffState, phase, progress, false);
    }

    private static Leave leave(HandoffState handoffState, Phase phase, ProtocolProgress progress, boolean kept) {
        return handoffState.check(phase, progress, true, false, kept).leave();
    }

    @Test
    void whileItServesAllIsRead() {
        everyProgress().forEach(progress -> {
            assertEquals(Reading.ALL, reading(READING, Phase.SERVING, progress, false));
            assertEquals(Reading.ALL, reading(READING, Phase.SERVING, progress, true));
        });
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "SERVING")
    void noNewRequestIsReadAfterThat(Phase phase) {
        for (ProtocolProgress progress : everyProgress()) {
            boolean mayGetNewRequest =
                    progress instanceof Untouched || (progress instanceof Http http && !http.tunnel());
            for (boolean kept : BOTH) {
                if (mayGetNewRequest) {
                    assertNotEquals(Reading.ALL, reading(READING, phase, progress, kept), progress::toString);
                    assertNotEquals(Reading.ALL, reading(ENDING, phase, progress, kept), progress::toString);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "SERVING")
    void theRestOfARequestIsReadInAnyCase(Phase phase) {
        assertEquals(Reading.DIVIDED, reading(READING, phase, IN_REQUEST, false));
        assertEquals(Reading.DIVIDED, reading(READING, phase, IN_REQUEST, true));
        assertEquals(Reading.DIVIDED, reading(READING, phase, new Http(true, 2, true, false), true));
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "SERVING")
    void whatComesBehindARequestIsReadOnceAndThenWaits(Phase phase) {
        for (ProtocolProgress busy : List.of(UNANSWERED, IN_RESPONSE)) {
            assertEquals(Reading.DIVIDED, reading(READING, phase, busy, false), "the connection may end");
            assertEquals(State.STOPPED, stopped(READING, phase, busy, true).state());
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "SERVING")
    void whereNothingIsUnderWayWhatComesIsKept(Phase phase) {
        for (ProtocolProgress free : List.of(new Untouched(), IDLE, HTTP2_IDLE)) {
            assertEquals(Reading.KEPT, reading(READING, phase, free, false), "it may be the end of the connection");
            assertEquals(State.STOPPED, stopped(READING, phase, free, true).state());
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "SERVING")
    void behindTheLastResponseOnlyTheEndIsOfInterest(Phase phase) {
        assertEquals(Reading.DIVIDED, reading(ENDING, phase, IDLE, false));
        assertEquals(State.STOPPED, stopped(ENDING, phase, IDLE, true).state());
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "SERVING")
    void aProtocolThatCantMoveIsReadAsBefore(Phase phase) {
        for (ProtocolProgress stays : List.of(new Opaque(), IN_TUNNEL, HTTP2_ACTIVE, HTTP2_OVER)) {
            assertEquals(Reading.ALL, reading(READING, phase, stays, false), stays::toString);
        }
    }

    @Test
    void whoHasStoppedReadsNothingInAnyPhase() {
        forAll(List.of(Phase.values()), (phase, progress) -> {
            for (boolean kept : BOTH) {
                assertSame(STOPPED, stopped(STOPPED, phase, progress, kept));
            }
        });
    }

    @Test
    void readingStopsOnlyWithoutReading() {
        forAll(List.of(Phase.values()), (phase, progress) -> {
            for (boolean kept : BOTH) {
                var readable = READING.readable(phase, progress, kept);
                boolean stopped = readable.next().state() == State.STOPPED;
                assertEquals(stopped, readable.reading() == Reading.NONE);
                assertTrue(stopped || readable.next().equals(READING));
            }
        });
    }

    @Test
    void aResumedConnectionReadsAgain() {
        assertEquals(READING, STOPPED.resumed());
        assertEquals(ENDING, STOPPED.last().resumed());
        assertSame(READING, READING.resumed());
        assertEquals(Reading.ALL, reading(STOPPED.resumed(), Phase.SERVING, IDLE, true));
    }

    @Test
    void aConnectionMovesOnlyIfNothingIsUnderWayAndOneHasTakenOverOrARequestWaits() {
        forAll(List.of(Phase.values()), (phase, progress) -> {
            for (HandoffState handoffState : ALL) {
                for (boolean written : BOTH) {
                    for (boolean kept : BOTH) {
                        Checked checked = handoffState.check(phase, progress, written, false, kept);
                        boolean may = (phase == Phase.SUPERSEDED || (phase == Phase.HOLDING && kept))
                                && progress.isFree()
                                && written
                                && !handoffState.ending()
                                && !handoffState.isLeaving();
                        assertEquals(
                                may, checked.leave() == Leave.MOVE, () -> phase + " " + progress + " " + handoffState);
                    }
                }
            }
        });
    }

    @Test
    void aRequestThatWaitsNeedsNothingOfItsGenerationAnyMore() {
        assertEquals(Leave.MOVE, leave(READING, Phase.HOLDING, IDLE, true));
        assertEquals(Leave.MOVE, leave(STOPPED, Phase.HOLDING, IDLE, true));
        assertEquals(Leave.MOVE, leave(READING, Phase.HOLDING, new Untouched(), true));
        assertEquals(Leave.NOT_YET, leave(READING, Phase.HOLDING, IDLE, false), "an idle connection stays");
        assertEquals(
                Leave.NOT_YET, leave(READING, Phase.HOLDING, UNANSWERED, true), "the one before is answered first");
    }

    @Test
    void whatIsUnderWayKeepsIt() {
        for (ProtocolProgress busy :
                List.of(IN_REQUEST, UNANSWERED, IN_RESPONSE, IN_TUNNEL, new Opaque(), HTTP2_ACTIVE)) {
            assertEquals(Leave.NOT_YET, leave(READING, Phase.SUPERSEDED, busy), busy::toString);
            assertEquals(Leave.NOT_YET, leave(READING, Phase.DISMISSED, busy), busy::toString);
        }
    }

    @Test
    void whoHasStoppedMovesToo() {
        assertEquals(Leave.MOVE, leave(STOPPED, Phase.SUPERSEDED, IDLE));
        assertEquals(Leave.MOVE, leave(READING, Phase.SUPERSEDED, new Untouched()));
    }

    @Test
    void whetherItWasBusyIsTold() {
        assertEquals(Optional.of(Departure.MOVED_IDLE), departure(Phase.SUPERSEDED, IDLE, false));
        assertEquals(Optional.of(Departure.MOVED_AFTER_RESPONSE), departure(Phase.SUPERSEDED, IDLE, true));
    }

    @Test
    void whenTheSupervisorStopsItIsClosed() {
        for (ProtocolProgress free : List.of(new Untouched(), IDLE)) {
            assertEquals(Leave.CLOSE, leave(READING, Phase.DISMISSED, free));
            assertEquals(Leave.CLOSE, leave(STOPPED, Phase.DISMISSED, free));
            assertEquals(Optional.of(Departure.ENDED_AT_STOP), departure(Phase.DISMISSED, free, true));
        }
        assertEquals(Leave.NOT_YET, leave(ENDING, Phase.DISMISSED, IDLE), "whoever writes the last response closes");
    }

    @ParameterizedTest
    @EnumSource
    void http2ThatIsOverIsClosed(Phase phase) {
        for (HandoffState handoffState : List.of(READING, STOPPED, ENDING)) {
            assertEquals(Leave.CLOSE, leave(handoffState, phase, HTTP2_OVER));
        }
        assertEquals(Optional.of(Departure.FINISHED), departure(phase, HTTP2_OVER, true));
        assertEquals(
                Leave.NOT_YET,
                READING.check(phase, HTTP2_OVER, false, true, false).leave(),
                "what it says last is still to be written");
    }

    private static Optional<Departure> departure(Phase phase, ProtocolProgress progress, boolean wasBusy) {
        return READING.check(phase, progress, true, wasBusy, false).next().departure();
    }

    @Test
    void whoLeavesHasADepartureAndNobodyElse() {
        forAll(List.of(Phase.values()), (phase, progress) -> {
            for (HandoffState handoffState : List.of(READING, STOPPED, ENDING)) {
                Checked checked = handoffState.check(phase, progress, true, false, true);
                boolean leaves = checked.leave() != Leave.NOT_YET;
                assertEquals(leaves, checked.next().isLeaving());
                assertEquals(leaves, checked.next().departure().isPresent());
                assertTrue(leaves || checked.next() == handoffState);
            }
        });
    }

    @Test
    void leavingIsFinal() {
        assertTrue(LEFT.isLeaving());
        assertSame(LEFT, LEFT.resumed());
        assertTrue(LEFT.last().isLeaving());
        forAll(List.of(Phase.values()), (phase, progress) -> {
            assertSame(LEFT, stopped(LEFT, phase, progress, false));
            Checked checked = LEFT.check(phase, progress, true, true, true);
            assertSame(LEFT, checked.next());
            assertEquals(Leave.NOT_YET, checked.leave());
        });
        assertEquals(Optional.of(Departure.HANDED_OFF), LEFT.last().departure());
    }

    @Test
    void aStoppedConnectionThatIsFreeNeverStaysWithOneThatLeaves() {
        forAll(QUIESCING, (phase, progress) -> {
            var readable = READING.readable(phase, progress, false);
            if (readable.reading() == Reading.NONE && phase != Phase.HOLDING && progress.isFree()) {
                assertNotEquals(Leave.NOT_YET, leave(readable.next(), phase, progress));
            }
        });
    }
}
