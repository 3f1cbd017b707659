package dev.supervisor.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class BodyCheckTest {

    private static BodyCheck reading(String body, String version) {
        return new BodyCheck(new Expectation(
                Set.of(),
                Optional.of(body).filter(text -> !text.isEmpty()).map(Pattern::compile),
                Optional.of(version).filter(text -> !text.isEmpty()).map(Pattern::compile)));
    }

    private static void read(BodyCheck reading, String body) {
        reading.read(Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
    }

    @Test
    void findsAVersionAndLooksForTheRest() {
        BodyCheck reading = reading("h\u00e9llo", "v(\\d+)");
        read(reading, "h\u00e9llo v12");
        assertTrue(reading.isGood());
        assertEquals(12, reading.version());
        read(reading, "hello v13");
        assertFalse(reading.isGood());
        assertEquals(13, reading.version());
        read(reading, "h\u00e9llo");
        assertFalse(reading.isGood(), "a version is expected");
        assertEquals(BodyCheck.NO_VERSION, reading.version());
    }

    @Test
    void theSameBodyAgainIsAsGoodAsBefore() {
        BodyCheck reading = reading("yes", "");
        read(reading, "yes");
        read(reading, "yes");
        assertTrue(reading.isGood());
        read(reading, "no");
        read(reading, "no");
        assertFalse(reading.isGood());
        read(reading, "");
        assertFalse(reading.isGood());
    }

    @Test
    void theFirstBodyMayBeEmpty() {
        BodyCheck reading = reading("yes", "");
        read(reading, "");
        assertFalse(reading.isGood());
    }

    @Test
    void aNumberThatIsTooLongIsNoVersion() {
        BodyCheck reading = reading("", "v(\\d+)");
        read(reading, "v99999999999999999999");
        assertFalse(reading.isGood());
    }

    @Test
    void showsTheBeginningOfABodyOnOneLine() {
        BodyCheck reading = reading("", "v(\\d+)");
        read(reading, "a\n  b" + "c".repeat(200));
        assertEquals("a b" + "c".repeat(95) + "...", reading.excerpt());
    }

    @Test
    void aVersionNeedsAGroup() {
        assertThrows(LoadTestException.class, () -> reading("", "v\\d+"));
    }
}
