package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SocketSpec;
import dev.supervisor.SupervisorOptions;
import dev.supervisor.SupervisorOptions.Swap;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class EnvironmentDefaultsTest {

    private static CommandLine commandLine(OptionArguments arguments, Map<String, String> environment) {
        return new CommandLine(arguments)
                .setCommandName("supervisor")
                .setDefaultValueProvider(new EnvironmentDefaults(environment, "supervisor"))
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    private static SupervisorOptions options(Map<String, String> environment, String... args) {
        OptionArguments arguments = new OptionArguments();
        commandLine(arguments, environment).parseArgs(args);
        return arguments.toOptions(List.of(), Map.of(), Optional.empty());
    }

    @Test
    void aVariableIsNamedAfterTheLongOption() {
        assertEquals("SUPERVISOR_MAX_HELD", EnvironmentDefaults.variable("supervisor", "--max-held"));
        assertEquals("SUPERVISOR_P", EnvironmentDefaults.variable("supervisor", "-p"));
        assertEquals("SUPERVISOR_LOAD_TEST_RATE", EnvironmentDefaults.variable("supervisor load-test", "--rate"));
    }

    @Test
    void whatIsNotOnTheCommandLineIsTakenFromTheEnvironment() {
        SupervisorOptions options = options(Map.of(
                "SUPERVISOR_APP", "app.jar",
                "SUPERVISOR_SOCKET", "http::1,admin=http::2",
                "SUPERVISOR_SWAP", "overlap",
                "SUPERVISOR_MAX_HELD", "7"));
        assertEquals(Path.of("app.jar"), options.app().path());
        assertEquals(
                List.of("http", "admin"),
                options.sockets().stream().map(SocketSpec::name).toList());
        assertEquals(Swap.OVERLAP, options.swap());
        assertEquals(7, options.limits().held());
    }

    @Test
    void theCommandLineWins() {
        SupervisorOptions options =
                options(Map.of("SUPERVISOR_APP", "a.jar", "SUPERVISOR_PORT", "1"), "--app", "b.jar", "--port", "2");
        assertEquals(Path.of("b.jar"), options.app().path());
        assertEquals("http::127.0.0.1:2", options.sockets().get(0).toString());
        assertEquals(1, options.sockets().size());
    }

    @Test
    void whatTheEnvironmentDoesNotNameKeepsItsDefault() {
        assertEquals(
                10_000, options(Map.of(), "-a", "a.jar", "-p", "0").limits().held());
    }

    @Test
    void anEmptyVariableIsNotSet() {
        assertEquals(
                Swap.HOLD,
                options(Map.of("SUPERVISOR_SWAP", ""), "-a", "a.jar", "-p", "0").swap());
    }

    @Test
    void whatKubernetesSetsForAServiceIsIgnoredWithAWarning() {
        EnvironmentDefaults defaults = new EnvironmentDefaults(
                Map.of("SUPERVISOR_PORT", "tcp://10.0.0.1:80", "SUPERVISOR_PORT_80_TCP_PORT", "80"), "supervisor");
        OptionArguments arguments = new OptionArguments();
        CommandLine command = new CommandLine(arguments)
                .setCommandName("supervisor")
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setDefaultValueProvider(defaults);
        command.parseArgs("-a", "a.jar", "-p", "1");
        assertEquals(List.of(), defaults.warnings(), "nothing is taken from it");
        command.parseArgs("-a", "a.jar", "-s", "http::2");
        assertEquals(1, defaults.warnings().size());
        assertTrue(defaults.warnings().get(0).startsWith("SUPERVISOR_PORT is ignored: 'tcp://10.0.0.1:80'"));
        assertEquals(
                "http::127.0.0.1:2",
                arguments
                        .toOptions(List.of(), Map.of(), Optional.empty())
                        .sockets()
                        .get(0)
                        .toString());
    }

    @Test
    void onlyTheVariablesOfTheCommandThatIsRunCount() {
        EnvironmentDefaults defaults = new EnvironmentDefaults(Map.of("SUPERVISOR_PORT", "x"), "supervisor load-test");
        new CommandLine(new OptionArguments())
                .setCommandName("supervisor")
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setDefaultValueProvider(defaults)
                .parseArgs();
        assertEquals(List.of(), defaults.warnings());
    }

    @Test
    void aMessageNamesTheVariableInsteadOfTheOptionThatNobodyGave() {
        EnvironmentDefaults defaults = new EnvironmentDefaults(
                Map.of("SUPERVISOR_REFRESH", "inject", "SUPERVISOR_MAX_HELD", "0"), "supervisor");
        new CommandLine(new OptionArguments())
                .setCommandName("supervisor")
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setDefaultValueProvider(defaults)
                .parseArgs();
        assertEquals(
                "SUPERVISOR_MAX_HELD (in the environment) must be at least 1",
                defaults.namingVariables("--max-held must be at least 1"));
        assertEquals("--refresh-port is wrong", defaults.namingVariables("--refresh-port is wrong"));
    }
}
