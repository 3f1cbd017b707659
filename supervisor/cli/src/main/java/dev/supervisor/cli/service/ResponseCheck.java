package dev.supervisor.cli.service;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Asks at each run whether some threads respond, and acts on each response. While one is awaited, it does not ask again.
 * Belongs to the thread of the executor.
 */
final class ResponseCheck implements Runnable {

    private final Supplier<? extends CompletableFuture<?>> responder;
    private final Runnable onResponse;
    private final Executor executor;

    private CompletableFuture<?> awaited = CompletableFuture.completedFuture(null);

    /** @param onResponse run by the executor */
    ResponseCheck(Supplier<? extends CompletableFuture<?>> responder, Runnable onResponse, Executor executor) {
        this.responder = responder;
        this.onResponse = onResponse;
        this.executor = executor;
    }

    @Override
    public void run() {
        if (awaited.isDone()) {
            awaited = responder.get().thenRunAsync(onResponse, executor);
        }
    }
}
