package dev.supervisor.generation;

import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.net.URLConnection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Touches what the JVM and Netty make once and keep for ever, before application code can be the first: their threads
 * would inherit its class loader and keep it.
 */
public final class Warmup {

    private Warmup() {}

    /** Idempotent. */
    public static void run() {
        Thread thread = Thread.currentThread();
        ClassLoader former = thread.getContextClassLoader();
        thread.setContextClassLoader(Warmup.class.getClassLoader());
        try {
            GlobalEventExecutor.INSTANCE.execute(() -> {});
            ImmediateEventExecutor.INSTANCE.execute(() -> {});
            new CompletableFuture<Boolean>().completeOnTimeout(true, 1, TimeUnit.NANOSECONDS); // the delayer's thread
            // an application's jar: URL would keep its private jar open beyond its end
            URLConnection.setDefaultUseCaches("jar", false);
        } finally {
            thread.setContextClassLoader(former);
        }
    }
}
