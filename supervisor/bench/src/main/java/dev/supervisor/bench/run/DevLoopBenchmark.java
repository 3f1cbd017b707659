package dev.supervisor.bench.run;

import dev.supervisor.bench.builds.MavenHome;
import dev.supervisor.bench.builds.PluginRepository;
import dev.supervisor.bench.clients.DevLoopClient;
import dev.supervisor.bench.figures.DevLoopFigures;
import dev.supervisor.bench.figures.DevLoopFigures.Loop;
import dev.supervisor.bench.figures.DevLoopFigures.Start;
import dev.supervisor.bench.figures.Environment;
import dev.supervisor.bench.figures.ResultFile;
import dev.supervisor.bench.run.DevLoop.Running;
import dev.supervisor.bench.tools.Polling;
import dev.supervisor.bench.tools.Programs;
import dev.supervisor.bench.tools.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Measures the loop of a developer, from saving a source to the new answer, with the supervisor's plugin for Maven and
 * with what one would use instead; and how long the plugin takes to start. Its plugin is that of this build.
 */
@Command(
        name = "dev-loop",
        mixinStandardHelpOptions = true,
        description = "From saving a source to the new answer: supervisor:run, quarkus:dev, DevTools, Vite.")
@SuppressWarnings("NullAway.Init") // picocli sets its fields
class DevLoopBenchmark implements Callable<Integer> {

    private static final int WARM_UP_SAVES = 5;
    /** The first start of a rival may download it. */
    private static final Duration START = Duration.ofMinutes(5);

    private static final Duration ANSWER = Duration.ofSeconds(Polling.TIMEOUT_SECONDS);

    @Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(
            names = "--saves",
            defaultValue = "30",
            paramLabel = "SAVES",
            description = "How many are measured of each, after some to warm up; by default 30.")
    private int saves;

    @Option(
            names = "--starts",
            defaultValue = "3",
            paramLabel = "STARTS",
            description = "How often the plugin is started on each project; by default 3. 0 leaves starts out.")
    private int starts;

    @Option(
            names = "--scan-pause",
            defaultValue = "3000",
            paramLabel = "MILLIS",
            description =
                    "Before each save with quarkus:dev, which looks for changes at most each 2 s; by default 3000.")
    private int scanPause;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "NAME",
            description =
                    "Which ones, separated by commas: plugin-2, plugin-200, plugin-1000-body, plugin-1000-constant,"
                            + " plugin-lombok, plugin-kotlin, build-mvn, quarkus, devtools-mvn, devtools-javac,"
                            + " devtools-polling, vite. By default all.")
    private List<String> only = List.of();

    @Option(
            names = "--repository",
            paramLabel = "DIRECTORY",
            defaultValue = "${sys:user.home}/.m2/repository",
            description = "Maven's local repository; by default ~/.m2/repository.")
    private Path repository;

    @Override
    public Integer call() throws Exception {
        Environment environment = Environment.now();
        environment.print();
        DevLoops loops = new DevLoops(MavenHome.unpack(), PluginRepository.of(repository), scanPause);
        List<DevLoop> all = chosen(loops.all());
        List<Loop> measured = new ArrayList<>();
        System.out.println("from the save to the new answer, median (maximum) in ms");
        for (DevLoop loop : all) {
            Loop figures = measure(loop);
            print(figures);
            measured.add(figures);
        }
        List<Start> started = starts == 0 ? List.of() : new DevLoopStarts(loops, starts).measure();
        new ResultFile<>("dev-loop", environment, new DevLoopFigures(measured, started)).write();
        return 0;
    }

    private List<DevLoop> chosen(List<DevLoop> loops) {
        List<String> names = loops.stream().map(DevLoop::name).toList();
        if (!names.containsAll(only)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "not all of " + only + " are among " + String.join(", ", names));
        }
        return loops.stream()
                .filter(loop -> only.isEmpty() || only.contains(loop.name()))
                .toList();
    }

    /** A tool that can't be had, or does not work, is left out. */
    private Loop measure(DevLoop loop) throws IOException, InterruptedException {
        try (ScratchDirectory scratch = ScratchDirectory.create("dev-loop")) {
            try {
                return measure(loop, loop.starting().start(scratch.make("project")));
            } catch (RuntimeException e) {
                System.err.println(loop.name() + " is left out: " + e.getMessage());
                String reason = e instanceof Programs.Missing ? e.getMessage() : "it has failed";
                return figures(loop, 0, 0, 0, List.of(), String.valueOf(reason));
            }
        }
    }

    private Loop measure(DevLoop loop, Running running) throws IOException, InterruptedException {
        try (var server = running.server();
                DevLoopClient client = new DevLoopClient(server.port(), running.path())) {
            try {
                client.awaitAnswer(running.project().text(0), START, server::isAlive);
                for (int i = 1; i <= WARM_UP_SAVES; i++) {
                    save(loop, running, client, i);
                }
                client.forget();
                List<Double> millis = new ArrayList<>();
                for (int i = 1; i <= saves; i++) {
                    millis.add(save(loop, running, client, WARM_UP_SAVES + i));
                }
                return figures(loop, client.stale(), client.closed(), client.failed(), millis, "");
            } catch (IllegalStateException e) {
                throw new IllegalStateException(e.getMessage() + "\n" + server.output(), e);
            }
        }
    }

    private static double save(DevLoop loop, Running running, DevLoopClient client, int number)
            throws IOException, InterruptedException {
        TimeUnit.MILLISECONDS.sleep(loop.pause().millis(number));
        long saved = System.nanoTime();
        running.project().save(number);
        CompletableFuture<?> compiled = running.afterSave().begin();
        long answered = client.awaitAnswer(running.project().text(number), ANSWER, running.server()::isAlive);
        compiled.join();
        return (answered - saved) / 1e6;
    }

    private static Loop figures(DevLoop loop, int stale, int closed, int failed, List<Double> millis, String leftOut) {
        return new Loop(loop.name(), loop.tool(), loop.project(), loop.aim(), stale, closed, failed, millis, leftOut);
    }

    private static void print(Loop loop) {
        if (loop.isMeasured()) {
            System.out.printf(
                    Locale.ROOT,
                    "%-22s%8.0f (%.0f)  %d stale, %d closed, %d failed%n",
                    loop.name(),
                    loop.millis().median(),
                    loop.millis().maximum(),
                    loop.stale(),
                    loop.closed(),
                    loop.failed());
        } else {
            System.out.printf("%-22s%8s%n", loop.name(), "left out");
        }
    }
}
