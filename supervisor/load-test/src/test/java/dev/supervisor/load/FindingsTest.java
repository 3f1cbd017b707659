package dev.supervisor.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.supervisor.load.Findings.Stall;
import org.junit.jupiter.api.Test;

final class FindingsTest {

    private static final long MILLI = 1_000_000;
    private static final long START = Math.subtractExact(Long.MAX_VALUE, 100 * MILLI); // such times overflow

    private long now = START;
    private final Findings findings = new Findings(() -> now);

    private void atMilli(long millis) {
        now = START + millis * MILLI;
    }

    private void askedDueAt(long millis) {
        findings.asked(START + millis * MILLI);
    }

    private void answered() {
        findings.answeredWell(now);
    }

    private void failed() {
        findings.failed(RequestFailure.TIMED_OUT, "no answer in time");
    }

    private void assertStall(long from, long to) {
        assertEquals(
                new Stall((to - from) * MILLI, START + to * MILLI),
                findings.counts().stall());
    }

    @Test
    void aStallIsTheTimeFromARequestToItsAnswer() {
        atMilli(50);
        askedDueAt(50);
        atMilli(90);
        answered();
        atMilli(5000); // nothing is asked
        askedDueAt(5000);
        atMilli(5010);
        answered();
        assertStall(50, 90);
    }

    @Test
    void aRequestThatWasDueLongAgoWaitsWithoutAnAnswerOnlySinceTheLastAnswer() {
        for (long i = 0; i < 1000; i++) { // one client, 1000 requests a second are due, and 100 are answered
            askedDueAt(i);
            atMilli(10 * i + 10);
            answered();
        }
        assertEquals(10 * MILLI, findings.counts().stall().nanos());
    }

    @Test
    void aStallBeginsAfterTheWarmUp() {
        atMilli(5000);
        findings.restart();
        askedDueAt(20);
        atMilli(5030);
        answered();
        assertStall(5000, 5030);
    }

    @Test
    void aFailureEndsTheWaitIfNothingElseIsUnderWay() {
        askedDueAt(0);
        atMilli(200);
        failed();
        atMilli(9000); // the next one is due much later
        askedDueAt(9000);
        atMilli(9010);
        answered();
        assertStall(0, 200);
    }

    @Test
    void afterAFailureTheOtherRequestsStillWait() {
        askedDueAt(0);
        askedDueAt(100);
        atMilli(200);
        failed();
        atMilli(300);
        answered();
        assertStall(0, 300);
    }

    @Test
    void failureAfterFailureIsOneWait() {
        for (long i = 0; i < 100; i++) {
            atMilli(10 * i);
            askedDueAt(10 * i);
            failed();
        }
        atMilli(1000);
        askedDueAt(1000);
        atMilli(1001);
        answered();
        assertStall(0, 1001);
    }
}
