package dev.supervisor.change;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The files and directories whose changes matter; they need not exist yet. Where a target is reached through a symbolic
 * link, both the link and its destination matter.
 */
final class WatchTargets {

    private final Set<Path> paths = new LinkedHashSet<>();

    WatchTargets(Collection<Path> named) {
        for (Path path : named) {
            Path absolute = path.toAbsolutePath().normalize();
            paths.add(absolute);
            try {
                paths.add(absolute.toRealPath());
            } catch (IOException e) { // not there yet; its parent may be there, and be a link that matters
                addRealParent(absolute);
            }
        }
    }

    private void addRealParent(Path absolute) {
        for (Path parent = absolute.getParent(); parent != null; parent = parent.getParent()) {
            if (Files.exists(parent)) {
                try {
                    paths.add(parent.toRealPath().resolve(parent.relativize(absolute)));
                } catch (IOException e) {
                    continue; // vanished meanwhile: try the next one up
                }
                return;
            }
        }
    }

    Set<Path> paths() {
        return paths;
    }

    /** Returns whether this path is a target, or lies in one. */
    boolean include(Path path) {
        return paths.stream().anyMatch(path::startsWith);
    }

    /** Returns whether this path is on the way to a target, or is a target. */
    boolean lieBehind(Path path) {
        return paths.stream().anyMatch(target -> target.startsWith(path));
    }
}
