package dev.supervisor.bench.servers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** The histories of several applications of one supervisor. A line that is about none of them is a problem. Thread-safe. */
public final class ApplicationHistories implements Consumer<String> {

    private final Map<String, GenerationHistory> histories = new LinkedHashMap<>();
    private final Consumer<String> problem;

    public ApplicationHistories(List<String> names, Consumer<String> problem) {
        this.problem = problem;
        names.forEach(name -> histories.put(name, new GenerationHistory(text -> problem.accept(name + ": " + text))));
    }

    @Override
    public void accept(String line) {
        SupervisorEvent.of(line)
                .map(event -> event.fields().get("app").getAsString())
                .ifPresentOrElse(name -> of(name).accept(line), () -> {
                    if (!line.contains(" | ~> ")) {
                        problem.accept("the supervisor has printed: " + line);
                    }
                });
    }

    public GenerationHistory of(String name) {
        return Objects.requireNonNull(histories.get(name));
    }

    /** Returns how many generations have not been unloaded, besides the last ones of each. */
    public int notUnloaded(int last) {
        return histories.values().stream()
                .mapToInt(history -> history.notUnloaded(last).size())
                .sum();
    }
}
