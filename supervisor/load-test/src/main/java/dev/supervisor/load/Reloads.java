package dev.supervisor.load;

import dev.supervisor.load.Findings.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes reload after reload, on a thread of its own, and records what clients saw of each. There is one reload at a
 * time: if answers have versions, the next reload begins when the version of the last one has been seen, so that each
 * new version belongs to a known change.
 */
final class Reloads {

    private final Versions versions;
    private final boolean expectsVersion;
    private final Supplier<Window> takeWindow;
    private final Thread thread;

    // Guarded by this.
    private final List<Reloaded> reloads = new ArrayList<>();
    private @Nullable Reloaded current;
    private boolean underWay;
    private boolean ending;

    /**
     * @param plan empty for no reloads
     * @param takeWindow returns the events since its last call
     */
    Reloads(Optional<ReloadPlan> plan, Versions versions, boolean expectsVersion, Supplier<Window> takeWindow) {
        this.versions = versions;
        this.expectsVersion = expectsVersion;
        this.takeWindow = takeWindow;
        this.thread = new Thread(() -> plan.ifPresent(this::run), "reloads");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Records the first answer of a new version. Called by the thread that sees it first. */
    synchronized void seen(long version) {
        if (current != null && underWay && current.firstAnswer == Reloaded.NEVER) {
            current.firstAnswer = System.nanoTime();
            current.version = version;
            notifyAll();
        }
    }

    /** Begins no further reload. */
    synchronized void finish() {
        ending = true;
        notifyAll();
    }

    synchronized boolean isUnderWay() {
        return underWay;
    }

    /** Gives up the current reload, and ends the thread. */
    void stop() throws InterruptedException {
        finish();
        thread.interrupt();
        thread.join();
    }

    /**
     * Closes the last window, after the last answer. Calls the workers without the lock, which they take when they see
     * a version.
     */
    void closeWindow() {
        Window window = takeWindow.get();
        synchronized (this) {
            if (current != null) {
                current.window = window;
            }
        }
    }

    synchronized int count() {
        return reloads.size();
    }

    synchronized List<Reloaded> reloads() {
        return List.copyOf(reloads);
    }

    private void run(ReloadPlan chosen) {
        try {
            long next = System.nanoTime();
            for (int number = 1; awaitTurn(next += chosen.every().toNanos()); number++) {
                reload(chosen, number);
                next = Math.max(next, System.nanoTime() - chosen.every().toNanos());
            }
        } catch (InterruptedException e) {
            // by stop()
        } finally {
            synchronized (this) {
                underWay = false;
            }
        }
    }

    /** Waits, and returns whether to go on. */
    private synchronized boolean awaitTurn(long at) throws InterruptedException {
        for (long left = at - System.nanoTime(); left > 0 && !ending; left = at - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        underWay = !ending;
        return underWay;
    }

    private void reload(ReloadPlan chosen, int number) throws InterruptedException {
        Reloaded reload = new Reloaded(number, System.nanoTime());
        synchronized (this) {
            reloads.add(reload);
        }
        try {
            chosen.reload().prepare(number);
            begin(chosen, reload);
            chosen.reload().apply(number);
            reload.applied = System.nanoTime();
            if (expectsVersion) {
                awaitFirstAnswer(chosen, reload);
            }
        } catch (LoadTestException e) {
            reload.error = e.getMessage();
        } finally {
            synchronized (this) {
                underWay = false;
            }
        }
    }

    private void begin(ReloadPlan chosen, Reloaded reload) {
        if (chosen.reload().beginsAnew()) {
            versions.mayGoBack();
        }
        closeWindow();
        synchronized (this) {
            current = reload;
            reload.begun = System.nanoTime();
        }
    }

    private synchronized void awaitFirstAnswer(ReloadPlan chosen, Reloaded reload) throws InterruptedException {
        long deadline = reload.begun + chosen.timeout().toNanos();
        while (reload.firstAnswer == Reloaded.NEVER) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new LoadTestException("no answer of another version within "
                        + chosen.timeout().toSeconds()
                        + " s (does the version pattern match text that changes with each build?)");
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }
}
