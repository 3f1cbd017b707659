package dev.supervisor.inspect;

import io.netty.util.concurrent.FastThreadLocalThread;

/** A thread that the supervisor gives to a generation, unlike a thread that its application starts. */
public final class GenerationThread extends FastThreadLocalThread {

    /** @param loader the generation's class loader */
    public GenerationThread(ThreadGroup group, Runnable task, String name, ClassLoader loader) {
        super(group, task, name);
        setDaemon(true);
        setContextClassLoader(loader);
    }
}
