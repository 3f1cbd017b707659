package dev.supervisor.unload;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;

/** Of those that wait in a queue that all generations share, the ones that lead to something of one. */
final class Tasks {

    private Tasks() {}

    /** Cancels them: what they would do belongs to a generation that has ended. */
    static List<String> cancel(Owner owner, String where, Object... tasks) {
        return Arrays.stream(tasks)
                .filter(task -> task instanceof Future<?> future && !future.isDone() && owner.reaches(task))
                .map(task -> cancel(owner, where, (Future<?>) task))
                .toList();
    }

    private static String cancel(Owner owner, String where, Future<?> task) {
        String description = describe(owner, where, task);
        task.cancel(false);
        return description;
    }

    static String describe(Owner owner, String where, Object task) {
        return "task of " + owner.ownClassBehind(task) + " still waited in " + where + " and was cancelled";
    }
}
