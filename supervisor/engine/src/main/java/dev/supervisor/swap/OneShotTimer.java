package dev.supervisor.swap;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Runs one action at a time after a delay. Belongs to the thread of the {@link SwapLoop}. */
final class OneShotTimer {

    private final BiFunction<Duration, Runnable, ScheduledFuture<?>> scheduler;
    private @Nullable ScheduledFuture<?> pending;

    /** @param scheduler runs an action after a delay */
    OneShotTimer(BiFunction<Duration, Runnable, ScheduledFuture<?>> scheduler) {
        this.scheduler = scheduler;
    }

    /** Runs this action after the delay, in place of one that is pending. */
    void start(Duration delay, Runnable action) {
        cancel();
        pending = scheduler.apply(delay, action);
    }

    void cancel() {
        if (pending != null) {
            pending.cancel(false);
            pending = null;
        }
    }
}
