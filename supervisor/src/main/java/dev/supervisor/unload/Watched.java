package dev.supervisor.unload;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.concurrent.atomic.AtomicLong;

/** The class loader of an ended generation, until it has been collected. A heap dump is searched for it by its id. */
final class Watched extends PhantomReference<ClassLoader> {

    private static final AtomicLong LAST = new AtomicLong();

    final int generation;
    final long id = LAST.incrementAndGet();
    final long endedNanos = System.nanoTime();

    Watched(int generation, ClassLoader loader, ReferenceQueue<ClassLoader> queue) {
        super(loader, queue);
        this.generation = generation;
    }
}
