package bench;

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
 * are rebuilt again and again while clients ask; what is in use after a full collection is looked at from outside. It
 * fails, with exit code 1, if that is more than 5% above what it was after the 50th generation, if a generation was not
 * unloaded, if a client was not answered or was answered by a former build, or if the transcript tells of anything that
 * is not expected. It draws what was in use, and then measures how long a generation takes to load and to start, in
 * JVMs that nobody asks.
 *
 * <p>500 generations of the small application come before and do not count: until then, the JIT compiler makes profiles
 * of the JDK's and the supervisor's own methods, which lie in metaspace (some 2 MiB; with
 * {@code -XX:TieredStopAtLevel=1} there are none).
 *
 * <p>The supervisors have the options in {@code SUPERVISOR_JAVA_OPTS}, by default
 * {@code -XX:MaxMetaspaceSize=96m -Xmx128m}.
 */
@Command(
        name = "generations",
        mixinStandardHelpOptions = true,
        description = "Thousands of generations: what they leave behind, and what each takes.")
class Generations implements Callable<Integer> {

    static final double TOLERANCE = 1.05;

    private static final String JAVA_OPTIONS =
            System.getenv().getOrDefault("SUPERVISOR_JAVA_OPTS", "-XX:MaxMetaspaceSize=96m -Xmx128m");
    private static final int SMALL = 20;
    private static final int LARGE = 2000;
    private static final int WARM_UP = 500;
    private static final int WARM = 50;
    private static final int SAMPLES = 40;
    private static final int KEEP_ALIVE_CLIENTS = 2;
    private static final int CLIENTS_PAUSE_MILLIS = 4;
    private static final int ANSWERS_BEFORE_SAMPLE = 40;
    private static final int COLLECTIONS = 5;
    private static final int MANY_PROBLEMS = 100;

    /** But those that come and go: the JIT compiler's, and Netty's one for what is on no event loop. */
    private static final Pattern JAVA_THREAD =
            Pattern.compile("^\"(?!C[12] CompilerThread|globalEventExecutor)[^\"]*\" #", Pattern.MULTILINE);

    enum Series {
        HEAP("heap used", "MiB"),
        METASPACE("metaspace used", "MiB"),
        THREADS("threads", ""),
        DESCRIPTORS("open descriptors", "");

        final String label;
        final String unit;

        Series(String label, String unit) {
            this.label = label;
            this.unit = unit;
        }
    }

    record Sample(int generation, Map<Series, Double> values) {}

    record Run(int classes, int generations, long answers, List<Sample> samples) {

        /** The generation that the end is compared with. */
        int warm() {
            return warmSample().generation();
        }

        double warm(Series series) {
            return warmSample().values().get(series);
        }

        private Sample warmSample() {
            return samples.stream()
                    .filter(sample -> sample.generation() >= Math.min(WARM, generations / 4))
                    .findFirst()
                    .orElseThrow();
        }

        double end(Series series) {
            return samples.get(samples.size() - 1).values().get(series);
        }

        double maximum(Series series) {
            return samples.stream()
                    .mapToDouble(sample -> sample.values().get(series))
                    .max()
                    .orElseThrow();
        }
    }

