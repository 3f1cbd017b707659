package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.testing.SameOnEveryJdk;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SameOnEveryJdk
final class TerminalHintsTest {

    @ParameterizedTest
    @CsvSource({
        "TERM,       xterm, true,  true",
        "TERM,       dumb,  false, false",
        "NO_COLOR,   1,     true,  false",
        "NO_COLOR,   '',    true,  true",
        "CLICOLOR,   0,     true,  false",
        "CLICOLOR,   1,     true,  true",
        "OTHER,      1,     true,  true"
    })
    void aVariableTurnsColorsOffAndADumbTerminalEscapesToo(
            String variable, String value, boolean escapes, boolean colors) {
        TerminalHints hints = new TerminalHints(Map.of(variable, value), false);
        assertEquals(escapes, hints.takesEscapes());
        assertEquals(colors, hints.colors());
    }

    @ParameterizedTest
    @CsvSource({
        "OTHER,      1,     false",
        "WT_SESSION, a-b-c, true",
        "ConEmuANSI, ON,    true",
        "ConEmuANSI, OFF,   false",
        "ANSICON,    80x25, true",
        "TERM,       xterm, true",
        "TERM,       dumb,  false"
    })
    void aConsoleOfWindowsHasToSayThatItTakesEscapes(String variable, String value, boolean escapes) {
        TerminalHints hints = new TerminalHints(Map.of(variable, value), true);
        assertEquals(escapes, hints.takesEscapes());
        assertEquals(escapes, hints.colors());
    }
}
