package dev.supervisor.bench.figures;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The performance of several servers under the same load. */
public record SteadyStateFigures(String mode, int connections, int secondsPerRound, List<OfServer> servers) {

    public record Sample(double requestsPerSecond, double cpuMicrosPerRequest) {}

    /** The figures of one server. Ratios are to the first server in the same round; more is better. */
    public record OfServer(
            String server,
            Quantiles requestsPerSecond,
            Quantiles cpuMicrosPerRequest,
            Quantiles rateRatio,
            Quantiles requestsPerCpuTimeRatio,
            List<Sample> rounds) {

        public static OfServer of(String server, List<Sample> rounds, List<Sample> plain) {
            return new OfServer(
                    server,
                    Quantiles.of(rounds, Sample::requestsPerSecond),
                    Quantiles.of(rounds, Sample::cpuMicrosPerRequest),
                    ratios(rounds, plain, Sample::requestsPerSecond),
                    ratios(plain, rounds, Sample::cpuMicrosPerRequest),
                    List.copyOf(rounds));
        }

        private static Quantiles ratios(List<Sample> one, List<Sample> other, ToDoubleFunction<Sample> value) {
            return Quantiles.of(IntStream.range(0, one.size())
                    .mapToDouble(i -> value.applyAsDouble(one.get(i)) / value.applyAsDouble(other.get(i))));
        }
    }
}
