package dev.supervisor.swap;

import java.time.Duration;

/** How long an incomplete build is waited for before that is reported. Belongs to the thread of the {@link SwapLoop}. */
final class Patience {

    /** How long a file may stay incomplete. */
    private static final Duration WITH_INCOMPLETE = Duration.ofSeconds(1);

    /**
     * How long a directory of classes may stay incomplete after its last change. Maven deletes the old classes first: the
     * next change comes when the compiler has read all sources.
     */
    private static final Duration WITH_CLASSES = Duration.ofSeconds(10);

    private final OneShotTimer timer;
    private final Duration most;

    private Duration lasts = WITH_INCOMPLETE;

    /** @param most how long requests may wait */
    Patience(OneShotTimer timer, Duration most) {
        this.timer = timer;
        this.most = most;
    }

    /**
     * Something is missing: deleted files are mostly about to be made again; before a first build there is no reason to
     * expect that.
     *
     * @param hasServed whether any build has served
     */
    void missing(GenerationFactory.Missing missing, boolean hasServed) {
        if (missing != GenerationFactory.Missing.NOTHING && !hasServed) {
            lasts = Duration.ZERO;
            return;
        }
        Duration patience = switch (missing) {
            case FILE -> most;
            case CLASS -> WITH_CLASSES;
            case NOTHING -> WITH_INCOMPLETE;
        };
        lasts = patience.compareTo(most) < 0 ? patience : most;
    }

    /** The machine lacks something: another attempt is made at the end. */
    void lacking(Duration pause) {
        lasts = pause;
    }

    /** Begins; {@code over} is run at the end. Returns whether there is any patience. */
    boolean begin(Runnable over) {
        timer.start(lasts, over);
        return !lasts.isZero();
    }

    void end() {
        timer.cancel();
    }
}
