package dev.supervisor.cli;

import dev.supervisor.SupervisorException;
import dev.supervisor.SupervisorOptions;
import dev.supervisor.cli.upgrade.Takeover;
import dev.supervisor.compile.ResidentBuild;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import picocli.CommandLine.Help;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The options of the command line, filled in by picocli, in the groups and the order in which {@code --help} shows
 * them; a group's name is its heading. Picocli's own argument groups do not fit: a group can be given twice, and the
 * second one then replaces all options of the first.
 */
final class OptionArguments {

    @Mixin(name = "Sockets")
    private final SocketArguments sockets = new SocketArguments();

    @Mixin(name = "The application")
    private final ApplicationArguments application = new ApplicationArguments();

    @Mixin(name = "Building and watching")
    private final BuildArguments builds = new BuildArguments();

    @Mixin(name = "Swaps")
    private final SwapArguments swaps = new SwapArguments();

    @Mixin(name = "Swaps that check first")
    private final CheckArguments checks = new CheckArguments();

    @Mixin(name = "Browsers")
    private final BrowserArguments browsers = new BrowserArguments();

    @Mixin(name = "What former generations leave behind")
    private final UnloadArguments unloading = new UnloadArguments();

    @Mixin(name = "Several applications")
    private final ConfigArguments config = new ConfigArguments();

    @Mixin(name = "Status")
    private final AdminArguments admin = new AdminArguments();

    @Mixin(name = "Steering")
    private final ControlArguments control = new ControlArguments();

    @Mixin(name = "Output")
    private final OutputArguments output = new OutputArguments();

    /**
     * Returns the options for the engine.
     *
     * @param environment of this process, which may have sockets of its parent
     * @param takeover from the supervisor whose successor this process is
     * @throws SupervisorException if an option has an invalid value; its message names the option
     */
    SupervisorOptions toOptions(
            List<String> applicationArguments, Map<String, String> environment, Optional<Takeover> takeover) {
        return toPlan(applicationArguments, environment, takeover).options();
    }

    /** Returns the options likewise, with what else belongs to the application. */
    ApplicationPlan toPlan(
            List<String> applicationArguments, Map<String, String> environment, Optional<Takeover> takeover) {
        return toPlan(new Surroundings(
                Surroundings.WORKING_DIRECTORY,
                applicationArguments,
                takeover.map(Takeover::sockets).orElseGet(() -> sockets.passed(environment)),
                takeover.map(former -> OptionalInt.of(former.lastGeneration())).orElse(OptionalInt.empty()),
                OptionNames.ALL));
    }

    /** Returns the options with what else belongs to the application, which is named by its build. */
    ApplicationPlan toPlan(Surroundings surroundings) {
        Optional<ResidentBuild> resident = builds.resident(application, surroundings.directory());
        SupervisorOptions.Builder options = application
                .builder(resident.map(ResidentBuild::project))
                .arguments(surroundings.arguments())
                .optionNames(surroundings.optionNames())
                .inherited(surroundings.passed());
        surroundings.formerGeneration().ifPresent(options::takingOver);
        sockets.addTo(options);
        builds.addTo(options, resident, surroundings.directory());
        swaps.addTo(options);
        checks.addTo(options);
        browsers.addTo(options);
        unloading.addTo(options);
        return ApplicationPlan.unnamed(options.build(), resident.flatMap(ResidentBuild::tests));
    }

    /**
     * Renders the options of a command, for {@code --help}.
     *
     * @param name the name of the command's mixin that is an {@code OptionArguments}
     */
    static String describe(Help help, String name) {
        StringBuilder text = new StringBuilder(help.optionListExcludingGroups(standardOptions(help.commandSpec())));
        CommandSpec options = Objects.requireNonNull(help.commandSpec().mixins().get(name));
        options.mixins()
                .forEach((heading, group) -> text.append(
                        String.format("%n%s:%n%s", heading, help.optionListExcludingGroups(group.options()))));
        return text.toString();
    }

    private static List<OptionSpec> standardOptions(CommandSpec command) {
        return command.options().stream()
                .filter(option -> option.usageHelp() || option.versionHelp())
                .toList();
    }

    Duration upgradeTimeout() {
        return swaps.upgradeTimeout();
    }

    AdminArguments admin() {
        return admin;
    }

    boolean isPartOfTool() {
        return builds.isPartOfTool();
    }

    boolean failFast() {
        return builds.failFast();
    }

    /** Returns whether the process can be asked and told by its control socket. */
    boolean hasControl() {
        return control.isOn();
    }

    /** Returns the configuration file that is named; empty if the options are about one application. */
    Optional<Path> config() {
        return config.file();
    }

    /**
     * Returns the names of the sockets that the options are about, with those that the parent process must pass.
     *
     * @throws SupervisorException if two have the same name
     */
    Set<String> socketNames() {
        return sockets.names();
    }

    /** Returns what makes no sense among the options of the process; the messages name the options. */
    List<SupervisorException> wrongOfProcess() {
        List<SupervisorException> wrong = new ArrayList<>();
        for (Runnable check : List.<Runnable>of(
                () -> Objects.requireNonNull(admin.toOptions()),
                () -> output.events().ifPresent(EventLog::check))) {
            try {
                check.run();
            } catch (SupervisorException e) {
                wrong.add(e);
            }
        }
        return wrong;
    }

    OutputArguments output() {
        return output;
    }
}
