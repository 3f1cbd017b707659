package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Connections that wait while there is no build: the jar is taken away, each connects and asks, and then the new jar is
 * moved into place. All in milliseconds from then on, but memory, which is what each takes while it waits, after full
 * collections.
 *
 * @param firstAnswered the first of them
 * @param lastAnswered the last of them
 */
record HeldConnections(
        int connections, Quantiles firstAnswered, Quantiles lastAnswered, double heapKib, double residentKib) {

    private static final int WARM_UP = 3;
    private static final int QUIET_MILLIS = 200;
    private static final String[] OPTIONS = {"--max-held", "100000", "--hold-timeout", "10m"};

    private record Swap(double first, double last) {}

    static void printHead() {
        System.out.println();
        System.out.println("connections that wait while there is no build; ms from the jar in place: median (maximum)");
        System.out.printf("%12s%22s%22s%28s%n", "", "first answered", "last answered", "heap, resident KiB each");
    }

    void print() {
        System.out.printf(
                "%,12d%22s%22s%14.2f%14.2f%n",
                connections, Scale.text(firstAnswered), Scale.text(lastAnswered), heapKib, residentKib);
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
            Server.Memory none = memoryWhileThereWait(0);
            Server.Memory all = memoryWhileThereWait(connections);
            List<Swap> measured = new ArrayList<>();
            for (int i = 0; i < swaps; i++) {
                measured.add(swap(connections));
            }
            return new HeldConnections(
                    connections,
                    Quantiles.of(measured, Swap::first),
                    Quantiles.of(measured, Swap::last),
                    (all.heap() - none.heap()) / connections,
                    (all.resident() - none.resident()) / connections);
        }

        private Server.Memory memoryWhileThereWait(int connections) throws Exception {
            Server.Memory[] memory = new Server.Memory[1];
            swap(connections, () -> memory[0] = server.memory());
            return memory[0];
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
