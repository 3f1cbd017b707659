package dev.supervisor.swap;

import dev.supervisor.Checks.ErrorLimit;
import dev.supervisor.OptionKey;
import dev.supervisor.Problem;
import dev.supervisor.socket.http.AnswerCounts.Counts;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Decides whether a generation that has taken over makes too many errors. Pure.
 *
 * @param former what the former generation has answered since it was live
 * @param before what the new generation had answered when it became live: its checks and its warm-up
 */
record ErrorWatch(ErrorLimit limit, Counts former, Counts before) {

    /** Fewer requests tell nothing. */
    static final int FEWEST = 20;

    /** Whether its time is over. */
    boolean isOver(Duration since) {
        return since.compareTo(limit.window()) >= 0;
    }

    /**
     * Returns why the former generation is to come back; empty if it is not.
     *
     * @param build the name of the new generation's build
     * @param now what the new generation has answered
     */
    Optional<Problem> exceeded(String build, int generation, Counts now) {
        Counts counts = now.minus(before);
        if (counts.requests() < FEWEST || counts.share() <= former.share() + limit.share()) {
            return Optional.empty();
        }
        return Optional.of(Problem.of(build + " (generation " + generation + ") failed "
                + counts.failed() + " of " + counts.requests()
                + " requests, " + percent(counts.share()) + ": " + OptionKey.WATCH_ERRORS + " allows "
                + percent(limit.share()) + " more than the " + percent(former.share()) + " of the generation before"));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f%%", 100 * share);
    }
}
