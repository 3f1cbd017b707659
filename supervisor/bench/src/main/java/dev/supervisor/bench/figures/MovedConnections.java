package dev.supervisor.bench.figures;

/**
 * Idle keep-alive connections that a swap moves. Each has been answered; the jar is rebuilt; then each asks again, and
 * all must be answered by the new build, on the same TCP connection. In milliseconds from the moment that the rebuilt
 * jar was moved into place; memory is what each takes after full collections.
 *
 * @param serving the new generation
 * @param newConnection the first answer of the new build to a client that connects for each request
 * @param inUse the first answer of the new build on a connection in use, among all that move
 * @param moved all have, and the former generation has ended
 * @param moveMicros from serving to that, for each connection
 * @param asking from when each asks again until all are answered
 * @param plainHeapKib on plain Netty with the same application
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
