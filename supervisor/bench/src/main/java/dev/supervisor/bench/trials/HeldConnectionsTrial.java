package dev.supervisor.bench.trials;

import dev.supervisor.bench.builds.Builds;
import dev.supervisor.bench.builds.Distribution;
import dev.supervisor.bench.clients.SimultaneousClients;
import dev.supervisor.bench.figures.HeldConnections;
import dev.supervisor.bench.figures.Quantiles;
import dev.supervisor.bench.figures.ScaleFigures;
import dev.supervisor.bench.servers.ServerProcess;
import dev.supervisor.bench.tools.Polling;
import dev.supervisor.bench.tools.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Measures {@link HeldConnections}. */
public final class HeldConnectionsTrial {

    private static final int WARM_UP = 3;
    private static final int MEMORIES = 3;
    private static final int QUIET_MILLIS = 200;
    private static final String[] OPTIONS = {"--max-held", "100000", "--hold-timeout", "10m"};

    private record Swap(double first, double last) {}

    private HeldConnectionsTrial() {}

    public static HeldConnections measure(int connections, int swaps) throws Exception {
        try (ScratchDirectory scratch = ScratchDirectory.create("held")) {
            Builds builds = Builds.ofHello(scratch);
            builds.move(builds.make(1));
            try (ServerProcess server =
                    ServerProcess.start(ScaleFigures.JAVA_OPTIONS, Distribution.supervised(builds.jar(), OPTIONS))) {
                server.await("serving", 1);
                HeldConnections held = new Trial(server, builds).measure(connections, swaps);
                held.print();
                return held;
            }
        }
    }

    private static class Trial {

        private final ServerProcess server;
        private final Builds builds;
        private int build = 1;

        Trial(ServerProcess server, Builds builds) {
            this.server = server;
            this.builds = builds;
        }

        HeldConnections measure(int connections, int swaps) throws Exception {
            server.memory(); // before sockets are counted: the first jcmd opens one that stays
            for (int i = 0; i < WARM_UP; i++) {
                swap(Math.max(1, connections / 10));
            }
            List<ServerProcess.Memory> none = new ArrayList<>();
            List<ServerProcess.Memory> all = new ArrayList<>();
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
                    Quantiles.of(all, ServerProcess.Memory::resident).maximum() / 1024);
        }

        private ServerProcess.Memory memoryWhileThereWait(int connections) throws Exception {
            ServerProcess.Memory[] memory = new ServerProcess.Memory[1];
            swap(connections, () -> memory[0] = server.memory());
            return memory[0];
        }

        private static double medianHeap(List<ServerProcess.Memory> memories) {
            return Quantiles.of(memories, ServerProcess.Memory::heap).median();
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
            server.await("awaiting");
            Swap swap;
            try (SimultaneousClients crowd = SimultaneousClients.connect(server.address(), connections)) {
                crowd.ask();
                Polling.await("all connections", () -> server.sockets() >= sockets + connections);
                whileTheyWait.run();
                Thread.sleep(QUIET_MILLIS);
                long begun = System.nanoTime();
                builds.move(next);
                SimultaneousClients.Answered answered = crowd.awaitAnswersOf(build);
                swap = new Swap((answered.first() - begun) / 1e6, (answered.last() - begun) / 1e6);
            }
            server.await("serving", build);
            Polling.await("the end of all connections", () -> server.sockets() <= sockets);
            return swap;
        }
    }
}
