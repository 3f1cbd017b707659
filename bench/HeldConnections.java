package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Connections that wait while there is no build: the jar is taken away, each connects and asks, and then the new jar is
 * moved into place. In milliseconds from then on.
 *
 * @param firstAnswered the first of them
 * @param lastAnswered the last of them
 * @param heapKib for each, while they wait, after full collections; of few, that is less than what varies anyway
 * @param residentMib the whole process meanwhile, at most
 */
record HeldConnections(
        int connections, Quantiles firstAnswered, Quantiles lastAnswered, double heapKib, double residentMib) {

    private static final int WARM_UP = 3;
    private static final int MEMORIES = 3;
    private static final int ENOUGH_FOR_HEAP = 1000;
    private static final int QUIET_MILLIS = 200;
    private static final String[] OPTIONS = {"--max-held", "100000", "--hold-timeout", "10m"};

    private record Swap(double first, double last) {}

    static void printHead() {
        System.out.println();
        System.out.println("connections that wait while there is no build; ms from the jar in place: median (maximum)");
        System.out.printf(
                "%12s%22s%22s%16s%16s%n", "", "first answered", "last answered", "heap, KiB each", "resident, MiB");
    }

    void print() {
        System.out.printf(
                "%,12d%22s%22s%16s%16.0f%n",
                connections,
                Scale.text(firstAnswered),
                Scale.text(lastAnswered),
                tellsHeap() ? String.format("%.2f", heapKib) : "-",
                residentMib);
    }

    /** Whether they are enough. */
    boolean tellsHeap() {
        return connections >= ENOUGH_FOR_HEAP;
    }

    static HeldConnections measure(int connections, int swaps) throws Exception {
        try (Scratch scratch = Scratch.create("held")) {
            Builds builds = Builds.ofHello(scratch);
            builds.move(builds.make(1));
            try (Server server = Server.start(Scale.JAVA_OPTIONS, Distribution.supervised(builds.jar(), OPTIONS))) {
                server.await("generation 1 serving");
                HeldConnections held = new Trial(server, builds).measure(connections, swaps);
                held.print();
                return held;
            }
        }
    }

    private static class Trial {

        private final Server server;
        private final Builds builds;
        private int build = 1;

        Trial(Server server, Builds builds) {
            this.server = server;
            this.builds = builds;
        }

        HeldConnections measure(int connections, int swaps) throws Exception {
            server.memory(); // the first jcmd leaves the server with one socket more
            for (int i = 0; i < WARM_UP; i++) {
                swap(Math.max(1, connections / 10));
            }
            List<Server.Memory> none = new ArrayList<>();
            List<Server.Memory> all = new ArrayList<>();
            for (int i = 0; i < MEMORIES; i++) {
                none.add(memoryWhileThereWait(0));
                all.add(memoryWhileThereWait(connections));
            }
            List<Swap> measured = new ArrayList<>();
            for (int i = 0; i < swaps; i++) {
                measured.add(swap(connections));
            }
            return new HeldConnections(
                    connections,
                    Quantiles.of(measured, Swap::first),
                    Quantiles.of(measured, Swap::last),
                    (medianHeap(all) - medianHeap(none)) / connections,
                    Quantiles.of(all, Server.Memory::resident).maximum() / 1024);
        }

        private Server.Memory memoryWhileThereWait(int connections) throws Exception {
            Server.Memory[] memory = new Server.Memory[1];
            swap(connections, () -> memory[0] = server.memory());
            return memory[0];
        }

        private static double medianHeap(List<Server.Memory> memories) {
            return Quantiles.of(memories, Server.Memory::heap).median();
        }

        private Swap swap(int connections) throws Exception {
            return swap(connections, () -> {});
        }

        private interface Step {

            void run() throws IOException;
        }

        private Swap swap(int connections, Step whileTheyWait) throws Exception {
            Path next = builds.make(++build);
            int sockets = server.sockets();
            Files.delete(builds.jar());
            server.await("waiting for the build to be complete");
            Swap swap;
            try (Crowd crowd = Crowd.connect(server.address(), connections)) {
                crowd.ask();
                Patience.await("all connections", () -> server.sockets() >= sockets + connections);
                whileTheyWait.run();
                Thread.sleep(QUIET_MILLIS);
                long begun = System.nanoTime();
                builds.move(next);
                Crowd.Answered answered = crowd.awaitAnswersOf(build);
                swap = new Swap((answered.first() - begun) / 1e6, (answered.last() - begun) / 1e6);
            }
            server.await("generation " + build + " serving");
            Patience.await("the end of all connections", () -> server.sockets() <= sockets);
            return swap;
        }
    }
}
