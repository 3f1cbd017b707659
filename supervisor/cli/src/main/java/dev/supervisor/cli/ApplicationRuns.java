package dev.supervisor.cli;

import dev.supervisor.Supervisor;
import dev.supervisor.SupervisorException;
import dev.supervisor.admin.NamedSupervisor;
import java.io.FileDescriptor;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/** The applications that run in this process, in the order of the configuration. Thread-safe. */
final class ApplicationRuns implements AutoCloseable {

    private final List<ApplicationRun> runs;

    ApplicationRuns(List<ApplicationRun> runs) {
        this.runs = List.copyOf(runs);
    }

    /**
     * Starts all of them. One of several that can't be started is reported, and the others go on. To be closed in any case.
     *
     * @param onFailure receives each application that can't be started, with the reason
     * @throws SupervisorException if the only one can't be started
     */
    void start(BiConsumer<ApplicationRun, SupervisorException> onFailure) {
        for (ApplicationRun run : runs) {
            try {
                run.start();
            } catch (SupervisorException e) {
                if (runs.size() == 1) {
                    throw e;
                }
                onFailure.accept(run, e);
            }
        }
    }

    /** Returns those that were started. */
    List<ApplicationRun> started() {
        return runs.stream().filter(ApplicationRun::isStarted).toList();
    }

    /** Returns what shows the status of each, of those that can't be started too. */
    List<NamedSupervisor> named() {
        return runs.stream().map(ApplicationRun::named).toList();
    }

    boolean areAllStarted() {
        return runs.stream().allMatch(ApplicationRun::isStarted);
    }

    /** Makes a new generation of each. Returns at once. */
    void swap() {
        started().forEach(run -> run.supervisor().swap());
    }

    /** Completes when the threads of all have responded; see {@link Supervisor#respond}. */
    CompletableFuture<Void> respond() {
        return CompletableFuture.allOf(
                started().stream().map(run -> run.supervisor().respond()).toArray(CompletableFuture[]::new));
    }

    /**
     * Returns what {@link Supervisor#share} does, of all. Two of one name can't be told apart when they come back: they are left
     * out. That is so if both have picked a port.
     */
    Map<String, FileDescriptor> share() {
        Map<String, FileDescriptor> shared = new LinkedHashMap<>();
        Set<String> ambiguous = new HashSet<>();
        started()
                .forEach(run -> run.supervisor().share().forEach((name, descriptor) -> {
                    if (shared.putIfAbsent(name, descriptor) != null) {
                        ambiguous.add(name);
                    }
                }));
        shared.keySet().removeAll(ambiguous);
        return shared;
    }

    /** Ends what runs besides the applications, without waiting: the process is about to end. */
    void kill() {
        runs.forEach(ApplicationRun::kill);
    }

    boolean hasFailedFast() {
        return runs.stream().anyMatch(ApplicationRun::hasFailedFast);
    }

    /** Ends all at the same time. */
    @Override
    public void close() {
        runs.forEach(ApplicationRun::requestClose);
        runs.forEach(ApplicationRun::close);
    }
}
