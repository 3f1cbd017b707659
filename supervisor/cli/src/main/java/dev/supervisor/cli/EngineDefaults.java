package dev.supervisor.cli;

import dev.supervisor.OptionKey;
import dev.supervisor.SupervisorOptions;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The engine's defaults, in the form of the command line. */
final class EngineDefaults {

    private EngineDefaults() {}

    /** Returns the defaults by the names of their options. */
    static Map<String, String> byName() {
        SupervisorOptions options =
                SupervisorOptions.builder(Path.of("app.jar")).port(0).build();
        Map<OptionKey, String> values = Map.of(
                OptionKey.STOP_DELAY,
                        DurationConverter.format(options.timeouts().stopDelay()),
                OptionKey.SWAP, options.swap().name().toLowerCase(Locale.ROOT),
                OptionKey.START_TIMEOUT,
                        DurationConverter.format(options.timeouts().start()),
                OptionKey.HOLD_TIMEOUT,
                        DurationConverter.format(options.timeouts().hold()),
                OptionKey.STOP_TIMEOUT,
                        DurationConverter.format(options.timeouts().stop()),
                OptionKey.UNLOAD_TIMEOUT,
                        DurationConverter.format(options.timeouts().unload()),
                OptionKey.MAX_HELD, String.valueOf(options.limits().held()),
                OptionKey.BACKLOG, String.valueOf(options.limits().backlog()),
                OptionKey.MAX_GENERATIONS, String.valueOf(options.limits().generations()));
        Map<OptionKey, String> ofChecks = Map.of(
                OptionKey.CHECK_TIMEOUT,
                        DurationConverter.format(options.checks().timeout()),
                OptionKey.CHECK_TRIES, String.valueOf(options.checks().tries()),
                OptionKey.WARM_UP_TIME,
                        DurationConverter.format(options.checks().warmUpTime()));
        Map<String, String> byName = new HashMap<>();
        ofChecks.forEach((option, value) -> byName.put(OptionNames.of(option), value));
        values.forEach((option, value) -> byName.put(OptionNames.of(option), value));
        return byName;
    }
}
