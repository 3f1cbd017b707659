package dev.supervisor.swap;

import dev.supervisor.Event;
import dev.supervisor.Held;
import dev.supervisor.Problem;
import dev.supervisor.Status.Distribution;
import dev.supervisor.Status.Phase;
import dev.supervisor.Status.Result;
import dev.supervisor.Status.Swap;
import dev.supervisor.Status.Swaps;
import dev.supervisor.Status.Timed;
import dev.supervisor.Status.Trigger;
import dev.supervisor.counts.Durations;
import dev.supervisor.counts.FirstAnswer;
import dev.supervisor.flight.Flight;
import dev.supervisor.flight.FlightEvents;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What became of the last swaps, and how many there were. A swap begins with a change, and ends when it is known what
 * became of that. An attempt that finds the build incomplete belongs to the same swap as the next one.
 *
 * <p>Thread-safe: the thread of the {@link SwapLoop} tells of swaps, the build thread of phases, and an event loop of the
 * first answer.
 */
public final class SwapHistory {

    /** The number of swaps that are kept. */
    private static final int KEPT = 20;

    /** A first request that comes later than that tells nothing of the swap. */
    private static final long SOON_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** A change that no swap has begun with yet. */
    private record Noticed(Trigger trigger, Instant at, long nanos, FlightEvents.Swap recorded) {

        private static Noticed now(Trigger trigger) {
            return new Noticed(
                    trigger, Instant.now(), System.nanoTime(), Flight.recorder().swapBegins());
        }
    }

    /** @param endNanos 0 while it is under way */
    private record Span(Phase phase, long beginNanos, long endNanos) {

        private Timed since(long nanos, long now) {
            return new Timed(
                    phase,
                    Duration.ofNanos(beginNanos - nanos),
                    Duration.ofNanos((endNanos == 0 ? now : endNanos) - beginNanos));
        }
    }

    /** A swap; guarded by the history. */
    private static final class Entry {

        private final int number;
        private final Noticed begin;
        private final List<Span> spans = new ArrayList<>();
        private Result result = Result.RUNNING;
        private boolean counted;
        private OptionalInt generation = OptionalInt.empty();
        private Held held = Held.NONE;
        private Optional<Problem> problem = Optional.empty();
        private long endNanos;
        private FirstAnswer.@Nullable Times firstAnswer;

        Entry(int number, Noticed begin) {
            this.number = number;
            this.begin = begin;
        }

        /** Ends the phase that is under way, if there is one. */
        Optional<Span> endSpan() {
            int last = spans.size() - 1;
            if (last < 0 || spans.get(last).endNanos() != 0) {
                return Optional.empty();
            }
            Span ended = new Span(spans.get(last).phase(), spans.get(last).beginNanos(), System.nanoTime());
            spans.set(last, ended);
            return Optional.of(ended);
        }

        Swap swap() {
            long now = System.nanoTime();
            return new Swap(
                    number,
                    result,
                    generation,
                    begin.trigger(),
                    begin.at(),
                    Duration.ofNanos((endNanos == 0 ? now : endNanos) - begin.nanos()),
                    spans.stream().map(span -> span.since(begin.nanos(), now)).toList(),
                    held,
                    problem);
        }
    }

    private final String application;

    /** Newest first. */
    private final Deque<Entry> entries = new ArrayDeque<>();

    private final Map<Result, Long> totals = new EnumMap<>(Result.class);
    private final Map<Phase, Durations> phases = new EnumMap<>(Phase.class);
    private final Durations unloads = new Durations();
    private @Nullable Entry running;
    private @Nullable Noticed noticed;
    private long keptAlive;
    private int last;

    public SwapHistory() {
        this("");
    }

    /** @param application the name of the application */
    public SwapHistory(String application) {
        this.application = application;
        for (Phase phase : Phase.values()) {
            phases.put(phase, new Durations());
        }
    }

    // Told by the loop

    /** A change has been seen, or a swap is wanted. */
    synchronized void noticed(Trigger trigger) {
        if (noticed == null) {
            noticed = Noticed.now(trigger);
        }
    }

    /** An attempt begins to make a generation of the build, because of what was noticed, or once more. */
    synchronized void began() {
        if (running == null) {
            running = new Entry(++last, noticed == null ? Noticed.now(Trigger.RETRY) : noticed);
            add(running);
        }
        noticed = null;
    }

    /** A generation has been made; it may be outdated. */
    synchronized void made(int generation) {
        if (running != null) {
            running.generation = OptionalInt.of(generation);
        }
    }

    synchronized void served(Event.Serving serving) {
        goOnWithOutdated(serving.generation());
        made(serving.generation());
        if (running != null) {
            running.held = serving.held();
        }
        Entry served = running;
        end(Result.SERVED);
        if (served != null) {
            addFirstAnswer(served);
        }
        noticed = null;
    }

