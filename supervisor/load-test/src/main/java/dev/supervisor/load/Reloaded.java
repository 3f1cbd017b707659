package dev.supervisor.load;

import dev.supervisor.load.Findings.Window;
import org.jspecify.annotations.Nullable;

/** The result of one reload; times are those of {@link System#nanoTime}. Guarded by its {@link Reloads}. */
final class Reloaded {

    static final long NEVER = Long.MIN_VALUE;

    final int number;
    long begun;
    long applied = NEVER;
    long firstAnswer = NEVER;
    long version = BodyCheck.NO_VERSION;
    Window window = new Window(0, 0);

    @Nullable
    String error;

    Reloaded(int number, long begun) {
        this.number = number;
        this.begun = begun;
    }
}
