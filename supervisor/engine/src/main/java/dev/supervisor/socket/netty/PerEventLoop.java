package dev.supervisor.socket.netty;

import static java.util.stream.Collectors.groupingBy;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs an action for many connections, each on its own event loop. */
final class PerEventLoop {

    private static final Logger LOG = LoggerFactory.getLogger(PerEventLoop.class);

    private PerEventLoop() {}

    /**
     * Runs the action for connections that are registered with an event loop; connections with a waiting request come
     * first. May be called from any thread.
     *
     * @return completes when all loops have run it; never, if one of them hangs
     */
    static CompletableFuture<@Nullable Void> run(
            Collection<OwnedConnection> connections, Consumer<OwnedConnection> action) {
        Map<EventLoop, List<OwnedConnection>> byLoop = waitingFirst(connections).stream()
                .filter(connection -> connection.channel().isRegistered())
                .collect(groupingBy(connection -> connection.channel().eventLoop()));
        return CompletableFuture.allOf(byLoop.entrySet().stream()
                .map(entry -> run(entry.getKey(), entry.getValue(), action))
                .toArray(CompletableFuture[]::new));
    }

    private static Deque<OwnedConnection> waitingFirst(Collection<OwnedConnection> connections) {
        Deque<OwnedConnection> ordered = new ArrayDeque<>();
        for (OwnedConnection connection : connections) {
            if (connection.waitingSince() == 0) {
                ordered.addLast(connection);
            } else {
                ordered.addFirst(connection);
            }
        }
        return ordered;
    }

    private static CompletableFuture<@Nullable Void> run(
            EventLoop loop, List<OwnedConnection> connections, Consumer<OwnedConnection> action) {
        try {
            return CompletableFuture.runAsync(() -> connections.forEach(each -> guarded(action, each)), loop);
        } catch (RejectedExecutionException e) { // the application has ended its own loop
            connections.forEach(OwnedConnection::endFromOutside);
            return CompletableFuture.completedFuture(null);
        }
    }

    /** Catches what the action throws: it runs handlers of the application, which must not keep other connections. */
    private static void guarded(Consumer<OwnedConnection> action, OwnedConnection connection) {
        try {
            action.accept(connection);
        } catch (RuntimeException | Error e) {
            LOG.warn("the connection {} does not do what it is asked: {}", connection, e.toString());
        }
    }
}