    /**
     * A swap that was outdated goes on if the build has turned out to be the same: its generation is the one that serves. Tools
     * that write a file in parts make such changes.
     */
    private void goOnWithOutdated(int generation) {
        Entry outdated = entries.stream().skip(1).findFirst().orElse(null);
        if (running != null
                && running.generation.isEmpty()
                && outdated != null
                && outdated.result == Result.OUTDATED
                && outdated.generation.orElse(0) == generation) {
            outdated.spans.addAll(running.spans);
            outdated.result = Result.RUNNING;
            outdated.endNanos = 0;
            entries.remove(running);
            last--;
            running = outdated;
        }
    }

    /** @param superseded whether the build has changed again */
    synchronized void failed(Problem problem, boolean superseded) {
        if (running != null) {
            running.problem = Optional.of(problem);
        }
        end(Result.FAILED);
        if (!superseded) {
            noticed = null;
        }
    }

    /**
     * A generation that had served has failed after all, and the one before serves again. A swap that is under way goes on.
     *
     * @param failed the number of the former
     */
    synchronized void broughtBack(int failed, Held held, Problem why) {
        Entry entry = new Entry(++last, Noticed.now(Trigger.BROUGHT_BACK));
        entry.generation = OptionalInt.of(failed);
        entry.held = held;
        entry.problem = Optional.of(why);
        entry.result = Result.FAILED;
        entry.endNanos = System.nanoTime();
        add(entry);
        countIfOver(entry);
    }

    private void add(Entry entry) {
        entries.addFirst(entry);
        if (entries.size() > KEPT) {
            entries.removeLast();
        }
    }

    synchronized void unchanged() {
        end(Result.UNCHANGED);
        noticed = null;
    }

    /** The build has changed since the swap began; another swap follows. */
    synchronized void outdated() {
        end(Result.OUTDATED);
    }

    /** Forgets an attempt that nobody was told of: what the machine lacked, it lacks still. */
    synchronized void inVain() {
        if (running != null) {
            entries.remove(running);
            if (running.number == last) {
                last--;
            }
            running = null;
        }
    }

    private void end(Result result) {
        if (running != null) {
            leaveSpan(running);
            running.endNanos = System.nanoTime();
            running.result = result;
            running = null;
            entries.stream().filter(entry -> !entry.counted).forEach(this::countIfOver);
        }
    }

    /** Counts a swap, but not one that is outdated before it is certain that it does not go on. */
    private void countIfOver(Entry entry) {
        boolean isOver = entry.result != Result.OUTDATED || entry != entries.peekFirst();
        if (isOver) {
            entry.counted = true;
            totals.merge(entry.result, 1L, Long::sum);
            entry.begin.recorded().ended(entry::swap, application);
        }
    }

    // Told by the build thread

    /** A phase of the swap begins; the one before has ended. */
    public synchronized void enter(Phase phase) {
        if (running != null) {
            leaveSpan(running);
            running.spans.add(new Span(phase, System.nanoTime(), 0));
        }
    }

    /** The phase has ended. */
    public synchronized void leave() {
        if (running != null) {
            leaveSpan(running);
        }
    }

    private void leaveSpan(Entry entry) {
        entry.endSpan().ifPresent(span -> count(span.phase(), span.endNanos() - span.beginNanos()));
    }

    private void count(Phase phase, long nanos) {
        Objects.requireNonNull(phases.get(phase)).add(nanos);
    }

    // Told by others

    /** A generation has answered for the first time, which may be before the loop tells that it serves. */
    synchronized void answered(int generation, FirstAnswer.Times times) {
        entries.stream()
                .filter(entry -> entry.generation.orElse(0) == generation)
                .findFirst()
                .ifPresent(entry -> {
                    entry.firstAnswer = times;
                    addFirstAnswer(entry);
                });
    }

    private void addFirstAnswer(Entry entry) {
        FirstAnswer.Times times = entry.firstAnswer;
        if (times != null && entry.result == Result.SERVED && times.asked() - times.opened() <= SOON_NANOS) {
            long begin = entry.held.count() > 0 ? times.opened() : times.asked();
            entry.spans.add(new Span(Phase.FIRST_ANSWER, begin, times.answered()));
            count(Phase.FIRST_ANSWER, times.answered() - begin);
        }
    }

    /** The classes of an ended generation have been collected. */
    public void unloaded(Duration after) {
        unloads.add(after.toNanos());
    }

    /** An ended generation is kept in memory. */
    public synchronized void keptAlive() {
        keptAlive++;
    }

    // Asked by anybody

    /** Returns whether a swap is under way. */
    public synchronized boolean isRunning() {
        return running != null;
    }

    public synchronized Swaps swaps() {
        Map<Phase, Distribution> times = new HashMap<>();
        phases.forEach((phase, durations) -> times.put(phase, durations.distribution()));
        return new Swaps(entries.stream().map(Entry::swap).toList(), totals, times, unloads.distribution(), keptAlive);
    }
}
