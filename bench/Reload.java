package bench;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.DoubleStream;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Measures what clients meet while an application is reloaded again and again: under the supervisor, and by each of its
 * rivals. Three load tests ask at a time: at a moderate rate on keep-alive connections, and with a connection for each
 * request, so that restarting JVMs have processors left; and with requests that take a second each.
 *
 * <p>All builds are put in place by the same command of the shell, a move; those rivals that don't watch are told by it at
 * once. From when this command is begun to the first answer of the new build is what a reload takes.
 */
@Command(
        name = "reload",
        mixinStandardHelpOptions = true,
        description = "What clients meet at reloads: the supervisor and its rivals.")
class Reload implements Callable<Integer> {

    private static final int WARM_UP_SECONDS = 5;
    private static final int KEEP_ALIVE = 32;
    private static final int KEEP_ALIVE_RATE = 2000;
    private static final int CONNECTING = 8;
    private static final int CONNECTING_RATE = 400;
    private static final int SLOW = 3;

    /** All in milliseconds. */
    record Figures(
            String rival,
            int reloads,
            Quantiles commandMillis,
            Quantiles firstAnswerMillis,
            Quantiles longestWaitMillis,
            Met keepAlive,
            Met connecting,
            Met slow) {}

    @Parameters(defaultValue = "20", paramLabel = "RELOADS", description = "Of each of them; by default 20.")
    private int reloads;

    @Option(names = "--every", defaultValue = "3", paramLabel = "SECONDS", description = "From one to the next; 3.")
    private int every;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "RIVAL",
            defaultValue = "HOLD,OVERLAP,SOCKET,SOCKET_BEST,SOCKET_OVERLAP,RESTART,DEVTOOLS,DEVTOOLS_TUNED",
            description = "Which ones, separated by commas; by default all: $${DEFAULT-VALUE}.")
    private List<Rivals.Kind> only;

    @Override
    public Integer call() throws Exception {
        Environment environment = Environment.now();
        environment.print();
        List<Figures> figures = new ArrayList<>();
        try (Scratch scratch = Scratch.create("reload")) {
            Rivals rivals = new Rivals(scratch, reloads + 1);
            for (Rivals.Kind kind : only) {
                Rival rival = rivals.make(kind);
                System.out.printf("%s: %d reloads, %d s apart ...%n", rival.name(), reloads, every);
                Figures measured = measure(rival);
                progress(measured);
                figures.add(measured);
            }
        }
        print(figures);
        new Results("reload", environment, figures).write();
        return 0;
    }

    private Figures measure(Rival rival) throws Exception {
        double seconds = every * (reloads + 0.9);
        try (RunningRival running = RunningRival.start(rival);
                LoadTests tests = new LoadTests(rival.home())) {
            tests.start(
                    running.url("/"),
                    options(
                            seconds,
                            KEEP_ALIVE,
                            "--rate",
                            "" + KEEP_ALIVE_RATE,
                            "--reload-every",
                            every + "s",
                            "--reload-cmd",
                            rival.reload()));
            tests.start(
                    running.url("/"),
                    options(seconds + 1, CONNECTING, "--rate", "" + CONNECTING_RATE, "--mode", "connect"));
            tests.start(running.url("/slow"), options(seconds + 1, SLOW));
            List<JsonObject> results = tests.results();
            return figures(rival, results);
        }
    }

    private static List<String> options(double seconds, int connections, String... more) {
        List<String> options = new ArrayList<>(List.of("--warm-up", WARM_UP_SECONDS + "s"));
        options.addAll(List.of("--duration", Math.round(seconds * 1000) + "ms", "--connections", "" + connections));
        options.addAll(List.of(more));
        return options;
    }

    private static Figures figures(Rival rival, List<JsonObject> results) {
        List<JsonObject> reloads = StreamSupport.stream(
                        results.get(0).getAsJsonArray("reloads").spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .toList();
        reloads.stream()
                .filter(reload -> reload.has("error"))
                .forEach(reload -> System.out.println("  reload " + reload.get("number") + ": " + reload.get("error")));
        return new Figures(
                rival.name(),
                reloads.size(),
                Quantiles.of(values(reloads, "changeMillis")),
                Quantiles.of(values(reloads, "firstAnswerMillis")),
                Quantiles.of(values(reloads, "longestWaitMillis")),
                Met.of(results.get(0)),
                Met.of(results.get(1)),
                Met.of(results.get(2)));
    }

    private static DoubleStream values(List<JsonObject> reloads, String name) {
        return reloads.stream()
                .filter(reload -> reload.has(name))
                .mapToDouble(reload -> reload.get(name).getAsDouble());
    }

    private static void progress(Figures figures) {
        System.out.printf(
                "  first new answer after %.0f ms (median)%n",
                figures.firstAnswerMillis().median());
        for (Met met : List.of(figures.keepAlive(), figures.connecting(), figures.slow())) {
            System.out.printf("  %d requests, failures %s %s%n", met.requests(), met.failures(), met.examples());
        }
    }

    private static void print(List<Figures> all) {
        System.out.printf(
                "%n%-25s %17s %17s %7s %8s %8s %7s %10s %10s%n",
                "",
                "first new answer",
                "longest wait",
                "stall",
                "failures",
                "refused",
                "stale",
                "keep-alive",
                "in flight,");
        System.out.printf(
                "%-25s %8s %8s %8s %8s %7s %8s %8s %7s %10s %10s%n",
                "(ms)", "median", "max", "median", "max", "max", "", "", "", "closed", "cut");
        for (Figures figures : all) {
            List<Met> mets = List.of(figures.keepAlive(), figures.connecting(), figures.slow());
            System.out.printf(
                    "%-25s %8.1f %8.1f %8.1f %8.1f %7.0f %8d %8d %7d %10d %10d%n",
                    figures.rival(),
                    figures.firstAnswerMillis().median(),
                    figures.firstAnswerMillis().maximum(),
                    figures.longestWaitMillis().median(),
                    figures.longestWaitMillis().maximum(),
                    figures.keepAlive().longestStallMillis(),
                    mets.stream().mapToLong(Met::unanswered).sum(),
                    mets.stream().mapToLong(met -> met.failures("refused")).sum(),
                    mets.stream().mapToLong(met -> met.failures("stale")).sum(),
                    figures.keepAlive().closed(),
                    figures.slow().failures("reset", "closed", "timedOut"));
        }
    }
}
