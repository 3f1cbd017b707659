package dev.supervisor.swap;

import dev.supervisor.generation.Snapshot;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;

/**
 * The build that is to serve: the newest one, or a former one that is kept. Belongs to the thread of the {@link SwapLoop}.
 */
final class WantedBuild {

    private final KeptBuilds kept;

    /** A new generation is wanted, changed or not. Taken back by the thread that builds. */
    private final AtomicBoolean inAnyCase = new AtomicBoolean();

    /** The former build that is to serve again, until it does or something else is wanted. */
    private Optional<KeptBuilds.Entry> former = Optional.empty();

    /** Whether the last swap has failed, so that a build serves that is older than the newest, or none. */
    private boolean newestFailed;

    /** The turn whose generation was started last. */
    private Optional<BuildTurn> startedIn = Optional.empty();

    WantedBuild(KeptBuilds kept) {
        this.kept = kept;
    }

    /** Wants a generation of the newest build, changed or not. */
    void newestInAnyCase() {
        inAnyCase.set(true);
        former = Optional.empty();
    }

    /** Wants the newest build, if a former one was wanted. */
    void newest() {
        former = Optional.empty();
    }

    /**
     * Wants a former build, if there is one.
     *
     * @param back how many builds to go back from the newest: one that has failed, or is being started, is that too
     * @param isLive whether the generation of this number is
     * @param isStarting whether a generation is being started
     */
    Optional<KeptBuilds.Entry> goBack(int back, IntPredicate isLive, boolean isStarting) {
        boolean newestServes = former.isPresent() || (!newestFailed && !isStarting);
        Optional<KeptBuilds.Entry> target = kept.former(back, number -> newestServes && isLive.test(number));
        if (target.isPresent()) {
            inAnyCase.set(false);
            former = target;
        }
        return target;
    }

    /** Returns whether a former build is wanted. */
    boolean isFormer() {
        return former.isPresent();
    }

    /**
     * Returns an attempt to make a generation of the wanted build.
     *
     * @param seen the number of changes that have been seen
     * @param wanted the number of those that are acted upon
     * @param live the snapshot of the live generation
     * @param isLive whether the generation of this number is
     * @param again whether the same build is tried once more
     * @param formerAlive whether the generation before has not ended, so that it may hold what only one can have
     */
    BuildTurn turn(
            LongSupplier seen,
            LongSupplier wanted,
            Optional<Snapshot> live,
            IntPredicate isLive,
            boolean again,
            boolean formerAlive) {
        boolean builds = !again && former.isEmpty();
        return new BuildTurn(
                builds ? seen : wanted,
                inAnyCase,
                live,
                again,
                formerAlive,
                former,
                former.filter(entry -> isLive.test(entry.generation())).isPresent());
    }

    /** A generation of this turn is about to serve. */
    void started(BuildTurn turn) {
        startedIn = Optional.of(turn);
    }

    /** @param broughtBack whether the generation has served before, and takes the place of one that has failed */
    void served(LiveBackend.Served now, boolean broughtBack) {
        newestFailed = newestFailed && broughtBack;
        kept.served(
                now.generation(),
                now.since(),
                startedIn.flatMap(BuildTurn::former),
                startedIn.filter(BuildTurn::isForced).isPresent());
    }

    /** The newest build is the live one. */
    void unchanged() {
        newestFailed = false;
    }

    /** The newest build has failed. */
    void failed() {
        newestFailed = true;
    }

    /** Returns the builds that can be gone back to, for a message. */
    String describe(IntPredicate isLive) {
        return kept.describe(isLive);
    }
}
