package dev.supervisor.unload;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;

/**
 * A class loader with one class that nothing holds. Once it is collected, the JVM has run a collection that unloads
 * classes. Not every collection does, and each collector reports that in its own way.
 */
final class CollectionProbe extends PhantomReference<ClassLoader> {

    private CollectionProbe(ClassLoader loader, ReferenceQueue<ClassLoader> queue) {
        super(loader, queue);
    }

    static CollectionProbe release(ReferenceQueue<ClassLoader> queue) {
        return new CollectionProbe(new ProbeLoader().withClass(), queue);
    }

    private static final class ProbeClass {}

    private static final class ProbeLoader extends ClassLoader {

        ProbeLoader() {
            super(null);
        }

        /** Defines a class: an empty loader might be collected together with young objects. */
        ClassLoader withClass() {
            String name = ProbeClass.class.getName();
            try (InputStream file =
                    ProbeClass.class.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
                byte[] bytes = file == null ? new byte[0] : file.readAllBytes();
                defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return this;
        }
    }
}
