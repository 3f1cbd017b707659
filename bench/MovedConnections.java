package bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

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
record MovedConnections(
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

    private static final int WARM_UP = 3;
    private static final int PROBING_MILLIS = 300;

    private record Swap(double serving, double newConnection, double inUse, double moved, double asking) {}

    static void printHead() {
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

    void print() {
        System.out.printf(
                "%,12d%22s%22s%22s%22s%14.1f%14.2f%14.2f%16.2f%n",
                connections,
                Scale.text(serving),
                Scale.text(newConnection),
                Scale.text(inUse),
                Scale.text(moved),
                moveMicros.median(),
                heapKib,
                residentKib,
                plainHeapKib);
    }

    static MovedConnections measure(int connections, int swaps) throws Exception {
        try (Scratch scratch = Scratch.create("moved")) {
            Builds builds = Builds.ofHello(scratch);
            builds.move(builds.make(1));
            List<String> plainNetty = Distribution.plainNetty(Scale.JAVA_OPTIONS, builds.jar());
            Trial plain = new Trial(connections, builds);
            try (Server server = Server.start(Scale.JAVA_OPTIONS, plainNetty)) {
                plain.run(server, 0);
            }
            Trial supervised = new Trial(connections, builds);
            try (Server server = Server.start(Scale.JAVA_OPTIONS, Distribution.supervised(builds.jar()))) {
                server.await("generation 1 serving");
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

    /** Memory that each connection takes. */
    private record Taken(double heapKib, double residentKib) {

        static Taken of(Server.Memory before, Server.Memory now, int connections) {
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

        /** Swaps so often, or never. */
        void run(Server server, int number) throws Exception {
            try (Crowd warmUp = Crowd.connect(server.address(), Math.max(1, connections / 10))) {
                ask(warmUp);
            }
            Server.Memory before = server.memory();
            try (Crowd idle = Crowd.connect(server.address(), connections)) {
                ask(idle);
                taken = Taken.of(before, server.memory(), connections);
                for (int i = 0; i < (number == 0 ? 0 : WARM_UP + number); i++) {
                    swaps.add(swap(server, idle));
                }
            }
            swaps.subList(0, Math.min(WARM_UP, swaps.size())).clear();
        }

        /** Returns milliseconds until all are answered. */
        private double ask(Crowd crowd) throws IOException {
            long begun = System.nanoTime();
            crowd.ask();
            return (crowd.awaitAnswersOf(build).last() - begun) / 1e6;
        }

        private Swap swap(Server server, Crowd idle) throws Exception {
            Path rebuilt = builds.make(++build);
            InetSocketAddress address = server.address();
            var newConnection = probe(() -> firstAnswer(address, build, false));
            var inUse = probe(() -> firstAnswer(address, build, true));
            Thread.sleep(PROBING_MILLIS);
            long begun = System.nanoTime();
            builds.move(rebuilt);
            long serving = server.await("generation " + build + " serving").nanos();
            long moved =
                    server.await("generation " + (build - 1) + " ended after").nanos();
            return new Swap(
                    (serving - begun) / 1e6,
                    (newConnection.get() - begun) / 1e6,
                    (inUse.get() - begun) / 1e6,
                    (moved - begun) / 1e6,
                    ask(idle));
        }

        /** On a thread of its own: the common pool may have but one. */
        private static FutureTask<Long> probe(Callable<Long> probe) {
            FutureTask<Long> task = new FutureTask<>(probe);
            new Thread(task, "probe").start();
            return task;
        }

        /** Asks once a millisecond until this build answers, and returns when that was. */
        private static long firstAnswer(InetSocketAddress address, int build, boolean keepAlive) throws Exception {
            Crowd one = Crowd.connect(address, 1);
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
                        one = Crowd.connect(address, 1);
                    }
                }
            } finally {
                one.close();
            }
        }
    }
}
