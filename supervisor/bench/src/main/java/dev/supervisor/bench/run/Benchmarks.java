package dev.supervisor.bench.run;

import dev.supervisor.bench.figures.Environment;
import dev.supervisor.bench.tools.Programs;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The program that {@code supervisor/bench/run} starts, in the project's directory. Each benchmark is a command. */
@Command(
        name = "supervisor/bench/run",
        subcommands = {
            SwapTimeBenchmark.class,
            StatusTimeBenchmark.class,
            SaveBenchmark.class,
            DevLoopBenchmark.class,
            LoadGeneratorsBenchmark.class,
            SteadyStateBenchmark.class,
            TlsBenchmark.class,
            ProgramsBenchmark.class,
            ReloadBenchmark.class,
            RecoveryBenchmark.class,
            GenerationsBenchmark.class,
            ApplicationsBenchmark.class,
            ScaleBenchmark.class,
            JmhBenchmark.class,
            FiguresCommand.class,
            Benchmarks.All.class
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "They run after a build (mvn -B -q package -DskipTests), on Linux, on the JDK of JAVA_HOME or the PATH,"
                    + " with the servers on the same JVM. Each prints a table and writes"
                    + " supervisor/bench/results/NAME-javaN.json. 'supervisor/bench/run NAME --help' explains the parameters."
        })
class Benchmarks implements Runnable {

    @SuppressWarnings("NullAway.Init") // set by picocli
    @Spec
    private CommandLine.Model.CommandSpec spec;

    public static void main(String[] args) {
        System.setProperty(Environment.COMMAND, ("supervisor/bench/run " + String.join(" ", args)).strip());
        System.exit(new CommandLine(new Benchmarks())
                .setExecutionExceptionHandler(Benchmarks::handle)
                .execute(args));
    }

    private static int handle(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        if (failure instanceof Programs.Missing) {
            System.err.println(failure.getMessage());
        } else {
            failure.printStackTrace();
        }
        return 1;
    }

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }

    /** Runs each benchmark in a JVM of its own. */
    @Command(name = "all", description = "Each of them with its defaults, one after another.")
    static class All implements Callable<Integer> {

        @SuppressWarnings("NullAway.Init") // set by picocli
        @ParentCommand
        private Benchmarks bench;

        @Override
        public Integer call() throws Exception {
            List<String> failed = new ArrayList<>();
            for (CommandLine benchmark : bench.spec.subcommands().values()) {
                if (benchmark.getCommand() instanceof All || benchmark.getCommand() instanceof FiguresCommand) {
                    continue;
                }
                String name = benchmark.getCommandName();
                System.out.printf("%n== %s%n", name);
                if (run(name) != 0) {
                    failed.add(name);
                }
            }
            System.out.println(failed.isEmpty() ? "\nnone has failed" : "\nfailed: " + String.join(", ", failed));
            return failed.isEmpty() ? 0 : 1;
        }

        private static int run(String name) throws Exception {
            String[] command = {
                Programs.ofJdk("java"), "-cp", System.getProperty("java.class.path"), Benchmarks.class.getName(), name
            };
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        }
    }
}
