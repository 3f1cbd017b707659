package dev.supervisor.generation;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Private copies, as a snapshot has them. */
final class Copies {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private Copies() {}

    static List<PrivateCopy> of(Path temp, Path... roots) throws IOException {
        List<PrivateCopy> copies = new ArrayList<>();
        for (Path root : roots) {
            copies.add(make(ClassPathRoot.whole(root), temp));
        }
        return copies;
    }

    static Snapshot snapshot(Path temp, Path app, List<PrivateCopy> copies) throws IOException {
        return snapshot(app, copies, new NestedJars(WorkDirectory.create(Optional.of(temp), Map.of())));
    }

    static Snapshot snapshot(Path app, List<PrivateCopy> copies, NestedJars nestedJars) {
        return new Snapshot(new Build(app, List.of()), copies, List.of(), nestedJars, new BundledNetty());
    }

    static PrivateCopy make(ClassPathRoot root, Path temp) throws IOException {
        Path directory = temp.resolve("copy-" + NUMBER.incrementAndGet());
        BuildStamp stamp = BuildStamp.of(root);
        return stamp.directory() && !root.inPlace()
                ? PrivateCopy.read(root, stamp, directory, Instant.now(), new SelfWrittenFiles(), Optional.empty())
                : PrivateCopy.make(root, stamp, directory, Instant.now(), new SelfWrittenFiles());
    }
}
