package dev.supervisor.bench.run;

import dev.supervisor.bench.figures.Quantiles;
import dev.supervisor.bench.figures.SteadyStateFigures;
import dev.supervisor.bench.servers.ServerProcess;
import dev.supervisor.bench.tools.Programs;
import dev.supervisor.bench.tools.ToolOutput;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Rounds in which wrk asks servers one after another, in changing order. All of them run all the time, and each is
 * compared with the first one in the same round. Any error that wrk sees ends the benchmark.
 */
final class SteadyStateRounds {

    private static final int CONNECTIONS = 32;
    private static final int WARM_UP_ROUNDS = 4;

    private final int rounds;
    private final int seconds;
    private final String wrk = Programs.installed("wrk", "wrk");

    /** @param seconds how long each server is asked in each round */
    SteadyStateRounds(int rounds, int seconds) {
        this.rounds = rounds;
        this.seconds = seconds;
    }

    /** The server that gets the requests, and the servers behind it. */
    record Contestant(String name, String url, List<ServerProcess> servers, List<SteadyStateFigures.Sample> samples) {

        Contestant(String name, String url, ServerProcess... servers) {
            this(name, url, List.of(servers), new ArrayList<>());
        }

        long cpuMicros() {
            return servers.stream().mapToLong(ServerProcess::cpuMicros).sum();
        }
    }

    /** Measures, and prints a table. */
    SteadyStateFigures measure(String mode, List<Contestant> contestants, List<String> header) throws Exception {
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
        command.add(contestant.url());
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
        System.out.println(
                "against " + servers.get(0).server() + " in the same round, more is better: median (quartiles)");
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
