package dev.supervisor.cli;

import dev.supervisor.SocketSpec;
import dev.supervisor.SupervisorException;
import dev.supervisor.cli.config.ConfigException;
import dev.supervisor.cli.config.ConfigProblem;
import dev.supervisor.text.VisibleText;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code supervisor config check}. */
@Command(
        name = "check",
        header = "Checks a configuration file without starting anything.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        customSynopsis = "supervisor config check [FILE]",
        description = {
            "",
            "Prints what is wrong with the file, in lines of the form FILE:LINE:COLUMN, or a summary of what it says. Files"
                    + " that do not exist yet are warnings. Whether an address can be bound is not tried.",
            ""
        },
        footer = {"", "Exit codes: 0 the file can be used, 1 it can't, 2 there is no such file, or wrong usage."})
final class ConfigCheckCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            defaultValue = "supervisor.yaml",
            description = "The file. Default: ${DEFAULT-VALUE}.")
    private Path file = Path.of("supervisor.yaml");

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            Configuration configuration = Configuration.read(file);
            List<ApplicationPlan> plans = configuration.plans(new OptionArguments(), Set.of(), List.of());
            configuration.warnings(plans).forEach(warning -> err.println(line(file, "warning: ", warning)));
            summarize(plans, out);
            return ExitCode.DONE;
        } catch (ConfigException e) {
            e.problems().forEach(problem -> err.println(line(file, "", problem)));
            return ExitCode.FAILED;
        } catch (SupervisorException e) {
            err.println("supervisor: " + e.message(OptionNames.KEYS));
            return spec.exitCodeOnInvalidInput();
        }
    }

    /** Returns the line about a problem; what the file says can't move the cursor in it. */
    static String line(Path file, String kind, ConfigProblem problem) {
        return VisibleText.of(new ConfigProblem(problem.position(), kind + problem.text()).in(file.toString()));
    }

    private void summarize(List<ApplicationPlan> plans, PrintWriter out) {
        out.println(file + ": " + plans.size() + (plans.size() == 1 ? " application" : " applications"));
        int width = plans.stream().mapToInt(plan -> plan.name().length()).max().orElse(0);
        for (ApplicationPlan plan : plans) {
            out.println("  " + plan.name() + " ".repeat(width - plan.name().length()) + "  " + about(plan));
        }
    }

    private static String about(ApplicationPlan plan) {
        String sockets =
                plan.options().sockets().stream().map(SocketSpec::toString).collect(Collectors.joining(", "));
        String built = plan.options()
                .tools()
                .command()
                .map(tool -> ", built by '" + tool.command() + "'")
                .or(() -> plan.options().tools().sources().map(own -> ", built by " + own.name()))
                .orElse("");
        return VisibleText.of(sockets + "  " + plan.options().app().path() + built);
    }
}
