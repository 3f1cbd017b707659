package dev.supervisor.bench.trials;

import dev.supervisor.bench.builds.Builds;
import dev.supervisor.bench.builds.Distribution;
import dev.supervisor.bench.builds.GeneratedApplication;
import dev.supervisor.bench.figures.GenerationTimes;
import dev.supervisor.bench.figures.Quantiles;
import dev.supervisor.bench.servers.GenerationHistory;
import dev.supervisor.bench.servers.ServerProcess;
import dev.supervisor.bench.servers.SupervisorEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Measures {@link GenerationTimes} with builds of a {@link GeneratedApplication}.
 *
 * @param problem receives everything unexpected
 */
public record GenerationTimer(String javaOptions, Consumer<String> problem) {

    private static final int WARM_UP = 50;

    private record Times(double loaded, double started) {}

    /** Measures the first generation of each of a number of JVMs. */
    public GenerationTimes cold(int classes, Builds builds, int jvms) throws Exception {
        List<Times> times = new ArrayList<>();
        for (int i = 0; i < jvms; i++) {
            times.addAll(times(builds, 1));
        }
        return of(classes, "cold", times);
    }

    /** Measures a number of generations of one warm JVM. */
    public GenerationTimes warm(int classes, Builds builds, int generations) throws Exception {
        List<Times> times = times(builds, WARM_UP + generations);
        return of(classes, "warm", times.subList(WARM_UP, times.size()));
    }

    private List<Times> times(Builds builds, int generations) throws Exception {
        List<Times> times = new ArrayList<>();
        builds.move(builds.make(1));
        GenerationHistory transcript = new GenerationHistory(problem);
        List<String> command = Distribution.supervised(builds.jar());
        try (ServerProcess server = ServerProcess.start(javaOptions, command, transcript)) {
            server.address();
            for (int generation = 1; generation <= generations; generation++) {
                if (generation > 1) {
                    builds.move(builds.make(generation));
                }
                SupervisorEvent serving = transcript.awaitServing(generation);
                transcript.awaitEnds(generation - 1);
                times.add(new Times(serving.millis("loaded"), serving.millis("started")));
            }
        }
        return times;
    }

    private static GenerationTimes of(int classes, String state, List<Times> times) {
        GenerationTimes figures = new GenerationTimes(
                classes, state, Quantiles.of(times, Times::loaded), Quantiles.of(times, Times::started));
        String what = String.format("%,d classes, %d in a %s JVM", classes, times.size(), state);
        figures.print(what);
        return figures;
    }
}
