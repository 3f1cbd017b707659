package dev.supervisor.frameworks;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what may take long on a busy machine, and fails when that takes too long. */
final class Limit {

    private static final long TURN_MILLIS = 10;

    private Limit() {}

    /** @param what it is, for the message */
    static void await(Duration limit, String what, BooleanSupplier condition) throws InterruptedException {
        if (!holdsWithin(limit, condition)) {
            throw new AssertionError("after " + limit.toSeconds() + " s still waiting until " + what);
        }
    }

    /** Returns whether a condition has become true within this time. */
    static boolean holdsWithin(Duration limit, BooleanSupplier condition) throws InterruptedException {
        long begun = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begun > limit.toNanos()) {
                return false;
            }
            Thread.sleep(TURN_MILLIS);
        }
        return true;
    }
}
