package dev.supervisor.swap;

import dev.supervisor.Status;
import dev.supervisor.generation.Generation;
import dev.supervisor.generation.Snapshot;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The builds that have served last, newest first, with a share of their private copies. A rollback goes back in this list
 * and leaves it as it is; the next new build takes the place of those that were rolled back. Belongs to the thread of the
 * {@link SwapLoop}; the list can be read from any.
 */
final class KeptBuilds {

    private static final Logger LOG = LoggerFactory.getLogger(KeptBuilds.class);

    /** @param snapshot empty for the live build, if no other one is kept */
    record Entry(int generation, String build, Instant since, Optional<Snapshot> snapshot) {

        private Entry servedAgain(Generation by, Instant at) {
            return new Entry(by.number(), build, at, snapshot);
        }

        private void close() {
            snapshot.ifPresent(Snapshot::close);
        }
    }

    private final int most;

    /** Where in the list the build is that has served last. */
    private int position;

    private volatile List<Entry> entries = List.of();

    /** Whether a build is not kept any more since there were too many. */
    private boolean limited;

    /** @param most the live one among them; up to 1 keeps nothing else */
    KeptBuilds(int most) {
        this.most = Math.max(1, most);
    }

    /**
     * Returns the build that served {@code back} builds before the newest one, which is the live one or has not served.
     *
     * @param isLive whether the generation of this number is live, and of the newest build
     */
    Optional<Entry> former(int back, IntPredicate isLive) {
        boolean live = !entries.isEmpty() && isLive.test(entries.get(position).generation());
        int index = position + (live ? back : back - 1);
        return index < entries.size() && back > 0 ? Optional.of(entries.get(index)) : Optional.empty();
    }

    /**
     * A generation has begun to serve.
     *
     * @param rolledBackTo the build that it was made of; empty for a new one
     * @param forced whether its build may be the same as the one before
     */
    void served(Generation generation, Instant since, Optional<Entry> rolledBackTo, boolean forced) {
        int former = indexOf(generation.number()); // it was brought back
        if (former < 0) {
            former = rolledBackTo.map(this::indexOf).orElse(-1);
        }
        if (former < 0 && forced && isSame(generation.snapshot())) {
            former = position;
        }
        List<Entry> next = new ArrayList<>(entries);
        if (former >= 0) {
            next.set(former, next.get(former).servedAgain(generation, since));
            position = former;
        } else {
            next.subList(0, position).forEach(Entry::close);
            next.subList(0, position).clear();
            next.add(0, entry(generation, since));
            position = 0;
            while (next.size() > most) {
                next.remove(next.size() - 1).close();
                limited = true;
            }
        }
        entries = List.copyOf(next);
    }

    /** The build of this generation has failed after all: another one, which is kept too, serves in its place. */
    void forget(int generation) {
        int index = indexOf(generation);
        if (index >= 0 && index != position) {
            List<Entry> next = new ArrayList<>(entries);
            next.remove(index).close();
            position -= index < position ? 1 : 0;
            entries = List.copyOf(next);
        }
    }

    /** Compares what was rolled back to by its copies: its generation may be another one by now. */
    private int indexOf(Entry entry) {
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).snapshot().equals(entry.snapshot())) {
                return i;
            }
        }
        return -1;
    }

    private int indexOf(int generation) {
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).generation() == generation) {
                return i;
            }
        }
        return -1;
    }

    private boolean isSame(Snapshot snapshot) {
        try {
            Optional<Snapshot> last =
                    entries.isEmpty() ? Optional.empty() : entries.get(position).snapshot();
            return last.isPresent() && last.get().sameContent(snapshot);
        } catch (IOException e) {
            LOG.debug("taken for another build", e);
            return false;
        }
    }

    private Entry entry(Generation generation, Instant since) {
        Snapshot own = generation.snapshot();
        return new Entry(generation.number(), own.build().name(), since, most > 1 ? own.share() : Optional.empty());
    }

    /**
     * Returns them all, newest first. From any thread.
     *
     * @param isLive whether the generation of this number is
     */
    List<Status.KeptBuild> list(IntPredicate isLive) {
        return entries.stream()
                .map(entry -> new Status.KeptBuild(
                        entry.generation(),
                        entry.build(),
                        entry.snapshot().flatMap(Snapshot::sha256),
                        entry.since(),
                        isLive.test(entry.generation())))
                .toList();
    }

    /** Returns whether an older build would be there if more were kept. */
    boolean isLimited() {
        return limited;
    }

    /** Returns the builds that can be gone back to, for a message. */
    String describe(IntPredicate isLive) {
        if (entries.isEmpty()) {
            return "none has served";
        }
        boolean live = !entries.isEmpty() && isLive.test(entries.get(position).generation());
        List<String> former =
                entries.subList(Math.min(entries.size(), live ? position + 1 : position), entries.size()).stream()
                        .map(entry -> entry.build() + " of generation " + entry.generation())
                        .toList();
        if (!former.isEmpty()) {
            return "the former ones are " + String.join(", ", former);
        }
        return limited
                ? "no older one is kept"
                : entries.size() == 1
                        ? "this is the only one that has served"
                        : "this is the first one that has served";
    }

    /** Gives the copies up. */
    void close() {
        entries.forEach(Entry::close);
        entries = List.of();
        position = 0;
    }
}
