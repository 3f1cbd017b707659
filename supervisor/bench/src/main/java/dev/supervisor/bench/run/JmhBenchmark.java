package dev.supervisor.bench.run;

import dev.supervisor.bench.figures.Environment;
import dev.supervisor.bench.figures.JmhFigures;
import dev.supervisor.bench.figures.ResultFile;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures with JMH how much the supervisor costs each request, and how much another design would cost. */
@Command(
        name = "jmh",
        mixinStandardHelpOptions = true,
        description = "What tracking a connection costs per request, and a hop between event loops; in nanoseconds.")
class JmhBenchmark implements Callable<Integer> {

    private static final String ALL = "dev\\.supervisor\\..*";

    @Parameters(
            arity = "0..1",
            defaultValue = ALL,
            paramLabel = "REGEX",
            description = "Which ones; by default all. Results of some are not written.")
    private String include = ALL;

    @Option(names = "--forks", defaultValue = "2", paramLabel = "N", description = "JVMs for each; by default 2.")
    private int forks;

    @Option(
            names = "--iterations",
            defaultValue = "5",
            paramLabel = "N",
            description = "Of a second in each JVM, after five of half a second; by default 5.")
    private int iterations;

    @Override
    public Integer call() throws Exception {
        Environment environment = Environment.now();
        List<JmhFigures> figures = new Runner(options())
                .run().stream().map(JmhBenchmark::figuresOf).toList();
        if (include.equals(ALL)) {
            new ResultFile<>("jmh", environment, figures).write();
        }
        return 0;
    }

    private Options options() {
        return new OptionsBuilder()
                .include(include)
                .forks(forks)
                .warmupIterations(5)
                .warmupTime(TimeValue.milliseconds(500))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.seconds(1))
                .shouldFailOnError(true)
                .build();
    }

    private static JmhFigures figuresOf(RunResult run) {
        Result<?> result = run.getPrimaryResult();
        String parameters = run.getParams().getParamsKeys().stream()
                .map(name -> name + "=" + run.getParams().getParam(name))
                .collect(Collectors.joining(", "));
        return new JmhFigures(
                run.getParams().getBenchmark().replaceAll(".*\\.(\\w+\\.\\w+)", "$1"),
                parameters,
                result.getScore(),
                result.getScoreError(),
                result.getSampleCount());
    }
}
