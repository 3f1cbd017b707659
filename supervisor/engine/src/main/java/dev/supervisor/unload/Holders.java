package dev.supervisor.unload;

import dev.supervisor.inspect.GenerationThread;
import dev.supervisor.inspect.Owner;
import dev.supervisor.inspect.Threads;
import dev.supervisor.unload.places.SharedPlaces;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Finds what keeps an ended generation alive, in the threads, and once more in the shared places. */
final class Holders {

    private Holders() {}

    /**
     * Returns the holders; empty if none is found. Clears shared places once more: an entry found there was made after
     * they had been cleared.
     */
    static List<String> of(Owner owner, SharedPlaces places) {
        List<String> holders = new ArrayList<>(places.clear(owner));
        Thread.getAllStackTraces().forEach((thread, stack) -> {
            boolean said = holders.stream().anyMatch(holder -> holder.contains('"' + thread.getName() + '"'));
            if (!said && thread != Thread.currentThread() && holds(owner, thread, stack)) {
                holders.add("thread \"" + thread.getName() + "\" is still running: "
                        + Threads.where(owner.loader(), stack));
            }
        });
        return holders;
    }

    private static boolean holds(Owner owner, Thread thread, StackTraceElement[] stack) {
        return thread instanceof GenerationThread ? Threads.belongsTo(owner, thread) : runs(owner, thread, stack);
    }

    /**
     * Returns whether the thread runs code of this generation. Several supervisors in a JVM may each have a generation
     * of the same number: the thread's context class loader tells them apart.
     */
    private static boolean runs(Owner owner, Thread thread, StackTraceElement[] stack) {
        String name = owner.loader().getName();
        ClassLoader context = Threads.contextOf(thread);
        return name != null
                && Arrays.stream(stack).anyMatch(frame -> name.equals(frame.getClassLoaderName()))
                && (context == null || !name.equals(context.getName()) || owner.ownsLoader(context));
    }
}
