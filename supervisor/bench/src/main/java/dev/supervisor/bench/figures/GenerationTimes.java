package dev.supervisor.bench.figures;

/**
 * How long generations take to load and to start, in JVMs without clients; all times in milliseconds.
 *
 * @param classes the number of classes of the application
 * @param state the state of the JVM: cold or warm
 * @param loaded the time for the snapshot and its module
 * @param started the time for the application's {@code start}
 */
public record GenerationTimes(int classes, String state, Quantiles loaded, Quantiles started) {

    public static void printHead() {
        System.out.printf("%n%-40s%22s%22s%n", "ms: median (99%)", "loaded", "started");
    }

    public void print(String what) {
        System.out.printf("%-40s%22s%22s%n", what, text(loaded), text(started));
    }

    private static String text(Quantiles millis) {
        return String.format("%.1f (%.1f)", millis.median(), millis.p99());
    }
}
