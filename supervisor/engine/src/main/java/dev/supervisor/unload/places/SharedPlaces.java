package dev.supervisor.unload.places;

import dev.supervisor.inspect.Owner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All places that generations share, in the order in which they are cleared when one ends. Thread-safe. */
public final class SharedPlaces {

    private static final Logger LOG = LoggerFactory.getLogger(SharedPlaces.class);

    /** Some remember the state from before any generation: initialized before the first one starts. */
    private static final List<SharedPlace> REGISTRIES = List.of(
            new JdbcDrivers(),
            new JulHandlers(),
            new SecurityProviders(),
            new MBeans(),
            new MBeanListeners(),
            new UrlHandlers(),
            new NamingBuilders(),
            new RmiExports(),
            new PreferenceListeners(),
            new FlightRecorderListeners(),
            new ProcessEnds(),
            new SerialFilters(),
            new SignalHandlers(),
            new SystemProperties(),
            new NettyDefaults(),
            new ImageIoPlugins(),
            new ResourceBundles(),
            new BeanInfos(),
            new RecordMethods(),
            new JvmDefaults());

    /** Left by code of the application on threads that outlive it; cleared when none of that code runs any more. */
    private static final List<SharedPlace> INHERITED =
            List.of(new FastThreadLocals(), new ThreadLocals(), new AwtContext(), new InheritedContexts());

    /** How many places wait, each for the stop timeout at most. */
    private static final int WAITING = 3;

    /** How long a shared executor may take to respond. */
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private static final Duration SPARE = Duration.ofSeconds(10);

    private final Duration stopTimeout;
    /** Cleared first: what the application itself would do at its end, which may end its threads. */
    private final SharedPlace hooks;

    private final List<SharedPlace> threads;

    /** @param stopTimeout how long to wait for threads, and for shutdown hooks */
    public SharedPlaces(Duration stopTimeout) {
        this.stopTimeout = stopTimeout;
        this.hooks = new ShutdownHooks(stopTimeout);
        this.threads = threads(stopTimeout);
    }

    private static List<SharedPlace> threads(Duration stopTimeout) {
        return List.of(
                new Cleanables(),
                new ForgottenThreads(stopTimeout),
                new VirtualThreads(stopTimeout),
                new CommonPoolTasks(),
                new DelayedTasks(ANSWER),
                new GlobalEventExecutorTasks(ANSWER));
    }

    /** What follows the start of a generation, which has begun. */
    public interface Begin {

        /** Restores the defaults of the live generation, since the new one has failed to start. */
        void failed();

        /** Restores the defaults of other applications that the new generation has not replaced by its own. */
        void succeeded();
    }

    /**
     * Sets the JVM's defaults as they were before the first generation, except those of other applications that can stay. Called
     * before a generation starts.
     *
     * @param isOfAnyGeneration whether an object belongs to a generation, including ended ones that left it behind
     * @param isOfLiving whether an object belongs to a generation that has not ended
     * @param isOfOther whether an object belongs to such a generation of another application
     */
    public static Begin begin(
            Predicate<Object> isOfAnyGeneration, Predicate<Object> isOfLiving, Predicate<Object> isOfOther) {
        JdbcDrivers.lookAgain();
        UrlHandlers.forgetLoaders();
        Runnable logging = JulDefaults.begin(isOfAnyGeneration);
        JvmDefaults.Former former = JvmDefaults.begin(isOfAnyGeneration, isOfOther);
        StandardStreams.keepOpen(); // after the reset, or it would wrap and so keep a stream of the live application
        return new Begin() {
            @Override
            public void failed() {
                former.restore(isOfLiving);
                logging.run();
            }

            @Override
            public void succeeded() {
                former.restoreOthers(isOfAnyGeneration, isOfOther);
            }
        };
    }

    /** Returns how long clearing may take. */
    public Duration timeout() {
        return stopTimeout.multipliedBy(WAITING).plus(SPARE);
    }

    /**
     * Runs the shutdown hooks of a generation, before anything of it is cleared. Must be called on a thread of the generation.
     *
     * @return messages about hooks that do not return
     */
    public List<String> runHooks(Owner owner) {
        List<String> left = new ArrayList<>();
        clear(owner, hooks, left);
        return left;
    }

    /** Like {@link #clear(Owner, Supplier)}, for a generation whose calls have been cleared. */
    public List<String> clear(Owner owner) {
        return clear(owner, List::of);
    }

    /**
     * Clears all places of what the generation has left. Must be called on a thread of the generation.
     *
     * @param calls clears what redirected calls have left: after the application's hooks have run and before its
     *     threads end, which may wait for a connection, say; and once more when they have ended, since they may have
     *     opened more
     * @return messages on which the application's author can act
     */
    public List<String> clear(Owner owner, Supplier<List<String>> calls) {
        List<String> left = new ArrayList<>();
        SharedPlace opened = unused -> calls.get();
        Stream.of(List.of(hooks, opened), threads, List.of(opened), REGISTRIES, INHERITED)
                .flatMap(List::stream)
                .forEach(place -> clear(owner, place, left));
        return left;
    }

    private static void clear(Owner owner, SharedPlace place, List<String> left) {
        try {
            left.addAll(place.clear(owner));
        } catch (Throwable e) { // partly code of the application; the other places must be cleared
            LOG.warn(
                    "can't clear what {} has left ({}): {}",
                    owner.name(),
                    place.getClass().getSimpleName(),
                    e.toString());
        }
    }
}
