package dev.supervisor.bench.figures;

/**
 * Connections that wait while there is no build: the jar is taken away, each connects and asks, and then the new jar is
 * moved into place. In milliseconds from then on.
 *
 * @param firstAnswered the first of them
 * @param lastAnswered the last of them
 * @param heapKib for each, while they wait, after full collections; of few, that is less than what varies anyway
 * @param residentMib the whole process meanwhile, at most
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

    /** Whether they are enough. */
    public boolean tellsHeap() {
        return connections >= ENOUGH_FOR_HEAP;
    }
}
