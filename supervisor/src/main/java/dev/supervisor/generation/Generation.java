package dev.supervisor.generation;

import dev.supervisor.calls.Resident;
import dev.supervisor.calls.Resident.Exit;
import dev.supervisor.failure.Problem;
import dev.supervisor.generation.GenerationThreads.FailedException;
import dev.supervisor.generation.GenerationThreads.StuckException;
import dev.supervisor.generation.Provider.NoApplicationException;
import dev.supervisor.socket.Connections;
import dev.supervisor.socket.Fitting;
import dev.supervisor.socket.Listener;
import dev.supervisor.socket.SupervisedServerChannel;
import dev.supervisor.spi.Application;
import dev.supervisor.unload.Owner;
import dev.supervisor.unload.SharedPlaces;
import dev.supervisor.unload.ThreadDump;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.netty.util.concurrent.ThreadProperties;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jboss.modules.ModuleLoadException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One snapshot, loaded and started: module, application instance, event loops, connections. Application code runs on
 * the generation's own threads only.
 *
 * <p>{@link #load}, {@link #start} and {@link #end} block, and are called in this order, {@code end} once, by threads of
 * the supervisor.
 */
public final class Generation {

    /**
     * What a generation is made with.
     *
     * @param applicationClass instead of the one provider that the build names
     * @param arguments for the application
     * @param stopTimeout how long the application's {@code close} may take, and its threads to end after that
     * @param fittings for the pipelines of HTTP connections, by the number of the generation
     */
    public record Settings(
            Optional<String> applicationClass,
            List<String> arguments,
            Duration startTimeout,
            Duration stopTimeout,
            IntFunction<Fitting> fittings) {
        public Settings {
            arguments = List.copyOf(arguments);
        }
    }

    /** Told by any thread, also one of the application's; must not block. */
    public interface Observer {
        /** The application has begun to serve a listener, possibly during its start. */
        void serving(SupervisedServerChannel server);

        /** The application has called {@link System#exit} after its start; once. */
        void exited(int generation, Problem problem);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Generation.class);

    private static final Duration LOOPS_TIMEOUT = Duration.ofSeconds(2);

    private final int number;
    private final Snapshot snapshot;
    private final AppModule module;
    private final GenerationThreads threads;
    private final EventLoopGroup loops;
    private final Connections connections;
    private final Settings settings;
    private final Owner owner;
    private final Resident resident;
    private final SharedPlaces places;
    private final Observer observer;

    private Optional<Application> started = Optional.empty();

    /** Guarded by this. */
    private Optional<Exit> exit = Optional.empty();

    private boolean running;

    private Generation(int number, Snapshot snapshot, AppModule module, Settings settings, Observer observer) {
        this.number = number;
        this.snapshot = snapshot;
        this.module = module;
        this.settings = settings;
        this.observer = observer;
        this.connections =
                new Connections(observer::serving, settings.fittings().apply(number));
        this.threads = new GenerationThreads(nameOf(number), module.classLoader());
        this.owner = new Owner("generation " + number, module.classLoader(), threads.group());
        this.resident = Resident.enter(owner, this::exited);
        this.places = new SharedPlaces(settings.stopTimeout());
        this.loops = new MultiThreadIoEventLoopGroup(threads, NioIoHandler.newFactory());
    }

    private static String nameOf(int number) {
        return "generation-" + number;
    }

    /**
     * Links the module of a snapshot. The snapshot belongs to the generation from now on.
     *
     * @throws LoadException if that fails; the snapshot is closed then
     */
    public static Generation load(int number, Snapshot snapshot, Settings settings, Observer observer)
            throws LoadException {
        try {
            AppModule module = AppModule.link(nameOf(number), snapshot.roots());
            return new Generation(number, snapshot, module, settings, observer);
        } catch (IOException | ModuleLoadException | RuntimeException e) {
            snapshot.close();
            throw new LoadException(
                    Problem.of("can't load " + snapshot.build().name() + ": " + e.getMessage(), e, frame -> false),
                    e instanceof IOException ? LoadException.Kind.LACKING : FailureKind.of(e));
        }
    }

    /**
     * Makes the application and runs its {@link Application#start}.
     *
     * @throws LoadException if there is none, or it failed, or did not return in time; {@link #end} is still to be called
     * @throws InterruptedException if the calling thread was interrupted, as when the supervisor stops; likewise
     */
    public void start(List<Listener> listeners) throws LoadException, InterruptedException {
        GenerationContext context = new GenerationContext(number, listeners, connections, loops, settings.arguments());
        Runnable restore = SharedPlaces.begin(Resident::anyReaches);
        try {
            run(context);
        } catch (LoadException | InterruptedException e) {
            restore.run();
            throw e;
        }
    }

    private void run(GenerationContext context) throws LoadException, InterruptedException {
        try {
            started = Optional.of(threads.call(
                    "start",
                    () -> {
                        Application application = Provider.instantiate(
                                module.classLoader(),
                                settings.applicationClass(),
                                snapshot.build().name());
                        application.start(context);
                        return application;
                    },
                    settings.startTimeout()));
        } catch (StuckException e) {
            throw new LoadException(startStuck(e), LoadException.Kind.FAILED);
        } catch (FailedException e) {
            throw exitProblem().map(Generation::exitFailure).orElseGet(() -> failed(e.failure()));
        }
        runs();
    }

    /** An exit that nobody let through is one all the same. */
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

    private synchronized Optional<Problem> exitProblem() {
        return exit.map(asked -> new Problem(
                snapshot.build().name() + " called System.exit(" + asked.status() + ")",
                List.of(new Problem.Cause(
                        "it was called here",
                        Problem.frames(asked.where().toArray(StackTraceElement[]::new), this::isOwnFrame)))));
    }

    private Problem startStuck(StuckException stuck) {
        return stillRuns(
                snapshot.build().name() + " did not start within "
                        + settings.startTimeout().toMillis() + " ms (see where it hangs, or raise --start-timeout)",
                stuck.where());
    }

    private Problem stillRuns(String summary, StackTraceElement[] where) {
        return new Problem(
                summary,
                List.of(new Problem.Cause("a thread that is still here", Problem.frames(where, this::isOwnFrame))));
    }

    private LoadException failed(Throwable failure) {
        Throwable cause = failure instanceof InvocationTargetException wrapper && wrapper.getCause() != null
                ? wrapper.getCause()
                : failure;
        String name = snapshot.build().name();
        Problem problem = cause instanceof NoApplicationException none
                ? Problem.of(String.valueOf(none.getMessage()))
                : Problem.of(StartFailure.summary(name, cause), cause, this::isOwnFrame);
        return new LoadException(problem, FailureKind.of(cause));
    }

    private boolean isOwnFrame(StackTraceElement frame) {
        return nameOf(number).equals(frame.getClassLoaderName());
    }

    public int number() {
        return number;
    }

    public Snapshot snapshot() {
        return snapshot;
    }

    public Connections connections() {
        return connections;
    }

    /** How many classes it has loaded so far. */
    public int classes() {
        return resident.classes();
    }

    /** What its threads do at this moment, in lines for people. */
    public List<String> threads() {
        return ThreadDump.of(owner);
    }

    /** What belongs to it; its class loader is watched by {@link dev.supervisor.unload.Unload} until it is gone. */
    public Owner owner() {
        return owner;
    }

    /**
     * Closes the application, takes back all that it was given, and clears what it has left elsewhere; its connections
     * have left, or are lost.
     *
     * @return what it had left, in words for its author
     */
    public List<String> end() {
        started.ifPresent(this::close);
        started = Optional.empty();
        connections.revoke();
        connections.endFromOutside();
        terminateLoops();
        List<String> left = clear();
        resident.close();
        module.close();
        snapshot.close();
        threads.close();
        return left;
    }

    private List<String> clear() {
        Duration timeout = places.timeout();
        try {
            return threads.call(
                    "clear",
                    () -> Stream.concat(resident.clear().stream(), places.clear(owner).stream())
                            .toList(),
                    timeout);
        } catch (StuckException e) {
            warnStuck("what it has left could not be cleared within " + timeout.toMillis() + " ms", e.where());
        } catch (FailedException e) {
            LOG.warn("generation {}: what it has left could not be cleared", number, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return List.of();
    }

    private void terminateLoops() {
        Future<?> terminated = loops.shutdownGracefully(0, LOOPS_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        if (terminated.awaitUninterruptibly(LOOPS_TIMEOUT.toMillis())
                || stuckLoops().isEmpty()) {
            return;
        }
        threads.interruptLoops();
        terminated.awaitUninterruptibly(LOOPS_TIMEOUT.toMillis());
        stuckLoops()
                .forEach(loop ->
                        warnStuck("a handler never returns, so " + loop.name() + " goes on", loop.stackTrace()));
    }

    private void warnStuck(String what, StackTraceElement[] where) {
        LOG.warn("{}", stillRuns("generation " + number + ": " + what, where).details());
    }

    /** Those that still run handlers, unlike those whose threads are about to end, which may take its time. */
    private List<ThreadProperties> stuckLoops() {
        return StreamSupport.stream(loops.spliterator(), false)
                .filter(loop -> !loop.isShutdown())
                .map(loop -> ((SingleThreadEventExecutor) loop).threadProperties())
                .toList();
    }

    private void close(Application application) {
        try {
            threads.call(
                    "close",
                    () -> {
                        application.close();
                        return true;
                    },
                    settings.stopTimeout());
        } catch (FailedException e) {
            LOG.warn(
                    "generation {}: close() failed: {}",
                    number,
                    Problem.of("close()", e.failure(), this::isOwnFrame).details());
        } catch (StuckException e) {
            warnStuck("close() did not return within " + settings.stopTimeout().toMillis() + " ms", e.where());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
