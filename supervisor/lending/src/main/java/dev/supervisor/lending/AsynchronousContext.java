package dev.supervisor.lending;

import java.nio.channels.AsynchronousChannelGroup;
import org.jspecify.annotations.Nullable;

/**
 * What a server channel and its connections have in common.
 *
 * @param group null if the application gave none
 * @param threadGroup of the thread that opened the server channel
 */
record AsynchronousContext(
        LendingProvider provider,
        Borrower borrower,
        @Nullable AsynchronousChannelGroup group,
        HandlerThreads threads,
        ThreadGroup threadGroup) {

    /** Of the calling thread. */
    static AsynchronousContext of(
            LendingProvider provider, Borrower borrower, @Nullable AsynchronousChannelGroup group) {
        return new AsynchronousContext(
                provider,
                borrower,
                group,
                HandlerThreads.of(group),
                Thread.currentThread().getThreadGroup());
    }
}
