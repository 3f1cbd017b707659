package dev.supervisor.build;

import dev.supervisor.ApplicationBuilder;
import dev.supervisor.BuiltFiles;
import dev.supervisor.OnBusy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Builds the application by a shell command, once the sources have stood still for a moment. The first build is always
 * made, since the sources may have changed before they were watched.
 */
public final class CommandBuilder implements ApplicationBuilder {

    /**
     * The settings of a builder.
     *
     * @param command the command for the shell; empty if there is nothing to run when the sources have settled
     * @param directory the command's working directory
     * @param settle how long the sources must stand still; if they never do, they are built after ten times as long, or
     *     two seconds if that is longer
     * @param onBusy whether a change ends a running build
     */
    public record Settings(String command, Path directory, Duration settle, OnBusy onBusy) {}

    /** Sources that do not stand still are built after this many times {@code settle}, but not before two seconds. */
    private static final int MOST_SETTLES = 10;

    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(2);

    private final Settings settings;
    private final Observer observer;
    private final LongSupplier nanos;

    // Guarded by this.
    private boolean changed = true;
    private Path lastChanged = Path.of("");
    private long lastChange;

    /** The source that was still changing when the running build began; empty if all had settled. */
    private Optional<Path> unsettled = Optional.empty();

    /** Whether a change has made the running build outdated, so that it must be ended. */
    private boolean outdated;

    private @Nullable BuildProcess running;
    private boolean ending;
    private boolean killed;

    /** The last outcome, if it must still be reported. Used by the building thread only. */
    private Outcome last = new NotNeeded();

    public CommandBuilder(Settings settings, Observer observer) {
        this(settings, observer, System::nanoTime);
    }

    /** @param nanos the clock, in nanoseconds */
    CommandBuilder(Settings settings, Observer observer, LongSupplier nanos) {
        this.settings = settings;
        this.observer = observer;
        this.nanos = nanos;
        this.lastChange = nanos.getAsLong();
    }

    @Override
    public Outcome build(Runnable fixed) throws InterruptedException {
        if (!awaitSettled(fixed)) {
            return last;
        }
        boolean ended = false;
        try {
            Outcome outcome = run();
            last = outcome instanceof Failed ? outcome : new NotNeeded();
            ended = true;
            return outcome;
        } finally {
            if (!ended) {
                isStillNeeded();
            }
        }
    }

    /** Marks the sources as changed, since no build contains the changes of the aborted one. */
    private synchronized void isStillNeeded() {
        changed = true;
    }

    /**
     * Waits until the sources have settled, and returns whether to build. From then on, a change belongs to the next
     * build.
     */
    private synchronized boolean awaitSettled(Runnable fixed) throws InterruptedException {
        long begun = nanos.getAsLong();
        for (long left = left(begun); changed && left > 0 && !killed; left = left(begun)) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        fixed.run();
        boolean needed = changed;
        changed = false;
        outdated = false;
        unsettled = untilSettled() > 0 ? Optional.of(lastChanged) : Optional.empty();
        return needed;
    }

    /**
     * Returns how many nanoseconds to wait. The wait has a limit: a file that is no source and is written all the time
     * must not keep builds from beginning.
     */
    private long left(long begun) {
        Duration patience = settings.settle().multipliedBy(MOST_SETTLES);
        Duration most = patience.compareTo(LEAST_PATIENCE) > 0 ? patience : LEAST_PATIENCE;
        return Math.min(untilSettled(), begun - nanos.getAsLong() + most.toNanos());
    }

    private long untilSettled() {
        return lastChange - nanos.getAsLong() + settings.settle().toNanos();
    }

    private synchronized Optional<Path> whatHasNotSettled() {
        return unsettled;
    }

    private Outcome run() throws InterruptedException {
        whatHasNotSettled().ifPresent(observer::unsettled);
        if (settings.command().isEmpty()) {
            return new Built(Duration.ZERO);
        }
        long begun = System.nanoTime();
        observer.began();
        Outcome outcome = run(begun);
        observer.ended(outcome);
        return outcome;
    }

    private Outcome run(long begun) throws InterruptedException {
        BuildOutput output = new BuildOutput(settings.directory());
        int code;
        try {
            Optional<BuildProcess> started = start();
            if (started.isEmpty()) {
                return outdated();
            }
            code = awaitEnd(started.get(), output);
        } catch (IOException e) {
            return output.failed("can't run '" + settings.command() + "': " + e.getMessage(), since(begun));
        }
        failIfKilled();
        if (isOutdated()) {
            return outdated();
        }
        return code == 0
                ? new Built(since(begun), 0, Optional.of(BuiltFiles.ended()))
                : output.failed("'" + settings.command() + "' failed with exit code " + code, since(begun));
    }

    /**
     * Starts the command. Returns empty if a source has changed since the sources had settled, when there was no
     * running build that this change could end.
     */
    private synchronized Optional<BuildProcess> start() throws IOException, InterruptedException {
        failIfKilled();
        if (isOutdated()) {
            return Optional.empty();
        }
        BuildProcess process = BuildProcess.start(settings.command(), settings.directory());
        running = process;
        ending = false;
        return Optional.of(process);
    }

    private synchronized void failIfKilled() throws InterruptedException {
        if (killed) {
            throw new InterruptedException("the supervisor is stopping");
        }
    }

    /**
     * Waits for the command. If it ends by itself, a process that it has left running (a daemon) is not touched. If the
     * build is aborted, all its processes have ended when this returns, so that none runs beside the next build.
     */
    private int awaitEnd(BuildProcess process, BuildOutput output) throws InterruptedException {
        boolean ended = false;
        try {
            int code = process.awaitEnd(line -> {
                output.add(line);
                observer.said(line);
            });
            ended = true;
            return code;
        } finally {
            if (!ended || !forgetIfByItself()) {
                process.end();
                forget();
            }
        }
    }

    private synchronized boolean forgetIfByItself() {
        if (!ending) {
            forget();
        }
        return !ending;
    }

    private synchronized void forget() {
        running = null;
    }

    private synchronized boolean isOutdated() {
        return outdated;
    }

    private synchronized Outdated outdated() {
        return new Outdated(lastChanged);
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    @Override
    public synchronized void changed(Path source) {
        lastChange = nanos.getAsLong();
        changed = true;
        lastChanged = source;
        if (outdates(source)) {
            outdated = true;
            endRunning();
        }
        notifyAll();
    }

    /**
     * Returns whether a change ends the running build. With {@code QUEUE} it does not, since the running build is of
     * use until the next one has succeeded. Nor does a change of the source that had not settled when the build began:
     * no build would ever end.
     */
    private boolean outdates(Path source) {
        return settings.onBusy() == OnBusy.RESTART && !Optional.of(source).equals(unsettled);
    }

    /** Ends the running build without waiting for its end. */
    private void endRunning() {
        BuildProcess process = running;
        if (process != null && !ending) {
            ending = true;
            Thread thread = new Thread(process::end, "supervisor-build-end");
            thread.setDaemon(true);
            thread.start();
        }
    }

    @Override
    public synchronized void kill() {
        killed = true;
        if (running != null) {
            running.kill();
        }
        notifyAll();
    }
}
