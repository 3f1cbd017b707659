package dev.supervisor.bench.servers;

import dev.supervisor.bench.tools.Polling;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keeps what a supervisor tells of its generations in its transcript; any other line is a problem. For any thread. */
public final class GenerationHistory implements Consumer<String> {

    private static final Pattern NUMBERED = Pattern.compile("generation (\\d+) (serving|ended|unloaded) .*");
    private static final Pattern OTHERS =
            Pattern.compile("~> .*|changed: .*|generation \\d+ (finishes what|goes on:) .*|stopping: .*");

    private final NavigableMap<Integer, String> serving = new ConcurrentSkipListMap<>();
    private final Set<Integer> ended = ConcurrentHashMap.newKeySet();
    private final Set<Integer> unloaded = ConcurrentHashMap.newKeySet();
    private final Consumer<String> problem;

    public GenerationHistory(Consumer<String> problem) {
        this.problem = problem;
    }

    @Override
    public void accept(String line) {
        Matcher numbered = NUMBERED.matcher(line);
        if (numbered.matches()) {
            accept(Integer.parseInt(numbered.group(1)), numbered.group(2), line);
        } else if (!OTHERS.matcher(line).matches()) {
            problem.accept("in the transcript: " + line);
        }
    }

    private void accept(int generation, String what, String line) {
        switch (what) {
            case "serving" -> serving.put(generation, line);
            case "ended" -> ended.add(generation);
            default -> unloaded.add(generation);
        }
    }

    /** Waits for it. */
    public String awaitServing(int generation) throws InterruptedException {
        Polling.await("generation " + generation, () -> serving.containsKey(generation));
        return Objects.requireNonNull(serving.get(generation));
    }

    public void awaitEnds(int number) throws InterruptedException {
        Polling.await("the end of " + number + " generations", () -> ended.size() >= number);
    }

    /** Apart from so many, the last ones. */
    public List<Integer> notUnloaded(int last) {
        return serving.keySet().stream()
                .limit(Math.max(0, serving.size() - last))
                .filter(generation -> !unloaded.contains(generation))
                .toList();
    }
}
