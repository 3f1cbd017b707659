package dev.supervisor.admin;

import dev.supervisor.Status;
import dev.supervisor.Supervisor;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One of the applications of this process.
 *
 * @param name by which people know it
 * @param status returns its status; from any thread
 * @param respond asks its threads to respond, see {@link Supervisor#respond}
 */
public record NamedSupervisor(
        String name, Supplier<Status> status, Supplier<CompletableFuture<@Nullable Void>> respond) {

    public NamedSupervisor(String name, Supervisor supervisor) {
        this(name, supervisor::status, supervisor::respond);
    }
}
