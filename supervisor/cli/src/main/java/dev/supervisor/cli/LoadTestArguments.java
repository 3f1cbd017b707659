package dev.supervisor.cli;

import dev.supervisor.load.BuildsInTurn;
import dev.supervisor.load.Expectation;
import dev.supervisor.load.Load;
import dev.supervisor.load.LoadTest;
import dev.supervisor.load.LoadTestException;
import dev.supervisor.load.Reload;
import dev.supervisor.load.ReloadPlan;
import dev.supervisor.load.Request;
import dev.supervisor.load.Target;
import dev.supervisor.load.TestDuration;
import dev.supervisor.text.IoReason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options of {@code supervisor load-test}, filled in by picocli. */
final class LoadTestArguments {

    @Parameters(paramLabel = "URL", description = "What to ask for, such as http://127.0.0.1:8888/. No TLS.")
    private String url = "";

    @Option(
            names = {"-c", "--connections"},
            paramLabel = "N",
            defaultValue = "32",
            description = "Clients, each with one connection at a time. Default: ${DEFAULT-VALUE}.")
    private int connections;

    @Option(
            names = {"-d", "--duration"},
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "How long to ask; a reload that is under way then is waited for. Default: ${DEFAULT-VALUE}.")
    private Duration duration = Duration.ZERO;

    @Option(
            names = "--warm-up",
            paramLabel = "DURATION",
            defaultValue = "1s",
            converter = DurationConverter.class,
            description =
                    "How long to ask before anything counts, so that the cold JVM of this command is not taken for"
                            + " a slow server. Default: ${DEFAULT-VALUE}.")
    private Duration warmUp = Duration.ZERO;

    @Option(
            names = {"-r", "--rate"},
            paramLabel = "N",
            description = "Open model: N requests a second in all are due at fixed times, and latency counts from then,"
                    + " so that a stall shows in all requests that it held up. Default: closed model, each client asks"
                    + " as soon as it has its answer.")
    private @Nullable Double rate;

    @Option(
            names = {"-m", "--mode"},
            paramLabel = "keepalive|connect|mixed",
            defaultValue = "keepalive",
            description = "Keep connections, open a new one for each request (connect), or do either with half of the"
                    + " clients (mixed). Default: ${DEFAULT-VALUE}.")
    private Load.Mode mode = Load.Mode.KEEPALIVE;

    @Option(
            names = "--pipeline",
            paramLabel = "N",
            defaultValue = "1",
            description = "Requests under way at a time on each connection. Default: ${DEFAULT-VALUE}.")
    private int pipeline;

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            defaultValue = "1",
            description = "Threads that ask; one does some 100,000 requests a second. Default: ${DEFAULT-VALUE}.")
    private int threads;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "How long a client waits for an answer, connecting included. Default: ${DEFAULT-VALUE}.")
    private Duration timeout = Duration.ZERO;

    @Option(
            names = {"-X", "--method"},
            paramLabel = "METHOD",
            description = "Default: GET, or POST with --body.")
    private @Nullable String method;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "'NAME: VALUE'",
            description = "A header of the request; may be repeated.")
    private List<String> headers = List.of();

    @Option(names = "--body", paramLabel = "TEXT", description = "The body of the request.")
    private String body = "";

    @Option(
            names = "--expect-status",
            paramLabel = "CODE",
            split = ",",
            description = "The statuses of good answers. Default: all of 2xx and 3xx.")
    private Set<Integer> statuses = Set.of();

    @Option(
            names = "--expect-body",
            paramLabel = "REGEX",
            description = "The body of a good answer contains a match of this (in its first MiB).")
    private @Nullable Pattern expectBody;

    @Option(
            names = "--version-regex",
            paramLabel = "REGEX",
            description =
                    "Where the version stands in the body: its first group is a number that grows with each build,"
                            + " as in 'v(\\d+)'. An answer is stale if a newer version was known when its request was sent, or"
                            + " if it is older than the answer before it on the same connection.")
    private @Nullable Pattern version;

    @Option(
            names = "--reload-every",
            paramLabel = "DURATION",
            defaultValue = "1s",
            converter = DurationConverter.class,
            description = "The time between reloads; with --version-regex, the next one waits until the last was seen."
                    + " Default: ${DEFAULT-VALUE}.")
    private Duration reloadEvery = Duration.ZERO;

    @Option(
            names = "--reload-cmd",
            paramLabel = "COMMAND",
            description = "Reload by this shell command, such as 'cp v2.jar app.jar'; $RELOAD is 1, 2, 3, ...")
    private @Nullable String reloadCommand;

    @Option(
            names = "--touch",
            paramLabel = "JAR",
            arity = "1..*",
            description =
                    "Reload by moving a copy of each of these builds in turn to the place that --app names; they have to"
                            + " differ.")
    private List<Path> builds = List.of();

    @Option(
            names = {"-a", "--app"},
            paramLabel = "PATH",
            description = "Where --touch puts the builds: the --app of the supervisor.")
    private @Nullable Path app;

    @Option(
            names = "--reload-timeout",
            paramLabel = "DURATION",
            defaultValue = "60s",
            converter = DurationConverter.class,
            description = "How long a reload may take until the first answer of a new version. Default:"
                    + " ${DEFAULT-VALUE}.")
    private Duration reloadTimeout = Duration.ZERO;

    @Option(
            names = "--sample",
            paramLabel = "DURATION",
            defaultValue = "100ms",
            converter = DurationConverter.class,
            description = "The width of a slice of time, in --json and in the plots of --html."
                    + " Default: ${DEFAULT-VALUE}.")
    private Duration sample = Duration.ZERO;

    @Option(names = "--json", paramLabel = "FILE", description = "Write all figures to this file.")
    private @Nullable Path json;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Write a page with all figures and plots to this file; it needs no network.")
    private @Nullable Path html;

    /**
     * Returns the load test that the options describe.
     *
     * @throws LoadTestException if an option has an invalid value, or options contradict each other
     */
    LoadTest toLoadTest() {
        Load load = new Load(
                connections,
                mode,
                pipeline,
                rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate),
                threads,
                timeout);
        String asked = Optional.ofNullable(method).orElse(body.isEmpty() ? "GET" : "POST");
        return new LoadTest(
                new Request(Target.parse(url), asked, headers, body),
                load,
                new Expectation(statuses, Optional.ofNullable(expectBody), Optional.ofNullable(version)),
                new TestDuration(duration, warmUp, sample),
                reload().map(reload -> new ReloadPlan(reload, reloadEvery, reloadTimeout)));
    }

    private Optional<Reload> reload() {
        if (reloadCommand != null && !builds.isEmpty()) {
            throw new LoadTestException("--reload-cmd and --touch don't go together");
        }
        if (builds.isEmpty() != (app == null)) {
            throw new LoadTestException("--touch BUILD... and --app PLACE need each other");
        }
        if (reloadCommand != null) {
            return Optional.of(new ReloadCommand(reloadCommand, reloadTimeout));
        }
        return Optional.ofNullable(app).map(place -> new BuildsInTurn(place, builds, IoReason::of));
    }

    Optional<Path> json() {
        return Optional.ofNullable(json);
    }

    Optional<Path> html() {
        return Optional.ofNullable(html);
    }
}
