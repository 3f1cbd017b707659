package dev.supervisor.unload.places;

import dev.supervisor.inspect.Owner;
import dev.supervisor.inspect.SharedExecutors;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/**
 * Delayed tasks of {@link java.util.concurrent.CompletableFuture}: timeouts of futures, with their dependents, and
 * tasks of its delayed executors. They are in an executor of their own; from JDK 25 on, with all delayed tasks of the
 * common pool, in its {@link DelayHeap}.
 */
final class DelayedTasks implements SharedPlace {

    private final Duration patience;

    DelayedTasks(Duration patience) {
        this.patience = patience;
    }

    @Override
    public List<String> clear(Owner owner) throws Exception {
        return QueuedTasks.cancel(owner, "CompletableFuture's timer", waiting());
    }

    private Object[] waiting() throws Exception {
        Optional<Object> delayer = SharedExecutors.delayer();
        return delayer.isPresent()
                ? ((ScheduledThreadPoolExecutor) delayer.get()).getQueue().toArray()
                : DelayHeap.tasks(patience);
    }
}
