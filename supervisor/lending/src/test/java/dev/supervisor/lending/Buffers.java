package dev.supervisor.lending;

import java.nio.ByteBuffer;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Buffers of all kinds: on the heap or not, parts of larger ones, empty, read-only. */
final class Buffers {

    private Buffers() {}

    /** A size as applications use them: often small, sometimes nothing. */
    static int size(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> 1;
            case 2, 3 -> 1 + random.nextInt(50);
            default -> 1 + random.nextInt(3000);
        };
    }

    static ByteBuffer toRead(Random random) {
        ByteBuffer buffer = withRoom(size(random), random);
        return random.nextInt(25) == 0 ? buffer.asReadOnlyBuffer() : buffer;
    }

    static ByteBuffer toWrite(byte[] bytes, Random random) {
        ByteBuffer buffer = withRoom(bytes.length, random);
        buffer.duplicate().put(bytes);
        return random.nextInt(5) == 0 ? buffer.asReadOnlyBuffer() : buffer;
    }

    private static ByteBuffer withRoom(int size, Random random) {
        int before = random.nextInt(10);
        int after = random.nextInt(10);
        ByteBuffer buffer = random.nextBoolean()
                ? ByteBuffer.allocate(before + size + after)
                : ByteBuffer.allocateDirect(before + size + after);
        buffer.position(before).limit(before + size);
        return random.nextBoolean() ? buffer : buffer.slice();
    }

    static byte[] between(ByteBuffer buffer, int begin) {
        byte[] bytes = new byte[buffer.position() - begin];
        buffer.get(begin, bytes);
        return bytes;
    }

    /** Several, of which one is missing now and then. */
    static @Nullable ByteBuffer[] several(Random random, java.util.function.Supplier<ByteBuffer> one) {
        @Nullable ByteBuffer[] buffers = new ByteBuffer[random.nextInt(7)];
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = one.get();
        }
        if (buffers.length > 0 && random.nextInt(60) == 0) {
            buffers[random.nextInt(buffers.length)] = null;
        }
        return buffers;
    }
}
