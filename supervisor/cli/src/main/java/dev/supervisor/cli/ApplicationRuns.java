package dev.supervisor.cli;

import dev.supervisor.Supervisor;
import java.io.FileDescriptor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The applications that run in this process, in the order of the configuration. Thread-safe. */
final class ApplicationRuns implements AutoCloseable {

    private final List<ApplicationRun> runs;

    ApplicationRuns(List<ApplicationRun> runs) {
        this.runs = List.copyOf(runs);
    }

    /**
     * Starts all of them.
     *
     * @throws dev.supervisor.SupervisorException if one can't be started; to be closed in any case
     */
    void start() {
        runs.forEach(ApplicationRun::start);
    }

    List<ApplicationRun> all() {
        return runs;
    }

    /** Makes a new generation of each. Returns at once. */
    void swap() {
        runs.forEach(run -> run.supervisor().swap());
    }

    /** Completes when the threads of all have responded; see {@link Supervisor#respond}. */
    CompletableFuture<Void> respond() {
        return CompletableFuture.allOf(
                runs.stream().map(run -> run.supervisor().respond()).toArray(CompletableFuture[]::new));
    }

    /** Returns what {@link Supervisor#share} does, of all. */
    Map<String, FileDescriptor> share() {
        Map<String, FileDescriptor> shared = new LinkedHashMap<>();
        runs.forEach(run -> shared.putAll(run.supervisor().share()));
        return shared;
    }

    /** Ends what runs besides the applications, without waiting: the process is about to end. */
    void kill() {
        runs.forEach(ApplicationRun::kill);
    }

    boolean hasFailedFast() {
        return runs.stream().anyMatch(ApplicationRun::hasFailedFast);
    }

    @Override
    public void close() {
        runs.forEach(ApplicationRun::close);
    }
}
