package bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * How long generations take to load and to start, in JVMs that nobody asks; all in milliseconds.
 *
 * @param classes of the application
 * @param state of the JVM: cold or warm
 * @param loaded the snapshot and its module
 * @param started the application's {@code start}
 */
record GenerationTimes(int classes, String state, Quantiles loaded, Quantiles started) {

    private record Times(double loaded, double started) {}

    private static final int WARM_UP = 50;

    static void printHead() {
        System.out.printf("%n%-40s%22s%22s%n", "ms: median (99%)", "loaded", "started");
    }

    private static GenerationTimes of(int classes, String state, List<Times> times) {
        GenerationTimes of = new GenerationTimes(
                classes, state, Quantiles.of(times, Times::loaded), Quantiles.of(times, Times::started));
        String what = String.format("%,d classes, %d in a %s JVM", classes, times.size(), state);
        System.out.printf("%-40s%22s%22s%n", what, text(of.loaded), text(of.started));
        return of;
    }

    private static String text(Quantiles millis) {
        return String.format("%.1f (%.1f)", millis.median(), millis.p99());
    }

    /** Makes the jars of builds, as {@link Parts} does, and the class {@code timed.Timed}. */
    record Laboratory(Classes timed, String javaOptions, Consumer<String> problem) {

        /** The first generation of each of so many JVMs. */
        GenerationTimes cold(int classes, Builds builds, int jvms) throws Exception {
            List<Times> times = new ArrayList<>();
            for (int i = 0; i < jvms; i++) {
                times.addAll(times(builds, 1));
            }
            return of(classes, "cold", times);
        }

        /** So many generations of one JVM. */
        GenerationTimes warm(int classes, Builds builds, int generations) throws Exception {
            List<Times> times = times(builds, WARM_UP + generations);
            return of(classes, "warm", times.subList(WARM_UP, times.size()));
        }

        private List<Times> times(Builds builds, int generations) throws Exception {
            List<Times> times = new ArrayList<>();
            builds.move(builds.make(1));
            Transcript transcript = new Transcript(problem);
            List<String> command = Distribution.timed(javaOptions, timed.directory(), builds.jar());
            try (Server server = Server.start(javaOptions, command, transcript)) {
                server.address();
                for (int generation = 1; generation <= generations; generation++) {
                    if (generation > 1) {
                        builds.move(builds.make(generation));
                    }
                    Report line = new Report(transcript.awaitServing(generation));
                    transcript.awaitEnds(generation - 1);
                    times.add(new Times(line.number("loaded (\\d+) ns") / 1e6, line.number("started (\\d+) ns") / 1e6));
                }
            }
            return times;
        }
    }
}
