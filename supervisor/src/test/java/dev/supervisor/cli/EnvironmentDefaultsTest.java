package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.SupervisorOptions;
import dev.supervisor.SupervisorOptions.Swap;
import dev.supervisor.socket.SocketSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class EnvironmentDefaultsTest {

    private static CommandLine commandLine(OptionArguments arguments, Map<String, String> environment) {
        return new CommandLine(arguments)
                .setCommandName("supervisor")
                .setDefaultValueProvider(new EnvironmentDefaults(environment))
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    private static SupervisorOptions options(Map<String, String> environment, String... args) {
        OptionArguments arguments = new OptionArguments();
        commandLine(arguments, environment).parseArgs(args);
        return arguments.toOptions(List.of());
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
        assertEquals(Path.of("app.jar"), options.app());
        assertEquals(
                List.of("http", "admin"),
                options.sockets().stream().map(SocketSpec::name).toList());
        assertEquals(Swap.OVERLAP, options.swap());
        assertEquals(7, options.maxHeld());
    }

    @Test
    void theCommandLineWins() {
        SupervisorOptions options =
                options(Map.of("SUPERVISOR_APP", "a.jar", "SUPERVISOR_PORT", "1"), "--app", "b.jar", "--port", "2");
        assertEquals(Path.of("b.jar"), options.app());
        assertEquals(2, options.sockets().get(0).port());
        assertEquals(1, options.sockets().size());
    }

    @Test
    void whatTheEnvironmentDoesNotNameKeepsItsDefault() {
        assertEquals(10_000, options(Map.of(), "-a", "a.jar", "-p", "0").maxHeld());
    }

    @Test
    void aBadValueIsReportedWithTheOptionThatItStandsFor() {
        Map<String, String> environment = Map.of("SUPERVISOR_DRAIN_TIMEOUT", "soon");
        CommandLine command = commandLine(new OptionArguments(), environment);
        CommandLine.ParameterException e =
                assertThrows(CommandLine.ParameterException.class, () -> command.parseArgs("-a", "a.jar", "-p", "0"));
        assertTrue(String.valueOf(e.getMessage()).contains("--drain-timeout"), e::getMessage);
        assertTrue(String.valueOf(e.getMessage()).contains("'soon' is no duration"), e::getMessage);
    }
}
