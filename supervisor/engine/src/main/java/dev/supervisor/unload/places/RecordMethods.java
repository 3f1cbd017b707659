package dev.supervisor.unload.places;

import dev.supervisor.inspect.InitializedClasses;
import dev.supervisor.inspect.InternalField;
import dev.supervisor.inspect.Owner;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The method handles from which the JDK makes {@code equals} and {@code hashCode} of records. Each caches the last
 * adaptation made of it for other types: strongly in Java 17, softly in later ones.
 */
final class RecordMethods implements SharedPlace {

    private static final String FACTORY = "java.lang.runtime.ObjectMethods";

    @Override
    public List<String> clear(Owner owner) throws ClassNotFoundException {
        if (InitializedClasses.maybe(FACTORY)) {
            for (MethodHandle handle : handles(Class.forName(FACTORY))) {
                forget(owner, handle, InternalField.field(MethodHandle.class, "asTypeCache"));
                forget(owner, handle, InternalField.field(MethodHandle.class, "asTypeSoftCache"));
            }
        }
        return List.of();
    }

    private static List<MethodHandle> handles(Class<?> factory) {
        List<MethodHandle> handles = new ArrayList<>();
        for (Field field : factory.getDeclaredFields()) {
            if (field.getType() == MethodHandle.class) {
                InternalField.field(factory, field.getName())
                        .map(InternalField::get)
                        .ifPresent(handle -> handles.add((MethodHandle) handle));
            }
        }
        return handles;
    }

    private static void forget(Owner owner, MethodHandle handle, Optional<InternalField> cache) {
        cache.filter(field -> isOf(owner, field.get(handle))).ifPresent(field -> field.set(handle, null));
    }

    private static boolean isOf(Owner owner, @Nullable Object cached) {
        Object made = cached instanceof Reference<?> reference ? reference.get() : cached;
        return made instanceof MethodHandle handle
                && (owner.ownsClass(handle.type().returnType())
                        || handle.type().parameterList().stream().anyMatch(owner::ownsClass));
    }
}
