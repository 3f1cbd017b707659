package dev.supervisor.unload.places;

import dev.supervisor.inspect.GuardedCall;
import dev.supervisor.inspect.Owner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;

/** Cancels tasks in shared queues that lead to an object of one generation. */
final class QueuedTasks {

    private QueuedTasks() {}

    /** Cancels the generation's tasks: their work belongs to a generation that has ended. */
    static List<String> cancel(Owner owner, String where, Object... tasks) {
        return Arrays.stream(tasks)
                .filter(task -> task instanceof Future<?> && owner.reaches(task))
                .flatMap(task -> cancel(owner, where, (Future<?>) task).stream())
                .toList();
    }

    /** Returns a description of the cancelled task; nothing if it is done already. */
    private static List<String> cancel(Owner owner, String where, Future<?> task) {
        List<String> left = new ArrayList<>();
        GuardedCall.run(owner, "cancel a task in " + where, () -> {
            if (!task.isDone()) {
                left.add(describe(owner, where, task));
                task.cancel(false);
            }
        });
        return left;
    }

    static String describe(Owner owner, String where, Object task) {
        return "task of " + owner.ownClassBehind(task) + " still waited in " + where + " and was cancelled";
    }
}
