package dev.supervisor.unload;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;

/**
 * A class loader that nothing holds, with a class. When it has been collected, the JVM has run a collection that unloads
 * classes, which not all do: no collector tells that in the same way.
 */
final class CollectionProbe extends PhantomReference<ClassLoader> {

    private CollectionProbe(ClassLoader loader, ReferenceQueue<ClassLoader> queue) {
        super(loader, queue);
    }

    static CollectionProbe release(ReferenceQueue<ClassLoader> queue) {
        return new CollectionProbe(new Cage().withClass(), queue);
    }

    private static final class Egg {}

    private static final class Cage extends ClassLoader {

        Cage() {
            super(null);
        }

        /** Without a class it might go with any collection of young objects. */
        ClassLoader withClass() {
            String name = Egg.class.getName();
            try (InputStream file =
                    Egg.class.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
                byte[] bytes = file == null ? new byte[0] : file.readAllBytes();
                defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return this;
        }
    }
}
