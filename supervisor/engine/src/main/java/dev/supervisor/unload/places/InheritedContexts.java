package dev.supervisor.unload.places;

import dev.supervisor.inspect.GuardedCall;
import dev.supervisor.inspect.InternalField;
import dev.supervisor.inspect.Owner;
import dev.supervisor.inspect.SharedThreads;
import dev.supervisor.inspect.Threads;
import java.util.List;
import java.util.Optional;

/**
 * The context class loader that threads of the JDK and of Netty have inherited from the generation's thread that
 * happened to start them, and, before JDK 24, the access control context, whose protection domains hold class loaders.
 * The application can't be blamed. Some of these threads wait for an object of the generation to be collected: an
 * {@code HttpClient}'s does.
 */
final class InheritedContexts implements SharedPlace {

    private static final Optional<InternalField> ACCESS_CONTROL =
            InternalField.field(Thread.class, "inheritedAccessControlContext");

    @Override
    public List<String> clear(Owner owner) {
        SharedThreads.besides(owner)
                .forEach(thread -> GuardedCall.run(
                        owner, "clear the context of " + thread.getName(), () -> forget(owner, thread)));
        return List.of();
    }

    private static void forget(Owner owner, Thread thread) {
        if (owner.ownsLoader(Threads.contextOf(thread))) {
            thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        }
        ACCESS_CONTROL
                .filter(field -> owner.reaches(field.get(thread)))
                .ifPresent(field -> field.set(thread, null)); // as if the JVM itself had started the thread
    }
}