    record Figures(List<Run> inUse, List<GenerationTimes> times, int problems) {}

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
            defaultValue = "bench/generations.svg",
            paramLabel = "SVG",
            description = "The drawing; by default bench/generations.svg.")
    private Path svg;

    private final AtomicInteger problems = new AtomicInteger();

    @Override
    public Integer call() throws Exception {
        Environment environment = Environment.now();
        environment.print();
        System.out.println(JAVA_OPTIONS);
        try (Scratch scratch = Scratch.create("generations")) {
            Builds smallBuilds = Parts.builds(scratch, SMALL);
            Builds largeBuilds = Parts.builds(scratch, LARGE);
            List<Run> runs = new Trial(smallBuilds).run(smallBuilds, largeBuilds);
            runs.forEach(Generations::print);
            GenerationsDrawing.write(svg, runs, JAVA_OPTIONS);
            checkWhatIsLeft(runs);
            List<GenerationTimes> times = jvms == 0 ? List.of() : times(scratch, smallBuilds, largeBuilds);
            new Results("generations", environment, new Figures(runs, times, problems.get())).write();
        }
        return problems.get() == 0 ? 0 : 1;
    }

    private void fail(String problem) {
        if (problems.incrementAndGet() <= MANY_PROBLEMS) {
            System.out.println("FAILED: " + problem);
        }
    }

    private List<GenerationTimes> times(Scratch scratch, Builds smallBuilds, Builds largeBuilds) throws Exception {
        Classes timed = Classes.compile(scratch.make("timed"), "bench/timed/Timed.java");
        var laboratory = new GenerationTimes.Laboratory(timed, JAVA_OPTIONS, this::fail);
        GenerationTimes.printHead();
        return List.of(
                laboratory.cold(SMALL, smallBuilds, jvms),
                laboratory.warm(SMALL, smallBuilds, jvms * 10),
                laboratory.cold(LARGE, largeBuilds, jvms),
                laboratory.warm(LARGE, largeBuilds, jvms * 10));
    }

    private void checkWhatIsLeft(List<Run> runs) {
        for (Run run : runs) {
            Arrays.stream(Series.values())
                    .filter(series -> run.end(series) > run.warm(series) * TOLERANCE)
                    .forEach(series -> fail(run.classes() + " classes: more than 5% more " + series.label));
        }
    }

    private static void print(Run run) {
        System.out.printf(
                "%n%,d generations of %,d classes, %,d answers%n", run.generations(), run.classes(), run.answers());
        System.out.printf(
                "%-20s%16s%10s%12s%9s%n", "", "after the " + run.warm() + "th", "maximum", "at the end", "change");
        for (Series series : Series.values()) {
            double warm = run.warm(series);
            double end = run.end(series);
            System.out.printf(
                    "%-20s%16.2f%10.2f%12.2f%+8.1f%%%n",
                    (series.label + " " + series.unit).strip(), warm, run.maximum(series), end, (end / warm - 1) * 100);
        }
    }

    /** One supervisor and its clients, while one build after another is moved into place. */
    private class Trial {

        private final Transcript transcript = new Transcript(Generations.this::fail);
        private final Server server;
        private final Clients clients;
        private int build = 1;

        Trial(Builds first) throws Exception {
            first.move(first.make(build));
            server = Server.start(JAVA_OPTIONS, Distribution.supervised(first.jar()), transcript);
            clients = new Clients(server.address(), Clients.BUILD, CLIENTS_PAUSE_MILLIS, Generations.this::fail);
        }

        List<Run> run(Builds smallBuilds, Builds largeBuilds) throws Exception {
            List<Run> runs = new ArrayList<>();
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

        private Run run(int classes, Builds builds, int generations) throws Exception {
            System.out.printf("%,d generations of %,d classes ", generations, classes);
            long answersBefore = clients.answers.get();
            List<Sample> samples = new ArrayList<>();
            for (int i = 1; i <= generations; i++) {
                swap(builds);
                if (i % Math.max(1, generations / SAMPLES) == 0 || i == generations) {
                    samples.add(new Sample(i, inUse()));
                    System.out.print(".");
                }
            }
            System.out.println();
            return new Run(classes, generations, clients.answers.get() - answersBefore, samples);
        }

        private void swap(Builds builds) throws Exception {
            if (problems.get() > MANY_PROBLEMS) {
                throw new IllegalStateException("too many problems");
            }
            builds.move(builds.make(++build));
            clients.awaitAnswerOf(build);
        }

        /** After all event loops have been used, and while nobody asks: so it does not depend on the moment. */
        private Map<Series, Double> inUse() throws Exception {
            clients.awaitMoreAnswers(ANSWERS_BEFORE_SAMPLE);
            clients.asking.writeLock().lock();
            try {
                transcript.awaitServing(build);
                Server.Memory memory = memoryWithoutFormerGenerations();
                return Map.of(
                        Series.HEAP,
                        memory.heap() / 1024,
                        Series.METASPACE,
                        memory.metaspace() / 1024,
                        Series.THREADS,
                        (double) threads(),
                        Series.DESCRIPTORS,
                        (double) server.descriptors());
            } finally {
                clients.asking.writeLock().unlock();
            }
        }

        /** Collects until all that has ended is unloaded, if that helps. */
        private Server.Memory memoryWithoutFormerGenerations() throws IOException {
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
