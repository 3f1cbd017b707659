package dev.supervisor.bench.figures;

/**
 * Idle keep-alive connections that a swap moves. Each has been answered; the jar is rebuilt; then each sends another
 * request, and the new build must answer all of them, on the same TCP connections. Times are in milliseconds from the
 * moment at which the rebuilt jar was moved into place; memory is for each connection, after full collections.
 *
 * @param serving when the new generation served
 * @param newConnection the first answer of the new build to a client that connects for each request
 * @param inUse the first answer of the new build on a connection in use, among all that move
 * @param moved when all had moved, and the former generation had ended
 * @param moveMicros from {@code serving} to {@code moved}, divided by the number of connections, in microseconds
 * @param asking from the new requests until all are answered
 * @param plainHeapKib the heap on plain Netty with the same application
 */
public record MovedConnections(
        int connections,
        Quantiles serving,
        Quantiles newConnection,
        Quantiles inUse,
        Quantiles moved,
        Quantiles moveMicros,
        Quantiles asking,
        double heapKib,
        double residentKib,
        double plainHeapKib,
        double plainResidentKib) {

    public static void printHead() {
        System.out.println();
        System.out.println("idle connections that move; ms from the rebuilt jar: median (maximum)");
        System.out.printf(
                "%12s%22s%22s%22s%22s%14s%28s%16s%n",
                "",
                "serving",
                "a new connection",
                "one in use",
                "all have moved",
                "each, µs",
                "heap, resident KiB each",
                "plain Netty");
    }

    public void print() {
        System.out.printf(
                "%,12d%22s%22s%22s%22s%14.1f%14.2f%14.2f%16.2f%n",
                connections,
                ScaleFigures.text(serving),
                ScaleFigures.text(newConnection),
                ScaleFigures.text(inUse),
                ScaleFigures.text(moved),
                moveMicros.median(),
                heapKib,
                residentKib,
                plainHeapKib);
    }
}
