package dev.supervisor.compile;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes graphs on a thread of its own, since a swap need not wait for that. If the process dies before, the outputs differ
 * from what the older graph says of them, and their sources are compiled again.
 */
final class GraphWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GraphWriter.class);
    private static final int MOST_SECONDS = 10;

    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "supervisor-graph");
        made.setDaemon(true);
        return made;
    });

    /** What is not written yet. Guarded by this. */
    private final Map<GraphFile, ModuleGraph> waiting = new LinkedHashMap<>();

    synchronized void write(GraphFile file, ModuleGraph graph) {
        boolean idle = waiting.isEmpty();
        waiting.put(file, graph);
        if (idle) {
            thread.execute(this::writeAll);
        }
    }

    private void writeAll() {
        Map<GraphFile, ModuleGraph> next;
        synchronized (this) {
            next = Map.copyOf(waiting);
            waiting.clear();
        }
        next.forEach((file, graph) -> {
            try {
                file.write(graph);
            } catch (IOException | RuntimeException e) {
                LOG.warn(
                        "the next start compiles all sources again: can't keep what is known of them: {}",
                        e.toString());
            }
        });
    }

    /** Waits until all is written. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(MOST_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("the next start may compile all sources again: what is known of them is not written yet");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
