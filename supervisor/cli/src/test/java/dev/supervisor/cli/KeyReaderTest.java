package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class KeyReaderTest {

    private final KeyReader reader = new KeyReader();

    private String keys(String typed) {
        StringBuilder keys = new StringBuilder();
        reader.keys(typed.getBytes(StandardCharsets.UTF_8)).forEach(keys::append);
        return keys.toString();
    }

    @Test
    void lettersAreKeys() {
        assertEquals("r", keys("r"));
        assertEquals("\n", keys("\n"));
        assertEquals("qq", keys("qq"), "held down");
        assertEquals("", keys(""));
    }

    @Test
    void aFewKeysAtOnceAreKeysInTheirOrder() {
        assertEquals("lr", keys("lr"));
        assertEquals("dlb", keys("dlb"));
        assertEquals("q", keys("q"));
    }

    @Test
    void whatIsPastedIsNone() {
        assertEquals("", keys("query\n"));
        assertEquals("", keys("q"), "the rest of it");
        assertEquals("", keys(""), "its end");
        assertEquals("q", keys("q"));
        assertEquals("", keys("\u001b[200~q\n\u001b[201~"), "bracketed");
        assertEquals("", keys(""));
        assertEquals("q", keys("q"));
    }

    @Test
    void arrowsAndFunctionKeysAreNone() {
        assertEquals("h", keys("\u001b[A\u001b[Dh"), "arrows");
        assertEquals("h", keys("\u001bOq\u001bOBh"), "those of the keypad");
        assertEquals("h", keys("\u001b[15~\u001b[1;5qh"), "function keys, with modifiers");
        assertEquals("h", keys("\u001bqh"), "with Alt");
        assertEquals("h", keys("\u001b\u001b[qh"), "arrows with Alt, on some");
    }

    @Test
    void aSequenceMayComeInPieces() {
        assertEquals("", keys("\u001b[1;"));
        assertEquals("l", keys("5ql"));
    }

    @Test
    void theEscapeKeyTakesNothingWithIt() {
        assertEquals("", keys("\u001b"));
        assertEquals("q", keys("q"));
    }

    @Test
    void otherAlphabetsAreIgnored() {
        assertEquals("q", keys("жöq"));
    }
}
