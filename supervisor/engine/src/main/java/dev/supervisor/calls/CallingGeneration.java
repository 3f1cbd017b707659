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

/**
 * A generation, as the redirected calls of its classes know it, from before its start until its end. Thread-safe.
 */
public final class CallingGeneration implements AutoCloseable {

    /**
     * The application has asked for the end of the JVM.
     *
     * @param status the exit code that it wanted
     * @param where the stack of the call
     */
    public record Exit(int status, List<StackTraceElement> where) {
        public Exit {
            where = List.copyOf(where);
        }
    }

    private static final Map<ClassLoader, CallingGeneration> ALL = new ConcurrentHashMap<>();

    /** The loaders of generations that have ended, as long as something keeps them. */
    private static final Set<ClassLoader> ENDED =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private final Owner owner;
    private final Consumer<Exit> onExit;
    private final AtomicInteger classes = new AtomicInteger();
    private final NettyConstants constants = new NettyConstants();
    private final OpenedResources opened = new OpenedResources();

    private CallingGeneration(Owner owner, Consumer<Exit> onExit) {
        this.owner = owner;
        this.onExit = onExit;
    }

    /** @param onExit told on the thread that called it, for each call; must not block */
    public static CallingGeneration enter(Owner owner, Consumer<Exit> onExit) {
        CallingGeneration callingGeneration = new CallingGeneration(owner, onExit);
        ALL.put(owner.loader(), callingGeneration);
        return callingGeneration;
    }

    /** The generation that this class belongs to; none, once that has ended. */
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

    /** Whether something of a generation is behind the object, any of those that have not ended. */
    public static boolean livingReaches(@Nullable Object object) {
        return ReferenceWalk.of(object, CallingGeneration::isOfLiving).isPresent();
    }

    /** The same, and also any of those that have ended: what one has set may not have been cleared. */
    public static boolean anyReaches(@Nullable Object object) {
        Set<ClassLoader> ended = ended();
        return ReferenceWalk.of(object, found -> isOfLiving(found) || isOfAny(ended, found))
                .isPresent();
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

    /** One of its classes is being loaded. */
    static void defining(ClassLoader loader) {
        of(loader).ifPresent(callingGeneration -> callingGeneration.classes.incrementAndGet());
    }

    /** How many classes it has loaded so far, but for those that the JVM makes, as of lambdas. */
    public int classes() {
        return classes.get();
    }

    NettyConstants constants() {
        return constants;
    }

    /** Generations other than that of the class, which is of one. */
    static Stream<CallingGeneration> others(Class<?> type) {
        Optional<CallingGeneration> own = of(type);
        return own.isEmpty()
                ? Stream.empty()
                : ALL.values().stream().filter(callingGeneration -> callingGeneration != own.get());
    }

    boolean hasOpened(OpenedResource one) {
        return opened.contains(one);
    }

    <T extends OpenedResource> Optional<T> findOpened(Class<T> type, Predicate<T> wanted) {
        return opened.find(type, wanted);
    }

    /** It has closed this, which cannot be asked whether it is closed. */
    void closed(OpenedResource one) {
        opened.remove(one);
    }

    /** It has opened this, and is expected to close it. */
    void opened(OpenedResource one) {
        opened.add(one);
    }

    /** Takes out what it has left by its calls, and says what that was. On one of its threads. */
    public List<String> clear() {
        return Stream.concat(MBeanCalls.clear(this).stream(), opened.close(owner).stream())
                .toList();
    }

    /** It has ended. */
    @Override
    public void close() {
        ENDED.add(owner.loader()); // first, or it would be of none for a moment
        ALL.remove(owner.loader(), this);
    }
}
