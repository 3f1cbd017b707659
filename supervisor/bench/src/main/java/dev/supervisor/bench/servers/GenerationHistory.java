package dev.supervisor.bench.servers;

import dev.supervisor.bench.tools.Polling;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/**
 * Keeps the events of a supervisor's generations. A line that is no event, and an unexpected event, are problems.
 * Thread-safe.
 */
public final class GenerationHistory implements Consumer<String> {

    private static final Set<String> HARMLESS = Set.of("listening", "changed", "draining", "unchanged", "stopping");

    private final NavigableMap<Integer, SupervisorEvent> serving = new ConcurrentSkipListMap<>();
    private final Set<Integer> ended = ConcurrentHashMap.newKeySet();
    private final Set<Integer> unloaded = ConcurrentHashMap.newKeySet();
    private final Consumer<String> problem;

    public GenerationHistory(Consumer<String> problem) {
        this.problem = problem;
    }

    @Override
    public void accept(String line) {
        SupervisorEvent.of(line).ifPresentOrElse(event -> accept(event, line), () -> {
            if (!line.startsWith("~> ")) {
                problem.accept("the supervisor has printed: " + line);
            }
        });
    }

    private void accept(SupervisorEvent event, String line) {
        switch (event.name()) {
            case "serving" -> serving.put(event.generation(), event);
            case "ended" -> ended.add(event.generation());
            case "unloaded" -> unloaded.add(event.generation());
            default -> {
                if (!HARMLESS.contains(event.name())) {
                    problem.accept("the supervisor has reported: " + line);
                }
            }
        }
    }

    /** Waits until a generation serves, and returns that event. */
    public SupervisorEvent awaitServing(int generation) throws InterruptedException {
        Polling.await("generation " + generation, () -> serving.containsKey(generation));
        return Objects.requireNonNull(serving.get(generation));
    }

    public void awaitEnds(int number) throws InterruptedException {
        Polling.await("the end of " + number + " generations", () -> ended.size() >= number);
    }

    /**
     * Returns the generations that have not been unloaded.
     *
     * @param last how many of the newest generations to leave out
     */
    public List<Integer> notUnloaded(int last) {
        return serving.keySet().stream()
                .limit(Math.max(0, serving.size() - last))
                .filter(generation -> !unloaded.contains(generation))
                .toList();
    }
}
