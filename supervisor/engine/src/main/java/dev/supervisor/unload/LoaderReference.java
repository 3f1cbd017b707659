package dev.supervisor.unload;

import dev.supervisor.inspect.Owner;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The class loader of a generation that has ended. Enqueued when it has been collected. */
public final class LoaderReference extends PhantomReference<ClassLoader> {

    private static final AtomicLong LAST_ID = new AtomicLong();

    /** By which it is found in a heap dump: unique in the JVM, unlike the generation's number. */
    private final long id = LAST_ID.incrementAndGet();

    private final int generation;
    private final ThreadGroup threads;
    private final WeakReference<ClassLoader> loader;
    private final long endedNanos = System.nanoTime();
    private final int collectionsBefore;

    /** Whether its holder has been looked for. */
    private volatile boolean reported;

    /** @param collectionsBefore how many had unloaded classes by then */
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

    /** Nobody, if it is gone. */
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
