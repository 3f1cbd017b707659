package dev.supervisor.cli;

import dev.supervisor.cli.config.ConfigException;
import dev.supervisor.cli.config.ConfigValue;
import dev.supervisor.cli.config.ConfigValue.Entry;
import dev.supervisor.cli.config.ConfigValue.Items;
import dev.supervisor.cli.config.ConfigValue.Text;
import dev.supervisor.cli.config.Position;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.OptionSpec;

/**
 * An option that a configuration file sets.
 *
 * @param key the longest name of the option, without dashes
 * @param arguments what stands on a command line instead, one for each value; none if the option is switched off
 * @param position of the key
 */
record ConfiguredOption(String key, List<Argument> arguments, Position position) {

    /** @param text empty for an option without a value */
    record Argument(String text, Position position) {}

    private static final String ON = "true";
    private static final String OFF = "false";

    ConfiguredOption {
        arguments = List.copyOf(arguments);
    }

    /** @throws ConfigException if the value is not of the kind that the option has */
    static ConfiguredOption read(OptionSpec option, Entry entry) throws ConfigException {
        List<Argument> arguments = new ArrayList<>();
        if (option.isMultiValue() && entry.value() instanceof Items items) {
            for (ConfigValue item : items.items()) {
                arguments.add(argument(option, entry.key(), item));
            }
        } else {
            Argument only = argument(option, entry.key(), entry.value());
            if (option.arity().min() > 0 || !only.text().equals(OFF)) {
                arguments.add(
                        option.arity().min() == 0 && only.text().equals(ON) ? new Argument("", only.position()) : only);
            }
        }
        return new ConfiguredOption(entry.key(), arguments, entry.position());
    }

    private static Argument argument(OptionSpec option, String key, ConfigValue value) throws ConfigException {
        boolean isFlag = option.arity().max() == 0;
        String word = value instanceof Text text ? wordOf(option, text) : "";
        if (word.isEmpty() || (isFlag && !word.equals(ON) && !word.equals(OFF))) {
            throw new ConfigException(
                    value.position(), key + ": expected " + expected(option, isFlag) + ", and not " + value.kind());
        }
        return new Argument(word, value.position());
    }

    /** Returns what is written; of an option that can be switched, what it means in the core schema of YAML 1.2. */
    private static String wordOf(OptionSpec option, Text text) {
        if (option.arity().min() > 0) {
            return text.text();
        }
        return switch (text.text()) {
            case "True", "TRUE" -> ON;
            case "False", "FALSE" -> OFF;
            default -> text.text();
        };
    }

    private static String expected(OptionSpec option, boolean isFlag) {
        if (isFlag) {
            return "true or false";
        }
        String one = option.paramLabel().replace("|", ", ");
        return option.isMultiValue() ? one + ", or a list of such values" : one;
    }
}
