package dev.supervisor.cli.control;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AcceptedTypesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "TEXT/Plain; charset=utf-8",
                "text/*",
                "text/plain, application/json;q=0.9",
                "application/json;q=0.1, text/plain;q=0.2",
                "*/*;q=0.1, text/plain"
            })
    void textIsPreferred(String accept) {
        assertTrue(AcceptedTypes.prefersText(List.of(accept)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*/*",
                "application/json",
                "text/html",
                "text/plain, application/json",
                "text/plain;q=0.1, */*",
                "text/plain;q=0",
                "nonsense;;;q=,"
            })
    void otherwiseItIsJson(String accept) {
        assertFalse(AcceptedTypes.prefersText(List.of(accept)));
    }
}
