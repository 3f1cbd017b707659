package dev.supervisor.bench.figures;

/**
 * Swaps while a number of former generations each still finish a long request, an upload, and clients send requests.
 *
 * @param answered from the rebuilt jar to the first answer of the new build, in milliseconds
 * @param heapMib in use after full collections, like the metaspace
 */
public record DrainingGenerations(
        int draining, Quantiles answered, double heapMib, double metaspaceMib, double residentMib) {

    /** The number of classes of the application. */
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
