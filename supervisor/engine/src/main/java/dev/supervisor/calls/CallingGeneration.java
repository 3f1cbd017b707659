package dev.supervisor.calls;

import dev.supervisor.inspect.Owner;
import dev.supervisor.inspect.ReferenceWalk;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A generation as the redirected calls of its classes see it, from before its start until its end. Thread-safe. */
public final class CallingGeneration implements AutoCloseable {

    /**
     * A request of the application to exit the JVM.
     *
     * @param status the exit code that it passed
     * @param where the stack of the call
     */
    public record Exit(int status, List<StackTraceElement> where) {
        public Exit {
            where = List.copyOf(where);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(CallingGeneration.class);

    private static final Map<ClassLoader, CallingGeneration> ALL = new ConcurrentHashMap<>();

    /** The loaders of ended generations, weakly: they stay while something else keeps them. */
    private static final Set<ClassLoader> ENDED =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private final Owner owner;
    private final Object application;
    private final Consumer<Exit> onExit;
    private final AtomicInteger classes;
    private final NettyConstants constants = new NettyConstants();
    private final OpenedResources opened = new OpenedResources();
    private final KnownServers servers = new KnownServers();
    private volatile boolean stopping;

    private CallingGeneration(Owner owner, Object application, Consumer<Exit> onExit, int classes) {
        this.owner = owner;
        this.application = application;
        this.onExit = onExit;
        this.classes = new AtomicInteger(classes);
    }

    /**
     * @param application the same object for all generations of one application, and another one for those of another
     * @param onExit called for each exit, on the thread that requested it; must not block
     * @param classes how many its loader has already
     */
    public static CallingGeneration enter(Owner owner, Object application, Consumer<Exit> onExit, int classes) {
        CallingGeneration callingGeneration = new CallingGeneration(owner, application, onExit, classes);
        ALL.put(owner.loader(), callingGeneration);
        return callingGeneration;
    }

    /** Returns the generation of this class; empty once the generation has ended. */
    static Optional<CallingGeneration> of(Class<?> type) {
        return of(type.getClassLoader());
    }

    static Optional<CallingGeneration> of(@Nullable ClassLoader loader) {
        for (ClassLoader ancestor = loader; ancestor != null; ancestor = ancestor.getParent()) {
            CallingGeneration callingGeneration = ALL.get(ancestor);
            if (callingGeneration != null) {
                return Optional.of(callingGeneration);
            }
        }
        return Optional.empty();
    }

    /** Returns whether the object leads to an object of a generation that has not ended. */
    public static boolean livingReaches(@Nullable Object object) {
        return ReferenceWalk.of(object, CallingGeneration::isOfLiving).isPresent();
    }

    /**
     * Returns whether the object leads to an object of any generation, including ended ones: a default that an ended
     * generation has set may not have been cleared.
     */
    public static boolean anyReaches(@Nullable Object object) {
        Set<ClassLoader> ended = ended();
        return ReferenceWalk.of(object, found -> isOfLiving(found) || isOfAny(ended, found))
                .isPresent();
    }

    /** Returns whether the object leads to an object of a generation, which has not ended, of another application. */
    public boolean othersReach(@Nullable Object object) {
        return ReferenceWalk.of(
                        object,
                        found -> ALL.values().stream()
                                .anyMatch(each -> !isOfSameApplication(each) && each.owner.owns(found)))
                .isPresent();
    }

    /** Returns whether the generation is of the same application, and so may take over what this one has. */
    boolean isOfSameApplication(CallingGeneration other) {
        return application == other.application;
    }

    /** Returns whether the generation has not ended. */
    boolean isLiving() {
        return ALL.get(owner.loader()) == this;
    }

    private static boolean isOfLiving(Object object) {
        return ALL.values().stream().anyMatch(callingGeneration -> callingGeneration.owner.owns(object));
    }

    private static Set<ClassLoader> ended() {
        synchronized (ENDED) {
            return Set.copyOf(ENDED);
        }
    }

    private static boolean isOfAny(Set<ClassLoader> loaders, Object object) {
        return loaders.stream().anyMatch(loader -> Owner.owns(loader, object));
    }

    void exit(Exit exit) {
        onExit.accept(exit);
    }

    /** Counts a class that is being loaded. */
    static void defining(ClassLoader loader) {
        of(loader).ifPresent(callingGeneration -> callingGeneration.classes.incrementAndGet());
    }

    /** Returns the number of classes loaded so far, without classes that the JVM makes, such as lambdas. */
    public int classes() {
        return classes.get();
    }

    NettyConstants constants() {
        return constants;
    }

    /** Returns all generations except the class's own; none if the class belongs to no generation. */
    static Stream<CallingGeneration> others(Class<?> type) {
        Optional<CallingGeneration> own = of(type);
        return own.isEmpty()
                ? Stream.empty()
                : ALL.values().stream().filter(callingGeneration -> callingGeneration != own.get());
    }

    /** A program is about to be stopped. */
    public void stopping() {
        stopping = true;
    }

    public boolean isStopping() {
        return stopping;
    }

    /** Returns whether the object is of a class of this generation. */
    boolean owns(Object object) {
        return owner.owns(object);
    }

    KnownServers servers() {
        return servers;
    }

    /**
     * Stops the servers of a program, and closes its channels: it knows of no end but that of the JVM. Must be called on one of the generation's
     * threads.
     */
    public void stopServers() throws InterruptedException {
        servers.stop();
        opened.close(owner).forEach(left -> LOG.debug("{}: {}", owner.name(), left));
    }

    boolean hasOpened(OpenedResource one) {
        return opened.contains(one);
    }

    <T extends OpenedResource> Optional<T> findOpened(Class<T> type, Predicate<T> wanted) {
        return opened.find(type, wanted);
    }

    /** Removes a resource that was closed. Needed for resources that can't tell whether they are closed. */
    void closed(OpenedResource one) {
        opened.remove(one);
    }

    /** Adds a resource that the generation has opened and is expected to close. */
    void opened(OpenedResource one) {
        opened.add(one);
    }

    /**
     * Clears the registrations and resources that redirected calls have left, and describes them. Must be called on one
     * of the generation's threads.
     */
    public List<String> clear() {
        return Stream.of(MBeanCalls.clear(this), SecurityCalls.clear(this), opened.close(owner))
                .flatMap(List::stream)
                .toList();
    }

    /** Removes the generation, which has ended. */
    @Override
    public void close() {
        ENDED.add(owner.loader()); // first, or the loader would belong to no generation for a moment
        ALL.remove(owner.loader(), this);
    }
}
