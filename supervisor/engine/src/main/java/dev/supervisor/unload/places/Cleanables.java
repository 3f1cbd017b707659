package dev.supervisor.unload.places;

import dev.supervisor.inspect.InternalField;
import dev.supervisor.inspect.Owner;
import dev.supervisor.inspect.SharedThreads;
import dev.supervisor.inspect.ThreadTask;
import java.lang.ref.Cleaner.Cleanable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Actions registered with a {@link java.lang.ref.Cleaner}, which wait for an object to be collected. An action that is
 * code of the generation keeps its class loader, which may keep the object, and so for ever. The object goes with the
 * generation, so the action is due. The application can't be blamed: a cleaner is there so that {@code close()} is not
 * needed.
 */
final class Cleanables implements SharedPlace {

    private static final Logger LOG = LoggerFactory.getLogger(Cleanables.class);
    private static final String CLEANER = "jdk.internal.ref.CleanerImpl";

    private static final Optional<InternalField> LIST =
            InternalField.field(CLEANER, "activeList", "phantomCleanableList");
    private static final Optional<InternalField> ACTION =
            InternalField.field(CLEANER + "$PhantomCleanableRef", "action");
    private static final Optional<InternalField> NEXT =
            InternalField.field("jdk.internal.ref.PhantomCleanable", "next");
    private static final Optional<InternalField> HEAD = InternalField.field(CLEANER + "$CleanableList", "head");
    private static final Optional<InternalField> NODE_ARRAY =
            InternalField.field(CLEANER + "$CleanableList$Node", "arr");
    private static final Optional<InternalField> NODE_NEXT =
            InternalField.field(CLEANER + "$CleanableList$Node", "next");

    @Override
    public List<String> clear(Owner owner) {
        SharedThreads.all()
                .forEach(thread -> ThreadTask.of(thread)
                        .filter(task -> task.getClass().getName().equals(CLEANER))
                        .ifPresent(cleaner -> clear(owner, thread, cleaner)));
        return List.of();
    }

    /**
     * Runs the cleaner's actions. A cleaner's thread ends by itself when nothing waits; the generation's own ends at
     * once.
     */
    private static void clear(Owner owner, Thread thread, Object cleaner) {
        boolean own = SharedThreads.isOf(owner, thread);
        cleanables(cleaner)
                .filter(cleanable -> own || isOwn(owner, cleanable))
                .forEach(cleanable -> clean(owner, cleanable));
        if (own) {
            thread.interrupt();
        }
    }

    private static boolean isOwn(Owner owner, Object cleanable) {
        return cleanable.getClass().getName().equals(CLEANER + "$PhantomCleanableRef")
                && ACTION.filter(field -> owner.reaches(field.get(cleanable))).isPresent();
    }

    private static void clean(Owner owner, Object cleanable) {
        try {
            ((Cleanable) cleanable).clean();
        } catch (Throwable e) { // code of the application; the other actions must run
            LOG.debug("an action that {} registered with a cleaner failed: {}", owner.name(), e.toString());
        }
    }

    private static Stream<Object> cleanables(Object cleaner) {
        Object list = LIST.map(field -> field.get(cleaner)).orElse(null);
        if (list == null) {
            return Stream.empty();
        }
        synchronized (list) { // as the JDK does
            return (NEXT.isPresent() ? inRing(list, NEXT.get()) : inNodes(list)).stream();
        }
    }

    /** Returns the list of JDKs up to about 23, where the list is a cleanable itself. */
    private static List<Object> inRing(Object list, InternalField next) {
        List<Object> cleanables = new ArrayList<>();
        for (Object cleanable = next.get(list);
                cleanable != null && cleanable != list;
                cleanable = next.get(cleanable)) {
            cleanables.add(cleanable);
        }
        return cleanables;
    }

    private static List<Object> inNodes(Object list) {
        List<Object> cleanables = new ArrayList<>();
        for (Object node = valueOf(HEAD, list); node != null; node = valueOf(NODE_NEXT, node)) {
            if (valueOf(NODE_ARRAY, node) instanceof Object[] array) {
                Arrays.stream(array).filter(Objects::nonNull).forEach(cleanables::add);
            }
        }
        return cleanables;
    }

    private static @Nullable Object valueOf(Optional<InternalField> field, Object object) {
        return field.map(internal -> internal.get(object)).orElse(null);
    }
}
