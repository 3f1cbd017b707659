package dev.supervisor.bench.figures;

/**
 * Swaps while so many former generations each still finish a long request, an upload, and clients ask.
 *
 * @param answered milliseconds from the rebuilt jar to the first answer of the new build
 * @param heapMib in use after full collections, as metaspace is
 */
public record DrainingGenerations(
        int draining, Quantiles answered, double heapMib, double metaspaceMib, double residentMib) {

    /** Of the application. */
    public static final int CLASSES = 200;

    public static void printHead() {
        System.out.println();
        System.out.printf("former generations that finish a request, of %d classes each%n", CLASSES);
        System.out.printf(
                "%12s%26s%12s%18s%18s%n",
                "", "jar to first answer, ms", "heap, MiB", "metaspace, MiB", "resident, MiB");
    }

    public void print() {
        System.out.printf(
                "%,12d%26s%12.2f%18.2f%18.2f%n",
                draining, ScaleFigures.text(answered), heapMib, metaspaceMib, residentMib);
    }
}
