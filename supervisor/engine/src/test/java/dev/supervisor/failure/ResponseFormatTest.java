package dev.supervisor.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ResponseFormatTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8 | HTML",
                "TEXT/HTML | HTML",
                "*/* | TEXT",
                "text/* | TEXT",
                "'' | TEXT",
                "text/plain | TEXT",
                "application/json | JSON",
                "application/problem+json | JSON",
                "application/json, text/plain, */* | JSON",
                "application/json, text/html | HTML",
                "application/json, text/html;q=0.9 | JSON",
                "application/json;q=0.5, text/html; q=0.9 | HTML",
                "text/html;level=1;q=0.2, application/json;q=0.3 | JSON",
                "text/html;q=0 | TEXT",
                "text/html;q=0.000, text/plain;q=0.1 | TEXT",
                "text/plain, text/html;q=0.9 | TEXT",
                "application/text/html | TEXT",
                "text/html;q=nonsense | HTML",
                ";;;,,,;q= | TEXT"
            })
    void theFormIsTheOneThatTheClientLikesBest(String accept, ResponseFormat form) {
        assertEquals(form, ResponseFormat.preferred(List.of(accept)));
    }

    @Test
    void severalHeadersAreOneList() {
        assertEquals(ResponseFormat.HTML, ResponseFormat.preferred(List.of("image/png", "text/html")));
        assertEquals(ResponseFormat.TEXT, ResponseFormat.preferred(List.of()));
    }
}
