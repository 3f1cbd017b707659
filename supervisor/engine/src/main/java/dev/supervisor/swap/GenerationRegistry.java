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
 * Registers all generations that are in memory, and bounds how many start, serve or drain at a time. An ended generation
 * does not count, whatever keeps it: a thread that does not end, a leak, or a collection that has not come yet. It costs
 * memory and nothing else, and the next build may be the one that mends it. Thread-safe.
 */
public final class GenerationRegistry {

    /** Called on the thread that waits for room. */
    public interface Observer {
        /** The bound is reached: the drain of the oldest generation is cut short to make room for the next. */
        void full(int oldestThatLeaves, int generations);
    }

    /**
     * The facts of a generation, as they are at the moment. Called by any thread until the generation has ended.
     *
     * @param sha256 of the application's jar; empty if it is not known. May read the jar
     * @param classes the number of classes that it has loaded
     * @param connections the number of connections that are open
     * @param threads the state and the stack of each thread, in the form of jstack
     */
    record Facts(
            String build,
            Supplier<Optional<String>> sha256,
            IntSupplier classes,
            IntSupplier connections,
            Supplier<List<String>> threads) {

        /** Returns final facts, which hold nothing of the generation but text. */
        private Facts atItsEnd() {
            int loaded = classes.getAsInt();
            return new Facts(build, Optional::empty, () -> loaded, () -> 0, List::of);
        }
    }

    /** @param cutShort ends the drain early while the generation drains */
    private record Member(State state, Instant since, Facts facts, Runnable cutShort) {

        private Member in(State next) {
            return new Member(next, Instant.now(), facts, cutShort);
        }

        private boolean isEnded() {
            return state == State.ENDED || state == State.RUNNING_ON;
        }

