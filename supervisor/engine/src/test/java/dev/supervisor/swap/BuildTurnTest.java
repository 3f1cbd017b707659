package dev.supervisor.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BuildTurnTest {

    private final AtomicLong changes = new AtomicLong(1);
    private final AtomicBoolean inAnyCase = new AtomicBoolean();
    private final BuildTurn turn =
            new BuildTurn(changes::get, inAnyCase, Optional.empty(), false, false, Optional.empty(), false);

    @AfterEach
    void clear() {
        Thread.interrupted();
    }

    @Test
    void theOutcomeCoversTheChangesBeforeTheSourcesHaveSettled() {
        changes.set(2);
        turn.fix();
        changes.set(3);
        assertEquals(2, turn.upTo());
    }

    /** Or a request to go back would be lost that comes before the thread that builds has begun. */
    @Test
    void theOutcomeDoesNotCoverWhatTheTurnWasGivenUpFor() {
        turn.giveUp();
        changes.set(2);
        turn.fix();
        assertEquals(1, turn.upTo());
    }

    @Test
    void aStartIsInterruptedWhenItsTurnIsGivenUp() {
        turn.startBegins();
        assertFalse(Thread.currentThread().isInterrupted());
        turn.giveUp();
        assertTrue(Thread.currentThread().isInterrupted());
        turn.startEnds();
        assertFalse(Thread.currentThread().isInterrupted(), "what follows is not");
        turn.startBegins();
        assertTrue(Thread.currentThread().isInterrupted(), "nor does one begin");
    }

    @Test
    void nothingButTheStartIsInterrupted() {
        turn.startBegins();
        turn.startEnds();
        turn.giveUp();
        assertFalse(Thread.currentThread().isInterrupted());
    }

    @Test
    void anAttemptInVainIsMadeOnceMoreUnlessItWasGivenUp() {
        inAnyCase.set(true);
        turn.fix();
        turn.isInVain();
        assertTrue(inAnyCase.get());
        turn.fix();
        turn.giveUp();
        turn.isInVain();
        assertFalse(inAnyCase.get());
    }
}
