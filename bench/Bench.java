package bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What {@code bench/run} runs, from the project's directory. Each benchmark is a command that returns an exit code. */
@Command(
        name = "bench/run",
        subcommands = {
            SwapTime.class,
            Save.class,
            LoadGenerators.class,
            SteadyState.class,
            Reload.class,
            Recovery.class,
            Generations.class,
            Scale.class,
            Bench.All.class
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "They run after a build (mvn -B -q package -DskipTests), on Linux, on the JDK of JAVA_HOME or the PATH,"
                    + " with the servers on the same JVM. Each prints a table and writes"
                    + " bench/results/NAME-javaN.json. 'bench/run NAME --help' explains the parameters."
        })
class Bench implements Runnable {

    @Spec
    private CommandLine.Model.CommandSpec spec;

    public static void main(String[] args) {
        System.setProperty(Environment.COMMAND, ("bench/run " + String.join(" ", args)).strip());
        System.exit(new CommandLine(new Bench())
                .setExecutionExceptionHandler(Bench::handle)
                .execute(args));
    }

    private static int handle(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        if (failure instanceof Tool.Missing) {
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

    /** Each in a JVM of its own. */
    @Command(name = "all", description = "Each of them with its defaults, one after another.")
    static class All implements Callable<Integer> {

        @ParentCommand
        private Bench bench;

        @Override
        public Integer call() throws Exception {
            List<String> failed = new ArrayList<>();
            for (CommandLine benchmark : bench.spec.subcommands().values()) {
                if (benchmark.getCommand() instanceof All) {
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
            String[] command = {Tool.ofJdk("java"), "-cp", System.getProperty("java.class.path"), "bench.Bench", name};
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        }
    }
}
