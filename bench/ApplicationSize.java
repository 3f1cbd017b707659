package bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Swaps of an application of so many classes, all of which are loaded, in a warm JVM, while clients ask; in
 * milliseconds.
 *
 * @param loaded the snapshot and its module
 * @param started the application's {@code start}
 * @param answered from the rebuilt jar to the first answer of the new build
 * @param metaspaceKib of one generation: what its class loader has filled
 */
record ApplicationSize(int classes, Quantiles loaded, Quantiles started, Quantiles answered, double metaspaceKib) {

    private static final int WARM_UP = 10;
    private static final int PAUSE_MILLIS = 100;

    /** What the loader of a generation, or a hidden class of it, such as a lambda, has filled. */
    private static final String METASPACE =
            "CLD 0x.*\"generation-%d\".*(?:\\n.*){2,3}?Both: .* ([\\d.]+) KB \\([^)]*\\) used";

    private record Swap(double loaded, double started, double answered) {}

    static void printHead() {
        System.out.println();
        System.out.println("classes of the application; ms: median (maximum)");
        System.out.printf("%12s%22s%22s%22s%18s%n", "", "loaded", "started", "jar to first answer", "metaspace, KiB");
    }

    void print() {
        System.out.printf(
                "%,12d%22s%22s%22s%,18.0f%n",
                classes, Scale.text(loaded), Scale.text(started), Scale.text(answered), metaspaceKib);
    }

    static ApplicationSize measure(int classes, int swaps) throws Exception {
        Queue<String> problems = new ConcurrentLinkedQueue<>();
        try (Scratch scratch = Scratch.create("classes")) {
            Classes timed = Classes.compile(scratch.make("timed"), "bench/timed/Timed.java");
            Builds builds = Parts.builds(scratch, classes);
            builds.move(builds.make(1));
            List<String> command = Distribution.timed(Scale.JAVA_OPTIONS, timed.directory(), builds.jar());
            Transcript transcript = new Transcript(problems::add);
            try (Server server = Server.start(Scale.JAVA_OPTIONS, command, transcript)) {
                Clients clients = new Clients(server.address(), Clients.BUILD, 1, problems::add);
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

    private static Swap swap(Builds builds, int build, Clients clients, Transcript transcript) throws Exception {
        var next = builds.make(build);
        Thread.sleep(PAUSE_MILLIS);
        long begun = System.nanoTime();
        builds.move(next);
        long answered = clients.awaitAnswerOf(build) - begun;
        Report serving = new Report(transcript.awaitServing(build));
        transcript.awaitEnds(build - 1);
        return new Swap(
                serving.number("loaded (\\d+) ns") / 1e6, serving.number("started (\\d+) ns") / 1e6, answered / 1e6);
    }

    private static double metaspaceKib(Server server, int generation) throws Exception {
        Matcher loaders = Pattern.compile(METASPACE.formatted(generation))
                .matcher(server.jcmd("VM.metaspace show-loaders scale=K").text());
        return loaders.results()
                .mapToDouble(loader -> Double.parseDouble(loader.group(1)))
                .sum();
    }
}
