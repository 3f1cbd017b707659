package dev.supervisor.unload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DirectMemoryTest {

    private static final long MIB = 1 << 20;

    private static Stream<String> said(IntStream usedMebibytes) {
        DirectMemory memory = new DirectMemory();
        return usedMebibytes.mapToObj(used -> memory.unloaded(used * MIB)).toList().stream()
                .flatMap(Optional::stream);
    }

    @Test
    void whatGrowsWithEachGenerationIsTold() {
        assertEquals(
                "direct memory grows from generation to generation: at least 3, then 27, then 51 MiB were in use in 8"
                        + " generations each: buffers are never released (start the JVM with"
                        + " -Dio.netty.leakDetection.level=paranoid to be told which)",
                said(IntStream.rangeClosed(1, 24).map(generation -> 3 * generation))
                        .findFirst()
                        .orElseThrow());
    }

    @Test
    void whatGrowsAndShrinksAgainIsNot() {
        assertEquals(
                0,
                said(IntStream.rangeClosed(1, 200).map(generation -> generation % 8 * 100))
                        .count());
    }

    @Test
    void whatGrowsOnceIsNot() {
        assertEquals(
                0,
                said(IntStream.rangeClosed(1, 200).map(generation -> generation < 20 ? 10 : 900))
                        .count());
    }

    @Test
    void theJvmsOwnBuffersCount() {
        long before = DirectMemory.used();
        ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 20);
        long used = DirectMemory.used();
        assertTrue(used >= before + buffer.capacity() / 2, before + " and then " + used); // others may release theirs
    }
}
