package dev.supervisor.lending;

import dev.supervisor.lending.PendingOperation.Outcome;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.InterruptedByTimeoutException;
import java.nio.channels.ShutdownChannelGroupException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The operations of one kind on an asynchronous channel, of which one at a time may wait. Thread-safe. */
final class Operations {

    static final long NO_TIME_OUT = 0;

    /** The channel, as its operations of one kind see it. */
    interface Subject {

        boolean isOpen();

        /** Has {@link #ready} called when there may be something to do. Called with the lock held. */
        void await() throws IOException;

        /** Returns what cancels the timer. Called with the lock held. */
        Runnable schedule(long nanos, Runnable task) throws IOException;

        void close() throws IOException;
    }

    private final Subject subject;
    private final Supplier<RuntimeException> pendingException;
    private final Supplier<RuntimeException> killedException;

    /** Whether what is done at once may call its handler within the method that begins it. */
    private final boolean direct;

    // Guarded by this
    private @Nullable PendingOperation<?> pending;
    private Runnable cancelTimer = () -> {};
    private boolean killed;

    /**
     * @param pendingException thrown where an operation is begun while another one waits
     * @param killedException thrown after a time-out or a cancellation, which may have lost something
     */
    Operations(
            Subject subject,
            boolean direct,
            Supplier<RuntimeException> pendingException,
            Supplier<RuntimeException> killedException) {
        this.subject = subject;
        this.direct = direct;
        this.pendingException = pendingException;
        this.killedException = killedException;
    }

    /** Begins an operation, and ends it if it need not wait. */
    <V> void begin(PendingOperation<V> operation, long nanos) {
        Outcome<V> outcome = tryFirst(operation, nanos);
        if (outcome != null) {
            operation.complete(outcome, direct);
        }
    }

    /** Bytes are moved with the lock held, so that no time-out, cancellation or close comes in between. */
    private synchronized <V> @Nullable Outcome<V> tryFirst(PendingOperation<V> operation, long nanos) {
        if (killed) {
            throw killedException.get();
        }
        if (pending != null) {
            throw pendingException.get();
        }
        operation.cancelBy(new Withdrawal(operation));
        Outcome<V> outcome = attempt(operation);
        if (outcome == null && nanos != NO_TIME_OUT) {
            outcome = startTimer(operation, nanos);
        }
        return outcome;
    }

    private <V> @Nullable Outcome<V> startTimer(PendingOperation<V> operation, long nanos) {
        try {
            cancelTimer = subject.schedule(nanos, () -> timeOut(operation));
            return null;
        } catch (IOException e) {
            done();
            return Outcome.failed(e);
        }
    }

    /** Returns null if the operation waits. */
    private <V> @Nullable Outcome<V> attempt(PendingOperation<V> operation) {
        try {
            V value = operation.now();
            if (value == null) {
                pending = operation;
                subject.await();
                return null;
            }
            done();
            return Outcome.of(value);
        } catch (ClosedChannelException e) {
            done();
            return Outcome.failed(subject.isOpen() ? e : new AsynchronousCloseException());
        } catch (IOException | RuntimeException e) {
            done();
            return Outcome.failed(e);
        }
    }

    private void done() {
        pending = null;
        cancelTimer.run();
        cancelTimer = () -> {};
    }

    /** Tries again what waits, on the thread of the loop. */
    void ready() {
        Runnable completion = tryAgain();
        if (completion != null) {
            run(completion);
        }
    }

    private synchronized @Nullable Runnable tryAgain() {
        PendingOperation<?> operation = pending;
        return operation == null ? null : tryAgain(operation);
    }

    private <V> @Nullable Runnable tryAgain(PendingOperation<V> operation) {
        Outcome<V> outcome = attempt(operation);
        return outcome == null ? null : () -> operation.complete(outcome, false);
    }

    /** A group that was shut down has no threads for handlers: they are not called, as with the JDK's channels. */
    private static void run(Runnable completion) {
        try {
            completion.run();
        } catch (ShutdownChannelGroupException e) {
            return;
        }
    }

    private void timeOut(PendingOperation<?> operation) {
        if (withdraw(operation)) {
            run(() -> operation.complete(Outcome.failed(new InterruptedByTimeoutException()), false));
        }
    }

    private synchronized boolean withdraw(PendingOperation<?> operation) {
        boolean waits = pending == operation;
        if (waits) {
            killed = true;
            done();
        }
        return waits;
    }

    /** The channel is being closed. */
    void close() {
        PendingOperation<?> operation;
        synchronized (this) {
            operation = pending;
            done();
        }
        if (operation != null) {
            run(() -> operation.complete(Outcome.failed(new AsynchronousCloseException()), false));
        }
    }

    private final class Withdrawal implements PendingOperation.Cancellation {

        private final PendingOperation<?> operation;

        Withdrawal(PendingOperation<?> operation) {
            this.operation = operation;
        }

        @Override
        public boolean withdraw() {
            return Operations.this.withdraw(operation);
        }

        @Override
        public void closeChannel() {
            try {
                subject.close();
            } catch (IOException e) {
                return; // the application has no interest in the channel
            }
        }
    }
}
