package dev.supervisor.socket.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.socket.http.ProtocolProgress.Http;
import dev.supervisor.socket.http.ProtocolProgress.Intake;
import dev.supervisor.socket.http.ProtocolProgress.Opaque;
import dev.supervisor.socket.http.ProtocolProgress.Streams;
import dev.supervisor.socket.http.ProtocolProgress.Untouched;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProtocolProgressTest {

    @ParameterizedTest
    @CsvSource({
        "false, 0, false, NOTHING",
        "true,  0, false, REST_OF_REQUEST",
        "false, 1, false, END_ONLY",
        "true,  1, false, REST_OF_REQUEST",
        "false, 0, true,  END_ONLY",
        "true,  0, true,  REST_OF_REQUEST",
        "false, 2, true,  END_ONLY",
        "true,  2, true,  REST_OF_REQUEST",
    })
    void http1IsReadToTheEndOfTheRequest(boolean request, int unanswered, boolean response, Intake expected) {
        ProtocolProgress progress = new Http(request, unanswered, response, false);
        assertEquals(expected, progress.intake());
        assertEquals(expected == Intake.NOTHING, progress.isFree());
        assertFalse(progress.isOver());
    }

    @Test
    void aTunnelMayCarryAnything() {
        ProtocolProgress tunnel = new Http(false, 0, false, true);
        assertEquals(Intake.ALL, tunnel.intake());
        assertFalse(tunnel.isFree());
    }

    @ParameterizedTest
    @CsvSource({"0, false, true", "1, false, false", "0, true, false"})
    void http1ThatIsClosingIsOverWhenItIsFree(int unanswered, boolean response, boolean over) {
        ProtocolProgress closing = new Http(false, unanswered, response, false).asClosing();
        assertEquals(over, closing.isOver());
        assertEquals(Intake.ALL, closing.intake());
    }

    @ParameterizedTest
    @CsvSource({"false, 1, true", "true, 1, false", "false, 0, false", "false, 2, false"})
    void theLastResponseAnswersTheOnlyRequestThatHasCome(boolean request, int unanswered, boolean last) {
        assertEquals(last, new Http(request, unanswered, false, false).isAwaitingLastResponse());
    }

    @ParameterizedTest
    @CsvSource({"0, false, NOTHING, false", "1, false, ALL, false", "1, true, ALL, false", "0, true, ALL, true"})
    void http2StaysUntilAllStreamsHaveEnded(int active, boolean goneAway, Intake expected, boolean over) {
        ProtocolProgress progress = new Streams(active, goneAway);
        assertEquals(expected, progress.intake());
        assertEquals(over, progress.isOver());
        assertFalse(progress.isFree());
    }

    @Test
    void whatIsUntouchedCanBeginElsewhere() {
        assertTrue(new Untouched().isFree());
        assertEquals(Intake.NOTHING, new Untouched().intake());
    }

    @Test
    void whatIsNotUnderstoodStaysAsItIs() {
        assertFalse(new Opaque().isFree());
        assertFalse(new Opaque().isOver());
        assertEquals(Intake.ALL, new Opaque().intake());
    }
}
