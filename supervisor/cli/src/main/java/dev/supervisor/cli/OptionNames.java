package dev.supervisor.cli;

import dev.supervisor.OptionKey;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The names that the command line gives to options. */
final class OptionNames {

    private static final Map<OptionKey, String> SHORTER = Map.of(
            OptionKey.LIBRARY, "--lib", OptionKey.WORK_DIRECTORY, "--work-dir", OptionKey.PREPARE, "--no-prepare");

    static final Function<OptionKey, String> ALL = OptionNames::of;

    /** The names in a configuration file. */
    static final Function<OptionKey, String> KEYS = option -> of(option).substring("--".length());

    private OptionNames() {}

    /** Returns the name of an option: {@code --max-held}. */
    static String of(OptionKey option) {
        return SHORTER.getOrDefault(
                option, "--" + option.key().replaceAll("(?=\\p{Lu})", "-").toLowerCase(Locale.ROOT));
    }
}
