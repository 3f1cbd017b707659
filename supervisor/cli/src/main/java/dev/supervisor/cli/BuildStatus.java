package dev.supervisor.cli;

import dev.supervisor.Event;
import dev.supervisor.text.VisibleText;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows a running build in the status line: its time so far and the last line of its output; or tests that run. A thread of its own draws
 * it, a few times a second. Thread-safe.
 */
final class BuildStatus implements BuildView {

    private static final long TURN_MILLIS = 200;

    private final StatusLine line;
    private final LongSupplier nanos;
    private final String wayToAll;
    private final ScheduledExecutorService drawing = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "supervisor-status");
        thread.setDaemon(true);
        return thread;
    });

    // Guarded by this.
    private @Nullable Future<?> turns;
    private long since;
    private String said = "";

    /**
     * @param nanos returns the current time, in nanoseconds
     * @param wayToAll how to see a build's whole output; appended where only its last lines are printed
     */
    BuildStatus(StatusLine line, LongSupplier nanos, String wayToAll) {
        this.line = line;
        this.nanos = nanos;
        this.wayToAll = wayToAll;
    }

    @Override
    public Optional<String> text(Event event) {
        if (event instanceof Event.Building) {
            began();
            return Optional.empty();
        }
        if (event instanceof Event.Testing) {
            showTests(EventText.of(event));
            return Optional.empty();
        }
        if (event instanceof Event.Tested || event instanceof Event.NotTested) {
            testsEnded();
        }
        if (event instanceof Event.BuildOutput output) {
            say(output.line());
            return Optional.empty();
        }
        if (event instanceof Event.Built || event instanceof Event.Failed || event instanceof Event.Stopping) {
            ended();
        }
        return Optional.of(
                event instanceof Event.Failed failed ? BuildView.why(failed, wayToAll) : EventText.of(event));
    }

    private synchronized void began() {
        ended();
        since = nanos.getAsLong();
        said = "";
        turns = drawing.scheduleWithFixedDelay(this::draw, 0, TURN_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** A build is of more interest. */
    private synchronized void showTests(String text) {
        if (turns == null) {
            line.show(text);
        }
    }

    private synchronized void testsEnded() {
        if (turns == null) {
            line.clear();
        }
    }

    private synchronized void say(String text) {
        if (!text.isBlank()) {
            said = VisibleText.of(text).replace('\t', ' ').strip();
        }
    }

    private synchronized void ended() {
        if (turns != null) {
            turns.cancel(false);
            turns = null;
        }
        line.clear();
    }

    synchronized void draw() {
        if (turns != null) {
            double seconds = TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - since) / 1000.0;
            line.show(String.format(Locale.ROOT, "building %.1f s  %s", seconds, said));
        }
    }

    @Override
    public void linesWereLost() {
        ended();
    }

    @Override
    public void close() {
        ended();
        drawing.shutdownNow();
    }
}
