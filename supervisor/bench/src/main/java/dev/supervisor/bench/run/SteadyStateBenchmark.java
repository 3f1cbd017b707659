package dev.supervisor.bench.run;

import dev.supervisor.bench.builds.Builds;
import dev.supervisor.bench.builds.Distribution;
import dev.supervisor.bench.figures.Environment;
import dev.supervisor.bench.figures.ResultFile;
import dev.supervisor.bench.figures.SteadyStateFigures;
import dev.supervisor.bench.run.SteadyStateRounds.Contestant;
import dev.supervisor.bench.servers.Nginx;
import dev.supervisor.bench.servers.ServerProcess;
import dev.supervisor.bench.tools.ScratchDirectory;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

    private static final String JAVA_OPTIONS =
            System.getenv().getOrDefault("SUPERVISOR_JAVA_OPTS", "-Xms512m -Xmx512m");

    @Mixin
    private RoundArguments arguments = new RoundArguments();

    @Override
    public Integer call() throws Exception {
        SteadyStateRounds measured = arguments.rounds();
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
                List<Contestant> contestants = List.of(
                        new Contestant("plain Netty", first.url(), first),
                        new Contestant("supervised", supervised.url(), supervised),
                        new Contestant("plain again", second.url(), second),
                        new Contestant("behind nginx", nginx.url(), nginx, third));
                List<SteadyStateFigures> modes = List.of(
                        measured.measure("keep-alive", contestants, List.of()),
                        measured.measure(
                                "a connection for each request", contestants, List.of("-H", "Connection: close")));
                new ResultFile<>("steady-state", environment, modes).write();
            }
        }
        return 0;
    }
}
