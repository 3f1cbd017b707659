package dev.supervisor.cli;

import dev.supervisor.SupervisorException;
import dev.supervisor.SupervisorOptions;
import dev.supervisor.SupervisorOptions.BuildTool;
import dev.supervisor.SupervisorOptions.Refresh;
import dev.supervisor.SupervisorOptions.Swap;
import dev.supervisor.build.CommandBuilder.OnBusy;
import dev.supervisor.socket.SocketSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of the command line, filled in by picocli. */
final class OptionArguments {

    private static final Duration SETTLE = Duration.ofMillis(10);
    private static final Duration SETTLE_SOURCES = Duration.ofMillis(50);
    private static final Duration DRAIN = Duration.ofSeconds(30);

    /** Streams that never end are reconnected to the new build soon. */
    private static final Duration DRAIN_WHILE_DEVELOPING = Duration.ofSeconds(5);

    private static final Path DEFAULT_SOURCES = Path.of("src");

    @Option(
            names = {"-p", "--port"},
            paramLabel = "N",
            description = "Listen for HTTP on 127.0.0.1:N; 0 picks a port. The same as --socket http::N.")
    private @Nullable Integer port;

    @Option(
            names = {"-s", "--socket"},
            paramLabel = "[NAME=]TYPE::SPEC",
            split = ",",
            converter = SocketConverter.class,
            description = "Listen on a socket; may be repeated. TYPE is http or tcp, SPEC is PORT, HOST:PORT or"
                    + " [IPV6]:PORT. Names default to http, tcp, http-2, ...")
    private List<SocketSpec> sockets = List.of();

    @Option(
            names = {"-a", "--app"},
            paramLabel = "PATH",
            description = "The application: a jar, or a directory of classes. It need not exist yet."
                    + " The jar's Class-Path entries count as libraries.")
    private @Nullable Path app;

    @Option(
            names = "--lib",
            paramLabel = "PATH",
            split = "${sys:path.separator}",
            splitSynopsisLabel = "${sys:path.separator}",
            description = "A library: a jar, a directory of classes, or a directory of jars; may be repeated.")
    private List<Path> libraries = List.of();

    @Option(
            names = "--app-class",
            paramLabel = "NAME",
            description = "The class that implements dev.supervisor.spi.Application, where the build's"
                    + " META-INF/services does not name exactly one.")
    private @Nullable String appClass;

    @Option(
            names = "--swap",
            paramLabel = "hold|overlap|recreate",
            defaultValue = "hold",
            description = "While a new build comes up, new work waits for it (hold), or the old build does it until the"
                    + " new one is ready, and goes on if that fails (overlap); recreate is hold, but ends the old build"
                    + " before it starts the new one, for what only one can have: the lock of a file, a port of its"
                    + " own. Default: ${DEFAULT-VALUE}.")
    private Swap swap = Swap.HOLD;

    @Option(
            names = "--start-timeout",
            paramLabel = "DURATION",
            defaultValue = "30s",
            converter = DurationConverter.class,
            description = "How long the application's start may take. Default: ${DEFAULT-VALUE}.")
    private Duration startTimeout = Duration.ZERO;

    @Option(
            names = "--drain-timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description =
                    "How long a former generation may go on with what it had begun, before what is left is closed;"
                            + " 0 moves what is idle and closes the rest. Default: 30s, and 5s with --build.")
    private @Nullable Duration drainTimeout;

    @Option(
            names = "--hold-timeout",
            paramLabel = "DURATION",
            defaultValue = "60s",
            converter = DurationConverter.class,
            description = "How long a connection waits for a build before it is answered with 503 (http) or closed"
                    + " (tcp). Default: ${DEFAULT-VALUE}.")
    private Duration holdTimeout = Duration.ZERO;

    @Option(
            names = "--max-held",
            paramLabel = "N",
            defaultValue = "10000",
            description = "How many connections wait for a build, for each socket; more stay in the kernel's backlog."
                    + " Default: ${DEFAULT-VALUE}.")
    private int maxHeld;

    @Option(
            names = "--backlog",
            paramLabel = "N",
            defaultValue = "4096",
            description = "The kernel's backlog of each socket (on Linux net.core.somaxconn limits it)."
                    + " Default: ${DEFAULT-VALUE}.")
    private int backlog;

