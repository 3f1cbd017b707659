package dev.supervisor.bench.trials;

import dev.supervisor.bench.builds.Builds;
import dev.supervisor.bench.builds.Distribution;
import dev.supervisor.bench.clients.SimultaneousClients;
import dev.supervisor.bench.figures.MovedConnections;
import dev.supervisor.bench.figures.Quantiles;
import dev.supervisor.bench.figures.ScaleFigures;
import dev.supervisor.bench.servers.ServerProcess;
import dev.supervisor.bench.tools.ScratchDirectory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** Measures {@link MovedConnections}. */
public final class MovedConnectionsTrial {

    private static final int WARM_UP = 3;
    private static final int PROBING_MILLIS = 300;

    private record Swap(double serving, double newConnection, double inUse, double moved, double asking) {}

    private MovedConnectionsTrial() {}

    public static MovedConnections measure(int connections, int swaps) throws Exception {
        try (ScratchDirectory scratch = ScratchDirectory.create("moved")) {
            Builds builds = Builds.ofHello(scratch);
            builds.move(builds.make(1));
            List<String> plainNetty = Distribution.plainNetty(ScaleFigures.JAVA_OPTIONS, builds.jar());
            Trial plain = new Trial(connections, builds);
            try (ServerProcess server = ServerProcess.start(ScaleFigures.JAVA_OPTIONS, plainNetty)) {
                plain.run(server, 0);
            }
            Trial supervised = new Trial(connections, builds);
            try (ServerProcess server =
                    ServerProcess.start(ScaleFigures.JAVA_OPTIONS, Distribution.supervised(builds.jar()))) {
                server.await("serving", 1);
                supervised.run(server, swaps);
            }
            MovedConnections moved = of(connections, supervised.swaps, plain.taken, supervised.taken);
            moved.print();
            return moved;
        }
    }

    private static MovedConnections of(int connections, List<Swap> swaps, Taken plain, Taken supervised) {
        return new MovedConnections(
                connections,
                Quantiles.of(swaps, Swap::serving),
                Quantiles.of(swaps, Swap::newConnection),
                Quantiles.of(swaps, Swap::inUse),
                Quantiles.of(swaps, Swap::moved),
                Quantiles.of(swaps, swap -> (swap.moved() - swap.serving()) * 1000 / connections),
                Quantiles.of(swaps, Swap::asking),
                supervised.heapKib(),
                supervised.residentKib(),
                plain.heapKib(),
                plain.residentKib());
    }

    /** The memory for each connection. */
    private record Taken(double heapKib, double residentKib) {

        static Taken of(ServerProcess.Memory before, ServerProcess.Memory now, int connections) {
            return new Taken(
                    (now.heap() - before.heap()) / connections, (now.resident() - before.resident()) / connections);
        }
    }

    private static class Trial {

        private final int connections;
        private final Builds builds;
        private final List<Swap> swaps = new ArrayList<>();
        private Taken taken = new Taken(0, 0);
        private int build = 1;

        Trial(int connections, Builds builds) {
            this.connections = connections;
            this.builds = builds;
        }

        /**
         * Measures memory and swaps.
         *
         * @param number of swaps; 0 for memory only
         */
        void run(ServerProcess server, int number) throws Exception {
            try (SimultaneousClients warmUp =
                    SimultaneousClients.connect(server.address(), Math.max(1, connections / 10))) {
                ask(warmUp);
            }
            ServerProcess.Memory before = server.memory();
            try (SimultaneousClients idle = SimultaneousClients.connect(server.address(), connections)) {
                ask(idle);
                taken = Taken.of(before, server.memory(), connections);
                for (int i = 0; i < (number == 0 ? 0 : WARM_UP + number); i++) {
                    swaps.add(swap(server, idle));
                }
            }
            swaps.subList(0, Math.min(WARM_UP, swaps.size())).clear();
        }

        /** Sends a request on each connection, and returns the milliseconds until all are answered. */
        private double ask(SimultaneousClients crowd) throws IOException {
            long begun = System.nanoTime();
            crowd.ask();
            return (crowd.awaitAnswersOf(build).last() - begun) / 1e6;
        }

        private Swap swap(ServerProcess server, SimultaneousClients idle) throws Exception {
            Path rebuilt = builds.make(++build);
            InetSocketAddress address = server.address();
            var newConnection = probe(() -> firstAnswer(address, build, false));
            var inUse = probe(() -> firstAnswer(address, build, true));
            Thread.sleep(PROBING_MILLIS);
            long begun = System.nanoTime();
            builds.move(rebuilt);
            long serving = server.await("serving", build).nanos();
            long moved = server.await("ended", build - 1).nanos();
            return new Swap(
                    (serving - begun) / 1e6,
                    (newConnection.get() - begun) / 1e6,
                    (inUse.get() - begun) / 1e6,
                    (moved - begun) / 1e6,
                    ask(idle));
        }

        /** Starts a probe on a thread of its own: the common pool may have only one thread. */
        private static FutureTask<Long> probe(Callable<Long> probe) {
            FutureTask<Long> task = new FutureTask<>(probe);
            new Thread(task, "probe").start();
            return task;
        }

        /**
         * Sends a request each millisecond until this build answers, and returns when that was, by {@link
         * System#nanoTime}.
         */
        private static long firstAnswer(InetSocketAddress address, int build, boolean keepAlive) throws Exception {
            SimultaneousClients one = SimultaneousClients.connect(address, 1);
            try {
                while (true) {
                    one.ask();
                    long answered = one.awaitAnswers().last();
                    if (one.build() == build) {
                        return answered;
                    }
                    Thread.sleep(1);
                    if (!keepAlive) {
                        one.close();
                        one = SimultaneousClients.connect(address, 1);
                    }
                }
            } finally {
                one.close();
            }
        }
    }
}
