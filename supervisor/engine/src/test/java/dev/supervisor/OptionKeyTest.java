package dev.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class OptionKeyTest {

    @Test
    void anOptionIsNamedAsTheUserKnowsIt() {
        String message = "raise " + OptionKey.HOLD_TIMEOUT + ", or " + OptionKey.MAX_HELD;
        assertEquals("raise <holdTimeout>, or <maxHeld>", OptionKey.render(message, key -> "<" + key.key() + ">"));
    }

    @Test
    void textThatOnlyLooksLikeAMarkStays() {
        assertEquals("a ‹file› and ‹", OptionKey.render("a ‹file› and ‹", OptionKey::key));
    }

    @Test
    void anExceptionNamesKeysUnlessItIsAskedForOtherNames() {
        SupervisorException e = new SupervisorException(OptionKey.APP + " is missing");
        assertEquals("app is missing", e.getMessage());
        assertEquals("$1 is missing", e.message(key -> "$1"));
    }
}
