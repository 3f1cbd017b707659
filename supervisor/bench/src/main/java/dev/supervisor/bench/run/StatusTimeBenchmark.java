package dev.supervisor.bench.run;

import dev.supervisor.bench.builds.Builds;
import dev.supervisor.bench.builds.Distribution;
import dev.supervisor.bench.figures.Environment;
import dev.supervisor.bench.figures.Quantiles;
import dev.supervisor.bench.servers.ServerProcess;
import dev.supervisor.bench.tools.Programs;
import dev.supervisor.bench.tools.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Measures how long {@code supervisor status} takes, from its start to its end, beside a JVM that prints a line: the two in
 * turn, so that both meet the same machine.
 */
@Command(
        name = "status-time",
        mixinStandardHelpOptions = true,
        description = "The time of 'supervisor status', as a ratio to that of a JVM that prints a line.")
class StatusTimeBenchmark implements Callable<Integer> {

    private static final int WARM_UP = 5;

    @Parameters(
            arity = "0..1",
            defaultValue = "40",
            paramLabel = "PAIRS",
            description = "How often each of the two is started; by default 40.")
    private int pairs;

    @Override
    public Integer call() throws Exception {
        Environment.now().print();
        try (ScratchDirectory scratch = ScratchDirectory.create("status-time")) {
            Builds builds = Builds.ofDemo(scratch);
            Files.copy(builds.former(), builds.jar());
            try (ServerProcess server = ServerProcess.start("", Distribution.supervised(builds.jar()))) {
                int port = server.address().getPort();
                server.await("serving", 1);
                measure(
                        List.of(Distribution.SUPERVISOR.toString(), "status", "--port", String.valueOf(port)),
                        hello(scratch));
            }
        }
        return 0;
    }

    private static List<String> hello(ScratchDirectory scratch) throws IOException, InterruptedException {
        Path source = Files.writeString(
                scratch.resolve("Hello.java"),
                "class Hello { public static void main(String[] arguments) { System.out.println(\"hello\"); } }");
        millis(List.of(Programs.ofJdk("javac"), "-d", scratch.resolve("hello").toString(), source.toString()));
        return List.of(Programs.ofJdk("java"), "-cp", scratch.resolve("hello").toString(), "Hello");
    }

    private void measure(List<String> status, List<String> hello) throws IOException, InterruptedException {
        List<Double> ofStatus = new ArrayList<>();
        List<Double> ofHello = new ArrayList<>();
        for (int i = -WARM_UP; i < pairs; i++) {
            double one = millis(status);
            double other = millis(hello);
            if (i >= 0) {
                ofStatus.add(one);
                ofHello.add(other);
            }
        }
        Quantiles first = Quantiles.of(ofStatus, Double::doubleValue);
        Quantiles second = Quantiles.of(ofHello, Double::doubleValue);
        System.out.printf("%-20s %8s %8s %8s%n", "ms", "minimum", "median", "90%");
        print("supervisor status", first);
        print("a JVM's hello", second);
        System.out.printf("ratio of the medians: %.2f%n", first.median() / second.median());
    }

    private static void print(String what, Quantiles millis) {
        System.out.printf("%-20s %8.0f %8.0f %8.0f%n", what, millis.minimum(), millis.median(), millis.p90());
    }

    /** Runs a command to its end, which must be good. */
    private static double millis(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        long begun = System.nanoTime();
        int exitCode = builder.start().waitFor();
        double took = (System.nanoTime() - begun) / 1e6;
        if (exitCode != 0) {
            throw new IOException(command + " has ended with exit code " + exitCode);
        }
        return took;
    }
}
