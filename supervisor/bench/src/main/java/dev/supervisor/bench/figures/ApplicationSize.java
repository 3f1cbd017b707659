package dev.supervisor.bench.figures;

/**
 * Swaps of an application with a number of classes, all of which are loaded, in a warm JVM, while clients send
 * requests; times in milliseconds.
 *
 * @param loaded the time for the snapshot and its module
 * @param started the time for the application's {@code start}
 * @param answered from the rebuilt jar to the first answer of the new build
 * @param metaspaceKib the metaspace that the class loader of one generation has filled
 */
public record ApplicationSize(
        int classes, Quantiles loaded, Quantiles started, Quantiles answered, double metaspaceKib) {

    public static void printHead() {
        System.out.println();
        System.out.println("classes of the application; ms: median (maximum)");
        System.out.printf("%12s%22s%22s%22s%18s%n", "", "loaded", "started", "jar to first answer", "metaspace, KiB");
    }

    public void print() {
        System.out.printf(
                "%,12d%22s%22s%22s%,18.0f%n",
                classes,
                ScaleFigures.text(loaded),
                ScaleFigures.text(started),
                ScaleFigures.text(answered),
                metaspaceKib);
    }
}
