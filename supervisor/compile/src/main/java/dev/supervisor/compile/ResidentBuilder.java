package dev.supervisor.compile;

import dev.supervisor.ApplicationBuilder;
import dev.supervisor.Diagnostic;
import dev.supervisor.build.Diagnostics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Builds a project within this JVM, as soon as a source has changed. A success is believed at once. A failure, or a
 * source that has become empty, counts only after a moment of quiet: an editor may be in the middle of writing.
 */
final class ResidentBuilder implements ApplicationBuilder {

    /** How long a project must stand still before a failure is reported. */
    private static final Duration QUIET = Duration.ofMillis(50);

    /** The longest time for which builds that have succeeded may be outdated by further changes, one after the other. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ProjectCompiler compiler;
    private final Observer observer;
    private final Optional<ResidentTests> tests;
    private final ChangesOfOutputs changes = new ChangesOfOutputs();

    // Guarded by this.
    private boolean changed = true;
    private boolean killed;
    private Path lastChanged = Path.of("");
    private long lastChange = System.nanoTime();

    /** Used by the building thread only. */
    private Outcome last = new NotNeeded();

    private long outdatedSince;
    private boolean outdatedBefore;
    private boolean doubtful;

    ResidentBuilder(ProjectCompiler compiler, Observer observer, Optional<ResidentTests> tests) {
        this.tests = tests;
        this.compiler = compiler;
        this.observer = observer;
    }

    @Override
    public Outcome build(Runnable fixed) throws InterruptedException {
        boolean needed = begin(fixed);
        if (!needed) {
            return last;
        }
        observer.began();
        long begun = System.nanoTime();
        Outcome outcome = run(begun);
        if (isOutdated()) {
            outcome = outdated();
        } else if (outcome instanceof Built built) {
            outcome = new Built(built.took(), built.warnings(), Optional.of(changes.take(compiler.project())));
        }
        last = outcome instanceof Failed ? outcome : new NotNeeded();
        observer.ended(outcome);
        if (outcome instanceof Built) {
            tellTests();
        }
        return outcome;
    }

    private synchronized void tellTests() {
        if (!changed) {
            tests.ifPresent(ResidentTests::built);
        }
    }

    private synchronized boolean begin(Runnable fixed) {
        boolean needed = changed;
        changed = false;
        fixed.run();
        return needed;
    }

    private Outcome run(long begun) throws InterruptedException {
        try {
            ProjectCompiler.Result result = compiler.compile(observer::said);
            doubtful = result.doubtful();
            result.notes().forEach(observer::said);
            CompilerMessages messages = result.messages();
            messages.lines().forEach(observer::said);
            changes.add(result);
            if (!messages.hasErrors()) {
                return new Built(since(begun), messages.warningCount(), Optional.empty());
            }
            List<Diagnostic> errors = messages.errors().isEmpty()
                    ? Diagnostics.of(result.directory(), messages.lines())
                    : messages.errors();
            return new Failed(result.summary(), errors, messages.lines(), 0, since(begun));
        } catch (IOException e) {
            doubtful = true;
            return new Failed("can't compile: " + e, List.of(), List.of(), 0, since(begun));
        }
    }

    /** What is doubtful is outdated by a change that comes soon after it, too. */
    private synchronized boolean isOutdated() throws InterruptedException {
        while (doubtful && !changed && !killed && untilQuiet() > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, untilQuiet());
        }
        if (!changed) {
            outdatedBefore = false;
            return false;
        }
        long now = System.nanoTime();
        if (!outdatedBefore) {
            outdatedSince = now;
            outdatedBefore = true;
        }
        if (now - outdatedSince > PATIENCE.toNanos()) {
            observer.unsettled(lastChanged);
            return false;
        }
        return true;
    }

    private synchronized long untilQuiet() {
        return lastChange - System.nanoTime() + QUIET.toNanos();
    }

    private synchronized Outdated outdated() {
        return new Outdated(lastChanged);
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    @Override
    public synchronized void changed(Path source) {
        changed = true;
        lastChanged = source;
        lastChange = System.nanoTime();
        tests.ifPresent(ResidentTests::sourceChanged);
        notifyAll();
    }

    @Override
    public synchronized void kill() {
        killed = true;
        notifyAll();
    }
}
