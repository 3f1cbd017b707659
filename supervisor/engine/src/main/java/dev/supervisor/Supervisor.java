package dev.supervisor;

import dev.supervisor.build.CommandBuilder;
import dev.supervisor.change.Watchers;
import dev.supervisor.failure.FailureLoop;
import dev.supervisor.generation.Build;
import dev.supervisor.generation.Generation;
import dev.supervisor.generation.SnapshotStore;
import dev.supervisor.generation.Warmup;
import dev.supervisor.process.SupervisorThreads;
import dev.supervisor.socket.EventLoops;
import dev.supervisor.socket.Gate;
import dev.supervisor.socket.ListeningSocket;
import dev.supervisor.source.SourceFiles;
import dev.supervisor.swap.BrowserRefresh;
import dev.supervisor.swap.BuildReporter;
import dev.supervisor.swap.GenerationFactory;
import dev.supervisor.swap.GenerationRegistry;
import dev.supervisor.swap.SwapLoop;
import dev.supervisor.unload.LeakPath;
import dev.supervisor.unload.Unload;
import dev.supervisor.unload.places.SharedPlaces;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns listening sockets and swaps the application behind them whenever its build changes. Several in one JVM do not
 * disturb each other. Thread-safe.
 *
 * <pre>{@code
 * try (Supervisor supervisor = Supervisor.start(
 *         SupervisorOptions.builder(Path.of("build/libs/app.jar")).port(8888).build(),
 *         event -> System.out.println(event.text()))) {
 *     …
 * }
 * }</pre>
 */
