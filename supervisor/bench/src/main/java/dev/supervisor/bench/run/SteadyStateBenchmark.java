package dev.supervisor.bench.run;

import dev.supervisor.bench.builds.Builds;
import dev.supervisor.bench.builds.Distribution;
import dev.supervisor.bench.figures.Environment;
import dev.supervisor.bench.figures.Quantiles;
import dev.supervisor.bench.figures.ResultFile;
import dev.supervisor.bench.figures.SteadyStateFigures;
import dev.supervisor.bench.servers.Nginx;
import dev.supervisor.bench.servers.ServerProcess;
import dev.supervisor.bench.tools.Programs;
import dev.supervisor.bench.tools.ScratchDirectory;
import dev.supervisor.bench.tools.ToolOutput;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Measures the cost of the supervisor while nothing is swapped: wrk sends requests to the same application under the
 * supervisor and on plain Netty, on keep-alive connections, and then with a connection for each request. A second plain
 * server shows how much two equal servers differ. nginx in front of a third one shows the cost of a proxy, which is the
 * usual way to a port that is never closed. All servers run all the time; wrk runs against each of them once a round,
 * in changing order, and each is compared with the plain server in the same round. Any error that wrk sees ends the
 * benchmark.
 *
 * <p>All JVMs have the options in {@code SUPERVISOR_JAVA_OPTS}, by default {@code -Xms512m -Xmx512m}. So that a
 * connection for each request does not use up the ports, {@code net.ipv4.tcp_tw_reuse} has to be 1 or 2, which it is by
 * default.
 */
@Command(
        name = "steady-state",
        mixinStandardHelpOptions = true,
        description =
                "The same application on plain Netty, under the supervisor, and behind nginx, while nothing is swapped.")
class SteadyStateBenchmark implements Callable<Integer> {

    private static final int CONNECTIONS = 32;
    private static final int WARM_UP_ROUNDS = 4;
    private static final String JAVA_OPTIONS =
            System.getenv().getOrDefault("SUPERVISOR_JAVA_OPTS", "-Xms512m -Xmx512m");

    /** The server that gets the requests, and the servers behind it. */
    private record Contestant(String name, List<ServerProcess> servers, List<SteadyStateFigures.Sample> samples) {

        Contestant(String name, ServerProcess... servers) {
            this(name, List.of(servers), new ArrayList<>());
        }

        long cpuMicros() {
            return servers.stream().mapToLong(ServerProcess::cpuMicros).sum();
        }
    }

    @Parameters(
            arity = "0..1",
            index = "0",
            defaultValue = "9",
            paramLabel = "ROUNDS",
            description = "How many; by default 9.")
    private int rounds;

    @Parameters(
            arity = "0..1",
            index = "1",
            defaultValue = "4",
            paramLabel = "SECONDS",
            description = "How long each server is asked in each round; by default 4.")
    private int seconds;

    private String wrk = "wrk";

    @Override
    public Integer call() throws Exception {
        wrk = Programs.installed("wrk", "wrk");
        Nginx.installed();
        Environment environment = Environment.now();
        environment.print();
        try (ScratchDirectory scratch = ScratchDirectory.create("steady-state")) {
            Builds builds = Builds.ofHello(scratch);
            builds.move(builds.make(1));
            List<String> plain = Distribution.plainNetty(JAVA_OPTIONS, builds.jar());
            try (ServerProcess first = ServerProcess.start(JAVA_OPTIONS, plain);
                    ServerProcess supervised =
                            ServerProcess.start(JAVA_OPTIONS, Distribution.supervised(builds.jar()));
                    ServerProcess second = ServerProcess.start(JAVA_OPTIONS, plain);
                    ServerProcess third = ServerProcess.start(JAVA_OPTIONS, plain);
                    ServerProcess nginx = Nginx.start(scratch, third.address())) {
                for (ServerProcess server : List.of(first, supervised, second, nginx)) {
                    server.address(); // waits until all are there
                }
                List<Contestant> contestants = List.of(
                        new Contestant("plain Netty", first),
                        new Contestant("supervised", supervised),
                        new Contestant("plain again", second),
                        new Contestant("behind nginx", nginx, third));
                List<SteadyStateFigures> modes = List.of(
                        measure("keep-alive", contestants, List.of()),
                        measure("a connection for each request", contestants, List.of("-H", "Connection: close")));
                new ResultFile<>("steady-state", environment, modes).write();
            }
        }
        return 0;
    }

