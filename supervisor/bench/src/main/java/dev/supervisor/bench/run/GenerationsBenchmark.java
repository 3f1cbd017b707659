package dev.supervisor.bench.run;

import dev.supervisor.bench.builds.Builds;
import dev.supervisor.bench.builds.Distribution;
import dev.supervisor.bench.builds.GeneratedApplication;
import dev.supervisor.bench.clients.ContinuousClients;
import dev.supervisor.bench.drawing.GenerationsDrawing;
import dev.supervisor.bench.figures.Environment;
import dev.supervisor.bench.figures.GenerationTimes;
import dev.supervisor.bench.figures.GenerationsFigures;
import dev.supervisor.bench.figures.ResultFile;
import dev.supervisor.bench.servers.GenerationHistory;
import dev.supervisor.bench.servers.ServerProcess;
import dev.supervisor.bench.tools.ScratchDirectory;
import dev.supervisor.bench.trials.GenerationTimer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Shows that generations leave nothing behind. One supervisor serves a small application and then a large one, which
 * are rebuilt again and again while clients send requests; the resources in use after a full collection are measured
 * from outside. The benchmark fails, with exit code 1, if more than 5% more is in use at the end than after the 50th
 * generation, if a generation was not unloaded, if a client was not answered or was answered by a former build, or if
 * the transcript has anything unexpected. It draws the resources in use, and then measures how long a generation takes
 * to load and to start, in JVMs without clients.
 *
 * <p>500 generations of the small application come before and do not count: until then, the JIT compiler makes profiles
 * of the JDK's and the supervisor's own methods, which lie in metaspace (some 2 MiB; with {@code
 * -XX:TieredStopAtLevel=1} there are none).
 *
 * <p>The supervisors have the options in {@code SUPERVISOR_JAVA_OPTS}, by default {@code -XX:MaxMetaspaceSize=96m
 * -Xmx128m}.
 */
@Command(
        name = "generations",
        mixinStandardHelpOptions = true,
        description = "Thousands of generations: what they leave behind, and what each takes.")
@SuppressWarnings("NullAway.Init") // picocli sets its fields
class GenerationsBenchmark implements Callable<Integer> {

    private static final String JAVA_OPTIONS =
            System.getenv().getOrDefault("SUPERVISOR_JAVA_OPTS", "-XX:MaxMetaspaceSize=96m -Xmx128m");
    private static final int SMALL = 20;
    private static final int LARGE = 2000;
    private static final int WARM_UP = 500;
    private static final int SAMPLES = 40;
    private static final int KEEP_ALIVE_CLIENTS = 2;
    private static final int CLIENTS_PAUSE_MILLIS = 4;
    private static final int ANSWERS_BEFORE_SAMPLE = 40;
    private static final int COLLECTIONS = 5;
    private static final int MANY_PROBLEMS = 100;

    /**
     * Matches Java threads, except the ones that come and go: threads of the JIT compiler, and Netty's thread for tasks
     * on no event loop.
     */
    private static final Pattern JAVA_THREAD =
            Pattern.compile("^\"(?!C[12] CompilerThread|globalEventExecutor)[^\"]*\" #", Pattern.MULTILINE);

    @Parameters(
            arity = "0..1",
            index = "0",
            defaultValue = "2000",
            paramLabel = "SMALL",
            description = "How many generations of the small application; by default 2000.")
    private int small;

    @Parameters(
            arity = "0..1",
            index = "1",
            defaultValue = "200",
            paramLabel = "LARGE",
            description = "How many generations of the large application; by default 200.")
    private int large;

    @Parameters(
            arity = "0..1",
            index = "2",
            defaultValue = "3",
            paramLabel = "JVMS",
            description = "How many cold JVMs for the times, by default 3 (0 for no times), and ten times as many"
                    + " generations of a warm one.")
    private int jvms;

    @Parameters(
            arity = "0..1",
            index = "3",
            defaultValue = "supervisor/bench/drawings/generations.svg",
            paramLabel = "SVG",
            description = "The drawing; by default supervisor/bench/drawings/generations.svg.")
    private Path svg;

    private final AtomicInteger problems = new AtomicInteger();

    @Override
    public Integer call() throws Exception {
        Environment environment = Environment.now();
        environment.print();
        System.out.println(JAVA_OPTIONS);
        try (ScratchDirectory scratch = ScratchDirectory.create("generations")) {
            Builds smallBuilds = GeneratedApplication.builds(scratch, SMALL);
            Builds largeBuilds = GeneratedApplication.builds(scratch, LARGE);
            List<GenerationsFigures.Run> runs = new Trial(smallBuilds).run(smallBuilds, largeBuilds);
            runs.forEach(GenerationsBenchmark::print);
            GenerationsDrawing.write(svg, runs, JAVA_OPTIONS);
            checkWhatIsLeft(runs);
            List<GenerationTimes> times = jvms == 0 ? List.of() : times(smallBuilds, largeBuilds);
            new ResultFile<>("generations", environment, new GenerationsFigures(runs, times, problems.get())).write();
        }
        return problems.get() == 0 ? 0 : 1;
    }

    private void fail(String problem) {
        if (problems.incrementAndGet() <= MANY_PROBLEMS) {
            System.out.println("FAILED: " + problem);
        }
    }

