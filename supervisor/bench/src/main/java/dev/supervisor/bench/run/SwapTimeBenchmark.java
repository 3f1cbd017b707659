package dev.supervisor.bench.run;

import dev.supervisor.bench.builds.Builds;
import dev.supervisor.bench.builds.Distribution;
import dev.supervisor.bench.clients.ContinuousClients;
import dev.supervisor.bench.figures.Environment;
import dev.supervisor.bench.figures.Quantiles;
import dev.supervisor.bench.figures.ResultFile;
import dev.supervisor.bench.figures.SwapTimeFigures;
import dev.supervisor.bench.servers.ServerProcess;
import dev.supervisor.bench.tools.ScratchDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Measures how long a swap of the demo takes, from the moment at which the rebuilt jar is moved into place to the first
 * answer of the new build; and the longest wait of any client for an answer. Clients send requests all the time, a
 * millisecond after each answer: one with a new connection for each request, the others on keep-alive connections.
 */
@Command(
        name = "swap-time",
        mixinStandardHelpOptions = true,
        description = "From the rebuilt jar of the demo to the first answer of the new build, while clients ask.")
class SwapTimeBenchmark implements Callable<Integer> {

    private static final int KEEP_ALIVE_CLIENTS = 3;
    private static final int WARM_UP_SWAPS = 100;
    private static final int PAUSE_MILLIS = 100;

    @Parameters(
            arity = "0..1",
            defaultValue = "50",
            paramLabel = "SWAPS",
            description = "How many are measured; by default 50.")
    private int swaps;

    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    @Override
    public Integer call() throws Exception {
        Environment environment = Environment.now();
        environment.print();
        SwapTimeFigures figures = measure();
        print(figures);
        new ResultFile<>("swap-time", environment, figures).write();
        return failures.isEmpty() ? 0 : 1;
    }

    private SwapTimeFigures measure() throws Exception {
        try (ScratchDirectory scratch = ScratchDirectory.create("swap-time")) {
            Builds builds = Builds.ofDemo(scratch);
            Files.copy(builds.former(), builds.jar());
            try (ServerProcess server = ServerProcess.start("", Distribution.supervised(builds.jar()))) {
                return measure(
                        builds,
                        new ContinuousClients(server.address(), ContinuousClients.GENERATION, 1, failures::add));
            }
        }
    }

    private SwapTimeFigures measure(Builds builds, ContinuousClients clients) throws Exception {
        clients.start(KEEP_ALIVE_CLIENTS);
        clients.awaitAnswerOf(1);
        double cold = swap(builds, clients, 2);
        for (int i = 1; i < WARM_UP_SWAPS; i++) {
            swap(builds, clients, 2 + i);
        }
        clients.longestConnecting.set(0);
        clients.longestKeptAlive.set(0);
        long before = clients.answers.get();
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < swaps; i++) {
            millis.add(swap(builds, clients, 2 + WARM_UP_SWAPS + i));
        }
        clients.stop();
        return new SwapTimeFigures(
                cold,
                Quantiles.of(millis, Double::doubleValue),
                clients.longestConnecting.get() / 1e6,
                clients.longestKeptAlive.get() / 1e6,
                clients.answers.get() - before,
                failures.size(),
                millis);
    }

    /** Swaps, and returns the milliseconds from the move to the first answer. */
    private double swap(Builds builds, ContinuousClients clients, int generation) throws Exception {
        Path next = builds.make(generation);
        Thread.sleep(PAUSE_MILLIS);
        if (!failures.isEmpty()) {
            throw new IllegalStateException("before generation " + generation + ": " + failures);
        }
        long begun = System.nanoTime();
        builds.move(next);
        return (clients.awaitAnswerOf(generation) - begun) / 1e6;
    }

    private void print(SwapTimeFigures figures) {
        Quantiles warm = figures.warm();
        System.out.printf(
                "rebuilt jar to first new answer, %d swaps, warm: median %.1f ms, 90%% %.1f ms, maximum %.1f ms%n",
                warm.count(), warm.median(), warm.p90(), warm.maximum());
        System.out.printf("the same for the first swap of a cold JVM: %.1f ms%n", figures.cold());
        System.out.printf(
                "longest wait of a client: %.1f ms connecting each time, %.1f ms on keep-alive; %d answers, %d failures%n",
                figures.longestConnecting(), figures.longestKeptAlive(), figures.answers(), figures.failures());
        failures.forEach(System.out::println);
    }
}