    // The rounds

    private SteadyStateFigures measure(String mode, List<Contestant> contestants, List<String> header)
            throws Exception {
        System.out.printf("%s, %d connections at a time, %d rounds of %d s%n", mode, CONNECTIONS, rounds, seconds);
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            askInTurn(contestants, round, header);
        }
        contestants.forEach(contestant -> contestant.samples().clear());
        for (int round = 0; round < rounds; round++) {
            askInTurn(contestants, round, header);
            System.out.print(".");
        }
        System.out.println();
        List<SteadyStateFigures.Sample> plain = contestants.get(0).samples();
        List<SteadyStateFigures.OfServer> figures = contestants.stream()
                .map(contestant -> SteadyStateFigures.OfServer.of(contestant.name(), contestant.samples(), plain))
                .toList();
        print(figures);
        return new SteadyStateFigures(mode, CONNECTIONS, seconds, figures);
    }

    /** Each round begins with another server, and every other round runs backwards. */
    private void askInTurn(List<Contestant> contestants, int round, List<String> header) throws Exception {
        List<Contestant> order = new ArrayList<>(contestants);
        Collections.rotate(order, round);
        if (round % 2 == 1) {
            Collections.reverse(order);
        }
        for (Contestant contestant : order) {
            contestant.samples().add(ask(contestant, header));
        }
    }

    private SteadyStateFigures.Sample ask(Contestant contestant, List<String> header) throws Exception {
        List<String> command = new ArrayList<>(List.of(wrk, "-t1", "-c" + CONNECTIONS, "-d" + seconds + "s"));
        command.addAll(header);
        command.add(contestant.servers().get(0).url());
        long before = contestant.cpuMicros();
        ToolOutput report = ToolOutput.of(new ProcessBuilder(command));
        long micros = contestant.cpuMicros() - before;
        String text = report.text();
        double requests = text.contains("requests in") ? report.number("(\\d+) requests in ") : 0;
        if (requests == 0 || text.contains("Socket errors") || text.contains("Non-2xx")) {
            throw new IllegalStateException(contestant.name() + " has failed wrk: " + text);
        }
        return new SteadyStateFigures.Sample(report.number("Requests/sec: +([\\d.]+)"), micros / requests);
    }

    // The table

    private static void print(List<SteadyStateFigures.OfServer> servers) {
        System.out.printf("%-12s %27s   %27s%n", "", "requests/s", "CPU µs/request");
        System.out.printf("%-12s %9s%9s%9s   %9s%9s%9s%n", "", "min", "median", "max", "min", "median", "max");
        for (SteadyStateFigures.OfServer figures : servers) {
            Quantiles rate = figures.requestsPerSecond();
            Quantiles cpu = figures.cpuMicrosPerRequest();
            System.out.printf("%-12s ", figures.server());
            System.out.printf("%9.0f%9.0f%9.0f   ", rate.minimum(), rate.median(), rate.maximum());
            System.out.printf("%9.2f%9.2f%9.2f%n", cpu.minimum(), cpu.median(), cpu.maximum());
        }
        System.out.println("against plain Netty in the same round, more is better: median (quartiles)");
        for (SteadyStateFigures.OfServer figures : servers.subList(1, servers.size())) {
            System.out.printf(
                    "%-12s rate %s   requests per CPU time %s%n",
                    figures.server(), text(figures.rateRatio()), text(figures.requestsPerCpuTimeRatio()));
        }
        System.out.println();
    }

    private static String text(Quantiles ratio) {
        return String.format("%.3f (%.3f-%.3f)", ratio.median(), ratio.p25(), ratio.p75());
    }
}
