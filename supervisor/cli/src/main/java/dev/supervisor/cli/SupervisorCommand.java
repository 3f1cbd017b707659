package dev.supervisor.cli;

import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_OPTION_LIST;

import dev.supervisor.Event;
import dev.supervisor.InheritedSocket;
import dev.supervisor.Supervisor;
import dev.supervisor.SupervisorException;
import dev.supervisor.admin.AdminOptions;
import dev.supervisor.cli.config.ConfigException;
import dev.supervisor.cli.config.ConfigProblem;
import dev.supervisor.cli.control.EventFeed;
import dev.supervisor.cli.service.ServiceManager;
import dev.supervisor.cli.upgrade.Succession;
import dev.supervisor.cli.upgrade.Takeover;
import dev.supervisor.exec.NativeEnvironment;
import dev.supervisor.process.Orphans;
import dev.supervisor.process.ServiceEnvironment;
import dev.supervisor.process.ServiceVariables;
import dev.supervisor.unload.places.CommonPoolThreads;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command {@code supervisor}: runs until a signal, the key q or {@code --fail-fast} stops it. */
@Command(
        name = "supervisor",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        usageHelpAutoWidth = true,
        abbreviateSynopsis = true,
        customSynopsis = {"supervisor [OPTIONS] --app PATH --port N [-- ARG...]", "supervisor [OPTIONS] --config FILE"},
        description = {
            "",
            "Owns listening sockets and swaps the application behind them whenever its build"
                    + " changes. Clients wait for the new build; they are never refused or reset.",
            ""
        },
        optionListHeading = "",
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "Arguments after -- are for the application.",
            "Each option can also be given in a file, as @FILE, and by an environment variable:"
                    + " SUPERVISOR_PORT for --port, SUPERVISOR_MAX_HELD for --max-held, and so on"
                    + " (SUPERVISOR_LOAD_TEST_RATE for the --rate of load-test); an empty one counts as not set."
                    + " SUPERVISOR_JAVA_OPTS holds options for the JVM.",
            "",
            "Signals: INT (Ctrl-C) and TERM stop and drain, a second one ends at once; HUP swaps now, or stops"
                    + " if the terminal was closed; USR2 upgrades (see 'supervisor upgrade --help').",
            "Keys, on a terminal: r rebuild and swap, o open the browser, l list generations, d thread dump, b output"
                    + " of the last build, t run all tests (of a project that is tested on save), h help, q quit.",
            "Exit codes: 0 stopped, 1 failed, or the stop took longer than --stop-delay, --drain-timeout and"
                    + " --stop-timeout allow, 2 wrong usage, 130 or 143 ended at once by a second INT or TERM (or key q).",
            "",
            "Examples:",
            "  supervisor --port 8888 --app build/libs/app.jar",
            "  supervisor -p 8888 -a target/classes --lib target/dependency",
            "  supervisor -p 8888 -a build/libs/app.jar --build 'gradle -q jar' --watch src",
            "  supervisor -s http::0.0.0.0:80 -s mqtt=tcp::1883 -a app.jar -- --verbose",
            "  systemd-socket-activate -l 8888 supervisor -a app.jar",
            "  supervisor --config supervisor.yaml"
        })
public final class SupervisorCommand implements Callable<Integer>, CommandWords {

    static final int STOPPED = ExitCode.DONE;
    static final int FAILED = ExitCode.FAILED;

    private static final String NAME = "supervisor";
    private static final Set<String> WITH_MORE_ARGUMENTS = Set.of(ExecCommand.NAME, UpgradeCommand.NAME);
    private static final String OPTIONS = "options";
    private static final String END_OF_OPTIONS = "--";

    private final List<String> commandLine;

    /** What stands after the options. */
    private final List<String> applicationArguments;

    private final EnvironmentDefaults defaults;
    private final Map<String, String> environment;

    @Spec
    private @Nullable CommandSpec spec;

    /** The supervisor before, as soon as this one takes over from it. */
    private Optional<Takeover> takeover = Optional.empty();

    @Mixin(name = OPTIONS)
    private final OptionArguments arguments = new OptionArguments();

    SupervisorCommand(
            List<String> commandLine,
            List<String> applicationArguments,
            EnvironmentDefaults defaults,
            Map<String, String> environment) {
        this.commandLine = commandLine;
        this.applicationArguments = applicationArguments;
        this.defaults = defaults;
        this.environment = environment;
    }

