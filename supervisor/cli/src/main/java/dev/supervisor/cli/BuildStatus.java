package dev.supervisor.cli;

import dev.supervisor.Event;
import dev.supervisor.text.VisibleText;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Shows running builds in the status line: the time so far and, of one alone, the last line of its output; or tests that run. A thread of its own draws
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

    /** A build that runs. */
    private static final class Running {
        private final long since;
        private String said = "";

        Running(long since) {
            this.since = since;
        }
    }

    // Guarded by this.
    private @Nullable Future<?> turns;

    /** By the names of their applications, which are empty if there is only one; in the order of their beginnings. */
    private final Map<String, Running> builds = new LinkedHashMap<>();

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
    public Optional<String> text(Optional<String> application, Event event) {
        String of = application.orElse("");
        if (event instanceof Event.Building) {
            began(of);
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
            say(of, output.line());
            return Optional.empty();
        }
        if (event instanceof Event.Built || event instanceof Event.Failed || event instanceof Event.Stopping) {
            ended(of);
        }
        return Optional.of(
                event instanceof Event.Failed failed ? BuildView.why(failed, wayToAll) : EventText.of(event));
    }

    private synchronized void began(String application) {
        builds.remove(application); // it comes last now
        builds.put(application, new Running(nanos.getAsLong()));
        if (turns == null) {
            turns = drawing.scheduleWithFixedDelay(this::draw, 0, TURN_MILLIS, TimeUnit.MILLISECONDS);
        }
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

    private synchronized void say(String application, String text) {
        Running build = builds.get(application);
        if (build != null && !text.isBlank()) {
            build.said = VisibleText.of(text).replace('\t', ' ').strip();
        }
    }

    private synchronized void ended(String application) {
        builds.remove(application);
        if (builds.isEmpty()) {
            endedAll();
        }
    }

    private synchronized void endedAll() {
        builds.clear();
        if (turns != null) {
            turns.cancel(false);
            turns = null;
        }
        line.clear();
    }

    synchronized void draw() {
        if (turns != null) {
            line.show(
                    "building " + builds.entrySet().stream().map(this::describe).collect(Collectors.joining(", ")));
        }
    }

    /** Returns the time so far, and the last line of the output unless there are several builds. */
    private String describe(Map.Entry<String, Running> build) {
        double seconds = TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - build.getValue().since) / 1000.0;
        String name = build.getKey().isEmpty() ? "" : build.getKey() + " ";
        String time = String.format(Locale.ROOT, "%s%.1f s", name, seconds);
        return builds.size() > 1 ? time : time + "  " + build.getValue().said;
    }

    @Override
    public void linesWereLost() {
        endedAll();
    }

    @Override
    public void close() {
        endedAll();
        drawing.shutdownNow();
    }
}
