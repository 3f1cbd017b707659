package dev.supervisor.lending;

import java.io.IOException;
import java.nio.channels.CompletionHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** What an application has begun on an asynchronous channel: its handler, or the future that it has, is told the outcome. */
final class PendingOperation<V> {

    /** Does it without waiting. */
    interface Attempt<V> {

        /** Returns null if nothing can be done yet. */
        @Nullable
        V now() throws IOException;
    }

    private final HandlerThreads threads;
    private final Attempt<V> attempt;
    private final @Nullable Object attachment;
    private final @Nullable CompletionHandler<V, Object> handler;
    private final Result result = new Result();

    /** How the future is cancelled. Written before the operation waits. */
    private volatile @Nullable Cancellation cancellation;

    interface Cancellation {

        /** Returns whether the operation was waiting; it does not any more. */
        boolean withdraw();

        void closeChannel();
    }

    /** @param handler null if the application gets {@link #future} */
    @SuppressWarnings("unchecked") // the handler takes its attachment
    <A> PendingOperation(
            HandlerThreads threads,
            Attempt<V> attempt,
            @Nullable A attachment,
            @Nullable CompletionHandler<V, ? super A> handler) {
        this.threads = threads;
        this.attempt = attempt;
        this.attachment = attachment;
        this.handler = (CompletionHandler<V, Object>) handler;
    }

    Future<V> future() {
        return result;
    }

    void cancelBy(Cancellation how) {
        cancellation = how;
    }

    @Nullable
    V now() throws IOException {
        return attempt.now();
    }

    /** What came of it. */
    record Outcome<V>(@Nullable V value, @Nullable Throwable failure) {

        static <V> Outcome<V> of(V value) {
            return new Outcome<>(value, null);
        }

        static <V> Outcome<V> failed(Throwable failure) {
            return new Outcome<>(null, failure);
        }
    }

    /** @param direct whether the handler may be called within this method */
    void complete(Outcome<V> outcome, boolean direct) {
        CompletionHandler<V, Object> told = handler;
        if (told == null) {
            completeFuture(outcome);
        } else if (direct) {
            threads.call(() -> tell(told, outcome));
        } else {
            threads.callLater(() -> tell(told, outcome));
        }
    }

    @SuppressWarnings("NullAway") // as in the interface, whose values and attachments may be null
    private void tell(CompletionHandler<V, Object> told, Outcome<V> outcome) {
        if (outcome.failure() == null) {
            told.completed(outcome.value(), attachment);
        } else {
            told.failed(outcome.failure(), attachment);
        }
    }

    @SuppressWarnings("NullAway")
    private void completeFuture(Outcome<V> outcome) {
        Throwable failure = outcome.failure();
        if (failure == null) {
            result.complete(outcome.value());
        } else {
            result.completeExceptionally(failure instanceof IOException ? failure : new IOException(failure));
        }
    }

    private final class Result extends CompletableFuture<V> {

        @Override
        public boolean cancel(boolean closes) {
            Cancellation how = cancellation;
            if (isDone() || how == null || !how.withdraw()) {
                return false;
            }
            boolean cancelled = super.cancel(false);
            if (closes) {
                how.closeChannel();
            }
            return cancelled;
        }
    }
}
