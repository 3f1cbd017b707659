package dev.supervisor;

import dev.supervisor.build.CommandBuilder.OnBusy;
import dev.supervisor.change.Watchers;
import dev.supervisor.failure.Editor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a supervisor does; made by {@link #builder}.
 *
 * @param sockets what to listen on, at least one; each has a name
 * @param app the application: a jar, or a directory of classes; need not exist yet
 * @param libraries jars, directories of classes, or directories of jars
 * @param appClass the application's class, where the build names none, or several
 * @param swap what happens to new work while a build comes up
 * @param startTimeout how long {@code start} may take
 * @param drainTimeout how long a former generation may go on with what it had begun
 * @param holdTimeout how long a connection waits for a build at most
 * @param maxHeld how many connections wait for a build at most, for each socket; the kernel keeps the rest
 * @param backlog how many connections the kernel keeps, for each socket
 * @param stopTimeout how long a former generation's {@code close}, its shutdown hooks and its threads may take to end
 * @param maxGenerations how many may serve, start and drain at a time; those that have ended do not count
 * @param verifyUnload whether to ask the JVM to collect a generation that has ended
 * @param unloadTimeout how long an ended generation may be there before what keeps it is looked for
 * @param dumpLeaks where to write a heap dump of a generation that is kept, and read from it by what
 * @param settle how long a build must stand still that was not moved into place as a whole
 * @param buildTool how to build the application when its sources change; none if others do that
 * @param details whether the failure page shows requests of this machine why a build does not serve: source excerpts,
 *     stack traces, the output of the build. Always with a build tool; otherwise it tells them where to look only
 * @param editor the command that opens a place that the failure page shows, as {@code code -g {file}:{line}:{column}};
 *     needs the details
 * @param refresh whether pages in browsers refresh themselves after a swap, and how
 * @param workDirectory where private copies of builds are kept; otherwise in the usual place for temporary files
 * @param poll how often to look for changes, on file systems that send no events
 * @param arguments for the application
 */
public record SupervisorOptions(
        List<SocketSpec> sockets,
        Path app,
        List<Path> libraries,
        Optional<String> appClass,
        Swap swap,
        Duration startTimeout,
        Duration drainTimeout,
        Duration holdTimeout,
        int maxHeld,
        int backlog,
        Duration stopTimeout,
        int maxGenerations,
        boolean verifyUnload,
        Duration unloadTimeout,
        Optional<Path> dumpLeaks,
        Duration settle,
        Optional<BuildTool> buildTool,
        boolean details,
        Optional<String> editor,
        Optional<Refresh> refresh,
        Optional<Path> workDirectory,
        Optional<Duration> poll,
        List<String> arguments) {

    /** A longer duration is taken for this one, whose nanoseconds fit into a long. */
    private static final Duration FOR_EVER = Duration.ofDays(365);

    /** What happens to new work while a build comes up. */
    public enum Swap {
        /** It waits for the new build, from the moment that a change is seen. */
        HOLD,
        /** The old build does it until the new one is ready, and goes on if that fails. */
        OVERLAP,
        /**
         * It waits likewise, and the old build is ended before the new one is started: for what can only exist once, such as
         * the lock of a file. The drain timeout bounds how long that takes.
         */
        RECREATE
    }

    /**
     * A build tool of the user's.
     *
     * @param command for the shell
     * @param directory where it runs
     * @param sources files and directories whose changes call for a build, at least one
     * @param ignored what is no source below these, in the form of {@code .gitignore}
     * @param settle how long the sources must stand still before they are built
     */
    public record BuildTool(
            String command, Path directory, List<Path> sources, List<String> ignored, Duration settle, OnBusy onBusy) {

        public BuildTool {
            sources = List.copyOf(sources);
            ignored = List.copyOf(ignored);
            settle = bounded(settle);
            Watchers.checkGlobs(ignored);
            require(!command.isBlank(), "--build must not be empty");
            require(!sources.isEmpty(), "there is nothing to watch (add --watch src)");
            require(!isNegative(settle), "--settle must not be negative");
        }

        /** Whether this is one of the sources itself, and not only in one: those are never ignored. */
        public boolean watchesByName(Path source) {
            return sources.stream()
                    .anyMatch(named -> named.toAbsolutePath().normalize().equals(source));
        }
    }

    /**
     * How pages in browsers are told to refresh themselves.
     *
     * @param inject whether to put the script for that into pages, or leave that to them
     * @param port where on loopback the script is, and the stream of events that it listens to; 0 picks a port
     */
    public record Refresh(boolean inject, int port) {

        public Refresh {
            require(port >= 0 && port <= 65535, "--refresh-port must be 0 to 65535");
        }
    }

    public SupervisorOptions {
        sockets = SocketSpec.named(sockets);
        libraries = List.copyOf(libraries);
        arguments = List.copyOf(arguments);
        startTimeout = bounded(startTimeout);
        drainTimeout = bounded(drainTimeout);
        holdTimeout = bounded(holdTimeout);
        stopTimeout = bounded(stopTimeout);
        unloadTimeout = bounded(unloadTimeout);
        settle = bounded(settle);
        poll = poll.map(SupervisorOptions::bounded);
        details |= buildTool.isPresent();
        require(!sockets.isEmpty(), "there is no socket to listen on (add --port 8888, or --socket http::8888)");
        require(!isNegative(startTimeout) && !startTimeout.isZero(), "--start-timeout must be more than 0");
        require(!isNegative(drainTimeout), "--drain-timeout must not be negative");
        require(!isNegative(holdTimeout) && !holdTimeout.isZero(), "--hold-timeout must be more than 0");
        require(!isNegative(stopTimeout) && !stopTimeout.isZero(), "--stop-timeout must be more than 0");
        require(maxGenerations >= 2, "--max-generations must be at least 2: one serves while the next one starts");
        require(!isNegative(unloadTimeout), "--unload-timeout must not be negative");
        require(!isNegative(settle), "--settle must not be negative");
        require(poll.isEmpty() || poll.get().toMillis() >= 1, "--poll must be at least 1ms");
        require(editor.isEmpty() || details, "--editor opens what the failure page shows: add --details, or --build");
        editor.ifPresent(Editor::command); // or it would be found out by the first failure
        require(maxHeld >= 1, "--max-held must be at least 1");
        require(backlog >= 1, "--backlog must be at least 1");
    }

    private static Duration bounded(Duration duration) {
        return duration.compareTo(FOR_EVER) > 0 ? FOR_EVER : duration;
    }

    private static boolean isNegative(Duration duration) {
        return duration.isNegative();
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new SupervisorException(otherwise);
        }
    }

    public static Builder builder(Path app) {
        return new Builder(app);
    }

    /** Options with their defaults, to be changed one by one. */
    public static final class Builder {

        private final Path app;
        private final List<SocketSpec> sockets = new ArrayList<>();
        private final List<Path> libraries = new ArrayList<>();
        private @Nullable String appClass;
        private Swap swap = Swap.HOLD;
        private Duration startTimeout = Duration.ofSeconds(30);
        private Duration drainTimeout = Duration.ofSeconds(30);
        private Duration holdTimeout = Duration.ofSeconds(60);
        private int maxHeld = 10_000;
        private int backlog = 4096;
        private Duration stopTimeout = Duration.ofSeconds(5);
        private int maxGenerations = 8;
        private boolean verifyUnload;
        private Duration unloadTimeout = Duration.ofSeconds(60);
        private @Nullable Path dumpLeaks;
        private Duration settle = Duration.ofMillis(10);
        private @Nullable BuildTool buildTool;
        private boolean details;
        private @Nullable String editor;
        private @Nullable Refresh refresh;
        private @Nullable Path workDirectory;
        private @Nullable Duration poll;
        private List<String> arguments = List.of();

        private Builder(Path app) {
            this.app = app;
        }

        /** Adds an HTTP socket on loopback; 0 picks a port. */
        public Builder port(int port) {
            return socket(SocketSpec.http(port));
        }

        /** Adds a socket in the form of the command line, as {@code http::8888}. */
        public Builder socket(String spec) {
            return socket(SocketSpec.parse(spec));
        }

        public Builder socket(SocketSpec spec) {
            sockets.add(spec);
            return this;
        }

        public Builder library(Path library) {
            libraries.add(library);
            return this;
        }

        public Builder appClass(String name) {
            appClass = name;
            return this;
        }

        public Builder swap(Swap strategy) {
            swap = strategy;
            return this;
        }

        public Builder startTimeout(Duration timeout) {
            startTimeout = timeout;
            return this;
        }

        public Builder drainTimeout(Duration timeout) {
            drainTimeout = timeout;
            return this;
        }

        public Builder holdTimeout(Duration timeout) {
            holdTimeout = timeout;
            return this;
        }

        public Builder maxHeld(int connections) {
            maxHeld = connections;
            return this;
        }

        public Builder backlog(int connections) {
            backlog = connections;
            return this;
        }

        public Builder stopTimeout(Duration timeout) {
            stopTimeout = timeout;
            return this;
        }

        public Builder maxGenerations(int generations) {
            maxGenerations = generations;
            return this;
        }

        public Builder verifyUnload(boolean collect) {
            verifyUnload = collect;
            return this;
        }

        public Builder unloadTimeout(Duration timeout) {
            unloadTimeout = timeout;
            return this;
        }

        public Builder dumpLeaks(Path directory) {
            dumpLeaks = directory;
            return this;
        }

        public Builder settle(Duration time) {
            settle = time;
            return this;
        }

        public Builder buildTool(BuildTool tool) {
            buildTool = tool;
            return this;
        }

        /** Has the failure page show why a build does not serve, to requests of this machine. */
        public Builder details(boolean shown) {
            details = shown;
            return this;
        }

        public Builder editor(String command) {
            editor = command;
            return this;
        }

        public Builder refresh(Refresh how) {
            refresh = how;
            return this;
        }

        /** Sets where private copies of builds are kept; the directory is made if need be. */
        public Builder workDirectory(Path directory) {
            workDirectory = directory;
            return this;
        }

        public Builder poll(Duration interval) {
            poll = interval;
            return this;
        }

        public Builder arguments(List<String> values) {
            arguments = values;
            return this;
        }

        /** @throws SupervisorException that names the option that makes no sense */
        public SupervisorOptions build() {
            return new SupervisorOptions(
                    sockets,
                    app,
                    libraries,
                    Optional.ofNullable(appClass),
                    swap,
                    startTimeout,
                    drainTimeout,
                    holdTimeout,
                    maxHeld,
                    backlog,
                    stopTimeout,
                    maxGenerations,
                    verifyUnload,
                    unloadTimeout,
                    Optional.ofNullable(dumpLeaks),
                    settle,
                    Optional.ofNullable(buildTool),
                    details,
                    Optional.ofNullable(editor),
                    Optional.ofNullable(refresh),
                    Optional.ofNullable(workDirectory),
                    Optional.ofNullable(poll),
                    arguments);
        }
    }
}
