package dev.supervisor.calls;

import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Servers that a program has made and that must be stopped by a call, since they know of no end but that of the JVM. Their
 * constructors report them ({@link CallRedirection}). Without the call their threads are ended all the same, but they
 * complain of it. Thread-safe.
 */
public final class KnownServers {

    private static final Logger LOG = LoggerFactory.getLogger(KnownServers.class);
    private static final long STOPS_WITHIN_SECONDS = 5;

    /**
     * @param type the end of the internal name of the class
     * @param isExecutor whether servers need it until they have stopped
     * @param stops the names of the methods that stop it, in this order
     */
    private record Kind(String type, boolean isExecutor, List<String> stops) {

        static Kind server(String type, String... stops) {
            return new Kind(type, false, List.of(stops));
        }

        static Kind executor(String type, String... stops) {
            return new Kind(type, true, List.of(stops));
        }
    }

    /** Types by the end of their names, since Netty is often within another package. */
    private static final List<Kind> KINDS = List.of(
            Kind.server("org/apache/catalina/startup/Tomcat", "stop", "destroy"),
            Kind.server("org/eclipse/jetty/server/Server", "stop"),
            Kind.server("io/undertow/Undertow", "stop"),
            Kind.server("io/vertx/core/impl/VertxImpl", "close"),
            Kind.server("io/grpc/internal/ServerImpl", "shutdown", "awaitTermination"),
            Kind.server("io/helidon/webserver/LoomServer", "stop"),
            Kind.server("com/linecorp/armeria/server/Server", "stop"),
            Kind.executor("io/netty/util/concurrent/MultithreadEventExecutorGroup", "shutdownGracefully"),
            Kind.executor("io/netty/util/concurrent/SingleThreadEventExecutor", "shutdownGracefully"),
            Kind.executor("kotlinx/coroutines/scheduling/CoroutineScheduler", "close"));

    private record Made(Kind kind, WeakReference<Object> server) {}

    /** The last one made comes first. */
    private final Deque<Made> made = new ArrayDeque<>();

    /** Returns whether constructors of this class report what they make. */
    static boolean includes(String internalName) {
        return kindOf(internalName).isPresent();
    }

    private static Optional<Kind> kindOf(String internalName) {
        return KINDS.stream().filter(kind -> internalName.endsWith(kind.type())).findFirst();
    }

    /** Called at the end of a constructor, possibly that of a superclass. */
    public static void made(Object server, Class<?> type) {
        CallingGeneration.of(type)
                .ifPresent(generation -> kindOf(type.getName().replace('.', '/'))
                        .ifPresent(kind -> generation.servers().add(kind, server)));
    }

    private void add(Kind kind, Object server) {
        synchronized (made) {
            made.removeIf(each -> each.server().refersTo(null));
            if (made.stream().noneMatch(each -> each.server().refersTo(server))) { // a constructor may call another
                made.push(new Made(kind, new WeakReference<>(server)));
            }
        }
    }

    /** Stops the servers, then the executors, and waits for them. Must be called on one of the generation's threads. */
    void stop() throws InterruptedException {
        stop(false);
        stop(true);
    }

    private void stop(boolean executors) throws InterruptedException {
        for (Made next : takeAll(executors)) {
            Object server = next.server().get();
            if (server != null) {
                stop(next.kind(), server);
            }
        }
    }

    private List<Made> takeAll(boolean executors) {
        synchronized (made) {
            List<Made> taken = made.stream()
                    .filter(each -> each.kind().isExecutor() == executors)
                    .toList();
            made.removeAll(taken);
            return taken;
        }
    }

    private static void stop(Kind kind, Object server) throws InterruptedException {
        for (String name : kind.stops()) {
            try {
                await(stop(name, server));
            } catch (ReflectiveOperationException | TimeoutException | RuntimeException | Error e) {
                LOG.debug("can't call {} of {}", name, server.getClass(), e);
            }
        }
    }

    private static @Nullable Object stop(String name, Object server) throws ReflectiveOperationException {
        return switch (name) {
            case "shutdownGracefully" ->
                method(server, name, long.class, long.class, TimeUnit.class)
                        .invoke(server, 0L, STOPS_WITHIN_SECONDS, TimeUnit.SECONDS);
            case "awaitTermination" ->
                method(server, name, long.class, TimeUnit.class).invoke(server, STOPS_WITHIN_SECONDS, TimeUnit.SECONDS);
            default -> method(server, name).invoke(server);
        };
    }

    private static Method method(Object server, String name, Class<?>... parameters) throws NoSuchMethodException {
        Method method = server.getClass().getMethod(name, parameters);
        method.setAccessible(true); // its class may be hidden
        return method;
    }

    /** Waits for the future that a method has returned. */
    private static void await(@Nullable Object returned)
            throws InterruptedException, TimeoutException, ReflectiveOperationException {
        try {
            if (returned instanceof Future<?> future) {
                future.get(STOPS_WITHIN_SECONDS, TimeUnit.SECONDS);
            } else if (returned != null && hasStage(returned)) {
                await(((CompletionStage<?>)
                                method(returned, "toCompletionStage").invoke(returned))
                        .toCompletableFuture());
            }
        } catch (ExecutionException | InvocationTargetException e) {
            LOG.debug("{} did not stop well", returned, e);
        }
    }

    private static boolean hasStage(Object returned) {
        try {
            return method(returned, "toCompletionStage") != null;
        } catch (NoSuchMethodException e) {
            return false;
        }
    }
}
