package dev.supervisor.unload;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Generations that are kept alive, each in one way, until they are unpinned. No local variable of the caller holds one. */
final class Pinned {

    static final String APP = App.class.getName();

    static final List<Object> LISTENERS = new ArrayList<>();
    static final List<Object> TREE = new ArrayList<>();
    static final ThreadLocal<Object> CONTEXT = new ThreadLocal<>();
    static final ClassValue<Object> CLASS_VALUE = new ClassValue<>() {
        @Override
        protected Object computeValue(Class<?> type) {
            return newApp();
        }
    };

    @Nullable
    static Object cause;

    @Nullable
    static Object both;

    @Nullable
    static SoftReference<Object> cache;

    @Nullable
    static SoftReference<Object> shortCut;

    private final ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    /** A class of the generation, in a class loader of its own. */
    public static final class App implements Supplier<Object> {
        @Override
        public Object get() {
            return new IllegalStateException("thrown by the application");
        }
    }

    /** Defines the one class; its parent knows the rest. */
    private static final class AppLoader extends ClassLoader {

        AppLoader() {
            super(Pinned.class.getClassLoader());
        }

        Class<?> define() throws IOException {
            try (InputStream in = App.class.getResourceAsStream("Pinned$App.class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(APP, bytes, 0, bytes.length);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static Supplier<Object> newApp() {
        try {
            return (Supplier<Object>) new AppLoader().define().getConstructor().newInstance();
        } catch (ReflectiveOperationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Watched watch(Object app) {
        return new Watched(7, app.getClass().getClassLoader(), collected);
    }

    Watched byStaticField() {
        LISTENERS.add(newApp());
        return watch(LISTENERS.get(0));
    }

    Watched byException() {
        Supplier<Object> app = newApp();
        cause = app.get();
        return watch(app);
    }

    Watched bySoftReference() {
        Object app = newApp();
        cache = new SoftReference<>(app);
        return watch(app);
    }

    Watched byFarFieldAndSoftReference() {
        Object app = newApp();
        shortCut = new SoftReference<>(app);
        TREE.add(List.of(List.of(app)));
        return watch(app);
    }

    Watched byClassValue() {
        return watch(CLASS_VALUE.get(String.class));
    }

    Watched byNothing() {
        return watch(newApp());
    }

    Watched byLocalVariable() {
        return start("report-timer", this::poll);
    }

    private void poll(Consumer<Watched> untilEnd) {
        Object local = newApp();
        try {
            untilEnd.accept(watch(local));
        } finally {
            Reference.reachabilityFence(local);
        }
    }

    Watched byContextClassLoader() {
        return start("poller", untilEnd -> untilEnd.accept(setContextClassLoader()));
    }

    private Watched setContextClassLoader() {
        Object app = newApp();
        Thread.currentThread().setContextClassLoader(app.getClass().getClassLoader());
        return watch(app);
    }

    Watched byThreadLocal() {
        return start("worker-ü1→", untilEnd -> untilEnd.accept(setContext(newApp())));
    }

    private Watched setContext(Object app) {
        CONTEXT.set(app);
        return watch(app);
    }

    Watched byStaticFieldAndThreadLocal() {
        both = newApp();
        return start("also", untilEnd -> untilEnd.accept(setContext(Objects.requireNonNull(both))));
    }

    private Watched start(String name, Consumer<Consumer<Watched>> task) {
        CompletableFuture<Watched> watched = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> task.accept(pinned -> {
                    watched.complete(pinned);
                    awaitEnd();
                }),
                name);
        threads.add(thread);
        thread.start();
        return watched.join();
    }

    private void awaitEnd() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void unpin() throws InterruptedException {
        end.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        LISTENERS.clear();
        TREE.clear();
        CLASS_VALUE.remove(String.class);
        both = null;
        cause = null;
        cache = null;
        shortCut = null;
    }
}
