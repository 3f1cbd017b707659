package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.inspect.Owner;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.lang.reflect.Constructor;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/**
 * A generation in miniature: a class loader that defines some test classes afresh, and a group for its threads. Holds on
 * to neither, so that what else does shows. For its classes, the others in this package are in another one: what they use
 * of those has to be public.
 */
final class QueueTenant {

    private static final int DEADLINE_ROUNDS = 400;
    private static final int GC_ROUNDS = 5;

    private static final class Loader extends ClassLoader {

        private final List<String> own;

        Loader(Class<?>... own) {
            super("a generation", QueueTenant.class.getClassLoader());
            this.own = Arrays.stream(own).map(Class::getName).toList();
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                if (loaded != null) {
                    return loaded;
                }
                return own.stream().anyMatch(outer -> name.equals(outer) || name.startsWith(outer + "$"))
                        ? define(name)
                        : super.loadClass(name, resolve);
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = file.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private final ThreadGroup threads = new ThreadGroup("tenant");
    private final ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();
    private final WeakReference<ClassLoader> loader;

    private QueueTenant(ClassLoader loader) {
        this.loader = new WeakReference<>(loader, collected);
    }

    /** Has run the first of the classes, a {@link Runnable}, on a thread of its own; all of them are the tenant's. */
    static QueueTenant thatRan(Class<?>... classes) throws Exception {
        ClassLoader loader = new Loader(classes);
        QueueTenant tenant = new QueueTenant(loader);
        tenant.call(loader, () -> {
            Constructor<?> task = loader.loadClass(classes[0].getName()).getDeclaredConstructor();
            task.setAccessible(true);
            ((Runnable) task.newInstance()).run();
            return true;
        });
        return tenant;
    }

    private <T> T call(ClassLoader context, Callable<T> task) throws Exception {
        FutureTask<T> future = new FutureTask<>(task);
        Thread thread = new Thread(threads, future, "tenant");
        thread.setContextClassLoader(context);
        thread.start();
        thread.join();
        return future.get();
    }

    /** The collector has come by, and could not take it. */
    boolean isHeld() {
        for (int i = 0; i < GC_ROUNDS; i++) {
            System.gc();
        }
        return loader.get() != null;
    }

    /** At its end, on a thread of its own. */
    List<String> clear(SharedPlace place) throws Exception {
        ClassLoader context = loader.get();
        assertNotNull(context, "it should have been held");
        return call(context, () -> place.clear(new Owner("generation 1", context, threads)));
    }

    /** Fails if something holds it still. */
    void awaitCollected() throws InterruptedException {
        for (int i = 0; i < DEADLINE_ROUNDS && loader.get() != null; i++) {
            System.gc();
            collected.remove(25);
        }
        assertTrue(loader.get() == null, "it is still held");
    }
}
