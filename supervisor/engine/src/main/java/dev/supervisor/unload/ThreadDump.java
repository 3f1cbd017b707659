package dev.supervisor.unload;

import dev.supervisor.inspect.Owner;
import dev.supervisor.inspect.SharedThreads;
import dev.supervisor.inspect.Threads;
import dev.supervisor.unload.places.VirtualThreads;
import java.lang.management.LockInfo;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * A generation's threads at one moment, as text for people: the state of each, the lock that it waits for, and its
 * stack. Frames of the application are marked with {@code >}.
 */
public final class ThreadDump {

    private final Owner owner;
    private final List<String> lines = new ArrayList<>();

    private ThreadDump(Owner owner) {
        this.owner = owner;
    }

    /** Returns the dump, without the current thread. Calls methods of threads that an application may override. */
    public static List<String> of(Owner owner) {
        ThreadDump dump = new ThreadDump(owner);
        dump.platformThreads();
        VirtualThreads.of(owner).forEach(dump::virtualThread);
        return dump.lines;
    }

    private void platformThreads() {
        long[] ids = SharedThreads.all()
                .filter(thread -> thread != Thread.currentThread() && Threads.belongsTo(owner, thread))
                .mapToLong(Thread::getId)
                .toArray();
        Arrays.stream(ManagementFactory.getThreadMXBean().getThreadInfo(ids, false, false, Integer.MAX_VALUE))
                .filter(Objects::nonNull) // the thread has ended
                .sorted(Comparator.comparing(ThreadInfo::getThreadName))
                .forEach(this::platformThread);
    }

    private void platformThread(ThreadInfo thread) {
        lines.add("  \"" + thread.getThreadName() + "\" " + thread.getThreadState() + waiting(thread));
        frames(thread.getStackTrace());
    }

    /** Virtual threads don't show their locks. */
    private void virtualThread(Thread thread) {
        lines.add("  virtual \"" + thread.getName() + "\" " + thread.getState());
        frames(thread.getStackTrace());
    }

    private static String waiting(ThreadInfo thread) {
        LockInfo lock = thread.getLockInfo();
        if (lock == null) {
            return "";
        }
        String holder = thread.getLockOwnerName();
        return " on " + lock + (holder == null ? "" : ", held by \"" + holder + "\"");
    }

    private void frames(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            boolean own = Objects.equals(owner.loader().getName(), frame.getClassLoaderName());
            lines.add((own ? "    > at " : "      at ") + withoutLoaderAndModule(frame));
        }
    }

    private static StackTraceElement withoutLoaderAndModule(StackTraceElement frame) {
        return new StackTraceElement(
                frame.getClassName(), frame.getMethodName(), frame.getFileName(), frame.getLineNumber());
    }
}
