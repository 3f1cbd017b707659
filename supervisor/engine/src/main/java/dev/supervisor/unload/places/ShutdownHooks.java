package dev.supervisor.unload.places;

import dev.supervisor.inspect.GuardedCall;
import dev.supervisor.inspect.InternalField;
import dev.supervisor.inspect.JdkServices;
import dev.supervisor.inspect.Owner;
import dev.supervisor.inspect.ThreadTask;
import dev.supervisor.inspect.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Shutdown hooks: to the application its end is the JVM's, so its hooks are run, in parallel as the JVM does, and
 * removed. Hooks of the JDK's own services stay: a thread of the generation may have been the first to use {@code
 * java.util.logging}, but its hook would end logging for all later generations too.
 */
final class ShutdownHooks implements SharedPlace {

    private static final String HOOKS = "java.lang.ApplicationShutdownHooks";

    private final Duration patience;

    ShutdownHooks(Duration patience) {
        this.patience = patience;
    }

    @Override
    public List<String> clear(Owner owner) throws InterruptedException {
        List<Thread> hooks = registered().stream()
                .filter(hook -> !JdkServices.isHook(hook) && Threads.belongsTo(owner, hook))
                .filter(hook -> Runtime.getRuntime().removeShutdownHook(hook))
                .toList();
        hooks.forEach(hook -> GuardedCall.run(owner, "run the shutdown hook \"" + hook.getName() + "\"", hook::start));
        long deadline = System.nanoTime() + patience.toNanos();
        List<String> left = new ArrayList<>();
        for (Thread hook : hooks) {
            TimeUnit.NANOSECONDS.timedJoin(hook, Math.max(1, deadline - System.nanoTime()));
            if (hook.isAlive()) {
                left.add("shutdown hook \"" + hook.getName() + "\"" + Threads.ofClass(owner, subject(hook))
                        + " did not return within " + patience.toMillis() + " ms: "
                        + Threads.where(owner.loader(), hook.getStackTrace()));
            }
        }
        return left;
    }

    private static Object subject(Thread hook) {
        return ThreadTask.of(hook).orElse(hook);
    }

    static List<Thread> registered() {
        return InternalField.field(HOOKS, "hooks")
                .map(field -> (Map<?, ?>) field.get())
                .map(ShutdownHooks::copy)
                .orElse(List.of());
    }

    /** Copies the hooks, which are guarded by their class; null once the JVM is shutting down. */
    private static List<Thread> copy(Map<?, ?> hooks) {
        try {
            synchronized (Class.forName(HOOKS)) {
                return hooks.keySet().stream().map(hook -> (Thread) hook).toList();
            }
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
