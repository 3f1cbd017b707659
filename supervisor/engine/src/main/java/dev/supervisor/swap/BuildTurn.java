package dev.supervisor.swap;

import dev.supervisor.generation.Snapshot;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to make a generation. The build thread calls {@link #fix}, {@link #startBegins} and {@link #startEnds}; all else
 * belongs to the thread of the {@link SwapLoop}.
 */
final class BuildTurn {

    private final LongSupplier changes;
    private final AtomicBoolean wantedInAnyCase;
    private final Optional<Snapshot> live;
    private final boolean again;
    private final boolean formerAlive;
    private final Optional<KeptBuilds.Entry> former;
    private final boolean formerLive;

    private volatile long upTo;
    private volatile boolean forced;
    private volatile boolean givenUp;

    /** The thread that waits for the start of the application, while it does. Guarded by this. */
    private @Nullable Thread starting;

    /**
     * @param changes the number of changes that have been seen or, if nothing is built, of the ones that are acted upon
     * @param wantedInAnyCase whether a new generation is wanted though the build may be the same; this turn takes it back
     * @param live the snapshot of the live generation
     * @param again whether the same build is tried once more
     * @param formerAlive whether the generation before has not ended, so that it may hold what only one can have
     * @param former the build that has served before and is to serve again; empty for the build as it is now
     * @param formerLive whether that build is the live one
     */
    BuildTurn(
            LongSupplier changes,
            AtomicBoolean wantedInAnyCase,
            Optional<Snapshot> live,
            boolean again,
            boolean formerAlive,
            Optional<KeptBuilds.Entry> former,
            boolean formerLive) {
        this.changes = changes;
        this.wantedInAnyCase = wantedInAnyCase;
        this.live = live;
        this.again = again;
        this.formerAlive = formerAlive;
        this.former = former;
        this.formerLive = formerLive;
        this.upTo = changes.getAsLong();
    }

    /**
     * Called when the sources have settled: the outcome covers all changes before this call. Returns the snapshot with
     * which the build is compared; empty to make a generation in any case.
     */
    Optional<Snapshot> fix() {
        long now = changes.getAsLong(); // the builder is told of a change before it is counted
        if (!again && !givenUp) { // otherwise changes since the turn began are not in it: nothing is built, or not for
            // them
            upTo = now;
        }
        forced = wantedInAnyCase.getAndSet(false);
        return forced ? Optional.empty() : live;
    }

    /** Makes a generation. Called once, on the build thread. */
    GenerationFactory.Outcome run(GenerationFactory factory) {
        if (formerLive) {
            return new GenerationFactory.Unchanged();
        }
        if (former.isPresent()) {
            return factory.runFormer(() -> former.get().snapshot().flatMap(Snapshot::share));
        }
        return again ? factory.runAgain(this::fix) : factory.run(this::fix);
    }

    /** Returns the build that has served before and is to serve again; empty for the build as it was. */
    Optional<KeptBuilds.Entry> former() {
        return former;
    }

    /** Returns whether a generation was to be made though the build may be the same. */
    boolean isForced() {
        return forced;
    }

    /** Returns the number of changes that the outcome covers. */
    long upTo() {
        return upTo;
    }

    boolean isAgain() {
        return again;
    }

    boolean isFormerAlive() {
        return formerAlive;
    }

    /**
     * Another build is wanted instead, so that this one must not serve. Interrupts the start of the application. Called before
     * the request for the other build is counted, which the outcome of this turn must not cover.
     */
    synchronized void giveUp() {
        givenUp = true;
        if (starting != null) {
            starting.interrupt();
        }
    }

    /** Returns whether another build is wanted instead. From any thread. */
    boolean isGivenUp() {
        return givenUp;
    }

    /** The calling thread begins to wait for the start of the application. */
    synchronized void startBegins() {
        starting = Thread.currentThread();
        if (givenUp) {
            starting.interrupt();
        }
    }

    /** The calling thread has waited for the start, or was interrupted. */
    synchronized void startEnds() {
        starting = null;
        if (givenUp) {
            Thread.interrupted(); // or it would interrupt what comes after the start
        }
    }

    /** This turn has made nothing, and another one follows, which has to make a generation if this one had to. */
    void isInVain() {
        if (forced && !givenUp) {
            wantedInAnyCase.set(true);
        }
    }
}
