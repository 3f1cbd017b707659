package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ForegroundTest {

    @Test
    void theGroupOfTheProcessIsComparedWithThatOfTheTerminal() {
        assertTrue(Foreground.isInForeground("71 (java) S 1 70 60 34816 70 4194560 1 2 3"));
        assertFalse(Foreground.isInForeground("71 (java) S 1 70 60 34816 60 4194560 1 2 3"));
        assertFalse(Foreground.isInForeground("71 (java) S 1 70 60 0 -1 4194560 1 2 3"), "no terminal");
    }

    @Test
    void aNameMayHoldAnything() {
        assertTrue(Foreground.isInForeground("71 (a ) S 1 2 3) S 1 70 60 34816 70 4194560"));
        assertFalse(Foreground.isInForeground(""));
    }

    @Test
    void psTellsBothGroups() {
        assertEquals(Optional.of(true), Foreground.areEqual("  70    70\n"));
        assertEquals(Optional.of(false), Foreground.areEqual("  70    60\n"));
        assertEquals(Optional.empty(), Foreground.areEqual(""), "it does not know them");
    }
}
