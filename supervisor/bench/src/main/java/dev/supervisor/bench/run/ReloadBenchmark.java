package dev.supervisor.bench.run;

import dev.supervisor.bench.clients.LoadTests;
import dev.supervisor.bench.figures.Environment;
import dev.supervisor.bench.figures.ReloadFigures;
import dev.supervisor.bench.figures.ResultFile;
import dev.supervisor.bench.servers.Rival;
import dev.supervisor.bench.servers.Rivals;
import dev.supervisor.bench.servers.RunningRival;
import dev.supervisor.bench.tools.ScratchDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Measures the experience of clients while an application is reloaded again and again: under the supervisor, and under
 * each of its rivals. Three load tests run at a time: at a moderate rate on keep-alive connections, and with a
 * connection for each request, so that restarting JVMs have processors left; and with requests that take a second each.
 *
 * <p>The same shell command, a move, puts all builds in place, and at once signals the rivals that don't watch. A
 * reload takes from the beginning of this command to the first answer of the new build.
 */
@Command(
        name = "reload",
        mixinStandardHelpOptions = true,
        description = "What clients meet at reloads: the supervisor and its rivals.")
@SuppressWarnings("NullAway.Init") // picocli sets its fields
class ReloadBenchmark implements Callable<Integer> {

    private static final int WARM_UP_SECONDS = 5;
    private static final String KEEP_ALIVE = "--connections=32 --rate=2000 --sample=5ms";
    private static final String CONNECTING = "--connections=8 --rate=400 --mode=connect";
    private static final String SLOW = "--connections=3";

    /** How much longer the other two load tests run before and after the one that reloads. */
    private static final int MARGIN_SECONDS = 1;

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
        List<ReloadFigures> all = new ArrayList<>();
        try (ScratchDirectory scratch = ScratchDirectory.create("reload")) {
            Rivals rivals = new Rivals(scratch, reloads + 1);
            for (Rivals.Kind kind : only) {
                Rival rival = rivals.make(kind);
                System.out.printf("%s: %d reloads, %d s apart ...%n", rival.name(), reloads, every);
                ReloadFigures figures = measure(rival);
                figures.printProgress();
                all.add(figures);
            }
        }
        ReloadFigures.print(all);
        new ResultFile<>("reload", environment, all).write();
        return 0;
    }

    private ReloadFigures measure(Rival rival) throws Exception {
        double seconds = every * (reloads + 0.9);
        List<String> reloading = List.of("--reload-every", every + "s", "--reload-cmd", rival.reload());
        try (RunningRival running = RunningRival.start(rival);
                LoadTests tests = new LoadTests(rival.home())) {
            tests.start(running.url("/"), options(KEEP_ALIVE, WARM_UP_SECONDS + MARGIN_SECONDS, seconds, reloading));
            tests.start(
                    running.url("/"), options(CONNECTING, WARM_UP_SECONDS, seconds + 2 * MARGIN_SECONDS, List.of()));
            tests.start(running.url("/slow"), options(SLOW, WARM_UP_SECONDS, seconds + 2 * MARGIN_SECONDS, List.of()));
            return ReloadFigures.of(rival.name(), tests.results());
        }
    }

    private static List<String> options(String load, int warmUp, double seconds, List<String> more) {
        String span = "--warm-up=" + warmUp + "s --duration=" + Math.round(seconds * 1000) + "ms";
        return Stream.of(List.of(load.split(" ")), List.of(span.split(" ")), more)
                .flatMap(List::stream)
                .toList();
    }
}
