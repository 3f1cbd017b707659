package dev.supervisor.cli;

import dev.supervisor.SupervisorException;
import dev.supervisor.cli.ConfiguredOption.Argument;
import dev.supervisor.cli.config.ConfigException;
import dev.supervisor.cli.config.ConfigProblem;
import dev.supervisor.cli.config.Position;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds all options of a configuration file that make no sense, although an attempt to use them tells of the first one only: that
 * one is left out, and the others are tried again.
 */
final class WrongOptions {

    /** Reads options. */
    interface Reader<T> {
        /** @throws SupervisorException that names the option that makes no sense */
        T read(Collection<ConfiguredOption> options) throws ConfigException;
    }

    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--([a-z][a-z-]*)");

    /** What takes the place of an option that is needed and is not there, so that the others can be read. */
    private static final Map<String, String> SUBSTITUTES = Map.of("app", "app.jar", "port", "0");

    private final String prefix;
    private final Position otherwise;
    private final Map<String, ConfiguredOption> options;

    /** The options that are wrong, or missing. What else is wrong because of them is not told. */
    private final Set<String> wrong;

    private final Set<String> substituted = new HashSet<>();

    private final List<ConfigProblem> problems = new ArrayList<>();

    /**
     * @param prefix of the messages
     * @param otherwise the place of what is wrong with none of the options
     * @param known the keys of options that were left out, since it is known already what is wrong with them
     */
    WrongOptions(String prefix, Position otherwise, Map<String, ConfiguredOption> options, Set<String> known) {
        this.prefix = prefix;
        this.otherwise = otherwise;
        this.options = new LinkedHashMap<>(options);
        this.wrong = new HashSet<>(known);
    }

    /** Returns what was read; what is wrong is among {@link #problems} then. Empty if it can't be read. */
    <T> Optional<T> read(Reader<T> reader) throws ConfigException {
        while (true) {
            try {
                return Optional.of(reader.read(options.values()));
            } catch (SupervisorException e) {
                String message = e.message(OptionNames::of);
                if (!leavesOut(message, keysIn(message))) {
                    return Optional.empty();
                }
            }
        }
    }

    List<ConfigProblem> problems() {
        return problems;
    }

    /** Returns whether something else can be read now. */
    private boolean leavesOut(String message, List<String> keys) {
        Optional<ConfiguredOption> option =
                keys.stream().filter(options::containsKey).map(options::get).findFirst();
        if (keys.stream().noneMatch(wrong::contains)) {
            problems.add(new ConfigProblem(
                    option.map(ConfiguredOption::position).orElse(otherwise),
                    prefix + ConfigKeys.withoutDashes(message)));
        }
        if (option.isPresent()) {
            leaveOut(option.get(), message);
            return true;
        }
        for (Map.Entry<String, String> each : SUBSTITUTES.entrySet()) {
            String key = each.getKey();
            if (keys.contains(key) && !substituted.contains(key)) {
                substituted.add(key);
                wrong.add(key);
                options.put(
                        key, new ConfiguredOption(key, List.of(new Argument(each.getValue(), otherwise)), otherwise));
                return true;
            }
        }
        return false;
    }

    /** Leaves out one value of several, if the message quotes it; or else the option. */
    private void leaveOut(ConfiguredOption option, String message) {
        List<Argument> others = new ArrayList<>(option.arguments());
        boolean quoted = others.removeIf(argument -> message.contains("'" + argument.text() + "'"));
        if (quoted && !others.isEmpty()) {
            options.put(option.key(), new ConfiguredOption(option.key(), others, option.position()));
        } else {
            options.remove(option.key());
            wrong.add(option.key());
        }
    }

    /** Returns the keys of the options that a message names. */
    static List<String> keysIn(String message) {
        Matcher named = OPTION.matcher(message);
        List<String> keys = new ArrayList<>();
        while (named.find()) {
            keys.add(named.group(1));
        }
        return keys;
    }
}
