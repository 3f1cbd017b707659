package dev.supervisor;

import dev.supervisor.failure.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;

/**
 * All generations that are in memory, and the bound of their number: those count that drain, and those that have ended
 * but have not been collected. Thread-safe.
 */
final class Population {

    /** Told by whoever waits. */
    interface Observer {
        /** A swap waits, since there are so many. */
        void full(int oldestThatLeaves, int generations);
    }

    private enum Life {
        SERVING("live or starting"),
        LEAVING("finishing what it had begun"),
        ENDED("ended, but still in memory");

        private final String words;

        Life(String words) {
            this.words = words;
        }
    }

    private record Member(Life life, IntSupplier classes, long sinceNanos) {

        Member(Life life, IntSupplier classes) {
            this(life, classes, System.nanoTime());
        }

        boolean hasJustEnded(Duration patience) {
            return life == Life.ENDED && System.nanoTime() - sinceNanos < patience.toNanos();
        }
    }

    private static final int BETWEEN_COLLECTIONS_MILLIS = 200;

    private final int max;
    private final Duration patience;
    private final Runnable collection;
    private final Observer observer;
    private final Map<Integer, Member> members = new TreeMap<>();

    /**
     * @param patience how long a generation that has ended may take to be collected, if the JVM is asked to: its last
     *     threads may be ending still
     * @param collection asks the JVM for one
     */
    Population(int max, Duration patience, Runnable collection, Observer observer) {
        this.max = max;
        this.patience = patience;
        this.collection = collection;
        this.observer = observer;
    }

    /** @param classes how many it has loaded so far; asked until it has ended */
    synchronized void born(int generation, IntSupplier classes) {
        members.put(generation, new Member(Life.SERVING, classes));
    }

    /** Another one serves. */
    synchronized void leaving(int generation) {
        members.computeIfPresent(generation, (number, member) -> new Member(Life.LEAVING, member.classes()));
        notifyAll();
    }

    synchronized void ended(int generation) {
        members.computeIfPresent(generation, (number, member) -> {
            int classes = member.classes().getAsInt();
            return new Member(Life.ENDED, () -> classes);
        });
        notifyAll();
    }

    /** It has been collected. */
    synchronized void gone(int generation) {
        members.remove(generation);
        notifyAll();
    }

    /**
     * Waits until there may be another one. That is bounded by the drain timeout, mostly.
     *
     * @return why there can't be, if nothing is left to wait for
     */
    synchronized Optional<Problem> awaitRoom() throws InterruptedException {
        boolean said = false;
        while (isFull()) {
            collectEnded();
            if (!isFull()) {
                break;
            }
            Optional<Integer> leaving = oldest(Life.LEAVING);
            if (leaving.isEmpty()) {
                return Optional.of(Problem.of(full()));
            }
            if (!said) {
                observer.full(leaving.get(), members.size());
                said = true;
            }
            wait();
        }
        return Optional.empty();
    }

    private boolean isFull() {
        return members.size() >= max;
    }

    /** Most of those that have ended wait for nothing but a collection, which an idle JVM does not run. */
    private void collectEnded() throws InterruptedException {
        while (isFull() && members.values().stream().anyMatch(member -> member.hasJustEnded(patience))) {
            collection.run();
            wait(BETWEEN_COLLECTIONS_MILLIS);
        }
    }

    private Optional<Integer> oldest(Life life) {
        return members.entrySet().stream()
                .filter(member -> member.getValue().life() == life)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private String full() {
        String kept = members.entrySet().stream()
                .filter(member -> member.getValue().life() == Life.ENDED)
                .map(member -> Integer.toString(member.getKey()))
                .collect(Collectors.joining(", "));
        return "there are " + members.size() + " generations in memory, and no more are allowed: " + kept
                + " have ended, but something keeps them (mend what the transcript says, and restart the supervisor;"
                + " --max-generations allows more)";
    }

    /** A line for each. */
    synchronized List<String> describe() {
        List<String> lines = new ArrayList<>();
        members.forEach((number, member) -> lines.add("generation " + number + " (" + member.life().words + "): "
                + member.classes().getAsInt() + " classes"));
        return lines;
    }
}