    @Option(
            names = "--stop-timeout",
            paramLabel = "DURATION",
            defaultValue = "5s",
            converter = DurationConverter.class,
            description = "How long the close() of a former generation may take, and then its shutdown hooks, and the"
                    + " threads that it has forgotten, which are interrupted. Default: ${DEFAULT-VALUE}.")
    private Duration stopTimeout = Duration.ZERO;

    @Option(
            names = "--max-generations",
            paramLabel = "N",
            defaultValue = "8",
            description = "How many generations may be in memory at a time, with those that finish what they had begun"
                    + " and those that something keeps alive; the oldest that finishes is cut short for the next one."
                    + " Default: ${DEFAULT-VALUE}.")
    private int maxGenerations;

    @Option(
            names = "--unload-timeout",
            paramLabel = "DURATION",
            defaultValue = "60s",
            converter = DurationConverter.class,
            description = "How long the classes of a former generation may stay after its end, although the JVM has"
                    + " collected others, before what keeps them is reported. Default: ${DEFAULT-VALUE}.")
    private Duration unloadTimeout = Duration.ZERO;

    @Option(
            names = "--verify-unload",
            description = "Ask the JVM to collect each former generation, to see at once that nothing keeps it. Costs a"
                    + " full collection at each swap, or a few.")
    private boolean verifyUnload;

    @Option(
            names = "--dump-leaks",
            paramLabel = "DIR",
            description = "Write a heap dump of a generation that is kept alive to this directory, and report the path"
                    + " from a GC root to it. The JVM stands still for that; the file holds all that is in memory,"
                    + " secrets included.")
    private @Nullable Path dumpLeaks;

    @Option(
            names = {"-b", "--build"},
            paramLabel = "COMMAND",
            description =
                    "Build the application by this command of the shell when a source changes, and when it starts:"
                            + " 'gradle -q jar', 'mvn -q -o package', 'make'. New work waits from the moment of the change, so"
                            + " that the next page is always the new one. What the command makes is what --app names.")
    private @Nullable String buildCommand;

    @Option(
            names = {"-w", "--watch"},
            paramLabel = "PATH",
            description = "Sources for --build: a directory or a file; may be repeated. Default: src.")
    private List<Path> sources = List.of();

    @Option(
            names = "--ignore",
            paramLabel = "GLOB",
            description =
                    "What is no source, in the form of .gitignore, seen from the working directory, and from a --watch"
                            + " PATH that lies elsewhere; may be repeated. Ignored in any case is what a"
                            + " .gitignore or .ignore names, version control, swap and backup files of editors, and what builds"
                            + " make.")
    private List<String> ignored = List.of();

    @Option(
            names = "--on-busy",
            paramLabel = "restart|queue",
            defaultValue = "restart",
            description = "What a change does while --build runs: end it and begin anew, or build once more after it."
                    + " Default: ${DEFAULT-VALUE}.")
    private OnBusy onBusy = OnBusy.RESTART;

    @Option(
            names = "--settle",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description =
                    "How long a build must stand still to be taken for complete, unless it is moved into place; and"
                            + " the sources, before --build (which begins after 10 times as long in any case, or 2"
                            + " seconds). Default: 10ms, and 50ms.")
    private @Nullable Duration settle;

