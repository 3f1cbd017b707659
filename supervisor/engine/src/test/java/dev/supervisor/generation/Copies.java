package dev.supervisor.generation;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Private copies, as a snapshot has them. */
final class Copies {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private Copies() {}

    static List<Copy> of(Path temp, Path... roots) throws IOException {
        List<Copy> copies = new ArrayList<>();
        for (Path root : roots) {
            copies.add(make(Root.whole(root), temp));
        }
        return copies;
    }

    static Copy make(Root root, Path temp) throws IOException {
        Path directory = temp.resolve("copy-" + NUMBER.incrementAndGet());
        return Copy.make(root, Stamp.of(root), directory, Instant.now(), new SelfWritten());
    }
}
