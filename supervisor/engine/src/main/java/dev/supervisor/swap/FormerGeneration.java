package dev.supervisor.swap;

import dev.supervisor.Checks;
import dev.supervisor.Problem;
import dev.supervisor.generation.Generation;
import dev.supervisor.socket.http.AnswerCounts;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The generation that served before the live one, kept while errors of the live one may bring it back. Keeps nothing where
 * errors are not watched. Belongs to the thread of the {@link SwapLoop}.
 */
final class FormerGeneration {

    /**
     * A backend in whose place another one is live.
     *
     * @param ended completes when it has ended
     * @param answeredBefore what it had answered when it became live
     */
    record Replaced(Backend backend, CompletableFuture<@Nullable Void> ended, AnswerCounts.Counts answeredBefore) {

        Generation generation() {
            return backend.generation().orElseThrow();
        }
    }

    /** @param sinceNanos since when, by {@link System#nanoTime} */
    private record Kept(Replaced replaced, ErrorWatch watch, DrainThreads.Keep keep, long sinceNanos) {}

    private final Optional<Checks.ErrorLimit> limit;
    private final DrainThreads drains;
    private final Duration drainTimeout;

    /** The backend that the next generation replaces; it is kept from its end if errors are watched. */
    private @Nullable Replaced replaced;

    private @Nullable Kept kept;

    /** What the live generation had answered when it became live. */
    private AnswerCounts.Counts answeredBefore = AnswerCounts.Counts.ZERO;

    /** @param limit how many errors a generation may make before the former one comes back */
    FormerGeneration(Optional<Checks.ErrorLimit> limit, DrainThreads drains, Duration drainTimeout) {
        this.limit = limit;
        this.drains = drains;
        this.drainTimeout = drainTimeout;
    }

    /**
     * A generation becomes live.
     *
     * @param live the backend that it replaces, if there is one
     * @param ended completes when that has ended
     */
    void replaced(@Nullable Backend live, CompletableFuture<@Nullable Void> ended, Generation next) {
        end();
        replaced = live == null ? null : new Replaced(live, ended, answeredBefore);
        answeredBefore = next.connections().answerCounts();
    }

    /**
     * Keeps a backend that was superseded, if a generation has replaced it, and it could serve again.
     *
     * @param asked completes when each event loop has let go what can leave at once
     * @param isReplacedByGeneration whether a generation is live
     * @return false if it is not kept, and is to be drained
     */
    boolean keep(Backend backend, CompletableFuture<@Nullable Void> asked, boolean isReplacedByGeneration) {
        Replaced last = replaced;
        if (last == null || last.backend() != backend) {
            return false;
        }
        replaced = null; // or it would keep the classes of a generation that has ended
        if (limit.isEmpty() || !isReplacedByGeneration || !canServeAgain(backend)) {
            return false;
        }
        AnswerCounts.Counts answered = backend.connections().answerCounts().minus(last.answeredBefore());
        kept = new Kept(
                last,
                new ErrorWatch(limit.get(), answered, answeredBefore),
                drains.keep(backend.name(), backend.connections(), asked, drainTimeout, backend.drainObserver()),
                System.nanoTime());
        return true;
    }

    private static boolean canServeAgain(Backend backend) {
        return backend.generation().filter(former -> former.exited().isEmpty()).isPresent();
    }

    /** Returns whether one is kept. Ends it when the time is over. */
    boolean isKept() {
        Kept former = kept;
        if (former != null && former.watch().isOver(Duration.ofNanos(System.nanoTime() - former.sinceNanos()))) {
            end();
        }
        return kept != null;
    }

    /** Returns why the former generation is to take the place of this one; empty if it is not. */
    Optional<Problem> tooManyErrors(Generation live) {
        return kept == null
                ? Optional.empty()
                : kept.watch()
                        .exceeded(
                                live.snapshot().build().name(),
                                live.number(),
                                live.connections().answerCounts());
    }

    /** Returns the one that is kept, which goes on; empty if none is, or it can't serve any more. */
    Optional<Replaced> takeBack() {
        Kept former = kept;
        kept = null;
        if (former == null) {
            return Optional.empty();
        }
        if (!canServeAgain(former.replaced().backend())) {
            former.keep().end();
            return Optional.empty();
        }
        if (!former.keep().goOn()) { // it had to make room for another one
            return Optional.empty();
        }
        answeredBefore = former.replaced().answeredBefore();
        replaced = null;
        return Optional.of(former.replaced());
    }

    /** Ends the one that is kept. */
    void end() {
        if (kept != null) {
            kept.keep().end();
            kept = null;
        }
    }
}
