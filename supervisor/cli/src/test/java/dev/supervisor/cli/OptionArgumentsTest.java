package dev.supervisor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.Checks;
import dev.supervisor.SocketSpec;
import dev.supervisor.SupervisorException;
import dev.supervisor.SupervisorOptions;
import dev.supervisor.SupervisorOptions.Swap;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

final class OptionArgumentsTest {

    private static OptionArguments parse(String... args) {
        OptionArguments arguments = new OptionArguments();
        new CommandLine(arguments).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(args);
        return arguments;
    }

    @Test
    void whatIsNotGivenHasTheDefaultsOfTheOptions() {
        Path app = Path.of("a.jar");
        assertEquals(
                SupervisorOptions.builder(app)
                        .port(8888)
                        .optionNames(OptionNames.ALL)
                        .build(),
                parse("-a", "a.jar", "-p", "8888").toOptions(List.of(), Map.of(), Optional.empty()));
    }

    @Test
    void eachOptionReachesItsPlace() {
        SupervisorOptions expected = SupervisorOptions.builder(Path.of("classes"))
                .port(1)
                .socket("admin=http::2")
                .socket("tcp::[::1]:3")
                .library(Path.of("x.jar"))
                .library(Path.of("lib"))
                .appClass("a.B")
                .swap(Swap.OVERLAP)
                .startTimeout(Duration.ofSeconds(1))
                .drainTimeout(Duration.ZERO)
                .stopDelay(Duration.ofSeconds(8))
                .holdTimeout(Duration.ofMinutes(2))
                .proxyProtocol("10.0.0.0/8")
                .proxyProtocol("::1")
                .proxyProtocol("admin=unix")
                .proxyTimeout(Duration.ofSeconds(7))
                .maxHeld(3)
                .backlog(4)
                .settle(Duration.ofMillis(5))
                .poll(Duration.ofMillis(6))
                .details(true)
                .arguments(List.of("--verbose"))
                .optionNames(OptionNames.ALL)
                .build();
        String[] line = ("--port 1 --socket admin=http::2 -s tcp::[::1]:3 --app classes --lib x.jar --lib lib"
                        + " --app-class a.B --swap overlap --start-timeout 1s --drain-timeout 0 --stop-delay 8s --hold-timeout 2m"
                        + " --proxy-protocol 10.0.0.0/8,::1 --proxy-protocol admin=unix --proxy-timeout 7s"
                        + " --max-held 3 --backlog 4 --settle 5ms --poll 6ms --details")
                .split(" ");
        assertEquals(expected, parse(line).toOptions(List.of("--verbose"), Map.of(), Optional.empty()));
    }

    @Test
    void checksReachTheirPlace() {
        SupervisorOptions expected = SupervisorOptions.builder(Path.of("a.jar"))
                .port(1)
                .swap(Swap.OVERLAP)
                .check("GET /health 2xx")
                .check("http=HEAD /")
                .checkTimeout(Duration.ofMillis(300))
                .checkTries(2)
                .warmUp("GET /")
                .warmUpTime(Duration.ofSeconds(3))
                .websocket(SupervisorOptions.WebSockets.MOVE)
                .watchErrors(new Checks.ErrorLimit(0.005, Duration.ofMinutes(1)))
                .optionNames(OptionNames.ALL)
                .build();
        assertEquals(
                expected,
                parse(
                                "-p=1",
                                "-a=a.jar",
                                "--swap=overlap",
                                "--check",
                                "GET /health 2xx",
                                "--check",
                                "http=HEAD /",
                                "--check-timeout=300ms",
                                "--check-tries=2",
                                "--warm-up",
                                "GET /",
                                "--warm-up-time=3s",
                                "--websocket=move",
                                "--watch-errors=0.5%/1m")
                        .toOptions(List.of(), Map.of(), Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "5%", "5/10s", "105%/10s", "5%/10", "-1%/10s", "5%/0", "5%/2h"})
    void whatIsNoShareAndTimeIsRefused(String value) {
        assertThrows(CommandLine.ParameterException.class, () -> parse("-a", "a.jar", "--watch-errors", value));
    }

    @Test
    void withABuildFormerGenerationsDrainForAShorterTime() {
        assertEquals(30, drainSeconds("-a", "a.jar", "-p", "0"));
        assertEquals(5, drainSeconds("-a", "a.jar", "-p", "0", "--build", "make", "--watch", "."));
        assertEquals(
                7, drainSeconds("-a", "a.jar", "-p", "0", "--build", "make", "--watch", ".", "--drain-timeout", "7s"));
    }

    private static long drainSeconds(String... line) {
        return parse(line)
                .toOptions(List.of(), Map.of(), Optional.empty())
                .timeouts()
                .drain()
                .toSeconds();
    }

    @Test
    void anOptionThatIsGivenTwiceIsRefused() {
        assertThrows(CommandLine.OverwrittenOptionException.class, () -> parse("-a", "a.jar", "-p", "1", "-p", "2"));
    }

    @Test
    void severalSocketsMayStandInOneOption() {
        assertEquals(
                List.of("http", "mqtt"),
                parse("-a", "a.jar", "-s", "http::1,mqtt=tcp::2")
                        .toOptions(List.of(), Map.of(), Optional.empty())
                        .sockets()
                        .stream()
                        .map(SocketSpec::name)
                        .toList());
    }

    @Test
    void anOptionThatMakesNoSenseIsNamed() {
        OptionArguments arguments = parse("-a", "a.jar", "-p", "0", "--max-held", "0");
        SupervisorException e = assertThrows(
                SupervisorException.class, () -> arguments.toOptions(List.of(), Map.of(), Optional.empty()));
        assertEquals("--max-held must be at least 1", e.message(OptionNames::of));
        assertEquals(
                Optional.empty(),
                parse("-a", "a.jar", "-p", "0")
                        .toOptions(List.of(), Map.of(), Optional.empty())
                        .tools()
                        .poll());
    }

    @Test
    void colorsAndQuietAreAskedFor() {
        assertTrue(parse("-a", "a.jar", "--color", "always").output().colors());
        assertFalse(parse("-a", "a.jar", "--color", "never").output().colors());
        assertTrue(parse("-a", "a.jar", "-q").output().quiet());
        assertFalse(parse("-a", "a.jar").output().quiet());
    }
}
