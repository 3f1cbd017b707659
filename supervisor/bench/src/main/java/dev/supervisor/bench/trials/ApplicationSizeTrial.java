package dev.supervisor.bench.trials;

import dev.supervisor.bench.builds.Builds;
import dev.supervisor.bench.builds.Distribution;
import dev.supervisor.bench.builds.GeneratedApplication;
import dev.supervisor.bench.clients.ContinuousClients;
import dev.supervisor.bench.figures.ApplicationSize;
import dev.supervisor.bench.figures.Quantiles;
import dev.supervisor.bench.figures.ScaleFigures;
import dev.supervisor.bench.servers.GenerationHistory;
import dev.supervisor.bench.servers.ServerProcess;
import dev.supervisor.bench.servers.SupervisorEvent;
import dev.supervisor.bench.tools.ScratchDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Measures {@link ApplicationSize}. */
public final class ApplicationSizeTrial {

    private static final int WARM_UP = 10;
    private static final int PAUSE_MILLIS = 100;

    /**
     * Matches the metaspace that the class loader of a generation, or a hidden class of it, such as a lambda, has
     * filled.
     */
    private static final String METASPACE =
            "CLD 0x.*\"generation-%d\".*(?:\\n.*){2,3}?Both: .* ([\\d.]+) KB \\([^)]*\\) used";

    private record Swap(double loaded, double started, double answered) {}

    private ApplicationSizeTrial() {}

    public static ApplicationSize measure(int classes, int swaps) throws Exception {
        Queue<String> problems = new ConcurrentLinkedQueue<>();
        try (ScratchDirectory scratch = ScratchDirectory.create("classes")) {
            Builds builds = GeneratedApplication.builds(scratch, classes);
            builds.move(builds.make(1));
            List<String> command = Distribution.supervised(builds.jar());
            GenerationHistory transcript = new GenerationHistory(problems::add);
            try (ServerProcess server = ServerProcess.start(ScaleFigures.JAVA_OPTIONS, command, transcript)) {
                ContinuousClients clients =
                        new ContinuousClients(server.address(), ContinuousClients.BUILD, 1, problems::add);
                clients.start(1);
                clients.awaitAnswerOf(1);
                List<Swap> measured = new ArrayList<>();
                for (int build = 2; build < 2 + WARM_UP + swaps; build++) {
                    measured.add(swap(builds, build, clients, transcript));
                    if (!problems.isEmpty()) {
                        throw new IllegalStateException(problems.toString());
                    }
                }
                clients.stop();
                List<Swap> warm = measured.subList(WARM_UP, measured.size());
                ApplicationSize size = of(classes, warm, metaspaceKib(server, 1 + measured.size()));
                size.print();
                return size;
            }
        }
    }

    private static ApplicationSize of(int classes, List<Swap> swaps, double metaspaceKib) {
        return new ApplicationSize(
                classes,
                Quantiles.of(swaps, Swap::loaded),
                Quantiles.of(swaps, Swap::started),
                Quantiles.of(swaps, Swap::answered),
                metaspaceKib);
    }

    private static Swap swap(Builds builds, int build, ContinuousClients clients, GenerationHistory transcript)
            throws Exception {
        var next = builds.make(build);
        Thread.sleep(PAUSE_MILLIS);
        long begun = System.nanoTime();
        builds.move(next);
        long answered = clients.awaitAnswerOf(build) - begun;
        SupervisorEvent serving = transcript.awaitServing(build);
        transcript.awaitEnds(build - 1);
        return new Swap(serving.millis("loaded"), serving.millis("started"), answered / 1e6);
    }

    private static double metaspaceKib(ServerProcess server, int generation) throws Exception {
        Matcher loaders = Pattern.compile(METASPACE.formatted(generation))
                .matcher(server.jcmd("VM.metaspace show-loaders scale=K").text());
        return loaders.results()
                .mapToDouble(loader -> Double.parseDouble(loader.group(1)))
                .sum();
    }
}
