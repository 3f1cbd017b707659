package dev.supervisor.inspect;

import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;

/** The executors that all generations share. Each of their tasks leads to its executor, and so to all other tasks. */
public final class SharedExecutors {

    private static final Optional<InternalField> DELAYER =
            InternalField.field("java.util.concurrent.CompletableFuture$Delayer", "delayer");

    private SharedExecutors() {}

    static boolean contains(Object object) {
        return object == ForkJoinPool.commonPool()
                || object == GlobalEventExecutor.INSTANCE
                || delayer().filter(delayer -> delayer == object).isPresent();
    }

    /** Returns the executor of {@link java.util.concurrent.CompletableFuture}, which exists until JDK 24. */
    public static Optional<Object> delayer() {
        return DELAYER.map(InternalField::get);
    }
}
