package dev.supervisor.unload;

import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import org.jspecify.annotations.Nullable;

/** Which threads there are, whose they are, and what they run. Platform threads only. */
final class Threads {

    private static final Optional<Inside> TASK = Inside.field(Thread.class, "target");
    private static final Optional<Inside> HOLDER = Inside.field(Thread.class, "holder");
    private static final Optional<Inside> TASK_IN_HOLDER = Inside.field("java.lang.Thread$FieldHolder", "task");

    /** More may be started while they are counted. */
    private static final int SPARE = 16;

    private Threads() {}

    static List<Thread> all() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        Thread[] threads;
        int count;
        do {
            threads = new Thread[root.activeCount() * 2 + SPARE];
            count = root.enumerate(threads);
        } while (count == threads.length);
        return Arrays.stream(threads, 0, count).toList();
    }

    /** The living ones that the generation's application has started. */
    static List<Thread> startedBy(Owner owner) {
        return all().stream()
                .filter(thread -> !(thread instanceof GenerationThread) && !isShared(thread))
                .filter(thread -> belongsTo(owner, thread))
                .toList();
    }

    /** All of the generation that live, those that the supervisor has lent it included. */
    static List<Thread> of(Owner owner) {
        List<Thread> threads = new ArrayList<>(startedBy(owner));
        all().stream()
                .filter(thread -> thread instanceof GenerationThread && belongsTo(owner, thread))
                .forEach(threads::add);
        return threads;
    }

    static boolean belongsTo(Owner owner, Thread thread) {
        ThreadGroup group = thread.getThreadGroup();
        return (group != null && owner.threads().parentOf(group))
                || owner.owns(thread)
                || owner.ownsLoader(thread.getContextClassLoader())
                || taskOf(thread).filter(owner::owns).isPresent();
    }

    /** Whoever is the first to need them starts these, and they are in the group of that thread. */
    private static boolean isShared(Thread thread) {
        return GlobalEventExecutor.INSTANCE.inEventLoop(thread)
                || (thread instanceof ForkJoinWorkerThread worker && worker.getPool() == ForkJoinPool.commonPool());
    }

    /** What it was made with; nothing for a class of its own. */
    static Optional<Object> taskOf(Thread thread) {
        Optional<Object> old = TASK.map(field -> field.get(thread));
        return old.isPresent()
                ? old
                : HOLDER.map(field -> field.get(thread))
                        .flatMap(holder -> TASK_IN_HOLDER.map(task -> task.get(holder)));
    }

    /** As {@code " of com.acme.Poller"}: the class of the application behind it, if there is one. */
    static String ofClass(Owner owner, @Nullable Object subject) {
        return owner.reaches(subject) ? " of " + owner.ownClassBehind(subject) : "";
    }

    /** Where it is at the moment, as {@code at com.acme.Poller.run(Poller.java:10)}: the application's frame, if known. */
    static String where(@Nullable ClassLoader loader, StackTraceElement[] stack) {
        String name = loader == null ? null : loader.getName();
        return Arrays.stream(stack)
                .filter(frame -> name != null && name.equals(frame.getClassLoaderName()))
                .findFirst()
                .or(() -> Arrays.stream(stack).findFirst())
                .map(frame -> "at " + withoutLoader(frame))
                .orElse("ending");
    }

    private static String withoutLoader(StackTraceElement frame) {
        return frame.getClassName() + "." + frame.getMethodName() + "(" + frame.getFileName() + ":"
                + frame.getLineNumber() + ")";
    }
}
