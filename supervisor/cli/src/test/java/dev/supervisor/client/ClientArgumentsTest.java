package dev.supervisor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClientArgumentsTest {

    private static ClientArguments parse(String line) throws ControlException {
        return ClientArguments.parse(List.of(line.split(" ")), Map.of());
    }

    @Test
    void optionsHaveTheirValuesBehindThemOrInThem() throws ControlException {
        assertEquals(Optional.of("8888"), parse("status --port 8888").port());
        assertEquals(Optional.of("8888"), parse("status -p 8888").port());
        assertEquals(Optional.of("8888"), parse("status --port=8888").port());
        assertEquals(Optional.of(17L), parse("stop --pid=17").process());
        assertEquals(Optional.of("shop"), parse("swap --app shop").application());
        assertTrue(parse("logs -f --json").follows());
        assertTrue(parse("status --json").json());
        assertEquals(List.of("2"), parse("rollback --port 1 2").operands());
    }

    @Test
    void theTimeOfAWaitMayBeLeftOut() throws ControlException {
        assertEquals(Optional.empty(), parse("swap").waitTime());
        assertEquals(Optional.of(""), parse("swap --wait").waitTime());
        assertEquals(Optional.of("5m"), parse("swap --wait=5m").waitTime());
        assertEquals(Optional.of("5m"), parse("swap --wait 5m").waitTime());
        assertEquals(Optional.of("shop"), parse("swap --wait --app shop").application());
    }

    @Test
    void argumentsOfASuccessorAreLeftAsTheyAre() throws ControlException {
        assertEquals(
                Optional.of(List.of("--port=0", "--", "--json")),
                parse("upgrade --pid 1 -- --port=0 -- --json").others());
        assertEquals(Optional.empty(), parse("upgrade").others());
    }

    @Test
    void theEnvironmentHasDefaults() throws ControlException {
        Map<String, String> environment = Map.of("SUPERVISOR_STATUS_PORT", "1", "SUPERVISOR_STATUS_JSON", "true");
        ClientArguments arguments = ClientArguments.parse(List.of("status"), environment);
        assertEquals(Optional.of("1"), arguments.port());
        assertTrue(arguments.json());
        assertEquals(
                Optional.of("2"),
                ClientArguments.parse(List.of("status", "--port=2"), environment)
                        .port());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "frob",
                "status --frob",
                "status --wait",
                "status extra",
                "status --port",
                "status --port=http",
                "status --pid=0",
                "status --port=1 --pid=2",
                "rollback 0",
                "rollback 1 2",
                "rollback one",
                "swap --wait=soon",
                "swap --wait=3000000h",
                "status -- more"
            })
    void wrongUsageIsSaid(String line) {
        assertEquals(
                ExitCode.WRONG_USAGE,
                assertThrows(ControlException.class, () -> parse(line)).exitCode());
    }

    @Test
    void whatIsWrongIsNamed() {
        assertEquals("unexpected argument 'extra'", messageOf("status extra"));
        assertEquals("unexpected argument '2'", messageOf("rollback 1 2"));
        assertEquals("the number of builds to go back must be 1 or more, and is '0'", messageOf("rollback 0"));
        assertEquals("give either --port or --pid: each names a supervisor", messageOf("status --port 1 --pid 2"));
    }

    private static String messageOf(String line) {
        return String.valueOf(
                assertThrows(ControlException.class, () -> parse(line)).getMessage());
    }

    @Test
    void aSupervisorNamedOnTheCommandLineIsMeantWhateverTheEnvironmentSays() throws ControlException {
        ClientArguments arguments =
                ClientArguments.parse(List.of("status", "--pid=2"), Map.of("SUPERVISOR_STATUS_PORT", "1"));
        assertEquals(Optional.empty(), arguments.port());
        assertEquals(Optional.of(2L), arguments.process());
    }

    @Test
    void durationsAreThoseOfTheCommandLine() {
        assertEquals(Optional.of(Duration.ofMillis(500)), WaitTime.parse("500ms"));
        assertEquals(Optional.of(Duration.ofHours(1)), WaitTime.parse("1h"));
        assertEquals(Optional.of(Duration.ofHours(1000)), WaitTime.parse("1000h"));
        for (String none :
                List.of("", "5", "s", "-5s", "5 s", "1.5s", "99999999999s", "٣s", "1001h", "60001m", "999999999h")) {
            assertEquals(Optional.empty(), WaitTime.parse(none), none);
        }
    }

    @Test
    void textIsQuotedForJson() {
        assertEquals("\"a\\\"b\\\\c\\u000ad\u00e9\"", ClientCommand.quoted("a\"b\\c\nd\u00e9"));
    }
}
