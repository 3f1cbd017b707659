package dev.supervisor.bench.run;

import dev.supervisor.bench.clients.LoadTests;
import dev.supervisor.bench.figures.Environment;
import dev.supervisor.bench.figures.RecoveryFigures;
import dev.supervisor.bench.figures.ResultFile;
import dev.supervisor.bench.servers.Rival;
import dev.supervisor.bench.servers.Rivals;
import dev.supervisor.bench.servers.RunningRival;
import dev.supervisor.bench.tools.ScratchDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Measures the throughput in each tenth of a second after a reload, as a share of the throughput in the seconds before
 * it, and when it is back at 90%. Clients on keep-alive connections send the next request as soon as they are answered.
 */
@Command(
        name = "recovery",
        mixinStandardHelpOptions = true,
        description = "Throughput after reloads: the supervisor and its rivals.")
@SuppressWarnings("NullAway.Init") // picocli sets its fields
class RecoveryBenchmark implements Callable<Integer> {

    private static final int WARM_UP_SECONDS = 15;
    private static final int STEADY_SECONDS = 2;

    @Parameters(defaultValue = "10", paramLabel = "RELOADS", description = "Of each of them; by default 10.")
    private int reloads;

    @Option(names = "--every", defaultValue = "10", paramLabel = "SECONDS", description = "From one to the next; 10.")
    private int every;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "RIVAL",
            defaultValue = "HOLD,OVERLAP,OVERLAP_WARM,SOCKET_BEST,SOCKET_OVERLAP,RESTART,DEVTOOLS",
            description = "Which ones, separated by commas; by default $${DEFAULT-VALUE}.")
    private List<Rivals.Kind> only;

    @Override
    public Integer call() throws Exception {
        Environment environment = Environment.now();
        environment.print();
        List<RecoveryFigures> all = new ArrayList<>();
        try (ScratchDirectory scratch = ScratchDirectory.create("recovery")) {
            Rivals rivals = new Rivals(scratch, reloads + 1);
            for (Rivals.Kind kind : only) {
                Rival rival = rivals.make(kind);
                System.out.printf("%s: %d reloads, %d s apart ...%n", rival.name(), reloads, every);
                RecoveryFigures figures = measure(rival);
                System.out.printf(
                        "  back after %.0f ms (median)%n", figures.backMillis().median());
                all.add(figures);
            }
        }
        RecoveryFigures.print(all);
        new ResultFile<>("recovery", environment, all).write();
        return 0;
    }

    private RecoveryFigures measure(Rival rival) throws Exception {
        List<String> options = List.of(
                "--connections=32",
                "--warm-up=" + WARM_UP_SECONDS + "s",
                "--duration=" + Math.round(every * (reloads + 0.99) * 1000) + "ms",
                "--sample=10ms",
                "--reload-every=" + every + "s",
                "--reload-cmd=" + rival.reload());
        try (RunningRival running = RunningRival.start(rival);
                LoadTests tests = new LoadTests(rival.home())) {
            tests.start(running.url("/"), options);
            return RecoveryFigures.of(rival.name(), tests.results().get(0), STEADY_SECONDS, every - STEADY_SECONDS);
        }
    }
}
