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

/** All the places that generations share, in the order in which they are cleared at the end of one. Thread-safe. */
public final class SharedPlaces {

    private static final Logger LOG = LoggerFactory.getLogger(SharedPlaces.class);

    /** Some remember how their place was before any generation: to be initialized before the first starts. */
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

    /** What code of the application has left on threads that go on; when none of it runs any more. */
    private static final List<SharedPlace> INHERITED =
            List.of(new FastThreadLocals(), new ThreadLocals(), new AwtContext(), new InheritedContexts());

    /** How many of them wait for as long as the stop timeout, at most. */
    private static final int WAITING = 3;

    /** How long an executor that all share may take to answer. */
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private static final Duration SPARE = Duration.ofSeconds(10);

    private final Duration stopTimeout;
    /** First what the application itself would do at its end, which may end the threads. */
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

    /**
     * Before a generation starts: what a JVM has one of is as it was before the first.
     *
     * @param isOfAnyGeneration whether something is of one, also of one that has ended and not left it
     * @param isOfLiving whether it is of one that has not ended
     * @return gives the one that serves back what it had set; to be run if the new one fails to start
     */
    public static Runnable begin(Predicate<Object> isOfAnyGeneration, Predicate<Object> isOfLiving) {
        JdbcDrivers.lookAgain();
        UrlHandlers.forgetLoaders();
        Runnable logging = JulDefaults.begin(isOfAnyGeneration);
        JvmDefaults.Former former = JvmDefaults.begin(isOfAnyGeneration);
        StandardStreams.keepOpen(); // after that, or it would wrap a stream of the application that serves, and keep it
        return () -> {
            former.restore(isOfLiving);
            logging.run();
        };
    }

    /** How long clearing may take. */
    public Duration timeout() {
        return stopTimeout.multipliedBy(WAITING).plus(SPARE);
    }

    /** As {@link #clear(Owner, Supplier)}, for a generation whose calls have been cleared. */
    public List<String> clear(Owner owner) {
        return clear(owner, List::of);
    }

    /**
     * Clears them of what the generation has left. On a thread of the generation.
     *
     * @param calls clears what redirected calls have left: when the application's hooks have run and before its threads
     *     end, which may wait for a connection, say; and once more when they have ended, which may have opened more
     * @return what that was, in words that its author can act on
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
        } catch (Throwable e) { // some of this is code of the application, and the other places are to be cleared
            LOG.warn(
                    "can't clear what {} has left ({}): {}",
                    owner.name(),
                    place.getClass().getSimpleName(),
                    e.toString());
        }
    }
}
