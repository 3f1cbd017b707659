package dev.supervisor.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Takes the options of one command that are not on the command line from environment variables: {@code --max-held} from
 * SUPERVISOR_MAX_HELD, and the {@code --rate} of {@code supervisor load-test} from SUPERVISOR_LOAD_TEST_RATE. An empty
 * variable counts as not set.
 *
 * <p>Kubernetes and links of Docker set variables of their own: SUPERVISOR_PORT is {@code tcp://10.0.0.1:80} if a
 * service is named {@code supervisor}. Its value is ignored, with a warning.
 */
final class EnvironmentDefaults implements IDefaultValueProvider {

    private static final Pattern ADDRESS_OF_SERVICE = Pattern.compile("(tcp|udp|sctp)://.*");

    private final Map<String, String> environment;
    private final String command;
    private final Map<String, String> defaults;
    private final Map<String, String> optionsByVariable = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();

    /** @param command the qualified name of the command that runs, such as {@code supervisor load-test} */
    EnvironmentDefaults(Map<String, String> environment, String command) {
        this(environment, command, Map.of());
    }

    /**
     * @param command the qualified name of the command that runs, such as {@code supervisor load-test}
     * @param defaults values by option name, for options without an environment variable
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
            warnings.add(variable + " is ignored: '" + value + "' looks like a variable that Kubernetes sets for a"
                    + " service (" + option + " needs a number)");
            return null;
        }
        optionsByVariable.put(variable, option);
        return value;
    }

    /** Returns the names of the options that variables have set. */
    Set<String> options() {
        return Set.copyOf(optionsByVariable.values());
    }

    /** Returns a warning for each variable that was ignored. */
    List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Returns the message with variable names in place of the options that were taken from variables. */
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
