package dev.supervisor.unload;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryNotificationInfo;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import javax.management.ListenerNotFoundException;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when the memory for classes runs low, where it is bounded: the metaspace by {@code -XX:MaxMetaspaceSize}, the
 * space for compressed class pointers always. The JVM notifies of that by itself. Thread-safe.
 */
public final class Metaspace implements AutoCloseable {

    /** A pool that has little room left, though the JVM has just been asked to collect. */
    public record Low(String pool, long used, long max) {}

    private static final Logger LOG = LoggerFactory.getLogger(Metaspace.class);
    private static final Set<String> POOLS = Set.of("Metaspace", "Compressed Class Space");
    private static final double LOW = 0.85;

    private final NotificationEmitter emitter = (NotificationEmitter) ManagementFactory.getMemoryMXBean();
    private final NotificationListener listener;
    private final Consumer<Low> observer;

    private Metaspace(Consumer<Low> observer) {
        this.observer = observer;
        this.listener = (notification, handback) -> {
            if (notification.getType().equals(MemoryNotificationInfo.MEMORY_THRESHOLD_EXCEEDED)) {
                check();
            }
        };
    }

    /** @param observer told each time that it has become low, on a thread of the JVM; must not block */
    public static Metaspace watch(Consumer<Low> observer) {
        Metaspace metaspace = new Metaspace(observer);
        bounded().stream()
                .filter(pool -> pool.getUsageThreshold() == 0) // somebody else's
                .forEach(pool -> pool.setUsageThreshold((long) (pool.getUsage().getMax() * LOW)));
        metaspace.emitter.addNotificationListener(metaspace.listener, null, null);
        return metaspace;
    }

    private static List<MemoryPoolMXBean> bounded() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> POOLS.contains(pool.getName()))
                .filter(pool -> pool.getUsage().getMax() > 0 && pool.isUsageThresholdSupported())
                .toList();
    }

    private void check() {
        if (bounded().stream().anyMatch(Metaspace::isLow)) {
            System.gc(); // what is only waiting for that is no reason to worry
            bounded().stream().filter(Metaspace::isLow).forEach(pool -> {
                MemoryUsage usage = pool.getUsage();
                observer.accept(
                        new Low(pool.getName().toLowerCase(java.util.Locale.ROOT), usage.getUsed(), usage.getMax()));
            });
        }
    }

    private static boolean isLow(MemoryPoolMXBean pool) {
        MemoryUsage usage = pool.getUsage();
        return usage.getUsed() > usage.getMax() * LOW;
    }

    @Override
    public void close() {
        try {
            emitter.removeNotificationListener(listener);
        } catch (ListenerNotFoundException e) {
            LOG.debug("closed twice", e);
        }
    }
}
