package dev.supervisor.bench.tools;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for conditions, which it checks once a millisecond. */
public final class Polling {

    /** How long a benchmark waits for anything before it gives up. */
    public static final int TIMEOUT_SECONDS = 60;

    private Polling() {}

    public static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long begun = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS)) {
                throw new IllegalStateException("still waiting for " + what);
            }
            Thread.sleep(1);
        }
    }
}
