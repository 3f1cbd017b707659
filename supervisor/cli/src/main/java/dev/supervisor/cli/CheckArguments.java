package dev.supervisor.cli;

import dev.supervisor.Checks;
import dev.supervisor.SupervisorException;
import dev.supervisor.SupervisorOptions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options about what a new build has to do before it serves, and afterwards. */
final class CheckArguments {

    @Option(
            names = "--check",
            paramLabel = "REQUEST",
            description =
                    "A request that each new build has to answer well before a client comes to it, as 'GET /health';"
                            + " may be repeated. Otherwise the build has failed, as if its start had. 200 to 399 is well, or what"
                            + " follows the path: 'GET /health 204', 'GET / 200-299', 'GET / 2xx'. Asked is the first socket of"
                            + " HTTP, or the one that is named: 'admin=GET /ready'.")
    private List<String> checks = List.of();

    @Option(
            names = "--check-timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long each try of a check may take. Default: ${DEFAULT-VALUE}.")
    private @Nullable Duration checkTimeout;

    @Option(
            names = "--check-tries",
            paramLabel = "N",
            description = "How often each check is tried, half a second apart. Default: ${DEFAULT-VALUE}.")
    private @Nullable Integer checkTries;

    @Option(
            names = "--warm-up",
            paramLabel = "REQUEST",
            description =
                    "A request that each new build answers again and again, until its rate is steady, before it takes"
                            + " over, so that clients meet no code that the JVM has not compiled; in the form of --check, may be"
                            + " repeated. Needs --swap overlap, and is left out while clients wait, as before the first build.")
    private List<String> warmUps = List.of();

    @Option(
            names = "--warm-up-time",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long that takes at most. Default: ${DEFAULT-VALUE}.")
    private @Nullable Duration warmUpTime;

    @Option(
            names = "--watch-errors",
            paramLabel = "SHARE/TIME",
            converter = ErrorLimitConverter.class,
            description =
                    "Bring the former build back if the new one fails more requests, as 5%%/10s: by more than 5%% of"
                            + " them than the former one, within 10s after it has taken over, out of 20 or more. A request has"
                            + " failed if its status is 5xx, or if the build closes its connection without an answer. Needs --swap"
                            + " overlap. The former build stays in memory for that time.")
    private Checks.@Nullable ErrorLimit errorLimit;

    /** @throws SupervisorException if a request has another form */
    void addTo(SupervisorOptions.Builder options) {
        checks.forEach(options::check);
        Optional.ofNullable(checkTimeout).ifPresent(options::checkTimeout);
        Optional.ofNullable(checkTries).ifPresent(options::checkTries);
        warmUps.forEach(options::warmUp);
        Optional.ofNullable(warmUpTime).ifPresent(options::warmUpTime);
        Optional.ofNullable(errorLimit).ifPresent(options::watchErrors);
    }

    /** Reads {@code 5%/10s}. */
    static final class ErrorLimitConverter implements ITypeConverter<Checks.ErrorLimit> {

        private static final Pattern FORM = Pattern.compile("(\\d{1,2}(?:\\.\\d{1,3})?)%/(.+)");

        @Override
        public Checks.ErrorLimit convert(String value) {
            Matcher matcher = FORM.matcher(value);
            if (!matcher.matches()) {
                throw new TypeConversionException(
                        "'" + value + "' is no share of requests and time: use 5%/10s, 0.5%/1m or 0%/30s");
            }
            try {
                return new Checks.ErrorLimit(
                        Double.parseDouble(matcher.group(1)) / 100, new DurationConverter().convert(matcher.group(2)));
            } catch (SupervisorException e) {
                throw new TypeConversionException(e.message(OptionNames::of));
            }
        }
    }
}
