package dev.supervisor.unload;

import static java.util.Objects.requireNonNull;

import dev.supervisor.inspect.Owner;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.SoftReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A program with generations that are kept alive, each in one way. Dumps its heap, which is smaller than that of the
 * tests' JVM, and prints the id of each watch.
 */
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

    private LoaderReference watch(Object app) {
        Owner owner = new Owner("generation 7", app.getClass().getClassLoader(), new ThreadGroup("generation 7"));
        return new LoaderReference(7, owner, collected, 0);
    }

    private LoaderReference byStaticField() {
        LISTENERS.add(newApp());
        return watch(LISTENERS.get(0));
    }

    private LoaderReference byException() {
        Supplier<Object> app = newApp();
        cause = app.get();
        return watch(app);
    }

    private LoaderReference bySoftReference() {
        Object app = newApp();
        cache = new SoftReference<>(app);
        return watch(app);
    }

    private LoaderReference byFarFieldAndSoftReference() {
        Object app = newApp();
        shortCut = new SoftReference<>(app);
        TREE.add(List.of(List.of(app)));
        return watch(app);
    }

    private LoaderReference byClassValue() {
        return watch(CLASS_VALUE.get(String.class));
    }

    private LoaderReference byNothing() {
        return watch(newApp());
    }

    private LoaderReference byLocalVariable() {
        return start("report-timer", this::poll);
    }

    private void poll(Consumer<LoaderReference> untilEnd) {
        Object local = newApp();
        try {
            untilEnd.accept(watch(local));
        } finally {
            Reference.reachabilityFence(local);
        }
    }

    private LoaderReference byContextClassLoader() {
        return start("poller", untilEnd -> untilEnd.accept(setContextClassLoader()));
    }

    private LoaderReference setContextClassLoader() {
        Object app = newApp();
        Thread.currentThread().setContextClassLoader(app.getClass().getClassLoader());
        return watch(app);
    }

    private LoaderReference byThreadLocal() {
        return start("worker-ü1→", untilEnd -> untilEnd.accept(setContext(newApp())));
    }

    private LoaderReference setContext(Object app) {
        CONTEXT.set(app);
        return watch(app);
    }

    private LoaderReference byStaticFieldAndThreadLocal() {
        both = newApp();
        return start("also", untilEnd -> untilEnd.accept(setContext(requireNonNull(both))));
    }

    private LoaderReference start(String name, Consumer<Consumer<LoaderReference>> task) {
        CompletableFuture<LoaderReference> watched = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> task.accept(pinned -> {
                    watched.complete(pinned);
                    LockSupport.park();
                }),
                name);
        thread.start();
        return watched.join();
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Pinned pinned = new Pinned();
        Map<String, LoaderReference> watches = pinned.pin();
        watches.forEach((name, watched) -> out.println(name + "=" + watched.id()));
        out.println("dump=" + HeapDump.write(Path.of(arguments[0]), 7));
        LeakPath path = LeakPath.find(
                Path.of(arguments[1]),
                7,
                requireNonNull(watches.get("byThreadLocal")).id());
        out.println("found=" + path.summary());
        out.println("foundIn=" + path.heapDump());
        System.exit(0); // past the threads that hold on
    }

    private Map<String, LoaderReference> pin() {
        Map<String, LoaderReference> watches = new HashMap<>();
        watches.put("byStaticField", byStaticField());
        watches.put("byLocalVariable", byLocalVariable());
        watches.put("byContextClassLoader", byContextClassLoader());
        watches.put("byThreadLocal", byThreadLocal());
        watches.put("byException", byException());
        watches.put("bySoftReference", bySoftReference());
        watches.put("byFarFieldAndSoftReference", byFarFieldAndSoftReference());
        watches.put("byStaticFieldAndThreadLocal", byStaticFieldAndThreadLocal());
        watches.put("byClassValue", byClassValue());
        watches.put("byNothing", byNothing());
        return watches;
    }
}
