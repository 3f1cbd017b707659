package dev.supervisor.unload;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/**
 * Detects direct memory that grows from generation to generation. Buffers that an application never released stay in
 * Netty's pools, which all generations share, and can't be traced to one of them. So the least memory in use during
 * some generations is compared with the least during the generations before. Belongs to one thread.
 */
final class DirectMemory {

    private static final int GENERATIONS = 8;
    private static final long MUCH = 16L << 20;

    private long least = Long.MAX_VALUE;
    private long leastBefore = Long.MAX_VALUE;
    private long leastBeforeThat = Long.MAX_VALUE;
    private int seen;

    /** Returns the direct memory in use, in bytes: allocated by the JVM, and by Netty past the JVM. */
    static long used() {
        long jvm = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return jvm + Math.max(0, PlatformDependent.usedDirectMemory());
    }

    /**
     * Adds a sample, after a generation has been collected together with the buffers that it had forgotten.
     *
     * @param used in bytes
     * @return a message, if memory has grown much, and twice in a row
     */
    Optional<String> unloaded(long used) {
        least = Math.min(least, used);
        seen++;
        if (seen % GENERATIONS != 0) {
            return Optional.empty();
        }
        Optional<String> said = grows() ? Optional.of(inWords()) : Optional.empty();
        leastBeforeThat = leastBefore;
        leastBefore = least;
        least = Long.MAX_VALUE;
        return said;
    }

    private boolean grows() {
        return seen > 2 * GENERATIONS && leastBefore - leastBeforeThat >= MUCH && least - leastBefore >= MUCH;
    }

    private String inWords() {
        return "direct memory grows from generation to generation: at least " + mebibytes(leastBeforeThat) + ", then "
                + mebibytes(leastBefore) + ", then " + mebibytes(least) + " MiB were in use in " + GENERATIONS
                + " generations each: buffers are never released (start the JVM with"
                + " -Dio.netty.leakDetection.level=paranoid to be told which)";
    }

    private static long mebibytes(long bytes) {
        return bytes >> 20;
    }
}
