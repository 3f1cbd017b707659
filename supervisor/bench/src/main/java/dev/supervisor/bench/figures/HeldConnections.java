package dev.supervisor.bench.figures;

/**
 * Connections that wait while there is no build: the jar is taken away, each client connects and sends a request, and
 * then the new jar is moved into place. Times are in milliseconds from that move.
 *
 * @param firstAnswered when the first connection was answered
 * @param lastAnswered when the last connection was answered
 * @param heapKib the heap for each connection, while they wait, after full collections; for few connections it is less
 *     than the usual variation
 * @param residentMib the most resident memory of the whole process meanwhile
 */
public record HeldConnections(
        int connections, Quantiles firstAnswered, Quantiles lastAnswered, double heapKib, double residentMib) {

    private static final int ENOUGH_FOR_HEAP = 1000;

    public static void printHead() {
        System.out.println();
        System.out.println("connections that wait while there is no build; ms from the jar in place: median (maximum)");
        System.out.printf(
                "%12s%22s%22s%16s%16s%n", "", "first answered", "last answered", "heap, KiB each", "resident, MiB");
    }

    public void print() {
        System.out.printf(
                "%,12d%22s%22s%16s%16.0f%n",
                connections,
                ScaleFigures.text(firstAnswered),
                ScaleFigures.text(lastAnswered),
                tellsHeap() ? String.format("%.2f", heapKib) : "-",
                residentMib);
    }

    /** Returns whether there are enough connections for a meaningful {@code heapKib}. */
    public boolean tellsHeap() {
        return connections >= ENOUGH_FOR_HEAP;
    }
}
