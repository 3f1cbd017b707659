package dev.supervisor.bench.run;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.supervisor.bench.builds.Builds;
import dev.supervisor.bench.builds.Distribution;
import dev.supervisor.bench.figures.Environment;
import dev.supervisor.bench.figures.LoadGeneratorFigures;
import dev.supervisor.bench.figures.Quantiles;
import dev.supervisor.bench.figures.ResultFile;
import dev.supervisor.bench.servers.ServerProcess;
import dev.supervisor.bench.tools.Programs;
import dev.supervisor.bench.tools.ScratchDirectory;
import dev.supervisor.bench.tools.ToolOutput;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Measures whether {@code supervisor load-test} sends requests as fast as wrk: to the same plain Netty server, with the
 * same connections and one thread each, in turns. load-test counts after a second of warm-up; wrk needs none.
 */
@Command(
        name = "load-generators",
        mixinStandardHelpOptions = true,
        description = "How fast load-test and wrk ask the same plain Netty server, with one thread each.")
class LoadGeneratorsBenchmark implements Callable<Integer> {

    private static final int CONNECTIONS = 32;
    private static final String JAVA_OPTIONS =
            System.getenv().getOrDefault("SUPERVISOR_JAVA_OPTS", "-Xms512m -Xmx512m");

    /** Requests per second. */
    record Round(double wrk, double loadTest) {

        double ratio() {
            return loadTest / wrk;
        }
    }

    @Parameters(index = "0", defaultValue = "9", paramLabel = "ROUNDS", description = "How many; by default 9.")
    private int rounds;

    @Parameters(
            index = "1",
            defaultValue = "8",
            paramLabel = "SECONDS",
            description = "How long each of them asks in each round; by default 8.")
    private int seconds;

    private String wrk = "wrk";

    @Override
    public Integer call() throws Exception {
        wrk = Programs.installed("wrk", "wrk");
        Environment environment = Environment.now();
        environment.print();
        try (ScratchDirectory scratch = ScratchDirectory.create("load-generators")) {
            Builds builds = Builds.ofHello(scratch);
            builds.move(builds.make(1));
            try (ServerProcess server =
                    ServerProcess.start(JAVA_OPTIONS, Distribution.plainNetty(JAVA_OPTIONS, builds.jar()))) {
                Path json = scratch.resolve("result.json");
                List<LoadGeneratorFigures> figures = List.of(
                        measure("keep-alive", server.url(), json, List.of(), List.of()),
                        measure(
                                "a connection for each request",
                                server.url(),
                                json,
                                List.of("-H", "Connection: close"),
                                List.of("--mode", "connect")));
                new ResultFile<>("load-generators", environment, figures).write();
            }
        }
        return 0;
    }

    private LoadGeneratorFigures measure(
            String mode, String url, Path json, List<String> ofWrk, List<String> ofLoadTest) throws Exception {
        System.out.printf("%s, %d connections, %d rounds of %d s%n", mode, CONNECTIONS, rounds, seconds);
        askByWrk(url, ofWrk); // warms the server up
        List<Round> all = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            if (round % 2 == 0) {
                double first = askByWrk(url, ofWrk);
                all.add(new Round(first, askByLoadTest(url, json, ofLoadTest)));
            } else {
                double first = askByLoadTest(url, json, ofLoadTest);
                all.add(new Round(askByWrk(url, ofWrk), first));
            }
            System.out.print(".");
        }
        System.out.println();
        LoadGeneratorFigures figures = new LoadGeneratorFigures(
                mode,
                CONNECTIONS,
                Quantiles.of(all, Round::wrk),
                Quantiles.of(all, Round::loadTest),
                Quantiles.of(all, Round::ratio));
        System.out.printf(
                "wrk %.0f/s, load-test %.0f/s; ratio in the same round %.3f (%.3f-%.3f)%n%n",
                figures.wrk().median(),
                figures.loadTest().median(),
                figures.ratio().median(),
                figures.ratio().p25(),
                figures.ratio().p75());
        return figures;
    }

    private double askByWrk(String url, List<String> options) throws Exception {
        List<String> command = new ArrayList<>(List.of(wrk, "-t1", "-c" + CONNECTIONS, "-d" + seconds + "s"));
        command.addAll(options);
        command.add(url);
        ToolOutput report = ToolOutput.of(new ProcessBuilder(command));
        if (report.text().contains("Socket errors") || report.text().contains("Non-2xx")) {
            throw new IllegalStateException("wrk has failed: " + report.text());
        }
        return report.number("Requests/sec: +([\\d.]+)");
    }

    private double askByLoadTest(String url, Path json, List<String> options) throws Exception {
        List<String> command = new ArrayList<>(List.of(Distribution.SUPERVISOR.toString(), "load-test", url));
        command.addAll(List.of("--threads=1", "--connections=" + CONNECTIONS, "--duration=" + seconds + "s"));
        command.addAll(List.of("--json", json.toString()));
        command.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("load-test has failed: " + output);
        }
        JsonObject result = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
        return result.get("requestsPerSecond").getAsDouble();
    }
}
