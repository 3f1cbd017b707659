package dev.supervisor.process;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class OrphansTest {

    @Test
    void thisJdkLetsProcessesBeReapedThatItHasNotStarted() {
        assertTrue(Orphans.method().isPresent());
    }
}
