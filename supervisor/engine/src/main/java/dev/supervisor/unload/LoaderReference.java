package dev.supervisor.unload;

import dev.supervisor.inspect.Owner;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** A reference to the class loader of an ended generation. Enqueued when the loader has been collected. */
public final class LoaderReference extends PhantomReference<ClassLoader> {

    private static final AtomicLong LAST_ID = new AtomicLong();

    /** Finds this reference in a heap dump: unique in the JVM, unlike the generation's number. */
    private final long id = LAST_ID.incrementAndGet();

    private final int generation;
    private final ThreadGroup threads;
    private final WeakReference<ClassLoader> loader;
    private final long endedNanos = System.nanoTime();
    private final int collectionsBefore;

    /** Holders have been looked for. */
    private volatile boolean reported;

    /** @param collectionsBefore how many collections had unloaded classes by then */
    public LoaderReference(int generation, Owner owner, ReferenceQueue<ClassLoader> queue, int collectionsBefore) {
        super(owner.loader(), queue);
        this.generation = generation;
        this.loader = new WeakReference<>(owner.loader());
        this.threads = owner.threads();
        this.collectionsBefore = collectionsBefore;
    }

    public long id() {
        return id;
    }

    int generation() {
        return generation;
    }

    Duration sinceEnd() {
        return Duration.ofNanos(System.nanoTime() - endedNanos);
    }

    int collectionsBefore() {
        return collectionsBefore;
    }

    /** Returns the generation's owner, or nothing if the loader is gone. */
    Optional<Owner> owner() {
        return Optional.ofNullable(loader.get()).map(found -> new Owner("generation " + generation, found, threads));
    }

    boolean isReported() {
        return reported;
    }

    void reported() {
        reported = true;
    }
}
