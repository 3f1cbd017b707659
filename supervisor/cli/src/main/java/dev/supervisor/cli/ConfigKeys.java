package dev.supervisor.cli;

import dev.supervisor.cli.ConfiguredOption.Argument;
import dev.supervisor.cli.config.ConfigException;
import dev.supervisor.cli.config.Position;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/**
 * The keys of a configuration file, which are those of the command's options: the longest name without its dashes. Options
 * that are not shown in the help are none.
 */
final class ConfigKeys {

    private static final String DASHES = "--";

    private final Map<String, OptionSpec> options;

    private ConfigKeys(Map<String, OptionSpec> options) {
        this.options = options;
    }

    /** Returns the keys whose values are set in these arguments. */
    static ConfigKeys of(OptionArguments arguments) {
        Map<String, OptionSpec> options = new LinkedHashMap<>();
        new CommandLine(arguments)
                .getCommandSpec().options().stream()
                        .filter(option ->
                                !option.hidden() && !option.longestName().equals(ConfigArguments.NAME))
                        .forEach(option -> options.put(keyOf(option), option));
        return new ConfigKeys(options);
    }

    static String keyOf(OptionSpec option) {
        return option.longestName().substring(DASHES.length());
    }

    /** Returns whether an option is about the process, and not about an application. */
    static boolean isOfProcess(OptionSpec option) {
        return option.userObject() instanceof Field field
                && (field.isAnnotationPresent(OfProcess.class)
                        || field.getDeclaringClass().isAnnotationPresent(OfProcess.class));
    }

    Optional<OptionSpec> option(String key) {
        return Optional.ofNullable(options.get(key));
    }

    /** Returns the keys of the process, or those of an application. */
    List<String> of(boolean process) {
        return options.entrySet().stream()
                .filter(each -> isOfProcess(each.getValue()) == process)
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * Sets options in the arguments. All others stay as they are.
     *
     * @param directory what relative paths are relative to
     * @throws ConfigException if a value makes no sense
     */
    void set(Collection<ConfiguredOption> configured, Path directory) throws ConfigException {
        for (ConfiguredOption each : configured) {
            for (Argument one : each.arguments()) { // each by itself first: so its place is known if it is wrong
                of(new OptionArguments())
                        .parse(
                                List.of(new ConfiguredOption(each.key(), List.of(one), each.position())),
                                directory,
                                one.position());
            }
        }
        parse(configured, directory, Position.START);
    }

    private void parse(Collection<ConfiguredOption> configured, Path directory, Position position)
            throws ConfigException {
        CommandSpec spec = CommandSpec.create();
        try {
            List<String> line = new ArrayList<>();
            for (ConfiguredOption each : configured) {
                OptionSpec option = Objects.requireNonNull(options.get(each.key()));
                spec.addOption(OptionSpec.builder(option).splitRegex("").build()); // a list is one already
                for (Argument argument : each.arguments()) {
                    line.add(asOnCommandLine(option, argument, directory));
                }
            }
            new CommandLine(spec)
                    .registerConverter(Path.class, directory::resolve)
                    .setCaseInsensitiveEnumValuesAllowed(true)
                    .setExpandAtFiles(false)
                    .setTrimQuotes(false)
                    .parseArgs(line.toArray(String[]::new));
        } catch (ParameterException e) {
            throw new ConfigException(position, withoutDashes(WrongUsage.describe(e)));
        } catch (TypeConversionException e) {
            throw new ConfigException(position, withoutDashes(String.valueOf(e.getMessage())));
        }
    }

    private static String asOnCommandLine(OptionSpec option, Argument argument, Path directory) {
        if (argument.text().isEmpty()) {
            return option.longestName();
        }
        boolean hasPath = option.converters().length > 0 && option.converters()[0] instanceof RelativeToFile;
        String value = hasPath
                ? ((RelativeToFile) option.converters()[0]).resolve(argument.text(), directory)
                : argument.text();
        return option.longestName() + "=" + value;
    }

    /** Returns a message about options with their names in the file. */
    static String withoutDashes(String message) {
        return message.replaceAll("(?<![\\w-])--(?=[a-z])", "");
    }
}
