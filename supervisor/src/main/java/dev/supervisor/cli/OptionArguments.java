package dev.supervisor.cli;

import dev.supervisor.SupervisorException;
import dev.supervisor.SupervisorOptions;
import dev.supervisor.SupervisorOptions.Swap;
import dev.supervisor.socket.SocketSpec;
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
            paramLabel = "hold|overlap",
            defaultValue = "hold",
            description = "While a new build comes up, new work waits for it (hold), or the old build does it until the"
                    + " new one is ready, and goes on if that fails (overlap). Default: ${DEFAULT-VALUE}.")
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
            defaultValue = "30s",
            converter = DurationConverter.class,
            description =
                    "How long a former generation may go on with what it had begun, before what is left is closed;"
                            + " 0 moves what is idle and closes the rest. Default: ${DEFAULT-VALUE}.")
    private Duration drainTimeout = Duration.ZERO;

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
                    + " and those that something keeps alive; the next swap waits. Default: ${DEFAULT-VALUE}.")
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
            names = "--settle",
            paramLabel = "DURATION",
            defaultValue = "10ms",
            converter = DurationConverter.class,
            description = "How long a build must stand still to be taken for complete; one that is moved into place is"
                    + " taken at once. Default: ${DEFAULT-VALUE}.")
    private Duration settle = Duration.ZERO;

    @Option(
            names = "--poll",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "Look for changes this often, on file systems without events (some containers, network"
                    + " mounts). Default: wait for the file system's events.")
    private @Nullable Duration poll;

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
                .drainTimeout(drainTimeout)
                .holdTimeout(holdTimeout)
                .maxHeld(maxHeld)
                .backlog(backlog)
                .stopTimeout(stopTimeout)
                .maxGenerations(maxGenerations)
                .unloadTimeout(unloadTimeout)
                .verifyUnload(verifyUnload)
                .settle(settle)
                .arguments(applicationArguments);
        Optional.ofNullable(port).ifPresent(options::port);
        sockets.forEach(options::socket);
        libraries.forEach(options::library);
        Optional.ofNullable(appClass).ifPresent(options::appClass);
        Optional.ofNullable(dumpLeaks).ifPresent(options::dumpLeaks);
        Optional.ofNullable(poll).ifPresent(options::poll);
        return options.build();
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
