package dev.supervisor.lending;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SelfTestTest {

    @Test
    void lendingWorksOnThisJdk() {
        assertEquals(Optional.empty(), SelfTest.problem());
    }

    @Test
    void nothingIsLeftBehind() {
        SelfTest.problem(); // loads the classes, whose files stay open
        int descriptors = descriptors();
        for (int i = 0; i < 10; i++) {
            assertEquals(Optional.empty(), SelfTest.problem());
        }
        assertEquals(descriptors, descriptors());
        assertEquals(
                0,
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("supervisor-lending"))
                        .count());
    }

    private static int descriptors() {
        String[] names = new File("/proc/self/fd").list();
        return names == null ? 0 : names.length;
    }
}
