package dev.supervisor.unload;

import dev.supervisor.OptionKey;
import dev.supervisor.inspect.GenerationThread;
import dev.supervisor.inspect.Owner;
import dev.supervisor.unload.places.SharedPlaces;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the class loaders of ended generations until they have been collected: the proof that nothing is left of one.
 * One that is still there after a time, though the JVM has collected classes since, is kept alive by something, which is
 * looked for once.
 *
 * <p>Methods may be called from any thread. A thread of its own hears of what has been collected, another looks for
 * holders.
 */
public final class Unload implements AutoCloseable {

    /** Told on one of the two threads. */
    public interface Observer {
        /** @param after time since the generation's end */
        void unloaded(int generation, Duration after);

        /** @param holders what keeps it, in words; not empty */
        void keptAlive(int generation, Duration after, List<String> holders);
    }

    /** Finds holders that can't be seen from inside; blocks. */
    public interface LastResort {
        /**
         * @param id of the {@link LoaderReference} that refers to the class loader
         * @return nothing if it has just been collected
         */
        Optional<List<String>> holders(int generation, long id) throws InterruptedException;
    }

    /**
     * @param timeout how long a generation may still be there, if the JVM has collected classes in that time
     * @param verify whether to ask the JVM to collect
     */
    public record Settings(Duration timeout, boolean verify) {}

    /**
     * A generation that has ended and has not been collected.
     *
     * @param keptAlive whether its holder has been looked for
     */
    public record Remains(int generation, Duration sinceEnd, boolean keptAlive) {}

    private static final Logger LOG = LoggerFactory.getLogger(Unload.class);

    /** The first may have begun before the end; what has a finalizer or a cleaner is kept by it until the third. */
    private static final int COLLECTIONS = 3;

    private static final long ENDS_WITHIN_MILLIS = 1000;

    private static final Duration FIRST_LOOK = Duration.ofMillis(10);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private static final String UNSEEN = "no thread and no place that is known to be shared holds it (start with "
            + OptionKey.DUMP_LEAKS + " DIR to be told the path" + " from a GC root)";

