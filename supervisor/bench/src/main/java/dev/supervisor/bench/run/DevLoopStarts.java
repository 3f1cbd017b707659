package dev.supervisor.bench.run;

import dev.supervisor.bench.builds.DevProject;
import dev.supervisor.bench.builds.GeneratedParts;
import dev.supervisor.bench.clients.DevLoopClient;
import dev.supervisor.bench.figures.DevLoopFigures.Start;
import dev.supervisor.bench.figures.Quantiles;
import dev.supervisor.bench.servers.DevServer;
import dev.supervisor.bench.tools.Polling;
import dev.supervisor.bench.tools.ScratchDirectory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long {@code mvn supervisor:run} takes from the command to the first answer, beside {@code mvn -o -q compile}. */
final class DevLoopStarts {

    private final DevLoops loops;
    private final int rounds;

    DevLoopStarts(DevLoops loops, int rounds) {
        this.loops = loops;
        this.rounds = rounds;
    }

    List<Start> measure() throws IOException, InterruptedException {
        System.out.println(
                "starts, median (maximum) in s: mvn compile, supervisor:run; again, with nothing to compile");
        try (ScratchDirectory scratch = ScratchDirectory.create("dev-loop-starts")) {
            return List.of(
                    measure("2 sources", DevProject.copy("plain", scratch.make("plain"), DevLoops.ANSWER)),
                    measure(
                            "1,000 sources",
                            DevProject.generate(1_000, scratch.make("generated"), GeneratedParts.BODY)));
        }
    }

    private Start measure(String name, DevProject project) throws IOException, InterruptedException {
        loops.compile(project);
        List<Double> compileClean = new ArrayList<>();
        List<Double> runClean = new ArrayList<>();
        List<Double> compileAgain = new ArrayList<>();
        List<Double> runAgain = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            project.clean();
            compileClean.add(compile(project));
            compileAgain.add(compile(project));
            project.clean();
            runClean.add(run(project));
            runAgain.add(run(project));
        }
        Start start = new Start(name, of(compileClean), of(runClean), of(compileAgain), of(runAgain));
        System.out.printf(
                Locale.ROOT,
                "%-22s%s, %s; %s, %s%n",
                name,
                text(start.compileClean()),
                text(start.runClean()),
                text(start.compileAgain()),
                text(start.runAgain()));
        return start;
    }

    private double compile(DevProject project) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        loops.compileOffline(project);
        return (System.nanoTime() - begun) / 1e9;
    }

    private double run(DevProject project) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        try (DevServer server = loops.startPlugin(project, "-o");
                DevLoopClient client = new DevLoopClient(server.port(), "/")) {
            long answered =
                    client.awaitAnswer(project.text(0), Duration.ofSeconds(Polling.TIMEOUT_SECONDS), server::isAlive);
            return (answered - begun) / 1e9;
        }
    }

    private static Quantiles of(List<Double> seconds) {
        return Quantiles.of(seconds, Double::doubleValue);
    }

    private static String text(Quantiles seconds) {
        return String.format(Locale.ROOT, "%.1f (%.1f)", seconds.median(), seconds.maximum());
    }
}
