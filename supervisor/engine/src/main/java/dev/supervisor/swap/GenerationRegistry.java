package dev.supervisor.swap;

import dev.supervisor.Status;
import dev.supervisor.Status.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * All generations that are in memory, and the bound of those that start, serve or drain. One that has ended does not count,
 * whatever keeps it: a thread that does not end, a leak, or merely that the JVM has not collected it yet. It costs memory
 * and nothing else, and another build may be the one that mends it. Thread-safe.
 */
public final class GenerationRegistry {

    /** Told by whoever waits. */
    public interface Observer {
        /** There are so many that the oldest that drains is cut short, since there is to be another one. */
        void full(int oldestThatLeaves, int generations);
    }

    /**
     * What is asked of a generation until it has ended, by any thread.
     *
     * @param classes how many it has loaded so far
     * @param connections how many are open
     * @param threads what they do, in lines for people
     */
    record Facts(String build, IntSupplier classes, IntSupplier connections, Supplier<List<String>> threads) {

        /** The same for ever, and of the generation nothing but text. */
        private Facts atItsEnd() {
            int loaded = classes.getAsInt();
            return new Facts(build, () -> loaded, () -> 0, List::of);
        }
    }

    /** @param cutShort ends its drain while it is leaving */
    private record Member(State state, Instant since, Facts facts, Runnable cutShort) {

        private Member in(State next) {
            return new Member(next, Instant.now(), facts, cutShort);
        }

        private boolean isEnded() {
            return state == State.ENDED || state == State.RUNNING_ON;
        }

        private Status.Generation status(int number) {
            return new Status.Generation(
                    number,
                    state,
                    facts.build(),
                    facts.classes().getAsInt(),
                    facts.connections().getAsInt(),
                    since);
        }
    }

    /** Former generations whose threads run on: how many, and the classes that these keep. */
    record RunningOn(int generations, int classes) {}

    /** An object with a finalizer, or a cleaner, goes with the collection after the next. */
    private static final int COLLECTIONS = 3;

    private static final int COLLECTED_WITHIN_MILLIS = 200;

    /**
     * How long a drain may take before it is cut short for want of room: requests that are under way should be answered
     * also in a burst of swaps, and nobody saves that often.
     */
    public static final Duration GRACE = Duration.ofSeconds(3);

    private final int max;
    private final Duration grace;
    private final Runnable collection;
    private final Observer observer;
    private final Map<Integer, Member> members = new TreeMap<>();

    /** What could not be collected when that was waited for: it is not waited for again. */
    private final Set<Integer> survivors = new HashSet<>();

    /** When the generations began to leave, by {@link System#nanoTime}. */
    private final Map<Integer, Long> leavingSince = new HashMap<>();

    /**
     * @param grace how long a drain may take in any case
     * @param collection asks the JVM for one
     */
    public GenerationRegistry(int max, Duration grace, Runnable collection, Observer observer) {
        this.max = max;
        this.grace = grace;
        this.collection = collection;
        this.observer = observer;
    }

    synchronized void born(int generation, Facts facts) {
        members.put(generation, new Member(State.STARTING, Instant.now(), facts, () -> {}));
    }

    /** It is live. */
    synchronized void serving(int generation) {
        members.computeIfPresent(generation, (number, member) -> member.in(State.LIVE));
    }

    /**
     * Another one serves, or it never will. Makes room for the next one, while nobody waits for that yet, if an older one
     * is leaving.
     *
     * @param cutShort ends its drain; must not block
     */
    synchronized void leaving(int generation, Runnable cutShort) {
        members.computeIfPresent(
                generation, (number, member) -> new Member(State.DRAINING, Instant.now(), member.facts(), cutShort));
        leavingSince.put(generation, System.nanoTime());
        if (counted() >= max) {
            oldest(State.DRAINING)
                    .filter(oldest -> oldest != generation && graceLeft(oldest).isZero())
                    .ifPresent(this::cutShort);
        }
        notifyAll();
    }

