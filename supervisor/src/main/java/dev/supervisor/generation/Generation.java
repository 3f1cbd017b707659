package dev.supervisor.generation;

import dev.supervisor.failure.Problem;
import dev.supervisor.generation.GenerationThreads.FailedException;
import dev.supervisor.generation.GenerationThreads.StuckException;
import dev.supervisor.generation.Provider.NoApplicationException;
import dev.supervisor.socket.Connections;
import dev.supervisor.socket.Listener;
import dev.supervisor.socket.SupervisedServerChannel;
import dev.supervisor.spi.Application;
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
import java.util.function.Consumer;
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
     */
    public record Settings(Optional<String> applicationClass, List<String> arguments, Duration startTimeout) {
        public Settings {
            arguments = List.copyOf(arguments);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Generation.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration LOOPS_TIMEOUT = Duration.ofSeconds(2);

    private final int number;
    private final Snapshot snapshot;
    private final AppModule module;
    private final GenerationThreads threads;
    private final EventLoopGroup loops;
    private final Connections connections;
    private final Settings settings;

    private Optional<Application> started = Optional.empty();

    private Generation(
            int number,
            Snapshot snapshot,
            AppModule module,
            Settings settings,
            Consumer<SupervisedServerChannel> onServing) {
        this.number = number;
        this.snapshot = snapshot;
        this.module = module;
        this.settings = settings;
        this.connections = new Connections(onServing);
        this.threads = new GenerationThreads(nameOf(number), module.classLoader());
        this.loops = new MultiThreadIoEventLoopGroup(threads, NioIoHandler.newFactory());
    }

    private static String nameOf(int number) {
        return "generation-" + number;
    }

    /**
     * Links the module of a snapshot. The snapshot belongs to the generation from now on.
     *
     * @param onServing told when the application begins to serve a listener, on any thread, possibly during its start
     * @throws LoadException if that fails; the snapshot is closed then
     */
    public static Generation load(
            int number, Snapshot snapshot, Settings settings, Consumer<SupervisedServerChannel> onServing)
            throws LoadException {
        try {
            AppModule module = AppModule.link(nameOf(number), snapshot.roots());
            return new Generation(number, snapshot, module, settings, onServing);
        } catch (IOException | ModuleLoadException | RuntimeException e) {
            snapshot.close();
            throw new LoadException(
                    Problem.of("can't load " + snapshot.build().name() + ": " + e.getMessage(), e, frame -> false));
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
            throw new LoadException(startStuck(e));
        } catch (FailedException e) {
            throw new LoadException(failed(e.failure()));
        }
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

    private Problem failed(Throwable failure) {
        Throwable cause = failure instanceof InvocationTargetException wrapper && wrapper.getCause() != null
                ? wrapper.getCause()
                : failure;
        String name = snapshot.build().name();
        return cause instanceof NoApplicationException none
                ? Problem.of(String.valueOf(none.getMessage()))
                : Problem.of(StartFailure.summary(name, cause), cause, this::isOwnFrame);
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

    /** Watched by {@link Unload} until it has been collected. */
    public ClassLoader classLoader() {
        return module.classLoader();
    }

    /** Closes the application and takes back all that it was given; its connections have left, or are lost. */
    public void end() {
        started.ifPresent(this::close);
        started = Optional.empty();
        connections.revoke();
        connections.endFromOutside();
        terminateLoops();
        module.close();
        snapshot.close();
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
                .forEach(loop -> LOG.warn(
                        "{}",
                        stillRuns(
                                        "generation " + number + ": a handler never returns, so " + loop.name()
                                                + " goes on",
                                        loop.stackTrace())
                                .details()));
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
                    CLOSE_TIMEOUT);
        } catch (FailedException e) {
            LOG.warn(
                    "generation {}: close() failed: {}",
                    number,
                    Problem.of("close()", e.failure(), this::isOwnFrame).details());
        } catch (StuckException e) {
            LOG.warn(
                    "{}",
                    stillRuns(
                                    "generation " + number + ": close() did not return within "
                                            + CLOSE_TIMEOUT.toSeconds() + " s",
                                    e.where())
                            .details());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
