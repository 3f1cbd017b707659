package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class KeyCommandsTest {

    @Test
    void theKeyForTestsIsNamedOnlyIfThereAreSome() {
        assertTrue(String.join("\n", KeyCommands.help(true)).contains("t  run all tests"));
        assertFalse(String.join("\n", KeyCommands.help(false)).contains("t  run"));
        assertEquals(KeyCommands.help(false).size(), KeyCommands.help(true).size());
    }
}
