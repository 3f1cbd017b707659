package dev.supervisor.unload.places;

import dev.supervisor.inspect.InternalField;
import dev.supervisor.inspect.Owner;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.Stream;

/** Tasks in the queues of the common pool. They are cancelled; a worker drops a cancelled task when it comes to it. */
final class CommonPoolTasks implements SharedPlace {

    private static final Optional<InternalField> QUEUES = InternalField.field(ForkJoinPool.class, "queues");
    private static final Optional<InternalField> TASKS =
            InternalField.field("java.util.concurrent.ForkJoinPool$WorkQueue", "array");

    @Override
    public List<String> clear(Owner owner) {
        Object[] tasks = elements(QUEUES, ForkJoinPool.commonPool())
                .flatMap(queue -> elements(TASKS, queue))
                .toArray();
        return QueuedTasks.cancel(owner, "the common pool", tasks);
    }

    private static Stream<Object> elements(Optional<InternalField> array, Object object) {
        return array.map(field -> (Object[]) field.get(object)).stream()
                .flatMap(Arrays::stream)
                .filter(Objects::nonNull);
    }
}
