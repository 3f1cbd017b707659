package dev.supervisor;

import dev.supervisor.build.CommandBuilder;
import dev.supervisor.change.Watchers;
import dev.supervisor.failure.FailureLoop;
import dev.supervisor.flight.Flight;
import dev.supervisor.generation.Build;
import dev.supervisor.generation.Generation;
import dev.supervisor.generation.SnapshotStore;
import dev.supervisor.generation.Warmup;
import dev.supervisor.process.SupervisorThreads;
import dev.supervisor.socket.AdoptedSockets;
import dev.supervisor.socket.BoundSocket;
import dev.supervisor.socket.EventLoops;
import dev.supervisor.socket.Gate;
import dev.supervisor.socket.HandOver;
import dev.supervisor.socket.ListeningSocket;
import dev.supervisor.socket.ReceivingSocket;
import dev.supervisor.socket.Sockets;
import dev.supervisor.socket.SupervisedSocket;
import dev.supervisor.source.SourceFiles;
import dev.supervisor.swap.Acceptance;
import dev.supervisor.swap.BrowserRefresh;
import dev.supervisor.swap.BuildReporter;
import dev.supervisor.swap.GenerationFactory;
import dev.supervisor.swap.GenerationRegistry;
import dev.supervisor.swap.LastEvents;
import dev.supervisor.swap.SwapHistory;
import dev.supervisor.swap.SwapLoop;
import dev.supervisor.tls.Certificates;
import dev.supervisor.unload.LeakPath;
import dev.supervisor.unload.Unload;
import dev.supervisor.unload.places.SharedPlaces;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns listening sockets and swaps the application behind them whenever its build changes. Several in one JVM do not
 * disturb each other, as far as a JVM has more than one of what their applications want. Thread-safe.
 *
 * <pre>{@code
 * try (Supervisor supervisor = Supervisor.start(
 *         SupervisorOptions.builder(Path.of("build/libs/app.jar")).port(8888).build(),
 *         System.out::println)) {
 *     …
 * }
 * }</pre>
 *
 * <p>Embedding changes the JVM. {@link #start} switches off the caches of {@code jar:} URL connections, and initializes
 * classes of the JDK and of Netty that would otherwise keep the first generation. When a generation starts or ends,
 * places that the whole JVM shares are read and cleaned by reflection, for which packages of the JDK have to be opened by
 * {@code --add-opens} ({@code docs/embedding.md} lists them; a package that is not opened is named in the log, and its
 * places are left alone). {@link System#out}, {@link System#err} and {@link System#in} are wrapped, so that an application
 * cannot close them. Defaults of the JVM that an application sets, such as the time zone, are reset when the next
 * generation starts.
 */
public final class Supervisor implements AutoCloseable {

    /** How long clients have at least whose connections of TLS can't go over to another process, and are ended. */
    private static final Duration TO_LEAVE = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    /** The event that this thread is reporting at the moment. */
    private static final ThreadLocal<Event> TELLING = new ThreadLocal<>();

    private final Sockets sockets;
    private final Certificates certificates;
    private final GenerationRegistry registry;
    private final LastEvents lastEvents;
    private final SwapHistory history;
    private final SwapLoop swapLoop;
    private final Runnable release;
    private final SupervisorOptions.Timeouts timeouts;
    private final Consumer<Event> events;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile @Nullable Successor successor;

    /** There from the beginning, since an application may have used up all threads when it is needed. */
    private final Thread stop = SupervisorThreads.thread("supervisor-stop", this::closeWhenAsked);

    private Supervisor(
            Sockets sockets,
            Certificates certificates,
            GenerationRegistry registry,
            LastEvents lastEvents,
            SwapHistory history,
            SwapLoop swapLoop,
            SupervisorOptions.Timeouts timeouts,
            Consumer<Event> events,
            Runnable release) {
        this.lastEvents = lastEvents;
        this.history = history;
        this.sockets = sockets;
        this.certificates = certificates;
        this.registry = registry;
        this.swapLoop = swapLoop;
        this.timeouts = timeouts;
        this.events = events;
        this.release = release;
    }

    /**
     * Binds the sockets, and begins to make the first generation; it need not be ready, or even possible, when this
     * returns.
     *
     * @param events called with each event, by several threads; must not block
     * @throws SupervisorException if a socket can't be bound, or there is no room for private copies; nothing is left
     *     open then
     */
    public static Supervisor start(SupervisorOptions options, Consumer<Event> events) {
        Warmup.run();
        return open(options, event -> tell(events, event));
    }

    /** An observer that throws must not break a swap. */
    private static void tell(Consumer<Event> events, Event event) {
        TELLING.set(event);
        try {
            events.accept(event);
        } catch (RuntimeException | Error e) {
            LOG.warn("an observer of events failed at {}", event, e);
        } finally {
            TELLING.remove();
        }
    }

    private static Supervisor open(SupervisorOptions options, Consumer<Event> observer) {
        Deque<Runnable> opened = new ArrayDeque<>();
        opened.push(Warmup::release);
        try {
            BrowserRefresh refreshing = BrowserRefresh.start(options.refresh());
            opened.push(refreshing::close);
            LastEvents lastEvents = new LastEvents();
            String application = options.app().name();
            SwapHistory history = new SwapHistory(application);
            Consumer<Event> events = lastEvents
                    .andThen(event -> Flight.recorder().accept(application, event))
                    .andThen(observer)
                    .andThen(refreshing);
            EventLoopGroup acceptLoop = new MultiThreadIoEventLoopGroup(
                    1, new DefaultThreadFactory("supervisor-accept", true), NioIoHandler.newFactory());
            opened.push(() -> EventLoops.end(acceptLoop));
            FailureLoop failureLoop = FailureLoop.start();
            opened.push(failureLoop::close);
            FailureLoop expiryLoop = FailureLoop.start();
            opened.push(expiryLoop::close);
            Certificates certificates = Certificates.open(options.tls(), events, options::render);
            opened.push(certificates::close);
            Sockets sockets = bind(options, certificates, acceptLoop, events, opened);
            SnapshotStore store = SnapshotStore.create(
                    options.app().workDirectory(), options.tools().settle());
            opened.push(store::close);
            GenerationRegistry registry = new GenerationRegistry(
                    options.limits().generations(),
                    GenerationRegistry.GRACE,
                    System::gc,
                    (oldest, generations) -> events.accept(new Event.Full(oldest, generations)));
            Unload unload = unload(options, registry, history, events);
            opened.push(unload::close);
            SwapLoop swapLoop = new SwapLoop(
                    options,
                    sockets,
                    registry,
                    unload,
                    events,
                    failureLoop,
                    expiryLoop,
                    parts(options, sockets, store, registry, refreshing, lastEvents, history, events));
            sockets.allAndAdopted().forEach(socket -> events.accept(listening(socket)));
            certificates.start();
            refreshing.announcement().ifPresent(events);
            Supervisor supervisor = new Supervisor(
                    sockets,
                    certificates,
                    registry,
                    lastEvents,
                    history,
                    swapLoop,
                    options.timeouts(),
                    events,
                    () -> opened.forEach(SupervisorThreads::run));
            supervisor.stop.start();
            swapLoop.start();
            return supervisor;
        } catch (RuntimeException | Error e) {
            opened.forEach(SupervisorThreads::run);
            throw e;
        }
    }

    private static Sockets bind(
            SupervisorOptions options,
            Certificates certificates,
            EventLoopGroup acceptLoop,
            Consumer<Event> events,
            Deque<Runnable> opened) {
        Gate.Limits limits =
                new Gate.Limits(options.limits().held(), options.timeouts().hold());
        List<SupervisedSocket> all = new ArrayList<>();
        for (SocketSpec spec : options.sockets()) {
            SupervisedSocket socket = spec.protocol() == Protocol.DATAGRAM
                    ? ReceivingSocket.open(spec, options.binding())
                    : ListeningSocket.open(
                            spec,
                            BoundSocket.bind(spec, options.limits().backlog(), options.binding()),
                            acceptLoop.next(),
                            limits,
                            certificates.engines(spec.name()),
                            options.proxies().of(spec));
            opened.push(socket::close);
            all.add(socket);
        }
        AdoptedSockets adopted = new AdoptedSockets(
                all.stream().map(socket -> socket.spec().name()).collect(Collectors.toSet()),
                (spec, bound) -> ListeningSocket.open(spec, bound, acceptLoop.next(), limits),
                socket -> events.accept(listening(socket)));
        opened.push(adopted::close);
        options.binding()
                .adopted()
                .forEach((name, descriptor) ->
                        adopted.takeOver(name, descriptor, options.limits().backlog()));
        if (options.formerGeneration().isEmpty()) {
            all.forEach(SupervisedSocket::begin);
            adopted.begin();
        }
        return Sockets.of(all, adopted);
    }

    private static Event listening(SupervisedSocket socket) {
        return new Event.Listening(socket.spec().name(), socket.spec().protocol(), socket.address());
    }

    private static Unload unload(
            SupervisorOptions options, GenerationRegistry registry, SwapHistory history, Consumer<Event> events) {
        return new Unload(
                new Unload.Settings(options.timeouts().unload(), options.leaks().verify()),
                new SharedPlaces(options.timeouts().stop()),
                options.leaks().dumps().map(Supervisor::inHeapDump).orElse((generation, id) -> Optional.of(List.of())),
                new Unload.Observer() {
                    @Override
                    public void unloaded(int generation, Duration after) {
                        registry.gone(generation);
                        history.unloaded(after);
                        events.accept(new Event.Unloaded(generation, after));
                    }

                    @Override
                    public void keptAlive(int generation, Duration after, List<String> holders) {
                        history.keptAlive();
                        events.accept(new Event.KeptAlive(
                                generation,
                                after,
                                holders.stream().map(options::render).toList()));
                    }
                });
    }

    private static Unload.LastResort inHeapDump(Path directory) {
        return (generation, id) -> {
            try {
                LeakPath path = LeakPath.find(directory, generation, id);
                return path.verdict() == LeakPath.Verdict.COLLECTED ? Optional.empty() : Optional.of(described(path));
            } catch (SupervisorException e) {
                return Optional.of(List.of(String.valueOf(e.getMessage())));
            }
        };
    }

    private static List<String> described(LeakPath path) {
        List<String> lines = new ArrayList<>();
        lines.add(path.summary());
        path.lines().forEach(line -> lines.add("  " + line));
        lines.add("  (the heap dump is " + path.heapDump() + ")");
        return lines;
    }

    private static SwapLoop.Parts parts(
            SupervisorOptions options,
            Sockets sockets,
            SnapshotStore store,
            GenerationRegistry registry,
            BrowserRefresh refreshing,
            LastEvents lastEvents,
            SwapHistory history,
            Consumer<Event> events) {
        return new SwapLoop.Parts() {
            @Override
            public GenerationFactory job(Generation.Observer observer, GenerationFactory.Turns turns) {
                return new GenerationFactory(
                                builder(options, events),
                                sourceFiles(options),
                                store,
                                new Build(options.app().path(), options.app().libraries()),
                                new Generation.Settings(
                                        options.app().className(),
                                        options.app().mainClass(),
                                        options.app().relays(),
                                        options.app().prepares(),
                                        options.app().arguments(),
                                        options.timeouts().start(),
                                        options.timeouts().stop(),
                                        options.checks().errorLimit().isPresent(),
                                        options.webSockets() == SupervisorOptions.WebSockets.MOVE,
                                        refreshing::customizerFor),
                                sockets,
                                registry,
                                observer,
                                turns)
                        .numberedAfter(options.formerGeneration().orElse(0))
                        .accepting(new Acceptance(options.checks(), sockets, events));
            }

            @Override
            public Watcher watcher(Watcher.Observer observer) {
                return options.tools().build()
                        ? watcherOfSources(options, observer)
                        : watcherOfBuild(options, store, observer);
            }

            @Override
            public SwapHistory history() {
                return history;
            }

            @Override
            public Optional<String> tests() {
                return lastEvents.tests();
            }
        };
    }

    private static SourceFiles sourceFiles(SupervisorOptions options) {
        return options.tools()
                .command()
                .map(tool -> new SourceFiles(tool.directory(), tool.sources()))
                .or(() -> options.tools().sources().map(own -> new SourceFiles(own.directory(), own.roots())))
                .orElseGet(() -> new SourceFiles(Path.of(""), List.of()));
    }

    private static ApplicationBuilder builder(SupervisorOptions options, Consumer<Event> events) {
        SupervisorOptions.Tools tools = options.tools();
        return tools.builder()
                .map(factory -> factory.apply(BuildReporter.ofOwn(tools.sources(), events)))
                .or(() -> tools.command().map(tool -> commandBuilder(tool, events)))
                .orElseGet(ApplicationBuilder::none);
    }

    private static ApplicationBuilder commandBuilder(SupervisorOptions.BuildTool tool, Consumer<Event> events) {
        CommandBuilder.Settings settings =
                new CommandBuilder.Settings(tool.command(), tool.directory(), tool.settle(), tool.onBusy());
        return new CommandBuilder(settings, BuildReporter.of(tool, events));
    }

    private static Watcher watcherOfBuild(SupervisorOptions options, SnapshotStore store, Watcher.Observer observer) {
        Watcher.Observer filtered = path -> {
            if (store.counts(path)) {
                observer.changed(path);
            }
        };
        return options.tools()
                .watcher()
                .map(factory -> factory.apply(filtered))
                .orElseGet(() -> Watchers.create(filtered, options.tools().poll()));
    }

    /** Where the supervisor builds, the end of a build tells that there is a new one, and nothing else. */
    private static Watcher watcherOfSources(SupervisorOptions options, Watcher.Observer observer) {
        SupervisorOptions.Tools tools = options.tools();
        return tools.watcher()
                .map(factory -> factory.apply(observer))
                .or(() -> tools.command().map(tool -> watcherOfSources(tool, options, observer)))
                .orElseThrow(() -> new SupervisorException("a builder needs a watcher that sees changes of sources"));
    }

    private static Watcher watcherOfSources(
            SupervisorOptions.BuildTool tool, SupervisorOptions options, Watcher.Observer observer) {
        List<Path> outputs = new ArrayList<>(options.app().libraries());
        outputs.add(options.app().path());
        return Watchers.ofSources(
                observer,
                tool.sources(),
                outputs,
                tool.ignored(),
                tool.directory(),
                options.tools().poll());
    }

    /**
     * Returns where each socket listens, in the order of the options: an {@link java.net.InetSocketAddress}, or a {@link
     * java.net.UnixDomainSocketAddress}.
     */
    public List<SocketAddress> addresses() {
        return sockets.all().stream().map(SupervisedSocket::address).toList();
    }

    /**
     * Returns where the socket of this name listens.
     *
     * @throws NoSuchElementException if there is none
     */
    public SocketAddress address(String name) {
        return socket(name).address();
    }

    /**
     * Returns how many connections the socket of this name has accepted, and how many of them are open or have ended.
     *
     * @throws NoSuchElementException if there is none
     */
    public Tally tally(String name) {
        return socket(name).tally();
    }

    private SupervisedSocket socket(String name) {
        return sockets.allAndAdopted().stream()
                .filter(socket -> socket.spec().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("there is no socket '" + name + "'"));
    }

    /** Returns what the supervisor does, its generations and sockets, the last swaps, and the current problem. */
    public Status status() {
        Status.Steering steering = new Status.Steering(
                isPaused(), swapLoop.hasNoted(), isWithdrawn(), swapLoop.tellsClients(), keptBuilds());
        return new Status(
                condition(steering),
                steering,
                registry.identified(),
                sockets.allAndAdopted().stream().map(this::status).toList(),
                history.swaps(),
                lastEvents.serving(),
                lastEvents.problem());
    }

    private Status.Condition condition(Status.Steering steering) {
        if (closing.getCount() == 0) {
            return Status.Condition.STOPPING;
        }
        if (steering.draining()) {
            return Status.Condition.DRAINING;
        }
        if (history.isRunning()) {
            return lastEvents.serving().isPresent() ? Status.Condition.SWAPPING : Status.Condition.STARTING;
        }
        if (lastEvents.problem().isPresent()) {
            return Status.Condition.FAILED;
        }
        if (steering.paused()) {
            return Status.Condition.PAUSED;
        }
        return lastEvents.serving().isPresent() ? Status.Condition.SERVING : Status.Condition.STARTING;
    }

    private Status.Socket status(SupervisedSocket socket) {
        return new Status.Socket(
                socket.spec().name(),
                socket.spec().protocol(),
                socket.address(),
                socket.tally(),
                socket.waits(),
                socket.left(),
                socket.refusedHeaders(),
                certificates.status(socket.spec().name()));
    }

    /**
     * Returns the threads of the generation that is live, and of one that is starting: each thread that is in the
     * generation's group, or has its class loader as context.
     */
    public List<Status.Threads> threadDump() {
        return registry.threads();
    }

    /** Makes a new generation of the build, whether it has changed or not, and in a pause, too. Returns at once. */
    public void swap() {
        var unused = swapWithOutcome();
    }

    /**
     * Does the same as {@link #swap}.
     *
     * @return completes when a generation serves that was made since, or a build has failed; by a thread of the supervisor,
     *     which must not be blocked. Never exceptionally
     */
    public CompletableFuture<SwapOutcome> swapWithOutcome() {
        return swapLoop.swap();
    }

    /**
     * Makes a new generation of a build that has served before, and begins a {@linkplain #pause pause}. Its files need not
     * be there any more: their copies are kept ({@link SupervisorOptions.Builder#keepBuilds}). Returns at once.
     *
     * @param back 1 for the build that served before the live one or, while none is live, for the one that served last
     * @return completes likewise; at once, with a problem, if no such build is kept
     */
    public CompletableFuture<SwapOutcome> rollback(int back) {
        return swapLoop.rollback(back);
    }

    /** Returns the builds that are kept for a rollback, the live one among them, newest first. */
    private List<Status.KeptBuild> keptBuilds() {
        Set<Integer> live = registry.generations().stream()
                .filter(generation -> generation.state() == Status.State.LIVE)
                .map(Status.Generation::number)
                .collect(Collectors.toSet());
        return swapLoop.keptBuilds(live::contains);
    }

    /**
     * Notes changes from now on, and swaps nothing because of them: no request waits for them. What had begun is completed,
     * unless it waits for more changes itself. Returns at once.
     */
    public void pause() {
        swapLoop.pause();
    }

    /** Ends a {@linkplain #pause pause}, and {@link #withdraw}. If something has changed meanwhile, one swap follows. */
    public void resume() {
        var unused = resumeWithOutcome();
    }

    /**
     * Does the same as {@link #resume}.
     *
     * @return completes with whether a swap follows; by a thread of the supervisor, which must not be blocked
     */
    public CompletableFuture<Boolean> resumeWithOutcome() {
        return swapLoop.resume();
    }

    /** Returns whether changes are noted only. */
    public boolean isPaused() {
        return swapLoop.isPaused();
    }

    /**
     * Tells clients to leave, until {@link #resume}: answers by HTTP/1 say {@code Connection: close}, and HTTP/2 connections
     * get a GOAWAY with their next request. New connections are accepted and answered, and swaps made, as before.
     */
    public void withdraw() {
        swapLoop.withdraw();
    }

    /** Returns whether clients are told to leave by {@link #withdraw}. */
    public boolean isWithdrawn() {
        return swapLoop.isWithdrawn();
    }

    /**
     * Completes when the threads that accept connections and decide swaps have done all that they had to do before, and
     * not while one of them is stuck. Completes exceptionally once they have ended.
     */
    public CompletableFuture<@Nullable Void> respond() {
        try {
            List<CompletableFuture<?>> responses = new ArrayList<>(List.of(swapLoop.respond()));
            sockets.listening().stream()
                    .findFirst() // there is one accept loop
                    .ifPresent(listener -> responses.add(CompletableFuture.runAsync(() -> {}, listener.acceptLoop())));
            return CompletableFuture.allOf(responses.toArray(CompletableFuture[]::new));
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * Returns the descriptors of the sockets that this process has bound, by {@link SocketSpec#keptName}, for a service
     * manager that keeps them for the next run. From now on, a close leaves the connections that wait in the kernel, and
     * the files of Unix sockets, to the next run. Each descriptor is returned once.
     *
     * @throws SupervisorException if this JVM does not tell the descriptors
     */
    public Map<String, FileDescriptor> share() {
        Map<String, FileDescriptor> shared = new LinkedHashMap<>();
        sockets.all()
                .forEach(socket -> socket.share()
                        .ifPresent(descriptor -> shared.put(socket.spec().keptName(), descriptor)));
        return shared;
    }

    /**
     * Returns the descriptors of the sockets of the options, for a process that takes over. Nothing changes by that.
     *
     * @throws SupervisorException if this JVM does not tell the descriptors
     */
    public Map<SocketSpec, FileDescriptor> descriptors() {
        Map<SocketSpec, FileDescriptor> descriptors = new LinkedHashMap<>();
        sockets.all().forEach(socket -> descriptors.put(socket.spec(), socket.descriptor()));
        return descriptors;
    }

    /**
     * Returns the descriptors of the ports that programs have bound besides, for a process that takes over, by {@link
     * SocketSpec#adoptedName}. Nothing changes by that.
     *
     * @throws SupervisorException if this JVM does not tell the descriptors
     */
    public Map<String, FileDescriptor> adoptedDescriptors() {
        Map<String, FileDescriptor> descriptors = new LinkedHashMap<>();
        sockets.adopted().all().forEach(socket -> descriptors.put(socket.spec().adoptedName(), socket.descriptor()));
        return descriptors;
    }

    /** Returns the names of the sockets that no other process has. */
    public List<String> ownSockets() {
        return sockets.allAndAdopted().stream()
                .filter(socket -> !socket.isShared())
                .map(socket -> socket.spec().name())
                .toList();
    }

    /**
     * Begins to take new work, if {@link SupervisorOptions.Builder#takingOver} was set.
     *
     * @param own the names of the sockets that no other process has any more; their last connections and files are cared
     *     for when this supervisor stops
     */
    public void begin(List<String> own) {
        sockets.allAndAdopted().stream()
                .filter(socket -> own.contains(socket.spec().name()))
                .forEach(SupervisedSocket::own);
        sockets.all().forEach(SupervisedSocket::begin);
        sockets.adopted().begin();
    }

    /**
     * Takes an established connection of another supervisor.
     *
     * @param socket the name of the listening socket that it belongs to
     * @param descriptor owned by this object from now on
     * @param unread the bytes that were read from it and not consumed
     * @param proxied what its proxy has told; empty for a connection without one
     * @throws IOException if the connection has ended
     * @throws NoSuchElementException if there is no such socket, or none any more
     */
    public void adopt(String socket, int descriptor, byte[] unread, Optional<ProxyProtocol.Addresses> proxied)
            throws IOException {
        Optional<ListeningSocket> listener = sockets.allListening().stream()
                .filter(each -> each.spec().name().equals(socket))
                .findFirst();
        if (listener.isEmpty()) {
            BoundSocket.close(descriptor);
            throw new NoSuchElementException("there is no socket '" + socket + "'");
        }
        listener.get().adopt(descriptor, unread, proxied);
    }

    /**
     * Leaves the sockets, and each connection that is free or becomes free within the drain timeout, to another process,
     * which must have {@linkplain #descriptors() the sockets} and accept on them already. Closes this supervisor, and
     * returns when that is done.
     */
    public void handOver(Successor to) {
        successor = to;
        close();
    }

    /**
     * Ends a build that is running, and begins none any more, without waiting: for when the JVM is about to halt. A
     * {@link #close} does so, too, but asks its processes first.
     */
    public void killBuild() {
        swapLoop.killBuild();
    }

    /** Asks for a {@link #close}, and returns at once. */
    public void requestClose() {
        closing.countDown();
    }

    /**
     * Goes on for the stop delay, telling clients to leave; then stops listening, lets requests under way finish within the
     * drain timeout, and ends the application. Returns to every caller when everything is closed; but returns at once to an
     * observer of events, since closing waits for observers.
     */
    @Override
    public void close() {
        requestClose();
        if (TELLING.get() == null) {
            awaitUninterruptibly(closed);
        }
    }

    private void closeWhenAsked() {
        awaitUninterruptibly(closing);
        Successor next = successor;
        try {
            if (next != null) {
                leaveTo(next);
                return;
            }
            events.accept(new Event.Stopping(timeouts.stopDelay(), timeouts.drain()));
            if (!timeouts.stopDelay().isZero()) {
                swapLoop.endWithResponses();
                SupervisorThreads.sleep(timeouts.stopDelay());
            }
            sockets.allAndAdopted().forEach(SupervisedSocket::close);
            sockets.allListening().forEach(listener -> listener.gate().close().join());
            swapLoop.stop();
            sockets.allListening().forEach(listener -> listener.gate().awaitLingering());
        } finally {
            release.run();
            closed.countDown();
        }
    }

    private void leaveTo(Successor next) {
        for (SupervisedSocket socket : sockets.allAndAdopted()) {
            if (next.has(socket.spec().name())) {
                socket.leave();
            } else {
                socket.close();
            }
        }
        if (swapLoop.leaveProcess().join()) {
            SupervisorThreads.sleep(timeouts.stopDelay().compareTo(TO_LEAVE) > 0 ? timeouts.stopDelay() : TO_LEAVE);
        }
        HandOver handOver = new HandOver(next);
        swapLoop.handOver(handOver::receiver);
        sockets.allListening().forEach(listener -> listener.awaitHeaders(timeouts.drain()));
        sockets.allListening()
                .forEach(listener -> listener.gate().awaitLingering()); // what was offered has been taken then
        try {
            handOver.finish();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits in spite of interrupts, since a close that has begun must be completed. */
    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
