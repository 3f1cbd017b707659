package dev.supervisor.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Jars that are made in advance, each in its place by a single move. Belongs to one thread. */
public final class PreparedBuilds {

    private final Iterator<byte[]> jars;
    private final Path next;
    private final Path place;

    private PreparedBuilds(List<byte[]> jars, Path place) {
        this.jars = jars.iterator();
        this.next = place.resolveSibling("next.tmp");
        this.place = place;
    }

    /** The builds of the versions from 0 on. */
    public static PreparedBuilds of(int count, IntFunction<TestBuild> build, Path place) {
        List<byte[]> jars = IntStream.range(0, count)
                .mapToObj(version -> build.apply(version).jar())
                .toList();
        return new PreparedBuilds(jars, place);
    }

    /** Moves the next version into its place. */
    public void moveNext() throws IOException {
        Files.write(next, jars.next());
        Files.move(next, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
