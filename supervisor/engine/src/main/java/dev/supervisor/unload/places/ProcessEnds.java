package dev.supervisor.unload.places;

import dev.supervisor.inspect.InitializedClasses;
import dev.supervisor.inspect.InternalField;
import dev.supervisor.inspect.Owner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Actions that wait for the end of child processes. The JDK holds them until then; the processes are left alone, as
 * they would be at the end of a JVM.
 */
final class ProcessEnds implements SharedPlace {

    private static final String PROCESSES = "java.lang.ProcessHandleImpl";

    private static final Optional<InternalField> DEPENDENTS = InternalField.field(CompletableFuture.class, "stack");

    @Override
    public List<String> clear(Owner owner) {
        List<String> left = new ArrayList<>();
        if (InitializedClasses.maybe(PROCESSES)) {
            InternalField.field(PROCESSES, "completions")
                    .map(InternalField::get)
                    .ifPresent(ends -> ((Map<?, ?>) ends).forEach((process, end) -> clear(owner, process, end, left)));
        }
        return left;
    }

    private static void clear(Owner owner, Object process, Object end, List<String> left) {
        DEPENDENTS.filter(field -> owner.reaches(field.get(end))).ifPresent(field -> {
            left.add("process " + process + " of " + owner.ownClassBehind(end) + " still runs");
            field.set(end, null);
        });
    }
}
