package bench;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** How long a benchmark waits for anything before it gives up. */
final class Patience {

    static final int SECONDS = 60;

    private Patience() {}

    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long begun = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(SECONDS)) {
                throw new IllegalStateException("still waiting for " + what);
            }
            Thread.sleep(1);
        }
    }
}
