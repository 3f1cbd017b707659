package dev.supervisor.maven;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs tasks of other threads on the thread of the goal: plugins find Maven's session on no other. */
final class MojoThread {

    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

    /** Runs tasks until the end of a process. */
    void runUntilEndOf(Process process) throws InterruptedException {
        AtomicBoolean ended = new AtomicBoolean();
        CompletableFuture<?> unused = process.onExit().thenRun(() -> tasks.add(() -> ended.set(true)));
        while (!ended.get()) {
            tasks.take().run();
        }
    }

    /** Returns what a task returns, from any other thread. The future never completes once the process has ended. */
    <T> CompletableFuture<T> submit(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        tasks.add(() -> {
            try {
                result.complete(task.call());
            } catch (Exception | LinkageError e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }
}
