package dev.supervisor.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Takes an option of one command that is not on the command line from the environment: {@code --max-held} is
 * SUPERVISOR_MAX_HELD, and {@code --rate} of {@code supervisor load-test} is SUPERVISOR_LOAD_TEST_RATE. A variable that is
 * empty is not set.
 *
 * <p>Kubernetes and links of Docker set variables of their own: SUPERVISOR_PORT is {@code tcp://10.0.0.1:80} where a service
 * is named {@code supervisor}. Such a value is ignored, with a warning.
 */
final class EnvironmentDefaults implements IDefaultValueProvider {

    private static final Pattern ADDRESS_OF_SERVICE = Pattern.compile("(tcp|udp|sctp)://.*");

    private final Map<String, String> environment;
    private final String command;
    private final Map<String, String> defaults;
    private final Map<String, String> optionsByVariable = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();

    /** @param command the whole name of the command that is run */
    EnvironmentDefaults(Map<String, String> environment, String command) {
        this(environment, command, Map.of());
    }

    /**
     * @param command the whole name of the command that is run
     * @param defaults the values, by the names of options, where the environment has none
     */
    EnvironmentDefaults(Map<String, String> environment, String command, Map<String, String> defaults) {
        this.defaults = defaults;
        this.environment = environment;
        this.command = command;
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)
                || option.usageHelp()
                || option.versionHelp()
                || !option.command().qualifiedName().equals(command)) {
            return null;
        }
        String value = value(option.longestName());
        return value == null ? defaults.get(option.longestName()) : value;
    }

    private @Nullable String value(String option) {
        String variable = variable(command, option);
        String value = environment.getOrDefault(variable, "");
        if (value.isEmpty()) {
            return null;
        }
        if (variable.endsWith("_PORT") && ADDRESS_OF_SERVICE.matcher(value).matches()) {
            warnings.add(variable + " is ignored: '" + value + "' is what Kubernetes sets for a service (it has to be a"
                    + " number to mean " + option + ")");
            return null;
        }
        optionsByVariable.put(variable, option);
        return value;
    }

    /** Says what was ignored. */
    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Names the variables in a message where it names options that were taken from them. */
    String namingVariables(String message) {
        String named = message;
        for (Entry<String, String> each : optionsByVariable.entrySet()) {
            named = named.replaceAll(
                    "(?<![\\w-])" + Pattern.quote(each.getValue()) + "(?![\\w-])",
                    each.getKey() + " (in the environment)");
        }
        return named;
    }

    static String variable(String command, String option) {
        return (command + "_" + option.replaceFirst("^--?", ""))
                .replace(' ', '_')
                .replace('-', '_')
                .toUpperCase(Locale.ROOT);
    }
}