    @Option(
            names = "--poll",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Look for changes this often, on file systems without events (some containers, network"
                    + " mounts). Default: wait for the file system's events.")
    private @Nullable Duration poll;

    @Option(
            names = "--editor",
            paramLabel = "COMMAND",
            description =
                    "Makes the places that a failed build names clickable in the browser, on this machine only: what"
                            + " opens one, as in 'code -g {file}:{line}:{column}'. It is started without a shell.")
    private @Nullable String editor;

    @Option(
            names = "--refresh",
            paramLabel = "inject",
            arity = "0..1",
            fallbackValue = "script",
            description =
                    "Have pages refresh themselves after a swap: those that include the script whose address is printed,"
                            + " or, with inject, each page that an http socket answers with (text/html by HTTP/1, to"
                            + " a browser of this machine).")
    private @Nullable RefreshChoice refresh;

    @Option(
            names = "--refresh-port",
            paramLabel = "N",
            description = "Where the script of --refresh is, on 127.0.0.1. Default: 0, which picks a port.")
    private @Nullable Integer refreshPort;

    @Option(
            names = "--on-swap",
            paramLabel = "COMMAND",
            description =
                    "Run this command of the shell after each swap, for 30 s at most, with SUPERVISOR_STATUS (serving or"
                            + " failed) and SUPERVISOR_GENERATION (that was the last to serve) in its environment.")
    private @Nullable String onSwap;

    @Option(names = "--bell", description = "Ring the terminal's bell after each swap, made or failed.")
    private boolean bell;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print sockets and failures only.")
    private boolean quiet;

    @Option(
            names = "--color",
            paramLabel = "auto|always|never",
            defaultValue = "auto",
            description = "Whether to color what is printed; auto does on a terminal, unless NO_COLOR is set."
                    + " Default: ${DEFAULT-VALUE}.")
    private ColorChoice color = ColorChoice.AUTO;

    enum RefreshChoice {
        SCRIPT,
        INJECT
    }

    enum ColorChoice {
        AUTO,
        ALWAYS,
        NEVER
    }

    /** @throws SupervisorException that names the option that makes no sense */
    SupervisorOptions toOptions(List<String> applicationArguments) {
        if (app == null) {
            throw new SupervisorException("there is no application to run (add --app build/libs/app.jar)");
        }
        SupervisorOptions.Builder options = SupervisorOptions.builder(app)
                .swap(swap)
                .startTimeout(startTimeout)
                .drainTimeout(
                        Optional.ofNullable(drainTimeout).orElse(buildCommand == null ? DRAIN : DRAIN_WHILE_DEVELOPING))
                .holdTimeout(holdTimeout)
                .maxHeld(maxHeld)
                .backlog(backlog)
                .stopTimeout(stopTimeout)
                .maxGenerations(maxGenerations)
                .unloadTimeout(unloadTimeout)
                .verifyUnload(verifyUnload)
                .settle(Optional.ofNullable(settle).orElse(SETTLE))
                .arguments(applicationArguments);
        Optional.ofNullable(port).ifPresent(options::port);
        sockets.forEach(options::socket);
        libraries.forEach(options::library);
        Optional.ofNullable(appClass).ifPresent(options::appClass);
        Optional.ofNullable(dumpLeaks).ifPresent(options::dumpLeaks);
        Optional.ofNullable(poll).ifPresent(options::poll);
        buildTool().ifPresent(options::buildTool);
        Optional.ofNullable(editor).ifPresent(options::editor);
        refresh().ifPresent(options::refresh);
        return options.build();
    }

    private Optional<BuildTool> buildTool() {
        if (buildCommand == null) {
            if (!sources.isEmpty() || !ignored.isEmpty()) {
                throw new SupervisorException("--watch and --ignore are about sources: they need --build COMMAND");
            }
            return Optional.empty();
        }
        for (Path source : sources) {
            if (!Files.exists(source)) {
                throw new SupervisorException("can't watch '" + source + "': it does not exist");
            }
        }
        List<Path> watched = sources.isEmpty() && Files.exists(DEFAULT_SOURCES) ? List.of(DEFAULT_SOURCES) : sources;
        return Optional.of(new BuildTool(
                buildCommand,
                Path.of("").toAbsolutePath(),
                watched,
                ignored,
                Optional.ofNullable(settle).orElse(SETTLE_SOURCES),
                onBusy));
    }

    private Optional<Refresh> refresh() {
        if (refresh == null) {
            if (refreshPort != null) {
                throw new SupervisorException("--refresh-port is about --refresh: add that");
            }
            return Optional.empty();
        }
        return Optional.of(new Refresh(refresh == RefreshChoice.INJECT, refreshPort == null ? 0 : refreshPort));
    }

    Optional<String> onSwap() {
        return Optional.ofNullable(onSwap);
    }

    boolean bell() {
        return bell;
    }

    boolean quiet() {
        return quiet;
    }

    /** Picocli knows what a terminal is, and {@code NO_COLOR} (no-color.org). */
    boolean colors() {
        return switch (color) {
            case ALWAYS -> true;
            case NEVER -> false;
            case AUTO -> CommandLine.Help.Ansi.AUTO.enabled();
        };
    }

    static final class SocketConverter implements ITypeConverter<SocketSpec> {
        @Override
        public SocketSpec convert(String value) {
            try {
                return SocketSpec.parse(value);
            } catch (SupervisorException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
