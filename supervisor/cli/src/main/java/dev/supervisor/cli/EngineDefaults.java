package dev.supervisor.cli;

import dev.supervisor.Checks;
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
        SupervisorOptions.Timeouts timeouts = options.timeouts();
        SupervisorOptions.Limits limits = options.limits();
        Checks checks = options.checks();
        Map<OptionKey, String> values = Map.ofEntries(
                Map.entry(OptionKey.STOP_DELAY, DurationConverter.format(timeouts.stopDelay())),
                Map.entry(OptionKey.SWAP, options.swap().name().toLowerCase(Locale.ROOT)),
                Map.entry(OptionKey.WEBSOCKET, options.webSockets().name().toLowerCase(Locale.ROOT)),
                Map.entry(OptionKey.START_TIMEOUT, DurationConverter.format(timeouts.start())),
                Map.entry(OptionKey.HOLD_TIMEOUT, DurationConverter.format(timeouts.hold())),
                Map.entry(OptionKey.STOP_TIMEOUT, DurationConverter.format(timeouts.stop())),
                Map.entry(OptionKey.UNLOAD_TIMEOUT, DurationConverter.format(timeouts.unload())),
                Map.entry(
                        OptionKey.PROXY_TIMEOUT,
                        DurationConverter.format(options.proxies().timeout())),
                Map.entry(OptionKey.MAX_HELD, String.valueOf(limits.held())),
                Map.entry(OptionKey.BACKLOG, String.valueOf(limits.backlog())),
                Map.entry(OptionKey.MAX_GENERATIONS, String.valueOf(limits.generations())),
                Map.entry(OptionKey.KEEP_BUILDS, String.valueOf(limits.keptBuilds())),
                Map.entry(OptionKey.CHECK_TIMEOUT, DurationConverter.format(checks.timeout())),
                Map.entry(OptionKey.CHECK_TRIES, String.valueOf(checks.tries())),
                Map.entry(OptionKey.WARM_UP_TIME, DurationConverter.format(checks.warmUpTime())));
        Map<String, String> byName = new HashMap<>();
        values.forEach((option, value) -> byName.put(OptionNames.of(option), value));
        return byName;
    }
}
