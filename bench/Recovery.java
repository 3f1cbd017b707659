package bench;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Measures how much is answered in each tenth of a second after a reload, as a share of what was answered in the seconds
 * before it, and when it is 90 % again: of clients on keep-alive connections that ask as fast as they are answered.
 *
 * <p>It counts as being back in the first tenth which has that share, as has the second that begins with it on average,
 * and which has answers of the new build.
 */
@Command(
        name = "recovery",
        mixinStandardHelpOptions = true,
        description = "Throughput after reloads: the supervisor and its rivals.")
class Recovery implements Callable<Integer> {

    private static final int WARM_UP_SECONDS = 15;
    private static final int CONNECTIONS = 32;
    private static final double SLICE = 0.1;
    private static final int SLICES_PER_SECOND = 10;
    private static final int STEADY_SECONDS = 2;
    private static final double BACK = 0.9;

    /**
     * One reload.
     *
     * @param steadyPerSecond before it
     * @param shares of that, in each tenth of a second from when the build was being put in place
     * @param backMillis to the end of the first tenth in which it is back; to that of all if it is not
     * @param lostMillis of steady throughput, in all
     */
    record Recovered(
            double steadyPerSecond,
            double firstAnswerMillis,
            double backMillis,
            double lostMillis,
            List<Double> shares) {}

    record Figures(
            String rival,
            Quantiles steadyPerSecond,
            Quantiles backMillis,
            Quantiles lostMillis,
            Met met,
            List<Recovered> reloads) {

        /** Of all reloads, in this tenth of a second. */
        double medianShare(int slice) {
            return Quantiles.of(reloads, reload -> reload.shares().get(slice)).median();
        }
    }

    @Parameters(defaultValue = "10", paramLabel = "RELOADS", description = "Of each of them; by default 10.")
    private int reloads;

    @Option(names = "--every", defaultValue = "10", paramLabel = "SECONDS", description = "From one to the next; 10.")
    private int every;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "RIVAL",
            defaultValue = "HOLD,OVERLAP,SOCKET_BEST,RESTART,DEVTOOLS",
            description = "Which ones, separated by commas; by default $${DEFAULT-VALUE}.")
    private List<Rivals.Kind> only;

    @Override
    public Integer call() throws Exception {
        Environment environment = Environment.now();
        environment.print();
        List<Figures> figures = new ArrayList<>();
        try (Scratch scratch = Scratch.create("recovery")) {
            Rivals rivals = new Rivals(scratch, reloads + 1);
            for (Rivals.Kind kind : only) {
                Rival rival = rivals.make(kind);
                System.out.printf("%s: %d reloads, %d s apart ...%n", rival.name(), reloads, every);
                Figures measured = measure(rival);
                System.out.printf(
                        "  back after %.0f ms (median)%n", measured.backMillis().median());
                figures.add(measured);
            }
        }
        print(figures);
        new Results("recovery", environment, figures).write();
        return 0;
    }

    private Figures measure(Rival rival) throws Exception {
        List<String> options = List.of(
                "--warm-up", WARM_UP_SECONDS + "s",
                "--duration", Math.round(every * (reloads + 0.99) * 1000) + "ms",
                "--connections", "" + CONNECTIONS,
                "--sample", "10ms",
                "--reload-every", every + "s",
                "--reload-cmd", rival.reload());
        try (RunningRival running = RunningRival.start(rival);
                LoadTests tests = new LoadTests(rival.home())) {
            tests.start(running.url("/"), options);
            return figures(rival, tests.results().get(0));
        }
    }

    private Figures figures(Rival rival, JsonObject result) {
        Throughput throughput = Throughput.of(result);
        List<Recovered> all = new ArrayList<>();
        for (JsonElement reload : result.getAsJsonArray("reloads")) {
            all.add(recovered(throughput, reload.getAsJsonObject()));
        }
        return new Figures(
                rival.name(),
                Quantiles.of(all, Recovered::steadyPerSecond),
                Quantiles.of(all, Recovered::backMillis),
                Quantiles.of(all, Recovered::lostMillis),
                Met.of(result),
                all);
    }

    private Recovered recovered(Throughput throughput, JsonObject reload) {
        double at = reload.get("at").getAsDouble();
        double steady = throughput.perSecond(at - STEADY_SECONDS, at);
        List<Double> shares = throughput.shares(at, steady, SLICE, (every - STEADY_SECONDS) * SLICES_PER_SECOND);
        double firstAnswerMillis = reload.get("firstAnswerMillis").getAsDouble();
        double answered = shares.stream().mapToDouble(Double::doubleValue).sum();
        return new Recovered(
                steady,
                firstAnswerMillis,
                back(shares, firstAnswerMillis) * SLICE * 1000,
                (shares.size() - answered) * SLICE * 1000,
                shares);
    }

    /** How many slices it takes. */
    private static int back(List<Double> shares, double firstAnswerMillis) {
        return IntStream.range((int) (firstAnswerMillis / 1000 / SLICE), shares.size())
                .filter(i -> shares.get(i) >= BACK && mean(shares, i, i + SLICES_PER_SECOND) >= BACK)
                .map(i -> i + 1)
                .findFirst()
                .orElse(shares.size());
    }

    private static double mean(List<Double> shares, int from, int to) {
        return shares.subList(from, Math.min(to, shares.size())).stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElseThrow();
    }

    private void print(List<Figures> all) {
        System.out.printf("%n%-25s %10s %15s %15s%n", "", "steady,", "back at 90 %", "lost");
        System.out.printf("%-25s %10s %7s %7s %7s %7s%n", "(ms)", "requests/s", "median", "max", "median", "max");
        for (Figures figures : all) {
            System.out.printf(
                    "%-25s %10.0f", figures.rival(), figures.steadyPerSecond().median());
            System.out.printf(
                    " %7.0f %7.0f",
                    figures.backMillis().median(), figures.backMillis().maximum());
            System.out.printf(
                    " %7.0f %7.0f%n",
                    figures.lostMillis().median(), figures.lostMillis().maximum());
        }
        System.out.printf("%n%-25s", "median share (%), to (ms)");
        List<Integer> slices = IntStream.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 30, 40, 50, 60)
                .filter(slice -> slice <= (every - STEADY_SECONDS) * SLICES_PER_SECOND)
                .boxed()
                .toList();
        slices.forEach(slice -> System.out.printf("%5d", slice * 100));
        for (Figures figures : all) {
            System.out.printf("%n%-25s", figures.rival());
            slices.forEach(slice -> System.out.printf("%5.0f", figures.medianShare(slice - 1) * 100));
        }
        System.out.printf("%n%n");
    }
}
