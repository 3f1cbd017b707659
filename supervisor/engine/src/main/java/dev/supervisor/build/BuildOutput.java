package dev.supervisor.build;

import dev.supervisor.ApplicationBuilder.Failed;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The output of a build: its kept lines, and the errors that compilers report in it. These may be far from the end if
 * the build goes on after them. Thread-safe.
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

    /** Returns the outcome of a failed build. Called after the last line. */
    synchronized Failed failed(String summary, Duration took) {
        return new Failed(summary, diagnostics.found(), kept.lines(), kept.dropped(), took);
    }
}
