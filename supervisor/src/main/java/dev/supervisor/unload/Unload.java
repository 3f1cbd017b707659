package dev.supervisor.unload;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Watches the class loaders of ended generations until they have been collected: the proof that nothing is left of one.
 * Collection is not forced. One thread of its own.
 */
public final class Unload implements AutoCloseable {

    /** Told on the watching thread. */
    public interface Observer {
        /** @param after time since the generation's end */
        void unloaded(int generation, Duration after);
    }

    private static final class Watched extends PhantomReference<ClassLoader> {

        private final int generation;
        private final long endedNanos = System.nanoTime();

        Watched(int generation, ClassLoader loader, ReferenceQueue<ClassLoader> queue) {
            super(loader, queue);
            this.generation = generation;
        }
    }

    private final ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();
    private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
    private final Observer observer;
    private final Thread thread = new Thread(this::run, "supervisor-unload");

    public Unload(Observer observer) {
        this.observer = observer;
        thread.setDaemon(true);
        thread.start();
    }

    /** The generation has ended; the caller drops it now. */
    public void watch(int generation, ClassLoader loader) {
        watched.add(new Watched(generation, loader, collected));
    }

    /** How many ended generations have not been collected yet. */
    public int remaining() {
        return watched.size();
    }

    private void run() {
        try {
            while (true) {
                Watched gone = (Watched) collected.remove();
                watched.remove(gone);
                observer.unloaded(gone.generation, Duration.ofNanos(System.nanoTime() - gone.endedNanos));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
