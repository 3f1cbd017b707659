package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.OptionKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class OptionNamesTest {

    /** Options of the command itself, of which the engine knows nothing. */
    private static final Set<String> OF_THE_COMMAND = Set.of(
            "--config",
            "--on-swap",
            "--bell",
            "--quiet",
            "--color",
            "--log",
            "--events",
            "--fail-fast",
            "--admin",
            "--admin-host",
            "--admin-token-file",
            "--upgrade-timeout",
            "--no-control",
            "--test-on-save",
            "--project",
            "--project-tool");

    @Test
    void eachKeyOfTheEngineIsAnOptionOfTheCommand() {
        Set<String> keys =
                Arrays.stream(OptionKey.values()).map(OptionNames::of).collect(Collectors.toSet());
        Set<String> options = new TreeSet<>();
        new CommandLine(new OptionArguments())
                .getCommandSpec()
                .options()
                .forEach(option -> options.add(option.longestName()));
        options.removeAll(OF_THE_COMMAND);
        assertEquals(new TreeSet<>(keys), options);
    }

    @Test
    void theEnginesDefaultsAreShownInTheFormOfTheCommandLine() {
        assertEquals("60s", EngineDefaults.byName().get("--hold-timeout"));
        assertEquals("hold", EngineDefaults.byName().get("--swap"));
        assertTrue(EngineDefaults.byName().keySet().stream().allMatch(name -> name.startsWith("--")));
    }

    @Test
    void aDurationIsShownInTheFormInWhichItIsRead() {
        assertEquals("0s", DurationConverter.format(Duration.ZERO));
        assertEquals("90s", DurationConverter.format(Duration.ofMinutes(1).plusSeconds(30)));
        assertEquals("1500ms", DurationConverter.format(Duration.ofMillis(1500)));
    }
}