        /** Called without a lock, since that may read the whole jar. */
        private Status.Generation identified(int number) {
            Status.Generation now = status(number);
            return new Status.Generation(
                    number,
                    now.state(),
                    now.build(),
                    facts.sha256().get(),
                    now.classes(),
                    now.connections(),
                    now.since());
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

    /** Ended generations whose threads run on: their number, and the classes that they keep in memory. */
    record RunningOn(int generations, int classes) {}

    /** An object with a finalizer, or a cleaner, goes with the collection after the next. */
    private static final int COLLECTIONS = 3;

    private static final int COLLECTED_WITHIN_MILLIS = 500;

    /** The JDK's cleaner unloads native libraries on a thread of its own, after their class loader was collected. */
    private static final int CLEANED_WITHIN_MILLIS = 100;

    /**
     * How long a drain may take in any case before it is cut short for want of room. Requests under way should be answered
     * in a burst of swaps too, and developers do not save that often.
     */
    public static final Duration GRACE = Duration.ofSeconds(3);

    /** The states in which a generation can be cut short. */
    private static final Set<State> LEAVING = Set.of(State.KEPT, State.DRAINING);

    private final int max;
    private final Duration grace;
    private final Runnable collection;
    private final Observer observer;
    private final Map<Integer, Member> members = new TreeMap<>();

    /** Generations that an awaited collection did not collect; they are not waited for again. */
    private final Set<Integer> survivors = new HashSet<>();

    /** When generations began to drain, by {@link System#nanoTime}. */
    private final Map<Integer, Long> leavingSince = new HashMap<>();

    /**
     * @param grace how long a drain may take in any case
     * @param collection asks the JVM for a collection
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

    /** The generation is live from now on. */
    synchronized void serving(int generation) {
        members.computeIfPresent(generation, (number, member) -> member.in(State.LIVE));
    }

    /**
     * Another generation is live, and this one may take its place again. It makes room like one that drains.
     *
     * @param cutShort ends it; must not block
     */
    synchronized void kept(int generation, Runnable cutShort) {
        leaves(generation, State.KEPT, cutShort);
    }

    /**
     * The generation drains: another one is live, or this one failed to start. If the bound is reached, cuts the drain of
     * an older generation short at once, before the next generation has to wait for room.
     *
     * @param cutShort ends the drain early; must not block
     */
    synchronized void leaving(int generation, Runnable cutShort) {
        leaves(generation, State.DRAINING, cutShort);
    }

    private void leaves(int generation, State state, Runnable cutShort) {
        Member before = members.get(generation);
        if (before != null && before.state() != State.CUT_SHORT) { // which was kept until then
            members.put(generation, new Member(state, Instant.now(), before.facts(), cutShort));
        }
        if (before == null || before.state() != State.KEPT) {
            leavingSince.put(generation, System.nanoTime());
        }
        if (counted() >= max) {
            oldest(LEAVING)
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

    /** The generation has ended, except for threads that can't be ended. Returns the sum of all generations like it. */
    synchronized RunningOn runsOn(int generation) {
        members.computeIfPresent(generation, (number, member) -> member.in(State.RUNNING_ON));
        List<Member> runningOn = members.values().stream()
                .filter(member -> member.state() == State.RUNNING_ON)
                .toList();
        return new RunningOn(
                runningOn.size(),
                runningOn.stream()
                        .mapToInt(member -> member.facts().classes().getAsInt())
                        .sum());
    }

    /** The classes of the generation have been collected. */
    public synchronized void gone(int generation) {
        members.remove(generation);
        survivors.remove(generation);
        notifyAll();
    }

    /**
     * Waits until there may be another generation. Cuts the drain of the oldest short if that has had its grace; then the
     * wait takes about as long as closing does.
     */
    synchronized void awaitRoom() throws InterruptedException {
        while (counted() >= max) {
            Optional<Integer> oldest = oldest(LEAVING);
            Duration left = oldest.map(this::graceLeft).orElse(Duration.ZERO);
            if (left.isZero()) {
                oldest.ifPresent(this::cutShort);
                wait();
            } else {
                wait(left.toMillis() + 1);
            }
        }
    }

    /** Cuts one drain at a time short: that may be enough. */
    private void cutShort(int generation) {
        if (oldest(Set.of(State.CUT_SHORT)).isEmpty()) {
            Member member = Objects.requireNonNull(members.get(generation));
            members.put(generation, member.in(State.CUT_SHORT));
            observer.full(generation, counted());
            member.cutShort().run();
        }
    }

    /**
     * Has the JVM collect the ended generations, if it can at once: until then a native library belongs to the class loader
     * that has loaded it. A generation that survives is not waited for again, since each attempt takes a while.
     */
    void awaitCollected() throws InterruptedException {
        if (someWereCollected()) {
            Thread.sleep(CLEANED_WITHIN_MILLIS);
        }
    }

    private synchronized boolean someWereCollected() throws InterruptedException {
        int before = members.size();
        for (int i = 0; i < COLLECTIONS && !collectable().isEmpty(); i++) {
            collection.run();
            wait(COLLECTED_WITHIN_MILLIS);
        }
        survivors.addAll(collectable());
        return members.size() < before;
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

    private Optional<Integer> oldest(Set<State> states) {
        return members.entrySet().stream()
                .filter(member -> states.contains(member.getValue().state()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Returns whether one has been loaded and does not serve yet. */
    synchronized boolean isStarting() {
        return members.values().stream().anyMatch(member -> member.state() == State.STARTING);
    }

    /** Returns all of them, in the order of their numbers. */
    public synchronized List<Status.Generation> generations() {
        List<Status.Generation> all = new ArrayList<>();
        members.forEach((number, member) -> all.add(member.status(number)));
        return all;
    }

    /** Returns the same, with the digests of their jars. May read jars. */
    public List<Status.Generation> identified() {
        List<Status.Generation> all = new ArrayList<>();
        copyOfMembers().forEach((number, member) -> all.add(member.identified(number)));
        return all;
    }

    private synchronized Map<Integer, Member> copyOfMembers() {
        return new TreeMap<>(members);
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
