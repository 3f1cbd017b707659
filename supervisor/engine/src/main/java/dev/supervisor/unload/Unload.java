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
 * Watches the class loaders of ended generations until they have been collected, which proves that nothing is left of
 * them. A loader that is still there after a time, though the JVM has unloaded classes since, is kept alive by
 * something, which is looked for once.
 *
 * <p>Methods may be called from any thread. One thread of its own waits for collected loaders, another looks for
 * holders.
 */
public final class Unload implements AutoCloseable {

    /** Called on one of the two threads. */
    public interface Observer {
        /** @param after time since the generation's end */
        void unloaded(int generation, Duration after);

        /** @param holders descriptions of what keeps the generation alive; not empty */
        void keptAlive(int generation, Duration after, List<String> holders);
    }

    /** Finds holders that can't be seen from inside the JVM; blocks. */
    public interface LastResort {
        /**
         * @param id the id of the {@link LoaderReference} that refers to the class loader
         * @return the holders; empty if the loader has just been collected
         */
        Optional<List<String>> holders(int generation, long id) throws InterruptedException;
    }

    /**
     * @param timeout how long a generation may still be there, if the JVM has unloaded classes in that time
     * @param verify whether to ask the JVM to collect
     */
    public record Settings(Duration timeout, boolean verify) {}

    /**
     * A generation that has ended and has not been collected.
     *
     * @param keptAlive whether its holders have been looked for
     */
    public record Remains(int generation, Duration sinceEnd, boolean keptAlive) {}

    private static final Logger LOG = LoggerFactory.getLogger(Unload.class);

    /**
     * Three, since the first may have begun before the end, and an object with a finalizer or a cleaner is kept by it
     * until the third.
     */
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

    /** Used by the hearing thread only. */
    private final DirectMemory directMemory = new DirectMemory();

    /** How many collections have unloaded classes, as far as a probe was there to tell. Guarded by this. */
    private int collections;

    private @Nullable CollectionProbe probe;

    /** Used by the looking thread only. */
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

    /** Watches a generation that has ended. The caller drops the generation and its owner now. */
    public void watch(int generation, Owner owner) {
        watched.add(new LoaderReference(generation, owner, collected, collectionsFromNowOn()));
        try {
            looking.execute(() -> lookIn(FIRST_LOOK));
        } catch (RejectedExecutionException e) {
            LOG.debug("too late: the supervisor has stopped", e);
        }
    }

    private synchronized int collectionsFromNowOn() {
        releaseProbe();
        return collections;
    }

    /** Releases a probe, unless there is one. */
    private synchronized void releaseProbe() {
        if (probe == null) {
            probe = CollectionProbe.release(collected);
        }
    }

    /** Returns the ended generations that have not been collected, in order. */
    public List<Remains> remaining() {
        return watched.stream()
                .sorted(Comparator.comparingInt(LoaderReference::generation))
                .map(one -> new Remains(one.generation(), one.sinceEnd(), one.isReported()))
                .toList();
    }

    // Hearing of collected loaders

    private void hear() {
        while (!closed) {
            hearNext();
        }
    }

    /**
     * Waits for the next collected loader. Survives whatever an application does to it, by interrupting all threads
     * that it finds or by using up the memory: only {@link #close} ends the loop.
     */
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
            nextProbe();
        }
    }

    private synchronized void nextProbe() {
        collections++;
        probe = null;
        if (!watched.isEmpty()) {
            releaseProbe();
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
            return; // the end of the next generation starts looking again
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
        releaseProbe(); // if there was no memory for it before
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
        one.reported(); // not before: a failure until here is tried again
        if (more.isEmpty() || !watched.contains(one)) {
            return; // collected meanwhile
        }
        holders.addAll(more.get());
        observer.keptAlive(one.generation(), one.sinceEnd(), holders.isEmpty() ? List.of(UNSEEN) : holders);
    }

    /**
     * Looks for holders on a thread of the generation, since clearing may run code of its application, which may hang.
     */
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
            thread.join(ENDS_WITHIN_MILLIS); // otherwise the thread would hold the loader itself
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
