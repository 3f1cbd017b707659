package dev.supervisor.unload;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CollectionProbeTest {

    private final ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();

    @Test
    void aFullCollectionKillsIt() throws Exception {
        CollectionProbe canary = CollectionProbe.release(collected);
        Reference<?> gone = null;
        for (int i = 0; i < 100 && gone == null; i++) {
            System.gc();
            gone = collected.remove(100);
        }
        assertSame(canary, gone);
    }

    @Test
    void aCollectionOfYoungObjectsDoesNot() throws Exception {
        CollectionProbe canary = CollectionProbe.release(collected);
        try {
            long before = youngCollections();
            while (youngCollections() < before + 3) {
                garbage = new byte[1 << 20];
            }
            assertNull(collected.remove(TimeUnit.SECONDS.toMillis(1)));
        } finally {
            Reference.reachabilityFence(canary);
        }
    }

    @SuppressWarnings("unused") // so that the compiler makes it
    private static volatile byte[] garbage = {};

    private static long youngCollections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .filter(collector -> collector.getName().contains("Young")
                        || collector.getName().equals("Copy"))
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }
}
