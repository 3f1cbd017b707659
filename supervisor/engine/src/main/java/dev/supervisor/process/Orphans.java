package dev.supervisor.process;

import java.lang.reflect.Method;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reaps orphaned processes. In a container without an init, the supervisor runs as process 1. Process 1 becomes the
 * parent of each process whose own parent has ended, and must wait for it, or the process stays defunct. Java can wait
 * only for children that it has started. The JDK does so by {@code ProcessHandleImpl.completion}, which accepts any
 * process, and never waits twice for the same one. Belongs to a thread of its own.
 */
public final class Orphans {

    private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);

    private static final long TURN_MILLIS = 500;

    private final Method reap;
    private Set<Long> defunctBefore = Set.of();

    private Orphans(Method reap) {
        this.reap = reap;
    }

    public static boolean areOurs() {
        return ProcessHandle.current().pid() == 1;
    }

    /**
     * Looks for orphans twice a second from now on, for the rest of the JVM's life.
     *
     * @return false if this JDK does not allow that
     */
    public static boolean reap() {
        Optional<Method> method = method();
        method.ifPresent(found -> {
            ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "supervisor-orphans");
                thread.setDaemon(true);
                return thread;
            });
            var unused = looking.scheduleWithFixedDelay(
                    new Orphans(found)::look, TURN_MILLIS, TURN_MILLIS, TimeUnit.MILLISECONDS);
        });
        return method.isPresent();
    }

    static Optional<Method> method() {
        try {
            Method method = Class.forName("java.lang.ProcessHandleImpl")
                    .getDeclaredMethod("completion", long.class, boolean.class);
            method.setAccessible(true);
            return Optional.of(method);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.debug("this JDK does not reap what it has not started", e);
            return Optional.empty();
        }
    }

    /**
     * Reaps children that were already defunct at the last look. A child that the JVM has started is defunct for a
     * moment only, since a thread of the JDK waits for it.
     */
    private void look() {
        Set<Long> defunct = ProcessHandle.current()
                .children()
                .filter(child ->
                        ProcessStat.of(child).filter(ProcessStat::isDefunct).isPresent())
                .map(ProcessHandle::pid)
                .collect(Collectors.toSet());
        defunct.stream().filter(defunctBefore::contains).forEach(this::reap);
        defunctBefore = defunct;
    }

    private void reap(long pid) {
        try {
            reap.invoke(null, pid, true);
        } catch (ReflectiveOperationException e) {
            LOG.debug("can't reap process {}", pid, e);
        }
    }
}