    private Duration graceLeft(int generation) {
        long lasted = System.nanoTime() - leavingSince.getOrDefault(generation, System.nanoTime());
        return lasted >= grace.toNanos() ? Duration.ZERO : grace.minusNanos(lasted);
    }

    synchronized void ended(int generation) {
        leavingSince.remove(generation);
        members.computeIfPresent(
                generation,
                (number, member) ->
                        new Member(State.ENDED, Instant.now(), member.facts().atItsEnd(), () -> {}));
        notifyAll();
    }

    /** It has ended, but for threads that can't be. Returns all such generations. */
    synchronized RunningOn runsOn(int generation) {
        members.computeIfPresent(generation, (number, member) -> member.in(State.RUNNING_ON));
        List<Member> such = members.values().stream()
                .filter(member -> member.state() == State.RUNNING_ON)
                .toList();
        return new RunningOn(
                such.size(),
                such.stream()
                        .mapToInt(member -> member.facts().classes().getAsInt())
                        .sum());
    }

    /** It has been collected. */
    public synchronized void gone(int generation) {
        members.remove(generation);
        survivors.remove(generation);
        notifyAll();
    }

    /**
     * Waits until there may be another one, and cuts the drain of the oldest short for that, if it has had its grace. The
     * wait takes as long as that one needs to close, mostly.
     */
    synchronized void awaitRoom() throws InterruptedException {
        while (counted() >= max) {
            Optional<Integer> oldest = oldest(State.DRAINING);
            Duration left = oldest.map(this::graceLeft).orElse(Duration.ZERO);
            if (left.isZero()) {
                oldest.ifPresent(this::cutShort);
                wait();
            } else {
                wait(left.toMillis() + 1);
            }
        }
    }

    /** One at a time: that may be enough. */
    private void cutShort(int generation) {
        if (oldest(State.CUT_SHORT).isEmpty()) {
            Member member = Objects.requireNonNull(members.get(generation));
            members.put(generation, member.in(State.CUT_SHORT));
            observer.full(generation, counted());
            member.cutShort().run();
        }
    }

    /**
     * Has the JVM collect those that have ended, if it can at once: until then a native library belongs to the class loader
     * that has loaded it. One that is not collected then is not waited for again: each attempt costs a while.
     */
    synchronized void awaitCollected() throws InterruptedException {
        for (int i = 0; i < COLLECTIONS && !collectable().isEmpty(); i++) {
            collection.run();
            wait(COLLECTED_WITHIN_MILLIS);
        }
        survivors.addAll(collectable());
    }

    private Set<Integer> collectable() {
        Set<Integer> found = new HashSet<>(members.keySet());
        found.removeIf(number -> survivors.contains(number)
                || Objects.requireNonNull(members.get(number)).state() != State.ENDED);
        return found;
    }

    private int counted() {
        return (int)
                members.values().stream().filter(member -> !member.isEnded()).count();
    }

    private Optional<Integer> oldest(State state) {
        return members.entrySet().stream()
                .filter(member -> member.getValue().state() == state)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Returns all of them, in the order of their numbers. */
    public synchronized List<Status.Generation> generations() {
        List<Status.Generation> all = new ArrayList<>();
        members.forEach((number, member) -> all.add(member.status(number)));
        return all;
    }

    /** Returns the threads of the generations that start or are live. */
    public List<Status.Threads> threads() {
        List<Status.Threads> all = new ArrayList<>();
        atWork().forEach((number, member) -> all.add(new Status.Threads(
                member.status(number), member.facts().threads().get())));
        return all;
    }

    private synchronized Map<Integer, Member> atWork() {
        Map<Integer, Member> found = new TreeMap<>(members);
        found.values().removeIf(member -> member.state() != State.STARTING && member.state() != State.LIVE);
        return found;
    }
}
