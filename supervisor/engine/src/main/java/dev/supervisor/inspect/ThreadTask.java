package dev.supervisor.inspect;

import java.util.Optional;

/** The task that a thread was made to run. */
public final class ThreadTask {

    private static final Optional<InternalField> HOLDER = InternalField.field(Thread.class, "holder");
    private static final Optional<InternalField> TASK = InternalField.field("java.lang.Thread$FieldHolder", "task")
            .or(() -> InternalField.field(Thread.class, "target"));

    private ThreadTask() {}

    public static Optional<Object> of(Thread thread) {
        Optional<Object> holder = HOLDER.isPresent() ? HOLDER.map(field -> field.get(thread)) : Optional.of(thread);
        return holder.flatMap(object -> TASK.map(field -> field.get(object)));
    }
}