    private final Consumer<Thread> starter;
    private final ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();
    private final Set<LoaderReference> watched = ConcurrentHashMap.newKeySet();
    private final Settings settings;
    private final SharedPlaces places;
    private final LastResort lastResort;
    private final Observer observer;
    private final Thread hearing = daemon(this::hear, "supervisor-unload");
    private final ScheduledExecutorService looking =
            Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "supervisor-leaks"));

    private volatile boolean closed;

    /** Belongs to the thread that hears. */
    private final DirectMemory directMemory = new DirectMemory();

    /** How many collections have unloaded classes, as far as a canary was there to tell. Guarded by this. */
    private int collections;

    private @Nullable CollectionProbe canary;

    /** Belongs to the thread that looks. */
    private @Nullable Future<?> nextLook;

    public Unload(Settings settings, SharedPlaces places, LastResort lastResort, Observer observer) {
        this(settings, places, lastResort, observer, Thread::start);
    }

    /** @param starter starts a thread, if it can */
    Unload(Settings settings, SharedPlaces places, LastResort lastResort, Observer observer, Consumer<Thread> starter) {
        this.settings = settings;
        this.starter = starter;
        this.places = places;
        this.lastResort = lastResort;
        this.observer = observer;
        hearing.start();
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** The generation has ended; the caller drops it, and the owner, now. */
    public void watch(int generation, Owner owner) {
        watched.add(new LoaderReference(generation, owner, collected, collectionsFromNowOn()));
        try {
            looking.execute(() -> lookIn(FIRST_LOOK));
        } catch (RejectedExecutionException e) {
            LOG.debug("too late: the supervisor has stopped", e);
        }
    }

    private synchronized int collectionsFromNowOn() {
        releaseCanary();
        return collections;
    }

    /** Unless there is one. */
    private synchronized void releaseCanary() {
        if (canary == null) {
            canary = CollectionProbe.release(collected);
        }
    }

    /** The ended generations that have not been collected, in order. */
    public List<Remains> remaining() {
        return watched.stream()
                .sorted(Comparator.comparingInt(LoaderReference::generation))
                .map(one -> new Remains(one.generation(), one.sinceEnd(), one.isReported()))
                .toList();
    }

    // Hearing of what has been collected

    private void hear() {
        while (!closed) {
            hearNext();
        }
    }

    /** An application may interrupt all threads that it finds, and use up the memory: only {@link #close} ends this. */
    private void hearNext() {
        try {
            gone(collected.remove());
        } catch (InterruptedException | RuntimeException | Error e) {
            LOG.debug("a collected class loader was not heard of", e);
        }
    }

    private void gone(Reference<? extends ClassLoader> reference) {
        if (reference instanceof LoaderReference one) {
            watched.remove(one);
            observer.unloaded(one.generation(), one.sinceEnd());
            directMemory.unloaded(DirectMemory.used()).ifPresent(LOG::warn);
        } else {
            nextCanary();
        }
    }

    private synchronized void nextCanary() {
        collections++;
        canary = null;
        if (!watched.isEmpty()) {
            releaseCanary();
        }
    }

    // Looking for holders

    private void lookIn(Duration pause) {
        if (nextLook != null) {
            nextLook.cancel(false);
        }
        nextLook = looking.schedule(() -> look(pause), pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void look(Duration pause) {
        if (watched.stream().allMatch(LoaderReference::isReported)) {
            return; // the next one that ends is looked at
        }
        try {
            reportLate();
        } catch (InterruptedException | RuntimeException | Error e) { // as in hearNext; no thread can be started, say
            LOG.debug("looking for what keeps ended generations alive is to be tried again", e);
        }
        if (closed) {
            return;
        }
        Duration next = pause.multipliedBy(2);
        lookIn(next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next);
    }

    private void reportLate() throws InterruptedException {
        releaseCanary(); // if there was no memory for it before
        if (settings.verify()) {
            System.gc();
        }
        for (LoaderReference one : late()) {
            report(one);
        }
    }

    private List<LoaderReference> late() {
        return watched.stream()
                .filter(one -> !one.isReported() && hasOutlivedCollections(one))
                .filter(one -> one.sinceEnd().compareTo(settings.timeout()) >= 0)
                .toList();
    }

    private synchronized boolean hasOutlivedCollections(LoaderReference one) {
        return collections - one.collectionsBefore() >= COLLECTIONS;
    }

    private void report(LoaderReference one) throws InterruptedException {
        List<String> holders = new ArrayList<>(holdersOf(one));
        Optional<List<String>> more = lastResortFor(one);
        one.reported(); // not before: what fails until here is tried again
        if (more.isEmpty() || !watched.contains(one)) {
            return; // collected meanwhile
        }
        holders.addAll(more.get());
        observer.keptAlive(one.generation(), one.sinceEnd(), holders.isEmpty() ? List.of(UNSEEN) : holders);
    }

    /** On a thread of the generation's, since clearing may run code of its application; that may hang. */
    private List<String> holdersOf(LoaderReference one) throws InterruptedException {
        CompletableFuture<List<String>> found = new CompletableFuture<>();
        Thread thread = one.owner()
                .map(owner -> thread(owner, () -> found.complete(Holders.of(owner, places))))
                .orElse(null);
        if (thread == null) {
            return List.of();
        }
        starter.accept(thread);
        try {
            return found.get(places.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            LOG.warn("looking for what keeps generation {} alive takes too long", one.generation());
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            thread.interrupt();
            thread.join(ENDS_WITHIN_MILLIS); // or it would hold it itself
        }
        return List.of();
    }

    private static Thread thread(Owner owner, Runnable task) {
        return new GenerationThread(
                Thread.currentThread().getThreadGroup(), task, owner.name() + " holders", owner.loader());
    }

    private Optional<List<String>> lastResortFor(LoaderReference one) throws InterruptedException {
        try {
            return lastResort.holders(one.generation(), one.id());
        } catch (RuntimeException | Error e) {
            LOG.warn("can't look into the heap for what keeps generation {} alive", one.generation(), e);
            return Optional.of(List.of());
        }
    }

    @Override
    public void close() {
        closed = true;
        hearing.interrupt();
        looking.shutdownNow();
    }
}