public final class Supervisor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    /** What this thread is telling an observer at the moment. */
    private static final ThreadLocal<Event> TELLING = new ThreadLocal<>();

    private final List<ListeningSocket> listeners;
    private final GenerationRegistry registry;
    private final SwapLoop swapLoop;
    private final Runnable release;
    private final Runnable onStopping;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);

    /** There from the beginning, since an application may have used up all threads when it is needed. */
    private final Thread stop = SupervisorThreads.thread("supervisor-stop", this::closeWhenAsked);

    private Supervisor(
            List<ListeningSocket> listeners, GenerationRegistry registry, SwapLoop swapLoop, Runnable onStopping, Runnable release) {
        this.listeners = listeners;
        this.registry = registry;
        this.swapLoop = swapLoop;
        this.onStopping = onStopping;
        this.release = release;
    }

    /**
     * Binds the sockets, and begins to make the first generation; it need not be ready, or even possible, when this
     * returns.
     *
     * @param events told of what happens, by several threads; must not block
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
        try {
            BrowserRefresh refreshing = BrowserRefresh.start(options.refresh());
            opened.push(refreshing::close);
            Consumer<Event> events = observer.andThen(refreshing);
            EventLoopGroup acceptLoop = new MultiThreadIoEventLoopGroup(
                    1, new DefaultThreadFactory("supervisor-accept", true), NioIoHandler.newFactory());
            opened.push(() -> EventLoops.end(acceptLoop));
            FailureLoop failureLoop = FailureLoop.start();
            opened.push(failureLoop::close);
            FailureLoop expiryLoop = FailureLoop.start();
            opened.push(expiryLoop::close);
            List<ListeningSocket> listeners = bind(options, acceptLoop, opened);
            SnapshotStore store = SnapshotStore.create(options.workDirectory(), options.settle());
            opened.push(store::close);
            GenerationRegistry registry = new GenerationRegistry(
                    options.maxGenerations(),
                    GenerationRegistry.GRACE,
                    System::gc,
                    (oldest, generations) -> events.accept(new Event.Full(oldest, generations)));
            Unload unload = unload(options, registry, events);
            opened.push(unload::close);
            SwapLoop swapLoop = new SwapLoop(
                    options,
                    listeners,
                    registry,
                    unload,
                    events,
                    failureLoop,
                    expiryLoop,
                    parts(options, listeners, store, registry, refreshing, events));
            listeners.forEach(listener -> events.accept(new Event.Listening(
                    listener.spec().name(), listener.spec().type().toString(), listener.address())));
            refreshing.announcement().ifPresent(events);
            Supervisor supervisor = new Supervisor(
                    listeners,
                    registry,
                    swapLoop,
                    () -> events.accept(new Event.Stopping(options.drainTimeout())),
                    () -> opened.forEach(SupervisorThreads::run));
            supervisor.stop.start();
            swapLoop.start();
            return supervisor;
        } catch (RuntimeException | Error e) {
            opened.forEach(SupervisorThreads::run);
            throw e;
        }
    }

    private static List<ListeningSocket> bind(SupervisorOptions options, EventLoopGroup acceptLoop, Deque<Runnable> opened) {
        Gate.Limits limits = new Gate.Limits(options.maxHeld(), options.holdTimeout());
        List<ListeningSocket> listeners = new ArrayList<>();
        for (SocketSpec spec : options.sockets()) {
            ListeningSocket listener = ListeningSocket.bind(spec, acceptLoop.next(), options.backlog(), limits);
            opened.push(listener::close);
            listeners.add(listener);
        }
        return List.copyOf(listeners);
    }

    private static Unload unload(SupervisorOptions options, GenerationRegistry registry, Consumer<Event> events) {
        return new Unload(
                new Unload.Settings(options.unloadTimeout(), options.verifyUnload()),
                new SharedPlaces(options.stopTimeout()),
                options.dumpLeaks().map(Supervisor::inHeapDump).orElse((generation, id) -> Optional.of(List.of())),
                new Unload.Observer() {
                    @Override
                    public void unloaded(int generation, Duration after) {
                        registry.gone(generation);
                        events.accept(new Event.Unloaded(generation, after));
                    }

                    @Override
                    public void keptAlive(int generation, Duration after, List<String> holders) {
                        events.accept(new Event.KeptAlive(generation, after, holders));
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
            List<ListeningSocket> listeners,
            SnapshotStore store,
            GenerationRegistry registry,
            BrowserRefresh refreshing,
            Consumer<Event> events) {
        return new SwapLoop.Parts() {
            @Override
            public GenerationFactory job(Generation.Observer observer, GenerationFactory.Turns turns) {
                return new GenerationFactory(
                        options.buildTool().map(tool -> builder(tool, events)).orElseGet(ApplicationBuilder::none),
                        sourceFiles(options),
                        store,
                        new Build(options.app(), options.libraries()),
                        new Generation.Settings(
                                options.appClass(),
                                options.arguments(),
                                options.startTimeout(),
                                options.stopTimeout(),
                                refreshing::customizerFor),
                        listeners,
                        registry,
                        observer,
                        turns);
            }

            @Override
            public Watcher watcher(Watcher.Observer observer) {
                return options.buildTool()
                        .map(tool -> sources(tool, options, observer))
                        .orElseGet(() -> Watchers.create(
                                path -> {
                                    if (store.counts(path)) {
                                        observer.changed(path);
                                    }
                                },
                                options.poll()));
            }
        };
    }

    private static SourceFiles sourceFiles(SupervisorOptions options) {
        return options.buildTool()
                .map(tool -> new SourceFiles(tool.directory(), tool.sources()))
                .orElseGet(() -> new SourceFiles(Path.of(""), List.of()));
    }

    private static ApplicationBuilder builder(SupervisorOptions.BuildTool tool, Consumer<Event> events) {
        CommandBuilder.Settings settings =
                new CommandBuilder.Settings(tool.command(), tool.directory(), tool.settle(), tool.onBusy());
        return new CommandBuilder(settings, new BuildReporter(tool, events));
    }

    /** When it is the supervisor that builds, the end of the build tells that there is a new one, and nothing else. */
    private static Watcher sources(
            SupervisorOptions.BuildTool tool, SupervisorOptions options, Watcher.Observer observer) {
        List<Path> outputs = new ArrayList<>(options.libraries());
        outputs.add(options.app());
        return Watchers.ofSources(observer, tool.sources(), outputs, tool.ignored(), tool.directory(), options.poll());
    }

    /** Returns where each socket listens, in the order of the options. */
    public List<InetSocketAddress> addresses() {
        return listeners.stream().map(ListeningSocket::address).toList();
    }

    /**
     * Returns where the socket of this name listens.
     *
     * @throws NoSuchElementException if there is none
     */
    public InetSocketAddress address(String name) {
        return listener(name).address();
    }

    /**
     * Returns how many connections the socket of this name has accepted, and what has become of them.
     *
     * @throws NoSuchElementException if there is none
     */
    public Tally tally(String name) {
        return listener(name).tally();
    }

    private ListeningSocket listener(String name) {
        return listeners.stream()
                .filter(listener -> listener.spec().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("there is no socket '" + name + "'"));
    }

    /**
     * Returns a line for each generation that is in memory, in the order of their numbers: whether it starts, is live,
     * finishes what it had begun, or has ended, its build, and how many classes and connections it has.
     */
    public List<String> generations() {
        return registry.describe();
    }

    /**
     * Returns what the threads of the live generation do at this moment, and those of one that is starting, in lines for
     * people: the state and the stack of each thread that is in the generation's group or has its class loader as
     * context. The list is empty if there is no such generation.
     */
    public List<String> threadDump() {
        return registry.threads();
    }

    /** Makes a new generation of the build, whether it has changed or not. Returns at once. */
    public void swap() {
        swapLoop.swap();
    }

    /**
     * Ends a build that is running, and begins none any more, without waiting: for when the JVM is about to halt. A
     * {@link #close} does so, too, but asks its processes first.
     */
    public void killBuild() {
        swapLoop.killBuild();
    }

    /**
     * Stops listening, lets what was begun finish within the drain timeout, and ends the application. Returns when all
     * is closed, to every caller; but to an observer of events at once, since that is waited for.
     */
    @Override
    public void close() {
        closing.countDown();
        if (TELLING.get() == null) {
            awaitUninterruptibly(closed);
        }
    }

    private void closeWhenAsked() {
        awaitUninterruptibly(closing);
        try {
            onStopping.run();
            listeners.forEach(ListeningSocket::close);
            listeners.forEach(listener -> listener.gate().close().join());
            swapLoop.stop();
            listeners.forEach(listener -> listener.gate().awaitSeenOff());
        } finally {
            release.run();
            closed.countDown();
        }
    }

    /** What was begun is to finish in any case. */
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