    private List<GenerationTimes> times(Builds smallBuilds, Builds largeBuilds) throws Exception {
        var timer = new GenerationTimer(JAVA_OPTIONS, this::fail);
        GenerationTimes.printHead();
        return List.of(
                timer.cold(SMALL, smallBuilds, jvms),
                timer.warm(SMALL, smallBuilds, jvms * 10),
                timer.cold(LARGE, largeBuilds, jvms),
                timer.warm(LARGE, largeBuilds, jvms * 10));
    }

    private void checkWhatIsLeft(List<GenerationsFigures.Run> runs) {
        for (GenerationsFigures.Run run : runs) {
            Arrays.stream(GenerationsFigures.Series.values())
                    .filter(series -> run.end(series) > run.warm(series) * GenerationsFigures.TOLERANCE)
                    .forEach(series -> fail(run.classes() + " classes: more than 5% more " + series.label));
        }
    }

    private static void print(GenerationsFigures.Run run) {
        System.out.printf(
                "%n%,d generations of %,d classes, %,d answers%n", run.generations(), run.classes(), run.answers());
        System.out.printf(
                "%-20s%16s%10s%12s%9s%n", "", "after the " + run.warm() + "th", "maximum", "at the end", "change");
        for (GenerationsFigures.Series series : GenerationsFigures.Series.values()) {
            double warm = run.warm(series);
            double end = run.end(series);
            System.out.printf(
                    "%-20s%16.2f%10.2f%12.2f%+8.1f%%%n",
                    (series.label + " " + series.unit).strip(), warm, run.maximum(series), end, (end / warm - 1) * 100);
        }
    }

    /** One supervisor and its clients, while one build after another is moved into place. */
    private class Trial {

        private final GenerationHistory transcript = new GenerationHistory(GenerationsBenchmark.this::fail);
        private final ServerProcess server;
        private final ContinuousClients clients;
        private int build = 1;

        Trial(Builds first) throws Exception {
            first.move(first.make(build));
            server = ServerProcess.start(JAVA_OPTIONS, Distribution.supervised(first.jar()), transcript);
            clients = new ContinuousClients(
                    server.address(), ContinuousClients.BUILD, CLIENTS_PAUSE_MILLIS, GenerationsBenchmark.this::fail);
        }

        List<GenerationsFigures.Run> run(Builds smallBuilds, Builds largeBuilds) throws Exception {
            List<GenerationsFigures.Run> runs = new ArrayList<>();
            try {
                clients.start(KEEP_ALIVE_CLIENTS);
                clients.awaitAnswerOf(build);
                while (build < WARM_UP) {
                    swap(smallBuilds);
                }
                runs.add(run(SMALL, smallBuilds, small));
                runs.add(run(LARGE, largeBuilds, large));
                clients.stop();
            } finally {
                int exitCode = server.end();
                if (exitCode != 0) {
                    fail("the exit code of the supervisor is " + exitCode);
                }
            }
            List<Integer> left = transcript.notUnloaded(2);
            if (!left.isEmpty()) {
                fail(left.size() + " generations were not unloaded: " + left);
            }
            return runs;
        }

        private GenerationsFigures.Run run(int classes, Builds builds, int generations) throws Exception {
            System.out.printf("%,d generations of %,d classes ", generations, classes);
            long answersBefore = clients.answers.get();
            List<GenerationsFigures.Sample> samples = new ArrayList<>();
            for (int i = 1; i <= generations; i++) {
                swap(builds);
                if (i % Math.max(1, generations / SAMPLES) == 0 || i == generations) {
                    samples.add(new GenerationsFigures.Sample(i, inUse()));
                    System.out.print(".");
                }
            }
            System.out.println();
            return new GenerationsFigures.Run(classes, generations, clients.answers.get() - answersBefore, samples);
        }

        private void swap(Builds builds) throws Exception {
            if (problems.get() > MANY_PROBLEMS) {
                throw new IllegalStateException("too many problems");
            }
            builds.move(builds.make(++build));
            clients.awaitAnswerOf(build);
        }

        /**
         * Returns the resources in use, after all event loops have been used and while no request is under way, so that
         * they do not depend on the moment.
         */
        private Map<GenerationsFigures.Series, Double> inUse() throws Exception {
            clients.awaitMoreAnswers(ANSWERS_BEFORE_SAMPLE);
            clients.asking.writeLock().lock();
            try {
                transcript.awaitServing(build);
                ServerProcess.Memory memory = memoryWithoutFormerGenerations();
                return Map.of(
                        GenerationsFigures.Series.HEAP,
                        memory.heap() / 1024,
                        GenerationsFigures.Series.METASPACE,
                        memory.metaspace() / 1024,
                        GenerationsFigures.Series.THREADS,
                        (double) threads(),
                        GenerationsFigures.Series.DESCRIPTORS,
                        (double) server.descriptors());
            } finally {
                clients.asking.writeLock().unlock();
            }
        }

        /** Collects until all ended generations are unloaded, or a few times in vain, and returns the memory in use. */
        private ServerProcess.Memory memoryWithoutFormerGenerations() throws IOException {
            for (int i = 0; i < COLLECTIONS && !transcript.notUnloaded(1).isEmpty(); i++) {
                server.jcmd("GC.run");
            }
            return server.memory();
        }

        private long threads() throws IOException {
            return JAVA_THREAD
                    .matcher(server.jcmd("Thread.print").text())
                    .results()
                    .count();
        }
    }
}
