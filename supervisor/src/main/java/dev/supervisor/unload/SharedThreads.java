package dev.supervisor.unload;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The platform threads that are alive, and those of them that run code of no generation in particular. */
final class SharedThreads {

    private SharedThreads() {}

    /**
     * Those that the generation's end is not the end of. Some may be in its group: threads of the JDK and of Netty, which
     * a thread of the generation happened to start.
     */
    static List<Thread> besides(Owner owner) {
        return all().filter(thread -> !isOf(owner, thread) || isForeign(owner, thread))
                .toList();
    }

    /** Whether, though it is in its group, it is not known to run code of the generation. */
    private static boolean isForeign(Owner owner, Thread thread) {
        return thread != Thread.currentThread()
                && !owner.owns(thread)
                && !owner.reaches(ThreadTask.of(thread).orElse(null));
    }

    /** Whether it was started by a thread of the generation. */
    static boolean isOf(Owner owner, Thread thread) {
        ThreadGroup group = thread.getThreadGroup(); // null when it has ended
        return group != null && owner.threads().parentOf(group);
    }

    /** Also those of the JDK, which are in groups of their own below the topmost. */
    static Stream<Thread> all() {
        ThreadGroup top = Thread.currentThread().getThreadGroup();
        while (top.getParent() != null) {
            top = top.getParent();
        }
        Thread[] threads = new Thread[top.activeCount() + 16];
        int count = top.enumerate(threads);
        while (count == threads.length) { // there may be more
            threads = new Thread[threads.length * 2];
            count = top.enumerate(threads);
        }
        return Arrays.stream(threads, 0, count);
    }
}