    public static void main(String[] args) {
        ErrorOutput errors = errorOutput(Arrays.asList(args), System.getenv());
        errors.printsLog();
        if (args.length > 0 && args[0].equals(ExecCommand.NAME)) { // it is soon another program, or runs no application
            StopDeadline.exit(run(args, System.getenv()), errors);
        }
        if (Subcommands.isNoneOf(Arrays.asList(args))) {
            LoggerFactory.getILoggerFactory(); // SLF4J would complain if a second thread logged meanwhile
            Preload.begin();
        }
        CommonPoolThreads.install();
        StopDeadline.exit(run(args, hideServiceVariables(errors)), errors);
    }

    /** A subcommand has no {@code --log}. */
    private static ErrorOutput errorOutput(List<String> arguments, Map<String, String> environment) {
        boolean isSubcommand = Subcommands.first(arguments).isPresent();
        int end = arguments.indexOf(END_OF_OPTIONS);
        List<String> own = end < 0 ? arguments : arguments.subList(0, end);
        return isSubcommand ? ErrorOutput.of(List.of(), Map.of()) : ErrorOutput.of(own, environment);
    }

    /** Returns the command as it describes itself where no environment variable changes a default: for its documents. */
    public static CommandLine described() {
        EnvironmentDefaults defaults = new EnvironmentDefaults(Map.of(), NAME, EngineDefaults.byName());
        CommandLine command = new CommandLine(new SupervisorCommand(List.of(), List.of(), defaults, Map.of()));
        Subcommands.addAllTo(command);
        return command.setDefaultValueProvider(defaults);
    }

    /** Returns the environment as it was. */
    private static Map<String, String> hideServiceVariables(ErrorOutput errors) {
        Map<String, String> environment = ServiceEnvironment.hide();
        try {
            NativeEnvironment.remove(environment.keySet().stream()
                    .filter(ServiceVariables::isOne)
                    .toList());
        } catch (SupervisorException e) {
            errors.warning("processes of the application may inherit LISTEN_FDS, NOTIFY_SOCKET and the like: "
                    + e.getMessage());
        }
        return environment;
    }

    static int run(String[] args) {
        return run(args, System.getenv());
    }

    static int run(String[] args, Map<String, String> environment) {
        List<String> all = Arrays.asList(args);
        Optional<String> subcommand = Subcommands.first(all);
        boolean hasOthers = subcommand.isEmpty() || WITH_MORE_ARGUMENTS.contains(subcommand.get());
        int end = hasOthers ? all.indexOf(END_OF_OPTIONS) : -1;
        List<String> own = end < 0 ? all : all.subList(0, end);
        List<String> others = end < 0 ? List.of() : all.subList(end + 1, all.size());
        EnvironmentDefaults defaults = defaults(all, subcommand, environment);
        CommandLine command = new CommandLine(new SupervisorCommand(all, others, defaults, environment));
        Subcommands.addTo(command, own);
        command.getHelpSectionMap().put(SECTION_KEY_OPTION_LIST, help -> OptionArguments.describe(help, OPTIONS));
        if (!TerminalHints.ofThisProcess().colors()) { // picocli looks at fewer variables
            command.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        }
        return command.setDefaultValueProvider(defaults)
                .registerConverter(Path.class, SupervisorCommand::path)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((wrong, line) -> explain(wrong, defaults, errorOutput(all, environment)))
                .execute(own.toArray(String[]::new));
    }

    /** {@code help} shows the defaults of a command without the environment, which may have values that are wrong. */
    private static EnvironmentDefaults defaults(
            List<String> arguments, Optional<String> subcommand, Map<String, String> environment) {
        if (subcommand.filter(Subcommands.HELP::equals).isPresent()) {
            String command = arguments.size() > 1 ? NAME + " " + arguments.get(1) : NAME;
            return new EnvironmentDefaults(Map.of(), command, EngineDefaults.byName());
        }
        String command = subcommand.map(name -> NAME + " " + name).orElse(NAME);
        return new EnvironmentDefaults(environment, command, EngineDefaults.byName());
    }

    /** Converts a path, but not an empty one, as from an unset shell variable: it would mean the working directory. */
    private static Path path(String value) {
        if (value.isEmpty()) {
            throw new TypeConversionException("'' is no path");
        }
        return Path.of(value);
    }

