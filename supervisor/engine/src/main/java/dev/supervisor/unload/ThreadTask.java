package dev.supervisor.unload;

import java.util.Optional;

/** What a thread was made to run. */
final class ThreadTask {

    private static final Optional<Inside> HOLDER = Inside.field(Thread.class, "holder");
    private static final Optional<Inside> TASK =
            Inside.field("java.lang.Thread$FieldHolder", "task").or(() -> Inside.field(Thread.class, "target"));

    private ThreadTask() {}

    static Optional<Object> of(Thread thread) {
        Optional<Object> holder = HOLDER.isPresent() ? HOLDER.map(field -> field.get(thread)) : Optional.of(thread);
        return holder.flatMap(object -> TASK.map(field -> field.get(object)));
    }
}
