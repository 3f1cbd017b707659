package dev.supervisor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * All generations that are in memory, and the bound of those that start, serve or drain. One that has ended does not count,
 * whatever keeps it: a thread that does not end, a leak, or merely that the JVM has not collected it yet. It costs memory
 * and nothing else, and another build may be the one that mends it. Thread-safe.
 */
final class Population {

    /** Told by whoever waits. */
    interface Observer {
        /** A swap waits, since there are so many. */
        void full(int oldestThatLeaves, int generations);
    }

    private enum Life {
        STARTING("starting"),
        SERVING("live"),
        LEAVING("finishing what it had begun"),
        ENDED("ended, but still in memory"),
        RUNNING_ON("ended, but its threads run on");

        private final String words;

        Life(String words) {
            this.words = words;
        }
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

    private record Member(Life life, Facts facts) {

        private Member in(Life next) {
            return new Member(next, facts);
        }

        private boolean isEnded() {
            return life == Life.ENDED || life == Life.RUNNING_ON;
        }

        private String described() {
            String known = "(" + life.words + "): " + facts.build() + ", "
                    + counted(facts.classes().getAsInt(), "class", "classes");
            return isEnded()
                    ? known
                    : known + ", " + counted(facts.connections().getAsInt(), "connection", "connections");
        }

        private static String counted(int number, String one, String more) {
            return number + " " + (number == 1 ? one : more);
        }
    }

    /** Former generations whose threads run on: how many, and the classes that these keep. */
    record RunningOn(int generations, int classes) {}

    private final int max;
    private final Observer observer;
    private final Map<Integer, Member> members = new TreeMap<>();

    Population(int max, Observer observer) {
        this.max = max;
        this.observer = observer;
    }

    synchronized void born(int generation, Facts facts) {
        members.put(generation, new Member(Life.STARTING, facts));
    }

    /** It is live. */
    synchronized void serving(int generation) {
        members.computeIfPresent(generation, (number, member) -> member.in(Life.SERVING));
    }

    /** Another one serves. */
    synchronized void leaving(int generation) {
        members.computeIfPresent(generation, (number, member) -> member.in(Life.LEAVING));
        notifyAll();
    }

    synchronized void ended(int generation) {
        members.computeIfPresent(
                generation,
                (number, member) -> new Member(Life.ENDED, member.facts().atItsEnd()));
        notifyAll();
    }

    /** It has ended, but for threads that can't be. Returns all such generations. */
    synchronized RunningOn runsOn(int generation) {
        members.computeIfPresent(generation, (number, member) -> member.in(Life.RUNNING_ON));
        List<Member> such = members.values().stream()
                .filter(member -> member.life() == Life.RUNNING_ON)
                .toList();
        return new RunningOn(
                such.size(),
                such.stream()
                        .mapToInt(member -> member.facts().classes().getAsInt())
                        .sum());
    }

    /** It has been collected. */
    synchronized void gone(int generation) {
        members.remove(generation);
        notifyAll();
    }

    /** Waits until there may be another one. That is bounded by the drain timeout and the stop timeout. */
    synchronized void awaitRoom() throws InterruptedException {
        boolean said = false;
        while (counted() >= max) {
            Optional<Integer> leaving = oldest(Life.LEAVING);
            if (!said && leaving.isPresent()) {
                observer.full(leaving.get(), counted());
                said = true;
            }
            wait();
        }
    }

    private int counted() {
        return (int)
                members.values().stream().filter(member -> !member.isEnded()).count();
    }

    private Optional<Integer> oldest(Life life) {
        return members.entrySet().stream()
                .filter(member -> member.getValue().life() == life)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** A line for each. */
    synchronized List<String> describe() {
        List<String> lines = new ArrayList<>();
        members.forEach((number, member) -> lines.add("generation " + number + " " + member.described()));
        return lines;
    }

    /** The threads of those that are live or start, each below a line about its generation. */
    List<String> threads() {
        List<String> lines = new ArrayList<>();
        atWork().forEach((number, member) -> {
            lines.add("generation " + number + " " + member.described());
            List<String> threads = member.facts().threads().get();
            lines.addAll(threads.isEmpty() ? List.of("  no thread of its own") : threads);
        });
        return lines;
    }

    private synchronized Map<Integer, Member> atWork() {
        Map<Integer, Member> found = new TreeMap<>(members);
        found.values().removeIf(member -> member.life() == Life.LEAVING || member.isEnded());
        return found;
    }
}
