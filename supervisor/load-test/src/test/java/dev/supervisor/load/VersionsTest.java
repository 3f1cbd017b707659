package dev.supervisor.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.load.Versions.Known;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class VersionsTest {

    private final List<Long> told = new ArrayList<>();
    private final Versions versions = new Versions(told::add);

    private boolean isStale(long version, Known knownWhenSent) {
        Known now = versions.see(version);
        return knownWhenSent.makesStale(version, now.lap());
    }

    @Test
    void tellsOfEachNewVersionOnce() {
        versions.see(3);
        versions.see(3);
        versions.see(5);
        versions.see(4);
        assertEquals(List.of(3L, 5L), told);
    }

    @Test
    void aLowerVersionIsStaleWhenAHigherOneWasKnown() {
        versions.see(3);
        Known before = versions.known();
        versions.see(4);
        assertFalse(isStale(3, before));
        assertTrue(isStale(3, versions.known()));
        assertFalse(isStale(4, versions.known()));
    }

    @Test
    void versionsMayGoBackOnceWhenTheBuildsBeginAnew() {
        versions.see(3);
        Known before = versions.known();
        versions.mayGoBack();
        assertFalse(isStale(1, before), "the new build's first answer, to a request from before");
        Known anew = versions.known();
        assertEquals(new Known(1, 1), anew);
        assertTrue(isStale(0, anew));
        assertEquals(List.of(3L, 1L), told);
    }

    @Test
    void theSameVersionIsNoNewLap() {
        versions.see(3);
        versions.mayGoBack();
        versions.see(3);
        assertEquals(new Known(0, 3), versions.known());
        versions.see(1);
        assertEquals(new Known(1, 1), versions.known());
    }

    @Test
    void whatWasSentInAFormerLapIsNotCompared() {
        versions.see(1);
        versions.see(3);
        Known before = versions.known();
        versions.mayGoBack();
        versions.see(1);
        assertFalse(isStale(1, before));
    }
}
