package dev.supervisor.bench.figures;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The throughput of a rival after its reloads, compared with its throughput before them.
 *
 * @param firstAnswerMillis from the beginning of the reload to the first answer of the new build
 * @param backMillis from the beginning of the reload to the end of the first slice in which throughput is back, or of
 *     the last slice if it never is
 * @param lostMillis how long the missing answers would have taken at the steady rate; negative if there were more
 *     answers
 */
public record RecoveryFigures(
        String rival,
        Quantiles steadyPerSecond,
        Quantiles firstAnswerMillis,
        Quantiles backMillis,
        Quantiles lostMillis,
        LoadTestOutcome outcome,
        List<One> reloads) {

    private static final int SLICE_MILLIS = 100;
    private static final int SLICES_PER_SECOND = 10;
    private static final double BACK = 0.9;
    private static final int[] COLUMNS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 30, 40, 50, 60};

    /**
     * One reload.
     *
     * @param shares the throughput of each slice from the beginning of the reload, as a share of the steady rate
     * @param sharesOfNew the same from the first answer of the new build; null in results of before
     */
    record One(
            double steadyPerSecond,
            double firstAnswerMillis,
            List<Double> shares,
            @Nullable List<Double> sharesOfNew) {

        /**
         * Returns when throughput was back: in the first slice after an answer of the new build that has the share, if
         * the second from there on has it on average, too.
         */
        double backMillis() {
            return IntStream.range((int) (firstAnswerMillis / SLICE_MILLIS), shares.size())
                            .filter(i -> shares.get(i) >= BACK && mean(shares.subList(i, endOfSecond(i))) >= BACK)
                            .map(i -> i + 1)
                            .findFirst()
                            .orElse(shares.size())
                    * SLICE_MILLIS;
        }

        private int endOfSecond(int slice) {
            return Math.min(slice + SLICES_PER_SECOND, shares.size());
        }

        double lostMillis() {
            return (1 - mean(shares)) * shares.size() * SLICE_MILLIS;
        }

        private static double mean(List<Double> shares) {
            return shares.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        }
    }

    /**
     * Returns the figures of a rival.
     *
     * @param before how many seconds before a reload count as steady
     * @param after how many seconds after a reload are measured
     */
    public static RecoveryFigures of(String rival, JsonObject result, int before, int after) {
        Throughput throughput = Throughput.of(result);
        List<One> all = new ArrayList<>();
        for (JsonElement element : result.getAsJsonArray("reloads")) {
            JsonObject reload = element.getAsJsonObject();
            double at = reload.get("at").getAsDouble();
            double steady = throughput.perSecond(at - before, at);
            List<Double> shares = throughput.shares(at, steady, 1.0 / SLICES_PER_SECOND, after * SLICES_PER_SECOND);
            double firstAnswerMillis = reload.get("firstAnswerMillis").getAsDouble();
            List<Double> sharesOfNew = throughput.shares(
                    at + firstAnswerMillis / 1000, steady, 1.0 / SLICES_PER_SECOND, SLICES_PER_SECOND);
            all.add(new One(steady, firstAnswerMillis, shares, sharesOfNew));
        }
        return new RecoveryFigures(
                rival,
                Quantiles.of(all, One::steadyPerSecond),
                Quantiles.of(all, One::firstAnswerMillis),
                Quantiles.of(all, One::backMillis),
                Quantiles.of(all, One::lostMillis),
                LoadTestOutcome.of(result),
                all);
    }

    public static void print(List<RecoveryFigures> all) {
        String row = "%-25s%11s%10s%8s%10s%8s%8s%8s%n";
        System.out.println();
        System.out.printf(row, "", "steady,", "first new", "answer", "back at", "90 %", "lost", "");
        System.out.printf(row, "(ms)", "requests/s", "median", "max", "median", "max", "median", "max");
        for (RecoveryFigures figures : all) {
            System.out.printf("%-25s%11.0f", figures.rival, figures.steadyPerSecond.median());
            System.out.printf("%10.0f%8.0f", figures.firstAnswerMillis.median(), figures.firstAnswerMillis.maximum());
            System.out.printf("%10.0f%8.0f", figures.backMillis.median(), figures.backMillis.maximum());
            System.out.printf("%8.0f%8.0f%n", figures.lostMillis.median(), figures.lostMillis.maximum());
        }
        System.out.printf("%n%-25s", "median share (%), to (ms)");
        for (int slice : COLUMNS) {
            System.out.printf("%5d", slice * SLICE_MILLIS);
        }
        System.out.println();
        all.forEach(RecoveryFigures::printShares);
        System.out.printf("%n%-25s%n", "median share (%) in the first 100 ms from the first answer of the new build");
        all.forEach(figures -> figures.medianShareOfNew()
                .ifPresent(share -> System.out.printf("%-25s%5.0f%n", figures.rival, share * 100)));
        System.out.println();
    }

    /**
     * Returns the median share of the steady rate in one slice after the reloads.
     *
     * @param slice the number of the tenth of a second, from 1
     */
    public double medianShare(int slice) {
        return Quantiles.of(reloads, reload -> reload.shares().get(slice - 1)).median();
    }

    /** Returns the median share in the first tenth of a second after the first answer of the new build; empty if unknown. */
    public OptionalDouble medianShareOfNew() {
        List<Double> first = reloads.stream()
                .map(One::sharesOfNew)
                .flatMap(shares -> shares == null ? Stream.empty() : Stream.of(shares.get(0)))
                .toList();
        return first.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(Quantiles.of(first, Double::doubleValue).median());
    }

    private void printShares() {
        System.out.printf("%-25s", rival);
        for (int slice : COLUMNS) {
            if (slice <= reloads.get(0).shares().size()) {
                System.out.printf("%5.0f", medianShare(slice) * 100);
            }
        }
        System.out.println();
    }
}
