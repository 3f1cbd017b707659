package dev.supervisor.unload;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The memory for classes, where it is bounded: the metaspace by {@code -XX:MaxMetaspaceSize}, the space for compressed
 * class pointers always. Checked before each generation is made, since the JVM does not notify of a threshold in these
 * pools. Belongs to one thread.
 */
public final class Metaspace {

    /** A pool that has little room left even after a collection; sizes in bytes. */
    public record Low(String pool, long used, long max) {}

    private static final String METASPACE = "Metaspace";
    private static final Set<String> POOLS = Set.of(METASPACE, "Compressed Class Space");
    private static final double LOW = 0.85;
    private static final double ROOM = 0.6;

    private final List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> POOLS.contains(pool.getName()) && pool.getUsage().getMax() > 0)
            .toList();

    private boolean wasLow;

    /** Returns how many bytes the JVM's classes take; 0 if unknown. May be called from any thread. */
    public static long used() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals(METASPACE))
                .mapToLong(pool -> pool.getUsage().getUsed())
                .sum();
    }

    /** Returns whether there is enough of it for classes that need not be loaded now. May be called from any thread. */
    public static boolean hasRoom() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> POOLS.contains(pool.getName()))
                .map(MemoryPoolMXBean::getUsage)
                .allMatch(usage -> usage.getMax() <= 0 || usage.getUsed() < usage.getMax() * ROOM);
    }

    /** Returns a pool that has become low since the last look. */
    public Optional<Low> look() {
        Optional<Low> low = lowest();
        if (low.isPresent()) {
            System.gc(); // classes that only wait for a collection are no reason to worry
            low = lowest();
        }
        boolean isNews = !wasLow;
        wasLow = low.isPresent();
        return low.filter(pool -> isNews);
    }

    private Optional<Low> lowest() {
        return pools.stream().filter(Metaspace::isLow).findFirst().map(pool -> {
            MemoryUsage usage = pool.getUsage();
            return new Low(pool.getName().toLowerCase(Locale.ROOT), usage.getUsed(), usage.getMax());
        });
    }

    private static boolean isLow(MemoryPoolMXBean pool) {
        MemoryUsage usage = pool.getUsage();
        return usage.getUsed() > usage.getMax() * LOW;
    }
}
