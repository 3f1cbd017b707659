package dev.supervisor.build;

import dev.supervisor.ApplicationBuilder.Failed;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a build says: as much of it as is kept, and where in it a compiler complains, which may be far from the end if
 * the build goes on. Thread-safe.
 */
final class BuildOutput {

    private final KeptLines kept = new KeptLines();
    private final Diagnostics diagnostics;

    BuildOutput(Path directory) {
        this.diagnostics = new Diagnostics(directory);
    }

    synchronized void add(String line) {
        kept.add(line);
        diagnostics.add(line);
    }

    /** When all has been said. */
    synchronized Failed failed(String summary, Duration took) {
        return new Failed(summary, diagnostics.found(), kept.lines(), kept.dropped(), took);
    }
}
