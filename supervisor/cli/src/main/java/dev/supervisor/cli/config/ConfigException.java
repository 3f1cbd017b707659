package dev.supervisor.cli.config;

import java.io.Serial;
import java.util.List;

/** Thrown if a configuration file makes no sense. */
public final class ConfigException extends Exception {

    @Serial
    private static final long serialVersionUID = 1;

    private final transient List<ConfigProblem> problems;

    /** @param problems at least one */
    public ConfigException(List<ConfigProblem> problems) {
        super(problems.get(0).text());
        this.problems = List.copyOf(problems);
    }

    public ConfigException(Position position, String text) {
        this(List.of(new ConfigProblem(position, text)));
    }

    public List<ConfigProblem> problems() {
        return problems;
    }
}
