package dev.supervisor.unload.places;

import dev.supervisor.inspect.GuardedCall;
import dev.supervisor.inspect.InternalField;
import dev.supervisor.inspect.Owner;
import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Tasks of Netty's {@link GlobalEventExecutor}. Only its own thread may use its queue of delayed tasks. */
final class GlobalEventExecutorTasks implements SharedPlace {

    private static final String WHERE = "Netty's GlobalEventExecutor";

    private static final Optional<InternalField> QUEUE = InternalField.field(GlobalEventExecutor.class, "taskQueue");
    private static final Optional<InternalField> DELAYED =
            InternalField.field(AbstractScheduledEventExecutor.class, "scheduledTaskQueue");

    private final Duration patience;

    GlobalEventExecutorTasks(Duration patience) {
        this.patience = patience;
    }

    @Override
    public List<String> clear(Owner owner) throws Exception {
        List<String> left = new ArrayList<>(removeQueued(owner));
        FutureTask<List<String>> cancelling = new FutureTask<>(() -> QueuedTasks.cancel(owner, WHERE, queue(DELAYED)));
        GlobalEventExecutor.INSTANCE.execute(cancelling);
        try {
            left.addAll(cancelling.get(patience.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            cancelling.cancel(false);
            left.add(WHERE + " did not answer: a task blocks its thread");
        }
        return left;
    }

    private static List<String> removeQueued(Owner owner) {
        List<String> left = new ArrayList<>();
        for (Object task : queue(QUEUE)) {
            if (owner.reaches(task)) {
                GuardedCall.run(owner, "remove a task from " + WHERE, () -> {
                    String description = QueuedTasks.describe(owner, WHERE, task);
                    if (remove(task)) {
                        left.add(description);
                    }
                });
            }
        }
        return left;
    }

    /** Removes a task, and returns whether it had not begun. */
    private static boolean remove(Object task) {
        boolean removed = QUEUE.map(field -> (Queue<?>) field.get(GlobalEventExecutor.INSTANCE))
                .filter(queue -> queue.remove(task))
                .isPresent();
        if (removed && task instanceof Future<?> future) {
            future.cancel(false);
        }
        return removed;
    }

    private static Object[] queue(Optional<InternalField> field) {
        return field.map(internal -> internal.get(GlobalEventExecutor.INSTANCE))
                .map(queue -> ((Queue<?>) queue).toArray())
                .orElseGet(() -> new Object[0]);
    }
}
