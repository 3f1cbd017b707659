package dev.supervisor.lending;

import dev.supervisor.lending.AsynchronousLoop.Registration;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** A lent channel in the non-blocking mode, as the asynchronous one has it that works on it. Thread-safe. */
final class LoopedChannel {

    private final AsynchronousContext context;
    private final SelectableChannel channel;
    private final IntConsumer ready;
    private final @Nullable GroupMembership membership;

    // Guarded by this
    private @Nullable Registration registration;
    private boolean left;

    /**
     * @param asynchronous what its group closes
     * @param ready called with what the channel is ready for
     */
    LoopedChannel(
            AsynchronousContext context,
            SelectableChannel channel,
            FileDescriptor descriptor,
            Channel asynchronous,
            IntConsumer ready)
            throws IOException {
        this.context = context;
        this.channel = channel;
        this.ready = ready;
        channel.configureBlocking(false);
        membership = GroupMembership.of(context.group(), asynchronous, descriptor);
        context.threads().enter();
    }

    void await(int ops) throws IOException {
        registered().await(ops);
    }

    Runnable schedule(long nanos, Runnable task) throws IOException {
        return registered().schedule(nanos, task);
    }

    /** A channel that never waits is not registered. */
    private synchronized Registration registered() throws IOException {
        if (left) {
            throw new ClosedChannelException();
        }
        Registration known = registration;
        if (known == null) {
            known = AsynchronousLoop.register(
                    context.borrower(), channel.provider(), context.threadGroup(), channel, ready);
            registration = known;
        }
        return known;
    }

    /** The channel is closed, or is being closed; it can't be registered any more. */
    void leave() {
        Registration known;
        synchronized (this) {
            if (left) {
                return;
            }
            left = true;
            known = registration;
        }
        if (membership != null) {
            membership.leave();
        }
        if (known != null) {
            known.leave();
        }
        context.threads().leave();
    }
}
