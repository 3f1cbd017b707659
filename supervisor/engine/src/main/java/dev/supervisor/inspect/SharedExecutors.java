package dev.supervisor.inspect;

import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;

/** Those that all generations share. A task of any of them leads to its executor, and so to the tasks of all others. */
public final class SharedExecutors {

    private static final Optional<InternalField> DELAYER =
            InternalField.field("java.util.concurrent.CompletableFuture$Delayer", "delayer");

    private SharedExecutors() {}

    static boolean contains(Object object) {
        return object == ForkJoinPool.commonPool()
                || object == GlobalEventExecutor.INSTANCE
                || delayer().filter(delayer -> delayer == object).isPresent();
    }

    /** That of {@link java.util.concurrent.CompletableFuture}, until JDK 24. */
    public static Optional<Object> delayer() {
        return DELAYER.map(InternalField::get);
    }
}
