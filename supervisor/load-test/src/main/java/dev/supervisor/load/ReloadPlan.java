package dev.supervisor.load;

import java.time.Duration;

/**
 * When and how to reload.
 *
 * @param every from the beginning of one reload to the next; the next one also waits until the version of the last one
 *     has been seen
 * @param timeout how long the first answer of the new build may take
 */
public record ReloadPlan(Reload reload, Duration every, Duration timeout) {

    public ReloadPlan {
        Limits.check("the time between reloads", every);
        Limits.check("the timeout of a reload", timeout);
        if (every.toMillis() < 1) {
            throw new LoadTestException("the time between reloads must be at least 1ms");
        }
        if (timeout.toMillis() < 1) {
            throw new LoadTestException("the timeout of a reload must be at least 1ms");
        }
    }
}