    /** Prints the message without the help, which is long and would push the message off the screen. */
    private static int explain(ParameterException wrong, EnvironmentDefaults defaults, ErrorOutput errors) {
        String message = Subcommands.misplaced(wrong).orElseGet(() -> WrongUsage.describe(wrong));
        CommandLine command = wrong.getCommandLine();
        if (command.getCommand() instanceof SupervisorCommand supervisor) {
            supervisor.refuse(message);
        }
        if (errors.isJson()) {
            defaults.warnings().forEach(errors::warning);
            errors.error(defaults.namingVariables(message));
            return command.getCommandSpec().exitCodeOnInvalidInput();
        }
        defaults.warnings().forEach(warning -> command.getErr().println("supervisor: " + warning));
        command.getErr().println("supervisor: " + defaults.namingVariables(message));
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    /** Returns the arguments after {@code --}. */
    List<String> argumentsAfterDashes() {
        return applicationArguments;
    }

    @Override
    public List<String> words() {
        List<String> words = new ArrayList<>(
                Objects.requireNonNull(spec).commandLine().getParseResult().expandedArgs());
        if (commandLine.contains(END_OF_OPTIONS)) {
            words.add(END_OF_OPTIONS);
            words.addAll(applicationArguments);
        }
        return words;
    }

    @Override
    public Map<String, String> environment() {
        return environment;
    }

    @Override
    public Integer call() {
        try {
            takeover = Takeover.of(environment);
            return run(takeover);
        } catch (SupervisorException e) {
            String message = e.message(OptionNames::of);
            takeover.ifPresent(taking -> taking.refuse(message));
            ErrorOutput.of(arguments.output()).error(message);
            return FAILED;
        }
    }

    /** Tells the supervisor before, if this one is to take over from it. */
    private void refuse(String why) {
        takeover.ifPresentOrElse(taking -> taking.refuse(why), () -> Takeover.refuse(environment, why));
    }

    private int run(Optional<Takeover> takeover) {
        List<ApplicationPlan> plans =
                arguments.config().isEmpty() ? List.of(orWrongUsage(() -> onlyPlan(takeover))) : List.of();
        if (arguments.config().isPresent()) {
            try {
                plans = plans(arguments.config().get(), takeover);
            } catch (ConfigException e) {
                print(e.problems(), arguments.config().get());
                return commandLine().getCommandSpec().exitCodeOnInvalidInput();
            }
        }
        Optional<AdminOptions> admin = orWrongUsage(arguments.admin()::toOptions);
        checkAddress(admin, plans);
        Optional<EventLog> eventLog =
                orWrongUsage(() -> arguments.output().events().map(EventLog::open));
        Signals signals = Signals.handle(Terminal.gone());
        StopDeadline.begin(
                signals,
                plans.stream().map(plan -> plan.options().timeouts()).toList(),
                ErrorOutput.of(arguments.output()));
        Optional<Keyboard> keyboard = TerminalInput.find().map(Keyboard::new);
        keyboard.ifPresent(keys -> signals.beforeHalt(keys::restore));
        List<String> names = plans.stream().map(ApplicationPlan::name).toList();
        try (Display display =
                Display.open(arguments.output(), keyboard.isPresent(), names.size() > 1 ? names : List.of())) {
            warn(plans, display.transcript());
            return run(plans, takeover, signals, display.transcript(), eventLog, keyboard, admin);
        } finally {
            keyboard.ifPresent(Keyboard::close);
            eventLog.ifPresent(EventLog::close);
        }
    }

    /** Returns the application of the command line. */
    private ApplicationPlan onlyPlan(Optional<Takeover> takeover) {
        List<String> keys = given().stream().map(option -> option.substring(2)).toList();
        Dependents.alone(keys).ifPresent(option -> {
            throw new SupervisorException(
                    "--" + option + " is about --" + Dependents.about(option).orElseThrow() + ": add that");
        });
        return arguments.toPlan(applicationArguments, environment, takeover);
    }

    /** With a configuration file, that has been checked already. */
    private void checkAddress(Optional<AdminOptions> admin, List<ApplicationPlan> plans) {
        admin.flatMap(options ->
                        SocketConflicts.with(options.address(), plans).stream().findFirst())
                .ifPresent(conflict -> {
                    throw wrongUsage("--admin has the address of the socket " + conflict.socket()
                            + " (--port, --socket): give each one of its own");
                });
    }

    /** Returns the longest names of the options that the command line and the environment have. */
    private Set<String> given() {
        Set<String> given = new HashSet<>(defaults.options());
        for (OptionSpec option : commandLine().getParseResult().matchedOptions()) {
            given.add(option.longestName());
        }
        return given;
    }

    /** Prints problems as compilers do, in the form that the command line asks for. */
    private void print(List<ConfigProblem> problems, Path file) {
        ErrorOutput errors = ErrorOutput.of(arguments.output());
        for (ConfigProblem problem : problems) {
            String line = ConfigCheckCommand.line(file, "", problem);
            if (errors.isJson()) {
                errors.error(line);
            } else {
                commandLine().getErr().println(line);
            }
        }
    }

    /**
     * Returns the applications of a configuration file, and sets its options of the process. Those of the command line and
     * of the environment come before them; an application has its options in the file only.
     */
    private List<ApplicationPlan> plans(Path file, Optional<Takeover> takeover) throws ConfigException {
        Set<String> given = given();
        commandLine().getCommandSpec().options().stream()
                .filter(option -> given.contains(option.longestName()) && !ConfigKeys.isOfProcess(option))
                .findFirst()
                .ifPresent(option -> {
                    throw wrongUsage(option.longestName() + " is about an application: with --config it stands in the"
                            + " file, below 'applications: NAME:' or 'defaults:'");
                });
        if (!applicationArguments.isEmpty()) {
            throw wrongUsage("the arguments after -- are for an application: with --config they stand in the file, as"
                    + " 'arguments: [ ... ]' below 'applications: NAME:'");
        }
        if (takeover.isPresent()) {
            throw new SupervisorException("a supervisor with --config can't take over from another one");
        }
        try {
            return Configuration.read(file)
                    .plans(
                            arguments,
                            given,
                            InheritedSocket.of(
                                    environment, ProcessHandle.current().pid()));
        } catch (SupervisorException e) {
            throw wrongUsage(e.message(OptionNames.KEYS));
        }
    }

    private CommandLine commandLine() {
        return Objects.requireNonNull(spec).commandLine();
    }

    private ParameterException wrongUsage(String message) {
        return new ParameterException(commandLine(), message);
    }

    private void warn(List<ApplicationPlan> plans, Transcript transcript) {
        defaults.warnings().forEach(transcript::printWarning);
        if (InheritedSocket.isOfAnother(environment, ProcessHandle.current().pid())) {
            transcript.printWarning("the sockets of the parent process are not used: LISTEN_PID names process "
                    + environment.get("LISTEN_PID") + ", and this is "
                    + ProcessHandle.current().pid()
                    + " (let the parent start the supervisor itself, or by exec)");
        }
        plans.stream()
                .flatMap(plan -> plan.options().app().libraries().stream())
                .filter(Files::notExists)
                .forEach(library -> transcript.printWarning(
                        "the library '" + library + "' does not exist yet; it is used as soon as it does"));
        if (Orphans.areOurs() && !Orphans.reap()) {
            transcript.printWarning(
                    "this is process 1, and can't reap processes that builds leave behind: they stay defunct"
                            + " (start it below an init: docker run --init, or tini)");
        }
    }

    private int run(
            List<ApplicationPlan> plans,
            Optional<Takeover> takeover,
            Signals signals,
            Transcript transcript,
            Optional<EventLog> eventLog,
            Optional<Keyboard> keyboard,
            Optional<AdminOptions> admin) {
        Browser browser = new Browser(transcript::printError);
        SignalThreadReserve room = new SignalThreadReserve();
        ServiceManager serviceManager = ServiceManager.of(
                environment, plans.stream().map(ApplicationPlan::name).toList(), EventText::line);
        Optional<EventFeed> feed = arguments.hasControl() ? Optional.of(new EventFeed()) : Optional.empty();
        BiConsumer<String, Event> observer = (application, event) -> {
            Optional<String> shown = ifSeveral(plans, application);
            if (event instanceof Event.Serving) {
                room.keep();
            }
            browser.accept(event);
            transcript.print(shown, event);
            eventLog.ifPresent(to -> to.accept(shown, event));
            serviceManager.accept(application, event);
            takeover.ifPresent(taking -> taking.accept(event));
            feed.ifPresent(events -> events.accept(application, event));
        };
        ApplicationRuns applications = new ApplicationRuns(plans.stream()
                .map(plan -> new ApplicationRun(
                        plan,
                        arguments
                                .output()
                                .onSwap()
                                .map(command -> new SwapHook(
                                        plan.name(),
                                        command,
                                        text -> transcript.printError(ifSeveral(plans, plan.name()), text))),
                        arguments.failFast() ? Optional.of(new FailFast(signals::stopGently)) : Optional.empty(),
                        observer))
                .toList());
        signals.beforeHalt(applications::kill);
        serviceManager.discard(keptInVain(plans, takeover));
        Optional<ProcessControl> control =
                feed.map(events -> new ProcessControl(events, applications, signals::stopGently));
        try (StatusServer status = StatusServer.open(admin, takeover.isPresent());
                serviceManager;
                applications) {
            Preload.await();
            applications.start((run, e) -> {
                transcript.printError(ifSeveral(plans, run.name()), "supervisor: " + e.message(OptionNames.KEYS));
                serviceManager.notStarted(run.name());
            });
            if (applications.started().isEmpty() || (arguments.failFast() && !applications.areAllStarted())) {
                return FAILED;
            }
            status.show(applications, transcript);
            return serve(
                    applications, takeover, signals, transcript, browser, serviceManager, keyboard, status, control);
        } catch (SupervisorException e) {
            String message = e.message(OptionNames::of);
            takeover.ifPresent(taking -> taking.refuse(message));
            transcript.printError("supervisor: " + defaults.namingVariables(message));
            return FAILED;
        } finally {
            control.ifPresent(ProcessControl::close); // until now it has told how the stop goes
            takeover.ifPresent(Takeover::close);
        }
    }

    /** Serves until the process is asked to stop. */
    private int serve(
            ApplicationRuns applications,
            Optional<Takeover> takeover,
            Signals signals,
            Transcript transcript,
            Browser browser,
            ServiceManager serviceManager,
            Optional<Keyboard> keyboard,
            StatusServer status,
            Optional<ProcessControl> control) {
        Supervisor supervisor = applications.started().get(0).supervisor();
        AtomicBoolean tookOver = new AtomicBoolean(takeover.isEmpty());
        try (Upgrades upgrades = new Upgrades(
                new Succession(
                        supervisor,
                        environment,
                        arguments.upgradeTimeout(),
                        () -> takeover.filter(Takeover::isUnderWay).isPresent()),
                arguments.config().map(file -> "a supervisor with --config can't be upgraded (restart it)"),
                commandLine,
                transcript,
                successor -> {
                    control.ifPresent(ProcessControl::stopListening); // the other process is the one to ask now
                    serviceManager.replacedBy(successor);
                    status.close(); // the other process is waiting for its address
                },
                signals::stopGently)) {
            control.ifPresent(asked -> asked.listen(environment, status.url(), upgrades));
            signals.onUpgrade(upgrades::begin);
            Runnable onGo = () -> {
                tookOver.set(true);
                serviceManager.keep(applications::share);
            };
            takeover.ifPresentOrElse(
                    taking -> taking.begin(supervisor, onGo, why -> {
                        transcript.printError("supervisor: " + why);
                        signals.stopGently();
                    }),
                    onGo);
            serviceManager.watch(applications::respond);
            if (arguments.isPartOfTool()) {
                stopWithParent(signals);
            }
            signals.onHangUp(applications::swap);
            KeyCommands commands = new KeyCommands(applications.started(), browser, signals::stop, transcript::answer);
            keyboard.ifPresent(keys -> keys.listen(() -> transcript.hint(KeyCommands.HINT), commands));
            signals.awaitStop();
            return !tookOver.get() || applications.hasFailedFast() || !applications.areAllStarted() ? FAILED : STOPPED;
        }
    }

    /** Returns the name of an application for those who see it; nothing if there is only one. */
    private static Optional<String> ifSeveral(List<ApplicationPlan> plans, String name) {
        return plans.size() > 1 ? Optional.of(name) : Optional.empty();
    }

    /** The build tool asks this process to stop when it ends, unless it is killed. */
    private static void stopWithParent(Signals signals) {
        ProcessHandle.current().parent().ifPresent(tool -> {
            var unused = tool.onExit().thenRun(signals::stopGently);
        });
    }

    /** Returns the sockets of the run before that are not among those of this one. */
    private List<InheritedSocket> keptInVain(List<ApplicationPlan> plans, Optional<Takeover> takeover) {
        return takeover
                .map(Takeover::sockets)
                .orElseGet(() ->
                        InheritedSocket.of(environment, ProcessHandle.current().pid()))
                .stream()
                .filter(socket -> socket.isKept()
                        && plans.stream()
                                .noneMatch(
                                        plan -> plan.options().binding().kept().containsValue(socket.descriptor())))
                .toList();
    }

    private <T> T orWrongUsage(Supplier<T> supplier) {
        try {
            return supplier.get();
        } catch (SupervisorException e) {
            throw new ParameterException(commandLine(), e.message(OptionNames::of), e);
        }
    }
}
