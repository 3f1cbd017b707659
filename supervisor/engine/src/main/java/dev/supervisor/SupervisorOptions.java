package dev.supervisor;

import dev.supervisor.change.Watchers;
import dev.supervisor.failure.Editor;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The options of a supervisor; made by {@link #builder}, which has the defaults.
 *
 * @param app the application
 * @param sockets at least one, each with a name
 * @param tls how the supervisor ends TLS, by the names of the sockets on which it does
 * @param binding how the sockets are bound
 * @param proxies which proxies tell the addresses of their clients
 * @param swap what new work does while a build comes up
 * @param webSockets what becomes of WebSockets when a build takes over
 * @param checks what a new build has to do before it serves
 * @param tools what builds the application, and what notices changes
 * @param failurePage what the failure page shows
 * @param refresh how pages in browsers are told to refresh themselves; empty if they are not
 * @param formerGeneration the number of the last generation of the process that this one takes over from; empty if it takes
 *     over from none
 * @param optionNames the names of options in messages, as the user knows them
 */
public record SupervisorOptions(
        App app,
        List<SocketSpec> sockets,
        Map<String, TlsOptions> tls,
        Binding binding,
        ProxyProtocol proxies,
        Swap swap,
        WebSockets webSockets,
        Timeouts timeouts,
        Limits limits,
        Leaks leaks,
        Checks checks,
        Tools tools,
        FailurePage failurePage,
        Optional<Refresh> refresh,
        OptionalInt formerGeneration,
        Function<OptionKey, String> optionNames) {

    /** A longer duration is taken for this one, whose nanoseconds fit into a long. */
    private static final Duration FOR_EVER = Duration.ofDays(365);

    private static final int LAST_PORT = 65535;

    /** The treatment of new work while a build comes up. */
    public enum Swap {
        /** It waits for the new build, from the moment that a change is seen. */
        HOLD,
        /** The old build does it until the new one is ready, and goes on if that fails. */
        OVERLAP,
        /**
         * It waits likewise, and the old build is ended before the new one is started: for resources that can exist
         * only once, such as a file lock. The drain timeout bounds how long that takes.
         */
        RECREATE
    }

    /** The treatment of WebSockets when a build takes over. */
    public enum WebSockets {
        /** They stay with the old build, which may end them, until the drain timeout. */
        STAY,
        /**
         * They move to the new build between two messages: it gets the request that has opened them again. Compression is
         * not agreed on.
         */
        MOVE
    }

    /**
     * The application.
     *
     * @param path a jar, or a directory of classes; need not exist yet
     * @param libraries jars, directories of classes, or directories of jars
     * @param className the application's class, where the build names none, or several
     * @param mainClass the class whose {@code main} is run, for an application that knows nothing of the supervisor
     * @param relays whether connections of such an application are relayed to it, and no sockets are lent to it
     * @param prepares whether classes of such an application's libraries are loaded in advance for its next build
     * @param arguments for the application
     * @param workDirectory where private copies of builds are kept; empty for the usual place of temporary files
     */
    public record App(
            Path path,
            List<Path> libraries,
            Optional<String> className,
            Optional<String> mainClass,
            boolean relays,
            boolean prepares,
            List<String> arguments,
            Optional<Path> workDirectory) {
        public App {
            libraries = List.copyOf(libraries);
            arguments = List.copyOf(arguments);
        }
    }

    /**
     * How sockets are bound.
     *
     * @param reusePort whether other processes of the same user may bind the same port with this option (SO_REUSEPORT); the
     *     system distributes connections among them
     * @param unixMode the mode of the files of Unix sockets; a client needs the permission to write. Empty for that of the
     *     process's umask, by which, mostly, only the same user can connect
     * @param unixGroup the group that owns the files of Unix sockets; the supervisor must belong to it
     * @param receiveBuffer the bytes of datagrams that the kernel keeps, for each socket; empty for {@link
     *     #RECEIVE_BUFFER}, or what the parent process has set. The kernel may keep less
     * @param kept the descriptors of sockets that the service manager has kept since the run before, by the names of the
     *     sockets whose places they take
     * @param adopted the descriptors of the ports that a program has bound besides the sockets in the process that this one
     *     takes over from, by their names
     */
    public record Binding(
            boolean reusePort,
            Optional<Set<PosixFilePermission>> unixMode,
            Optional<String> unixGroup,
            Optional<Integer> receiveBuffer,
            Map<String, Integer> kept,
            Map<String, Integer> adopted) {

        /** How many bytes of datagrams wait in the kernel at most, if no other number is set. */
        public static final int RECEIVE_BUFFER = 4 << 20;

        /** The system's defaults. */
        public static final Binding DEFAULT =
                new Binding(false, Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), Map.of());

        private static final List<String> DIGITS = List.of("---", "--x", "-w-", "-wx", "r--", "r-x", "rw-", "rwx");

        public Binding {
            unixMode = unixMode.map(Set::copyOf);
            kept = Map.copyOf(kept);
            adopted = Map.copyOf(adopted);
        }

        /**
         * Returns the permissions of an octal mode, such as {@code 660}.
         *
         * @throws SupervisorException if it is none
         */
        static Set<PosixFilePermission> permissions(String octal) {
            require(
                    octal.matches("0?[0-7]{3}"),
                    OptionKey.UNIX_MODE + " must be an octal mode such as 660, not '" + octal + "'");
            return PosixFilePermissions.fromString(octal.substring(octal.length() - 3)
                    .chars()
                    .mapToObj(digit -> DIGITS.get(digit - '0'))
                    .collect(Collectors.joining()));
        }
    }

    /**
     * Limits of time.
     *
     * @param start for the application's {@code start}
     * @param hold for a connection that waits for a build
     * @param stopDelay how long a supervisor that is asked to stop goes on accepting, so that load balancers have time to
     *     stop sending
     * @param drain for a former generation to finish its requests under way
     * @param stop for a former generation's {@code close}, its shutdown hooks, and its threads to end
     * @param unload for the classes of an ended generation to be collected, before the search for references to them
     *     begins
     */
    public record Timeouts(
            Duration start, Duration hold, Duration stopDelay, Duration drain, Duration stop, Duration unload) {
        public Timeouts {
            start = bounded(start);
            hold = bounded(hold);
            stopDelay = bounded(stopDelay);
            drain = bounded(drain);
            stop = bounded(stop);
            unload = bounded(unload);
            require(isPositive(start), OptionKey.START_TIMEOUT + " must be more than 0");
            require(isPositive(hold), OptionKey.HOLD_TIMEOUT + " must be more than 0");
            require(!stopDelay.isNegative(), OptionKey.STOP_DELAY + " must not be negative");
            require(!drain.isNegative(), OptionKey.DRAIN_TIMEOUT + " must not be negative");
            require(isPositive(stop), OptionKey.STOP_TIMEOUT + " must be more than 0");
            require(!unload.isNegative(), OptionKey.UNLOAD_TIMEOUT + " must not be negative");
        }
    }

    /**
     * Limits of number.
     *
     * @param held connections that wait for a build, for each socket; the kernel keeps the rest
     * @param backlog connections that the kernel keeps, for each socket
     * @param generations that serve, start and drain at a time; ended ones do not count
     * @param keptBuilds builds that have served last, the live one among them, whose private copies are kept for a rollback;
     *     up to 1 keeps those of the live one only
     */
    public record Limits(int held, int backlog, int generations, int keptBuilds) {
        public Limits {
            require(held >= 1, OptionKey.MAX_HELD + " must be at least 1");
            require(backlog >= 1, OptionKey.BACKLOG + " must be at least 1");
            require(
                    generations >= 2,
                    OptionKey.MAX_GENERATIONS + " must be at least 2: one serves while the next one starts");
            require(keptBuilds >= 0, OptionKey.KEEP_BUILDS + " must not be negative");
        }
    }

    /**
     * The search for what keeps the classes of an ended generation.
     *
     * @param verify whether to ask the JVM for a collection when a generation has ended
     * @param dumps the directory for heap dumps of generations that are kept, which are searched then; empty for none
     */
    public record Leaks(boolean verify, Optional<Path> dumps) {}

    /**
     * The tools around a build.
     *
     * @param settle how long a build must stand still that was not moved into place as a whole
     * @param poll how often to look for changes, on file systems that send no events; empty to rely on events
     * @param command the build tool that the supervisor runs when sources change; empty if others build
     * @param builder makes a builder of the embedder's own, which takes the place of {@code command}
     * @param sources what that builds; empty if it does not tell
     * @param watcher makes a watcher of the embedder's own. With a builder it watches sources, and the supervisor gives
     *     it no targets; otherwise the supervisor tells it what to watch
     */
    public record Tools(
            Duration settle,
            Optional<Duration> poll,
            Optional<BuildTool> command,
            Optional<Function<ApplicationBuilder.Observer, ApplicationBuilder>> builder,
            Optional<Sources> sources,
            Optional<Function<Watcher.Observer, Watcher>> watcher) {
        public Tools {
            settle = bounded(settle);
            poll = poll.map(SupervisorOptions::bounded);
            require(!settle.isNegative(), OptionKey.SETTLE + " must not be negative");
            require(poll.isEmpty() || poll.get().toMillis() >= 1, OptionKey.POLL + " must be at least 1ms");
        }

        /** Returns whether the supervisor builds the application. */
        public boolean build() {
            return command.isPresent() || builder.isPresent();
        }
    }

    /**
     * What a builder builds, for messages and the failure page.
     *
     * @param name of the builder, as people know it
     * @param directory names of files are shown relative to it
     * @param roots directories in which sources are looked for; only files in them, and below the directory, are shown
     */
    public record Sources(String name, Path directory, List<Path> roots) {
        public Sources {
            roots = List.copyOf(roots);
        }
    }

    /**
     * A build tool that the supervisor runs.
     *
     * @param command for the shell
     * @param directory where it runs
     * @param sources files and directories whose changes call for a build, at least one
     * @param ignored patterns of files below these that are no sources, in the form of {@code .gitignore}
     * @param settle how long the sources must stand still before they are built
     */
    public record BuildTool(
            String command, Path directory, List<Path> sources, List<String> ignored, Duration settle, OnBusy onBusy) {

        /** The default of {@code settle}. */
        public static final Duration SETTLE = Duration.ofMillis(50);

        /** The default of the drain timeout where the supervisor builds: streams reconnect to a new build soon. */
        private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(5);

        public BuildTool {
            sources = List.copyOf(sources);
            ignored = List.copyOf(ignored);
            settle = bounded(settle);
            Watchers.checkGlobs(ignored);
            require(!command.isBlank(), OptionKey.BUILD + " must not be empty");
            require(!sources.isEmpty(), "there is nothing to watch (add " + OptionKey.WATCH + " src)");
            require(!settle.isNegative(), OptionKey.SETTLE + " must not be negative");
        }

        /**
         * Returns whether this is one of the sources itself, and not only in one of them: a source itself is never
         * ignored.
         */
        public boolean watchesByName(Path source) {
            return sources.stream()
                    .anyMatch(named -> named.toAbsolutePath().normalize().equals(source));
        }
    }

    /**
     * The failure page.
     *
     * @param details whether requests of this machine are shown why a build does not serve: source excerpts, stack traces,
     *     the output of the build. Always so where the supervisor builds
     * @param editor the command that opens a place that the page shows, as {@code code -g {file}:{line}:{column}}; needs
     *     the details
     */
    public record FailurePage(boolean details, Optional<String> editor) {
        public FailurePage {
            require(
                    editor.isEmpty() || details,
                    OptionKey.EDITOR + " opens what the failure page shows: add " + OptionKey.DETAILS + ", or "
                            + OptionKey.BUILD);
            editor.ifPresent(Editor::command); // or it would be found out by the first failure
        }
    }

    /**
     * The refresh of pages in browsers.
     *
     * @param inject whether to put the script for that into pages, or leave that to them
     * @param port where on loopback the script is, and the stream of events that it listens to; 0 picks a port
     */
    public record Refresh(boolean inject, int port) {
        public Refresh {
            require(port >= 0 && port <= LAST_PORT, OptionKey.REFRESH_PORT + " must be 0 to " + LAST_PORT);
        }
    }

    public SupervisorOptions {
        sockets = SocketSpec.named(sockets);
        require(
                !sockets.isEmpty(),
                "there is no socket to listen on (add " + OptionKey.PORT + " 8888, or " + OptionKey.SOCKET
                        + " http::8888)");
        proxies.check(sockets);
        tls = Collections.unmodifiableMap(new LinkedHashMap<>(tls));
        checks.check(clearSockets(sockets, tls), swap);
    }

    /** Returns the sockets as generations see them: without TLS where the supervisor ends it. */
    private static List<SocketSpec> clearSockets(List<SocketSpec> sockets, Map<String, TlsOptions> tls) {
        return sockets.stream()
                .map(socket -> tls.containsKey(socket.name()) ? socket.clear() : socket)
                .toList();
    }

    private static Duration bounded(Duration duration) {
        return duration.compareTo(FOR_EVER) > 0 ? FOR_EVER : duration;
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new SupervisorException(otherwise);
        }
    }

    /** Returns the message with the names of options as the user knows them. */
    public String render(String message) {
        return OptionKey.render(message, optionNames);
    }

    /** Returns a builder with all defaults. */
    public static Builder builder(Path app) {
        return new Builder(app);
    }

    /** Builds options. Each method sets one option, or adds to it, and returns this builder. */
    public static final class Builder {

        private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(30);

        private final Path app;
        private final List<SocketSpec> sockets = new ArrayList<>();
        private final List<InheritedSockets.Required> required = new ArrayList<>();
        private List<InheritedSocket> inherited = List.of();
        private final List<Path> libraries = new ArrayList<>();
        private @Nullable String appClass;
        private @Nullable String mainClass;
        private boolean relays;
        private boolean prepares = true;
        private List<String> arguments = List.of();
        private @Nullable Path workDirectory;
        private boolean reusePort;
        private @Nullable String unixMode;
        private @Nullable String unixGroup;
        private @Nullable Integer receiveBuffer;
        private final List<ProxyProtocol.Source> proxies = new ArrayList<>();
        private Duration proxyTimeout = ProxyProtocol.TIMEOUT;
        private final TlsAssignment tls = new TlsAssignment();
        private Swap swap = Swap.HOLD;
        private WebSockets webSockets = WebSockets.STAY;
        private Duration startTimeout = Duration.ofSeconds(30);
        private Duration holdTimeout = Duration.ofSeconds(60);
        private Duration stopDelay = Duration.ZERO;
        private @Nullable Duration drainTimeout;
        private Duration stopTimeout = Duration.ofSeconds(5);
        private Duration unloadTimeout = Duration.ofSeconds(60);
        private int maxHeld = 10_000;
        private int backlog = 4096;
        private int maxGenerations = 8;
        private int keepBuilds = 3;
        private final List<Checks.Request> checks = new ArrayList<>();
        private Duration checkTimeout = Checks.TIMEOUT;
        private int checkTries = Checks.TRIES;
        private final List<Checks.Request> warmUp = new ArrayList<>();
        private Duration warmUpTime = Checks.WARM_UP_TIME;
        private Checks.@Nullable ErrorLimit errorLimit;
        private boolean verifyUnload;
        private @Nullable Path dumpLeaks;
        private Duration settle = Duration.ofMillis(10);
        private @Nullable Duration poll;
        private @Nullable BuildTool buildTool;
        private @Nullable Function<ApplicationBuilder.Observer, ApplicationBuilder> builder;
        private @Nullable Sources sourcesOfBuilder;
        private @Nullable Function<Watcher.Observer, Watcher> watcher;
        private boolean details;
        private @Nullable String editor;
        private @Nullable Refresh refresh;
        private OptionalInt formerGeneration = OptionalInt.empty();
        private Function<OptionKey, String> optionNames = OptionKey::key;

        private Builder(Path app) {
            this.app = app;
        }

        /** Adds an HTTP socket on loopback; 0 picks a port. */
        public Builder port(int port) {
            return socket(SocketSpec.http(port));
        }

        /** Adds a socket in its text form, as {@code http::8888}. */
        public Builder socket(String spec) {
            return socket(SocketSpec.parse(spec));
        }

        public Builder socket(SocketSpec spec) {
            sockets.add(spec);
            return this;
        }

        /**
         * Has sockets that the parent process has passed take the places of sockets of the same names, or of the same
         * order if they have none; if no socket is set, each is one of HTTP. A socket that was kept since the run before
         * takes the place of the one that it was, if that is still set.
         */
        public Builder inherited(List<InheritedSocket> passed) {
            inherited = List.copyOf(passed);
            return this;
        }

        /**
         * Adds a socket that the parent process must pass.
         *
         * @param spec {@code NAME=TYPE}, or {@code TYPE} for one without a name, where TYPE is http, https, tcp, tls or udp
         * @throws SupervisorException if it has another form
         */
        public Builder inherit(String spec) {
            require(
                    spec.matches("([A-Za-z0-9_.-]+=)?(http|https|tcp|tls|udp)"),
                    "'" + spec + "' is no " + OptionKey.INHERIT
                            + ": expected [NAME=]TYPE, where TYPE is http, https, tcp, tls or udp");
            SocketSpec socket = SocketSpec.parse(spec + "::0");
            required.add(new InheritedSockets.Required(socket.name(), socket.protocol()));
            return this;
        }

        /** Lets other processes of the same user bind the same port, if they have this option too. */
        public Builder reusePort(boolean shared) {
            reusePort = shared;
            return this;
        }

        /** Sets the mode of the files of Unix sockets, in octal digits, such as {@code 660}. */
        public Builder unixMode(String octal) {
            unixMode = octal;
            return this;
        }

        /** Sets the group that owns the files of Unix sockets. */
        public Builder unixGroup(String group) {
            unixGroup = group;
            return this;
        }

        /** Sets how many bytes of datagrams the kernel keeps while no build serves, for each socket of UDP. */
        public Builder receiveBuffer(int bytes) {
            require(bytes > 0, OptionKey.RECEIVE_BUFFER + " must be at least 1 byte");
            receiveBuffer = bytes;
            return this;
        }

        /**
         * Adds a source of connections that begin with a header of the PROXY protocol, in the form {@code [NAME=]FROM}, as {@code
         * 10.0.0.0/8}, {@code ::1}, or {@code unix} for peers on a Unix socket. With the name of a socket it is about that
         * one, and otherwise about each one of these options.
         *
         * @throws SupervisorException if it has another form
         */
        public Builder proxyProtocol(String source) {
            proxies.add(ProxyProtocol.Source.parse(source));
            return this;
        }

        /** Sets how long a proxy may take until its header is complete; 5 seconds by default. */
        public Builder proxyTimeout(Duration timeout) {
            proxyTimeout = timeout;
            return this;
        }

        /**
         * Ends TLS on sockets of https and tls by a certificate. The n-th {@linkplain #key key} belongs to the n-th
         * certificate that needs one.
         *
         * @param certificate {@code [NAME=]FILE}, where NAME is that of a socket if it is for that one only. The file is in
         *     the PEM format, with the certificates that have issued it behind it, or a store with its key, whose name ends
         *     with {@code .p12}; or it is {@code dev} for one that the supervisor makes for this machine
         */
        public Builder cert(String certificate) {
            tls.add(OptionKey.CERT, certificate);
            return this;
        }

        /** Adds the key of a {@linkplain #cert certificate}, {@code [NAME=]FILE} in the PEM format, not encrypted. */
        public Builder key(String key) {
            tls.add(OptionKey.KEY, key);
            return this;
        }

        /** Adds a password of stores, as {@code [NAME=]file:FILE} or {@code [NAME=]env:VARIABLE}. */
        public Builder certPassword(String place) {
            tls.add(OptionKey.CERT_PASSWORD, place);
            return this;
        }

        /**
         * Has clients of sockets with a {@linkplain #cert certificate} authenticate themselves by one, too.
         *
         * @param file {@code [NAME=]FILE}, the certificates, in the PEM format, of which one must have issued that of a client
         */
        public Builder clientCa(String file) {
            tls.add(OptionKey.CLIENT_CA, file);
            return this;
        }

        /**
         * Sets what ALPN offers to clients of sockets with a {@linkplain #cert certificate}: {@code http/1.1} by default on
         * sockets of https, and nothing on those of tls.
         *
         * @param protocols {@code [NAME=]PROTOCOL,…}, the preferred one first
         */
        public Builder alpn(String protocols) {
            tls.add(OptionKey.ALPN, protocols);
            return this;
        }

        /** Sets what implements TLS, {@code jdk} or {@code openssl}; by default the latter if it is there. */
        public Builder tlsProvider(String name) {
            tls.provider(name);
            return this;
        }

        /**
         * Takes over from another process: no new work is taken before {@link Supervisor#begin}, and generations are
         * numbered from the next number on.
         *
         * @param lastGeneration the number of its last generation
         */
        public Builder takingOver(int lastGeneration) {
            formerGeneration = OptionalInt.of(lastGeneration);
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

        /**
         * Runs the {@code main} of this class, as an application that knows nothing of the supervisor. Not needed for a jar that
         * {@code java -jar} can run, unless it names an implementation of the SPI, too.
         */
        public Builder mainClass(String name) {
            mainClass = name;
            return this;
        }

        /**
         * Relays connections to an application that knows nothing of the supervisor, and lends it no sockets: if it does not work with
         * these. Each connection costs one more hop, and the application sees the supervisor as its peer.
         */
        public Builder relay(boolean value) {
            relays = value;
            return this;
        }

        /**
         * Loads classes of libraries in advance for the next build of an application that knows nothing of the supervisor, which is
         * the default. The next build starts sooner, and takes its memory for classes from now on.
         */
        public Builder prepare(boolean value) {
            prepares = value;
            return this;
        }

        public Builder arguments(List<String> values) {
            arguments = List.copyOf(values);
            return this;
        }

        /** Sets where private copies of builds are kept; the directory is made if need be. */
        public Builder workDirectory(Path directory) {
            workDirectory = directory;
            return this;
        }

        public Builder swap(Swap strategy) {
            swap = strategy;
            return this;
        }

        /** Sets what becomes of WebSockets when a build takes over; {@link WebSockets#STAY} by default. */
        public Builder websocket(WebSockets treatment) {
            webSockets = treatment;
            return this;
        }

        public Builder startTimeout(Duration timeout) {
            startTimeout = timeout;
            return this;
        }

        public Builder holdTimeout(Duration timeout) {
            holdTimeout = timeout;
            return this;
        }

        /**
         * Sets how long a supervisor that is asked to stop goes on accepting connections and answering requests; 0 by
         * default. Answers by HTTP/1 say {@code Connection: close} then, and HTTP/2 connections get a GOAWAY with their
         * next request.
         */
        public Builder stopDelay(Duration delay) {
            stopDelay = delay;
            return this;
        }

        /** Sets the drain timeout; 30 seconds by default, and 5 where the supervisor builds. */
        public Builder drainTimeout(Duration timeout) {
            drainTimeout = timeout;
            return this;
        }

        public Builder stopTimeout(Duration timeout) {
            stopTimeout = timeout;
            return this;
        }

        public Builder unloadTimeout(Duration timeout) {
            unloadTimeout = timeout;
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

        public Builder maxGenerations(int generations) {
            maxGenerations = generations;
            return this;
        }

        /** Sets how many builds that have served are kept for a rollback, the live one among them; 3 by default. */
        public Builder keepBuilds(int builds) {
            keepBuilds = builds;
            return this;
        }

        /**
         * Adds a request that a new build has to answer well before it serves, in the form {@code [SOCKET=]METHOD PATH
         * [STATUS]}, as {@code GET /health}.
         *
         * @throws SupervisorException if it has another form
         */
        public Builder check(String request) {
            checks.add(Checks.Request.parse(request, OptionKey.CHECK));
            return this;
        }

        /** Sets how long each try of a check may take; 5 seconds by default. */
        public Builder checkTimeout(Duration timeout) {
            checkTimeout = timeout;
            return this;
        }

        /** Sets how often each check is tried, half a second apart; 3 times by default. */
        public Builder checkTries(int tries) {
            checkTries = tries;
            return this;
        }

        /**
         * Adds a request by which a new build is warmed up before it takes over, in the form of {@link #check}. Needs {@link
         * Swap#OVERLAP}.
         *
         * @throws SupervisorException if it has another form
         */
        public Builder warmUp(String request) {
            warmUp.add(Checks.Request.parse(request, OptionKey.WARM_UP));
            return this;
        }

        /** Sets how long a warm-up may take; 2 seconds by default. */
        public Builder warmUpTime(Duration most) {
            warmUpTime = most;
            return this;
        }

        /**
         * Has the former generation come back if the new one makes more errors: answers with a status of 5xx, and connections
         * that it closes without an answer. Needs {@link Swap#OVERLAP}.
         */
        public Builder watchErrors(Checks.ErrorLimit limit) {
            errorLimit = limit;
            return this;
        }

        public Builder verifyUnload(boolean collect) {
            verifyUnload = collect;
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

        public Builder poll(Duration interval) {
            poll = interval;
            return this;
        }

        public Builder buildTool(BuildTool tool) {
            buildTool = tool;
            return this;
        }

        /** Has the application built by this builder, which reports to the observer that it is made with. */
        public Builder builder(Function<ApplicationBuilder.Observer, ApplicationBuilder> factory) {
            builder = factory;
            return this;
        }

        /** Tells what the {@linkplain #builder own builder} builds. */
        public Builder sources(Sources what) {
            sourcesOfBuilder = what;
            return this;
        }

        /** Has changes noticed by this watcher, which reports to the observer that it is made with. */
        public Builder watcher(Function<Watcher.Observer, Watcher> factory) {
            watcher = factory;
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

        /** Sets how messages name an option; by default they name its key. */
        public Builder optionNames(Function<OptionKey, String> names) {
            optionNames = names;
            return this;
        }

        /** @throws SupervisorException that names the option that makes no sense */
        public SupervisorOptions build() {
            Tools tools = new Tools(
                    settle,
                    Optional.ofNullable(poll),
                    Optional.ofNullable(buildTool),
                    Optional.ofNullable(builder),
                    Optional.ofNullable(sourcesOfBuilder),
                    Optional.ofNullable(watcher));
            List<SocketSpec> listening = SocketSpec.named(InheritedSockets.assign(sockets, required, inherited));
            return new SupervisorOptions(
                    new App(
                            app,
                            libraries,
                            Optional.ofNullable(appClass),
                            Optional.ofNullable(mainClass),
                            relays,
                            prepares,
                            arguments,
                            Optional.ofNullable(workDirectory)),
                    listening,
                    tls.assign(listening),
                    new Binding(
                            reusePort,
                            Optional.ofNullable(unixMode).map(Binding::permissions),
                            Optional.ofNullable(unixGroup),
                            Optional.ofNullable(receiveBuffer),
                            InheritedSockets.kept(listening, inherited),
                            InheritedSockets.adopted(listening, inherited)),
                    new ProxyProtocol(proxies, proxyTimeout),
                    swap,
                    webSockets,
                    new Timeouts(startTimeout, holdTimeout, stopDelay, drain(tools), stopTimeout, unloadTimeout),
                    new Limits(maxHeld, backlog, maxGenerations, keepBuilds),
                    new Leaks(verifyUnload, Optional.ofNullable(dumpLeaks)),
                    new Checks(checks, checkTimeout, checkTries, warmUp, warmUpTime, Optional.ofNullable(errorLimit)),
                    tools,
                    new FailurePage(details || tools.build(), Optional.ofNullable(editor)),
                    Optional.ofNullable(refresh),
                    formerGeneration,
                    optionNames);
        }

        private Duration drain(Tools tools) {
            if (drainTimeout != null) {
                return drainTimeout;
            }
            return tools.build() ? BuildTool.DRAIN_TIMEOUT : DRAIN_TIMEOUT;
        }
    }
}
