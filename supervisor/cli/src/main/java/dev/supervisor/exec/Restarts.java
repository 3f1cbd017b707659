package dev.supervisor.exec;

import dev.supervisor.ApplicationBuilder;
import dev.supervisor.process.ProcessGroup;
import dev.supervisor.swap.RebuildLoopDetector;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a command running: builds, ends the former process with all that it has started, and starts the command again,
 * whenever a source has changed. The sockets stay open meanwhile, so that connections wait in the kernel. A command that
 * ends by itself is started again by the next change.
 *
 * <p>Belongs to the thread that calls {@link #run}; the other methods are for any thread.
 */
public final class Restarts {

    /** Hears of the course of restarts, on several threads; must not block. */
    public interface Observer {

        void changed(Path source);

        void started(long pid);

        /** The command has ended by itself. */
        void ended(int exitCode);

        /**
         * The command can't be started.
         *
         * @param goesOn whether the process of before runs
         */
        void notStarted(String reason, boolean goesOn);

        /** @param goesOn whether the process of before runs */
        void buildFailed(String summary, boolean goesOn);
    }

    private final SocketCommand command;
    private final ApplicationBuilder builder;
    private final RebuildLoopDetector loopDetector;
    private final Observer observer;
    private final Duration grace;

    /** One for each change; the first turn needs none. */
    private final Semaphore changes = new Semaphore(1);

    /** Written by the thread of {@link #run}. */
    private volatile Optional<Running> running = Optional.empty();

    private volatile boolean killed;

    /** The last source that has changed since the last turn began; null if none has. */
    private final AtomicReference<@Nullable Path> changed = new AtomicReference<>();

    /** Used by the thread of {@link #run} only. */
    private ApplicationBuilder.Outcome last = new ApplicationBuilder.NotNeeded();

    /**
     * @param builder waits until the sources have settled, and builds; its first turn must be a build
     * @param grace how long a process may take to end
     */
    public Restarts(
            SocketCommand command,
            ApplicationBuilder builder,
            RebuildLoopDetector loopDetector,
            Observer observer,
            Duration grace) {
        this.command = command;
        this.builder = builder;
        this.loopDetector = loopDetector;
        this.observer = observer;
        this.grace = grace;
    }

    /** A source has changed. */
    public void changed(Path source) {
        changed.set(source);
        builder.changed(source);
        changes.release(); // after the builder knows of it, or the turn could find nothing to do
    }

    /** Builds and restarts, whether a source has changed or not. */
    public void restart() {
        builder.changed(Path.of(""));
        changes.release();
    }

    /** Keeps the command running until this thread is interrupted; all its processes have ended when this returns. */
    public void run() {
        try {
            while (true) {
                changes.acquire();
                changes.drainPermits();
                turn();
            }
        } catch (InterruptedException e) {
            end(); // the interrupt has been taken: the processes have their grace
        }
    }

    private void turn() throws InterruptedException {
        Optional.ofNullable(changed.getAndSet(null)).ifPresent(observer::changed);
        ApplicationBuilder.Outcome outcome = builder.build(() -> {});
        if (outcome instanceof ApplicationBuilder.Built) {
            replace();
        } else if (outcome instanceof ApplicationBuilder.Failed failed && failed != last) {
            observer.buildFailed(failed.summary(), isRunning());
        }
        last = outcome;
        Optional.ofNullable(changed.get()).ifPresent(loopDetector::changed);
        loopDetector.ended(changes.availablePermits() > 0);
    }

    /** The command may be missing, until a build has made it: that is found out while the former process runs. */
    private void replace() throws InterruptedException {
        try {
            command.check();
            end();
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            start();
        } catch (CommandFailure e) {
            observer.notStarted(String.valueOf(e.getMessage()), isRunning());
        }
    }

    private boolean isRunning() {
        return running.filter(Running::isAlive).isPresent();
    }

    private void start() {
        if (killed) {
            return;
        }
        Running started = new Running(command.start());
        running = Optional.of(started);
        observer.started(started.group.process().pid());
        var unused = started.group.process().onExit().thenAccept(started::exited);
        if (killed) {
            started.group.kill();
        }
    }

    private void end() {
        running.ifPresent(Running::end);
        running = Optional.empty();
    }

    /** Kills all processes at once, for when the JVM is about to halt, and starts none any more. */
    public void kill() {
        killed = true;
        builder.kill();
        running.ifPresent(former -> former.group.kill());
    }

    private final class Running {

        private final ProcessGroup group;
        private volatile boolean ending;

        Running(Process process) {
            group = ProcessGroup.ledBy(process, grace);
        }

        boolean isAlive() {
            return group.process().isAlive();
        }

        void end() {
            ending = true;
            group.end();
        }

        /** Ends what a command that has ended by itself has left running: it would have the sockets beside the next one. */
        void exited(Process process) {
            if (!ending) {
                observer.ended(process.exitValue());
                group.end();
            }
        }
    }
}
