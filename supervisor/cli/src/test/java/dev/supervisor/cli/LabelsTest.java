package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LabelsTest {

    private final Labels labels = new Labels(List.of("shop", "a"));

    @Test
    void namesAreInAColumn() {
        assertEquals("shop | ", labels.of(Optional.of("shop"), false));
        assertEquals("a    | ", labels.of(Optional.of("a"), false));
        assertEquals("", labels.of(Optional.empty(), false));
        assertEquals("", Labels.NONE.of(Optional.of("shop"), false));
    }

    @Test
    void eachNameHasAColor() {
        String shop = labels.of(Optional.of("shop"), true);
        assertTrue(shop.matches("\u001b\\[\\d+mshop \\| \u001b\\[0m"), shop);
        assertTrue(
                !shop.substring(0, 5).equals(labels.of(Optional.of("a"), true).substring(0, 5)));
    }
}
