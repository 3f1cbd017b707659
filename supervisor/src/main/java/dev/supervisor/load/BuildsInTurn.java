package dev.supervisor.load;

import dev.supervisor.SupervisorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Moves copies of the given builds into place, one after the other, and then from the first on again. */
public final class BuildsInTurn implements Reload {

    private final Path place;
    private final Path next;
    private final List<Path> builds;

    /** @throws SupervisorException if a build can't be read, or is where the builds are put */
    public BuildsInTurn(Path place, List<Path> builds) {
        this.place = place.toAbsolutePath();
        this.next = this.place.resolveSibling("." + place.getFileName() + ".next");
        this.builds = List.copyOf(builds);
        for (Path build : builds) {
            if (!Files.isRegularFile(build) || !Files.isReadable(build)) {
                throw new SupervisorException("can't put '" + build + "' in place: it is no file that can be read");
            }
            if (build.toAbsolutePath().normalize().equals(this.place.normalize())) {
                throw new SupervisorException("can't put '" + build + "' in place: it is the place of --app itself"
                        + " (keep copies of the builds elsewhere)");
            }
        }
    }

    @Override
    public void prepare(int number) {
        try {
            Files.copy(build(number), next, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new SupervisorException("can't copy " + build(number) + " to " + next + ": " + e, e);
        }
    }

    @Override
    public void apply(int number) {
        try {
            Files.move(next, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new SupervisorException("can't move " + build(number) + " to " + place + ": " + e, e);
        }
    }

    @Override
    public boolean beginsAnew(int number) {
        return number > 1 && (number - 1) % builds.size() == 0;
    }

    private Path build(int number) {
        return builds.get((number - 1) % builds.size());
    }
}
