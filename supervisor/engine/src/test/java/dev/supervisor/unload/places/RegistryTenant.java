package dev.supervisor.unload.places;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.supervisor.inspect.Owner;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.lang.reflect.Constructor;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * The class loader of an application that has the nested classes of a test as its own, defined afresh. These see only
 * public classes of others, and may not use the test itself.
 */
public final class RegistryTenant {

    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final int ROUNDS = 3;

    private final WeakReference<ClassLoader> watched;
    private @Nullable ClassLoader kept;

    /** @param classPath of resources, in directories */
    RegistryTenant(Class<?> test, URL... classPath) {
        kept = new AfreshLoader(test, classPath);
        watched = new WeakReference<>(kept);
    }

    /** One that has run this and has gone, but for what it has left. */
    public static RegistryTenant thatRan(Class<? extends Callable<?>> action) throws Exception {
        RegistryTenant tenant = new RegistryTenant(action.getNestHost());
        tenant.run(action);
        tenant.leave();
        return tenant;
    }

    /** Runs its own version of the class, with its loader as the context. */
    @Nullable
    Object run(Class<? extends Callable<?>> action) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader());
        try {
            Constructor<?> constructor = loader().loadClass(action.getName()).getDeclaredConstructor();
            constructor.setAccessible(true);
            return ((Callable<?>) constructor.newInstance()).call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** The same on a thread of that group, and waits for it. */
    void run(Class<? extends Callable<?>> action, ThreadGroup group) throws Exception {
        FutureTask<@Nullable Object> task = new FutureTask<>(() -> run(action));
        Thread thread = new Thread(group, task);
        thread.start();
        task.get();
        thread.join();
    }

    /** Drops it. */
    void leave() {
        kept = null;
    }

    /** To be dropped at once. */
    public Owner owner() {
        return new Owner("generation 1", loader(), new ThreadGroup("tenant"));
    }

    /** With the group of its threads. To be dropped at once. */
    public Owner owner(ThreadGroup group) {
        return new Owner("generation 1", loader(), group);
    }

    private ClassLoader loader() {
        return Objects.requireNonNull(watched.get(), "it has been collected");
    }

    void assertHeld() {
        for (int i = 0; i < ROUNDS; i++) {
            System.gc();
        }
        assertNotNull(watched.get(), "nothing holds it, even before anything was cleared");
    }

    void assertCollected() throws InterruptedException {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (watched.get() != null && System.nanoTime() < deadline) {
            System.gc();
            Thread.sleep(10);
        }
        assertTrue(watched.get() == null, "something holds it still");
    }

    private static final class AfreshLoader extends URLClassLoader {

        private final String prefix;

        AfreshLoader(Class<?> test, URL... classPath) {
            super(classPath, test.getClassLoader());
            prefix = test.getName() + "$";
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(prefix)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? define(name) : loaded;
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            String file = name.replace('.', '/') + ".class";
            try (InputStream in = getParent().getResourceAsStream(file)) {
                if (in == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
