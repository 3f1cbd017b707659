package dev.supervisor.generation;

import dev.supervisor.OptionKey;
import dev.supervisor.Problem;
import dev.supervisor.calls.CallingGeneration;
import dev.supervisor.calls.CallingGeneration.Exit;
import dev.supervisor.calls.SystemCalls;
import dev.supervisor.failure.PlainText;
import dev.supervisor.generation.ApplicationProvider.NoApplicationException;
import dev.supervisor.generation.GenerationThreads.FailedException;
import dev.supervisor.generation.GenerationThreads.StuckException;
import dev.supervisor.inspect.Owner;
import dev.supervisor.socket.ChangeBarrier;
import dev.supervisor.socket.Server;
import dev.supervisor.socket.Sockets;
import dev.supervisor.socket.http.AnswerCounts;
import dev.supervisor.socket.lent.Borrowers;
import dev.supervisor.socket.lent.Borrowings;
import dev.supervisor.socket.netty.Connections;
import dev.supervisor.socket.netty.PipelineCustomizer;
import dev.supervisor.spi.Application;
import dev.supervisor.unload.ThreadDump;
import dev.supervisor.unload.places.SharedPlaces;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jboss.modules.ModuleLoadException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One snapshot, loaded and started: module, application instance, event loops, connections. Application code runs on
 * the generation's own threads only.
 *
 * <p>{@link #load}, {@link #start} and {@link #end} block, and are called in this order by threads of the supervisor,
 * {@code end} only once.
 */
public final class Generation {

    /**
     * The settings for each generation.
     *
     * @param applicationClass the application's class; if empty, the only provider that the build names
     * @param mainClass a class with a {@code main} to run instead; if empty, the one that {@code java -jar} would run, where
     *     the build names no provider
     * @param relays whether connections of programs are relayed, and no sockets are lent to them
     * @param prepares whether the module of a program's next generation is prepared
     * @param arguments the application's arguments
     * @param startTimeout how long the application's {@code start} may take
     * @param stopTimeout how long the application's {@code close} may take, and then the end of its threads
     * @param countsAnswers whether answers are counted, and those that fail
     * @param movesWebSockets whether WebSockets move to the next generation
     * @param customizers makes the customizer for the pipelines of HTTP connections, from the generation's number
     */
    public record Settings(
            Optional<String> applicationClass,
            Optional<String> mainClass,
            boolean relays,
            boolean prepares,
            List<String> arguments,
            Duration startTimeout,
            Duration stopTimeout,
            boolean countsAnswers,
            boolean movesWebSockets,
            IntFunction<PipelineCustomizer> customizers) {
        public Settings {
            arguments = List.copyOf(arguments);
        }

        /** Without counting answers, and without moving WebSockets. */
        public Settings(
                Optional<String> applicationClass,
                Optional<String> mainClass,
                boolean relays,
                boolean prepares,
                List<String> arguments,
                Duration startTimeout,
                Duration stopTimeout,
                IntFunction<PipelineCustomizer> customizers) {
            this(
                    applicationClass,
                    mainClass,
                    relays,
                    prepares,
                    arguments,
                    startTimeout,
                    stopTimeout,
                    false,
                    false,
                    customizers);
        }
    }

    /** Receives the events of a generation. Called on any thread, including the application's; must not block. */
    public interface Observer {
        /** Called when the application has begun to serve a listener, possibly during its start. */
        void serving(Server server);

        /** Returns what is passed before new work is done. */
        ChangeBarrier barrier();

        /** Called when the application has called {@link System#exit} after its start; at most once. */
        void exited(int generation, Problem problem);
    }

    /**
     * The result of a generation's end.
     *
     * @param left messages for the application's author about objects that the application had left in shared places of
     *     the JVM; they have been cleared
     * @param running descriptions, with a stack each, of threads that do not end and so keep the generation in memory
     */
    public record End(List<String> left, List<String> running) {
        public End {
            left = List.copyOf(left);
            running = List.copyOf(running);
        }
    }

    private record Unending(String what, BooleanSupplier goesOn, Supplier<StackTraceElement[]> stack) {}

    private static final Logger LOG = LoggerFactory.getLogger(Generation.class);

    private static final Duration DUMPED_WITHIN = Duration.ofSeconds(5);

    /** The most stack frames that are reported of a thread that does not end. */
    private static final int MOST_FRAMES = 8;

    private static final int FRAMES_ABOVE_OWN = 4;

    private final int number;
    private final Snapshot snapshot;
    private final Program program;
    private final AppModule module;
    private final GenerationThreads threads;
    private final GenerationLoops loops;
    private final PipelineCustomizer customizer;
    private final Connections connections;
    private final Settings settings;
    private final Owner owner;
    private final CallingGeneration callingGeneration;
    private final SharedPlaces places;
    private final Observer observer;

    private Optional<Application> started = Optional.empty();

    /** A program, to which sockets are lent. */
    private Optional<MainApplication> main = Optional.empty();

    private Runnable endBorrowing = () -> {};
    private Runnable closeBorrowings = () -> {};

    /** The kind of failure of the start. Written by a thread of the generation. */
    private volatile LoadException.Kind failureKind = LoadException.Kind.FAILED;

    /** Whether the start failed since a class was there already that the application defines. Written by a thread of the generation. */
    private volatile boolean definesTwice;

    private final List<Unending> unending = new ArrayList<>();

    /** The first exit that the application has requested. Guarded by this. */
    private Optional<Exit> exit = Optional.empty();

    private boolean running;

    private Generation(
            int number,
            Snapshot snapshot,
            Program program,
            AppModule module,
            GenerationThreads threads,
            GenerationLoops loops,
            Settings settings,
            Observer observer) {
        this.number = number;
        this.snapshot = snapshot;
        this.program = program;
        this.module = module;
        this.threads = threads;
        this.loops = loops;
        this.settings = settings;
        this.observer = observer;
        this.customizer = settings.customizers().apply(number);
        this.connections = new Connections(
                observer::serving,
                customizer,
                observer.barrier(),
                settings.countsAnswers() ? Optional.of(new AnswerCounts()) : Optional.empty(),
                settings.movesWebSockets());
        this.owner = new Owner("generation " + number, module.classLoader(), threads.group());
        this.places = new SharedPlaces(settings.stopTimeout());
        this.callingGeneration = CallingGeneration.enter(
                owner, settings, this::exited, module.loaded().count());
    }

    private static String nameOf(int number) {
        return "generation-" + number;
    }

    /**
     * Links the module of a snapshot, and opens the event loops. From now on the snapshot belongs to the generation.
     *
     * @param modules makes the module
     * @throws LoadException if that fails; everything opened for the generation, and the snapshot, has then been closed
     */
    public static Generation load(
            int number, Snapshot snapshot, AppModules modules, Settings settings, Observer observer)
            throws LoadException {
        Deque<Runnable> opened = new ArrayDeque<>();
        opened.push(snapshot::close);
        try {
            SpareThreads.SHARED.fill();
            Program program = Program.of(snapshot, settings.applicationClass(), settings.mainClass());
            if (!program.isUnmodified()) {
                snapshot.reportNetty();
            }
            AppModule module = modules.link(nameOf(number), snapshot, program);
            opened.push(module::close);
            GenerationThreads threads = new GenerationThreads(nameOf(number), module.classLoader());
            opened.push(threads::close);
            GenerationLoops loops = GenerationLoops.open(threads);
            opened.push(loops::end);
            return new Generation(number, snapshot, program, module, threads, loops, settings, observer);
        } catch (IOException | ModuleLoadException | RuntimeException | Error e) {
            opened.forEach(Generation::guarded);
            throw new LoadException(
                    notLoaded(snapshot.build().name(), e),
                    e instanceof IOException ? LoadException.Kind.LACKING : FailureKind.of(e));
        }
    }

    private static Problem notLoaded(String build, Throwable failure) {
        String summary = failure instanceof OutOfMemoryError
                ? StartFailure.summary(build, failure, List.of(), false)
                : "can't load " + build + ": " + failure.getMessage();
        return Problem.of(summary, failure, frame -> false);
    }

    /** Runs one step, so that the other steps follow even if it fails. */
    private static void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            LOG.warn("a step in the life of a generation has failed", e);
        }
    }

    /**
     * Makes the application and runs its {@link Application#start}.
     *
     * @throws LoadException if there is no application, or it failed, or did not return in time; {@link #end} must
     *     still be called
     * @throws InterruptedException if the calling thread was interrupted, as when the supervisor stops; {@link #end}
     *     must still be called
     */
    public void start(Sockets sockets) throws LoadException, InterruptedException {
        GenerationContext context =
                new GenerationContext(number, sockets, connections, loops.group(), settings.arguments());
        SharedPlaces.Begin begin = SharedPlaces.begin(
                CallingGeneration::anyReaches, CallingGeneration::livingReaches, callingGeneration::othersReach);
        program.mainClass().ifPresent(mainClass -> borrow(mainClass, sockets));
        try {
            run(context);
            begin.succeeded();
        } catch (LoadException | InterruptedException | RuntimeException | Error e) {
            begin.failed();
            throw e;
        }
    }

    /** Returns whether its start may have failed because a class was loaded in advance: one that the program patches, and defines. */
    public boolean isPreparedInVain() {
        return module.isPrepared() && definesTwice;
    }

    /** Begins to prepare the module of the next generation, which most likely has the same libraries. Called before its end. */
    public void prepareNext(AppModules modules) {
        if (settings.prepares()) {
            guarded(() -> modules.prepare(nameOf(number + 1), module, snapshot, program));
        }
    }

    /** Lends sockets to a program from now on. */
    private void borrow(String mainClass, Sockets sockets) {
        Borrowings borrowings = new Borrowings(
                sockets.listening(), sockets.adopted(), connections.lent(), settings.relays() || !Lending.works());
        endBorrowing = Borrowers.enter(borrowings, owner.loader(), owner.threads());
        closeBorrowings = borrowings::close;
        MainApplication application = new MainApplication(
                mainClass,
                owner,
                sockets.listening(),
                connections,
                borrowings,
                this::exits,
                this::mainFailed,
                this::stopProgram);
        main = Optional.of(application);
        started = Optional.of(application); // even if its start fails, it may have begun something
    }

    /** Tells that main has thrown something while the program serves, which in a JVM would end main only. */
    private void mainFailed(Throwable thrown) {
        if (!(thrown instanceof SystemCalls.ExitError) && !callingGeneration.isStopping()) {
            LOG.warn(
                    "generation {}: main has failed, and what it has begun goes on: {}",
                    number,
                    PlainText.chain(Problem.of(Problem.describe(thrown), thrown, this::isOwnFrame)));
        }
    }

    /** Does what a program does at the end of its JVM, and stops servers that know of no such end. */
    private void stopProgram() {
        callingGeneration.stopping();
        places.runHooks(owner).forEach(left -> LOG.warn("generation {}: {}", number, left));
        try {
            callingGeneration.stopServers();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Application application() throws Exception {
        return main.isPresent()
                ? main.get()
                : ApplicationProvider.instantiate(
                        module.classLoader(),
                        settings.applicationClass(),
                        snapshot.build().name());
    }

    private void run(GenerationContext context) throws LoadException, InterruptedException {
        try {
            started = Optional.of(threads.call(
                    "start",
                    () -> {
                        Application application = application();
                        application.start(context);
                        return application;
                    },
                    settings.startTimeout(),
                    this::failed,
                    this::worker,
                    loops::start));
        } catch (StuckException e) {
            goesOn("its start has not returned", e);
            throw exitFailure(exitProblem().orElseGet(() -> startStuck(e)));
        } catch (OutOfMemoryError e) { // no thread could be started for the application
            throw new LoadException(notLoaded(snapshot.build().name(), e), LoadException.Kind.LACKING);
        } catch (FailedException e) {
            throw exitProblem()
                    .map(Generation::exitFailure)
                    .orElseGet(() -> new LoadException(e.problem(), failureKind));
        }
        runs();
        snapshot.started();
    }

    private Thread worker(Thread waiting) {
        return main.map(application -> application.worker(waiting)).orElse(waiting);
    }

    /**
     * Marks the application as running. Fails if it requested an exit during its start, even if it caught the {@code
     * ExitError}.
     */
    private synchronized void runs() throws LoadException {
        Optional<Problem> exited = exitProblem();
        if (exited.isPresent()) {
            throw exitFailure(exited.get());
        }
        running = true;
    }

    private static LoadException exitFailure(Problem exited) {
        return new LoadException(exited, LoadException.Kind.FAILED);
    }

    private synchronized void exited(Exit asked) {
        boolean first = exit.isEmpty();
        if (first) {
            exit = Optional.of(asked);
        }
        if (first && running) {
            exitProblem().ifPresent(problem -> observer.exited(number, problem));
        }
    }

    /** Returns whether its main is still running, which may bind more ports. An application of the SPI has none. */
    public boolean isInMain() {
        return main.filter(program -> !program.hasReturned()).isPresent();
    }

    /** Returns the exit that the application has requested since it started; empty if there is none. */
    public synchronized Optional<Problem> exited() {
        return running ? exitProblem() : Optional.empty();
    }

    private synchronized boolean exits() {
        return exit.isPresent();
    }

    private synchronized Optional<Problem> exitProblem() {
        return exit.map(asked -> new Problem(
                snapshot.build().name() + " called System.exit(" + asked.status() + ")",
                List.of(new Problem.Cause(
                        "it was called here",
                        Problem.frames(asked.where().toArray(StackTraceElement[]::new), this::isOwnFrame)))));
    }

    private Problem startStuck(StuckException stuck) {
        String summary = snapshot.build().name() + " did not start within "
                + settings.startTimeout().toMillis() + " ms (see where it hangs, or raise " + OptionKey.START_TIMEOUT
                + ")";
        return new Problem(
                summary,
                List.of(new Problem.Cause(
                        "a thread that is still here", Problem.frames(stuck.where(), this::isOwnFrame))));
    }

    /** Describes a failed start. Runs on a thread of the generation. */
    private Problem failed(Throwable failure) {
        Throwable cause = failure instanceof InvocationTargetException wrapper && wrapper.getCause() != null
                ? wrapper.getCause()
                : failure;
        String name = snapshot.build().name();
        failureKind = FailureKind.of(cause);
        definesTwice = Problem.chainOf(cause).stream().anyMatch(each -> each.getClass() == LinkageError.class);
        return cause instanceof NoApplicationException none
                ? Problem.of(String.valueOf(none.getMessage()))
                : Problem.of(
                        StartFailure.summary(name, cause, snapshot.missing(), program.isUnmodified()),
                        cause,
                        this::isOwnFrame);
    }

    private boolean isOwnFrame(StackTraceElement frame) {
        return nameOf(number).equals(frame.getClassLoaderName());
    }

    public int number() {
        return number;
    }

    /** Whether pipelines were to be customized, but it is a program, which has its own. */
    public boolean isNotCustomized() {
        return program.isUnmodified() && customizer != PipelineCustomizer.none();
    }

    public Snapshot snapshot() {
        return snapshot;
    }

    public Connections connections() {
        return connections;
    }

    /** Returns how many classes the generation has loaded so far. */
    public int classes() {
        return callingGeneration.classes();
    }

    /**
     * Returns a dump of the generation's threads, as lines for people. The dump is made on a thread of the generation,
     * since the application may override methods of its threads.
     */
    public List<String> threads() {
        try {
            return threads.call("dump", () -> ThreadDump.of(owner), DUMPED_WITHIN, failure -> Problem.of("dump"));
        } catch (FailedException | StuckException | OutOfMemoryError e) {
            return List.of("  its threads can't be looked at");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /**
     * Returns the owner, which tells which objects belong to this generation. {@link dev.supervisor.unload.Unload}
     * watches its class loader until that has been collected.
     */
    public Owner owner() {
        return owner;
    }

    /**
     * Closes the application, takes back what it was given, and clears what it has left in shared places of the JVM.
     * Connections that have not moved by then are closed. Each step is performed, even if others fail.
     */
    public End end() {
        List<String> left = new ArrayList<>();
        List<Runnable> steps = List.of(
                connections.lent()::stopping,
                () -> started.ifPresent(this::close),
                connections::revoke,
                connections::endFromOutside,
                this::endLoops,
                connections::revokeFromOutside,
                () -> left.addAll(clear()),
                closeBorrowings, // not before its event loops have ended, which would spin
                endBorrowing,
                callingGeneration::close,
                module::close,
                snapshot::close,
                threads::close);
        steps.forEach(Generation::guarded);
        started = Optional.empty();
        return new End(
                main.isPresent() ? List.of() : left, // a program leaves all to the end of its JVM, as it may
                unending.stream()
                        .filter(thread -> thread.goesOn().getAsBoolean())
                        .map(this::described)
                        .toList());
    }

    /** A program has its shutdown hooks first, which have the stop timeout, and then servers that must be stopped. */
    private Duration closesWithin() {
        return main.isPresent() ? settings.stopTimeout().multipliedBy(2) : settings.stopTimeout();
    }

    private void close(Application application) {
        try {
            threads.call(
                    "close",
                    () -> {
                        application.close();
                        return true;
                    },
                    closesWithin(),
                    failure -> Problem.of("close()", failure, this::isOwnFrame));
        } catch (FailedException e) {
            LOG.warn("generation {}: close() failed: {}", number, PlainText.of(e.problem()));
        } catch (StuckException e) {
            goesOn("close() did not return within " + closesWithin().toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void endLoops() {
        for (SingleThreadEventExecutor loop : loops.end()) {
            unending.add(new Unending(
                    "a handler does not return, on " + loop.threadProperties().name(),
                    () -> !loop.isShutdown(),
                    () -> loop.threadProperties().stackTrace()));
        }
    }

    private List<String> clear() {
        Duration timeout = places.timeout();
        try {
            return threads.call(
                    "clear",
                    () -> places.clear(owner, callingGeneration::clear),
                    timeout,
                    failure -> Problem.of("clearing", failure, this::isOwnFrame));
        } catch (StuckException e) {
            goesOn("what it has left could not be cleared within " + timeout.toMillis() + " ms", e);
        } catch (FailedException e) {
            LOG.warn("generation {}: what it has left could not be cleared: {}", number, PlainText.of(e.problem()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return List.of();
    }

    private void goesOn(String what, StuckException stuck) {
        stuck.thread().ifPresent(thread -> unending.add(new Unending(what, thread::isAlive, thread::getStackTrace)));
    }

    /** Returns some frames around the innermost one of the application; a JDK's frames above it may be many. */
    private String described(Unending thread) {
        List<Problem.Frame> frames = Problem.frames(thread.stack().get(), this::isOwnFrame);
        IntSummaryStatistics own = IntStream.range(0, frames.size())
                .filter(i -> frames.get(i).own())
                .summaryStatistics();
        int end = own.getCount() == 0 ? frames.size() : own.getMax() + 1;
        int begin = own.getCount() == 0 ? 0 : Math.max(0, own.getMin() - FRAMES_ABOVE_OWN);
        return frames.subList(begin, Math.min(end, begin + MOST_FRAMES)).stream()
                .map(frame -> "\n  " + (frame.own() ? "> " : "  ") + "at " + frame.text())
                .collect(Collectors.joining("", thread.what() + ":" + (begin == 0 ? "" : "\n    ..."), ""));
    }
}
