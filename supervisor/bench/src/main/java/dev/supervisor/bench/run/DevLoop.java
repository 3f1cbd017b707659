package dev.supervisor.bench.run;

import dev.supervisor.bench.builds.DevProject;
import dev.supervisor.bench.figures.DevLoopFigures.Aim;
import dev.supervisor.bench.servers.DevServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/**
 * A tool that serves a project while it is developed.
 *
 * @param name as an argument of the benchmark
 * @param pause before each save
 */
record DevLoop(String name, String tool, String project, Aim aim, Pause pause, Starting starting) {

    /**
     * The time between an answer and the next save, in ms.
     *
     * @param spread the time is longer by up to this, evenly spread, so that saves don't keep step with a tool that
     *     polls
     */
    record Pause(int shortest, int spread) {

        long millis(int save) {
            return shortest + spread * (save * 7L % 10) / 10;
        }
    }

    /** Makes a project in a directory, and starts the tool. */
    interface Starting {
        Running start(Path directory) throws IOException, InterruptedException;
    }

    /** What must run after a save, if the tool needs compiled classes. */
    interface AfterSave {
        CompletableFuture<?> begin() throws IOException;
    }

    /** A tool that runs. */
    record Running(DevServer server, String path, DevProject project, AfterSave afterSave) {}
}
