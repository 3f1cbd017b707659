package dev.supervisor.calls;

import com.sun.net.httpserver.Filter;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsServer;
import dev.supervisor.inspect.GenerationThread;
import dev.supervisor.lending.Relay;
import dev.supervisor.socket.lent.Borrowers;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The JDK's HTTP server: its thread can't be interrupted, so a forgotten server must be stopped. */
public final class HttpServerCalls {

    private static final long STOPS_WITHIN_MILLIS = 500;

    /** A server is an opened resource. */
    private static final Closeable STOPPED_AT_THE_END = () -> {};

    private HttpServerCalls() {}

    public static HttpServer create(Class<?> caller) throws IOException {
        return opened(caller, HttpServer.create());
    }

    public static HttpServer create(@Nullable InetSocketAddress address, int backlog, Class<?> caller)
            throws IOException {
        return create(HttpServer::create, address, backlog, caller);
    }

    private interface Creation<S> {
        S create(@Nullable InetSocketAddress address, int backlog) throws IOException;
    }

    private static <S extends HttpServer> S create(
            Creation<S> creation, @Nullable InetSocketAddress address, int backlog, Class<?> caller)
            throws IOException {
        Optional<Relay> relay = Borrowers.relay(caller.getClassLoader(), address, backlog, true);
        S server = opened(
                caller, creation.create(relay.isEmpty() ? address : relay.get().address(), backlog));
        if (relay.isPresent()) {
            relay.get().begin(server.getAddress(), STOPPED_AT_THE_END);
        }
        return server;
    }

    /** Since Java 18. */
    public static HttpServer create(
            @Nullable InetSocketAddress address,
            int backlog,
            String path,
            HttpHandler handler,
            Filter[] filters,
            Class<?> caller)
            throws IOException {
        requireAll(path, handler, filters);
        return withContext(create(address, backlog, caller), path, handler, filters);
    }

    private static void requireAll(String path, HttpHandler handler, Filter[] filters) {
        Objects.requireNonNull(path);
        Objects.requireNonNull(handler);
        for (Filter filter : filters) {
            Objects.requireNonNull(filter);
        }
    }

    private static <S extends HttpServer> S withContext(S server, String path, HttpHandler handler, Filter[] filters) {
        HttpContext context = server.createContext(path);
        context.setHandler(handler);
        context.getFilters().addAll(List.of(filters));
        return server;
    }

    public static void stop(HttpServer server, int seconds, Class<?> caller) {
        CallingGeneration.of(caller).ifPresent(callingGeneration -> callingGeneration.closed(new OpenedServer(server)));
        server.stop(seconds);
    }

    private static <S extends HttpServer> S opened(Class<?> caller, S server) {
        CallingGeneration.of(caller).ifPresent(callingGeneration -> callingGeneration.opened(new OpenedServer(server)));
        return server;
    }

    /** Does the same for {@link HttpsServer}. */
    public static final class Https {

        private Https() {}

        public static HttpsServer create(Class<?> caller) throws IOException {
            return opened(caller, HttpsServer.create());
        }

        public static HttpsServer create(@Nullable InetSocketAddress address, int backlog, Class<?> caller)
                throws IOException {
            return HttpServerCalls.create(HttpsServer::create, address, backlog, caller);
        }

        /** Since Java 18. */
        public static HttpsServer create(
                @Nullable InetSocketAddress address,
                int backlog,
                String path,
                HttpHandler handler,
                Filter[] filters,
                Class<?> caller)
                throws IOException {
            requireAll(path, handler, filters);
            return withContext(create(address, backlog, caller), path, handler, filters);
        }

        public static void stop(HttpsServer server, int seconds, Class<?> caller) {
            HttpServerCalls.stop(server, seconds, caller);
        }
    }

    /** Calls of programs: connections may be relayed to the server. */
    public static final class OfPrograms {

        private OfPrograms() {}

        public static void bind(HttpServer server, @Nullable InetSocketAddress address, int backlog, Class<?> caller)
                throws IOException {
            RelayCalls.bind(caller, address, backlog, STOPPED_AT_THE_END, actual -> {
                server.bind((InetSocketAddress) actual, backlog);
                return server.getAddress();
            });
        }
    }

    /** Does the same for {@link HttpsServer}. */
    public static final class HttpsOfPrograms {

        private HttpsOfPrograms() {}

        public static void bind(HttpsServer server, @Nullable InetSocketAddress address, int backlog, Class<?> caller)
                throws IOException {
            OfPrograms.bind(server, address, backlog, caller);
        }
    }

    /** An opened server. It does not tell whether it has been stopped, so calls of {@code stop} remove it. */
    private record OpenedServer(HttpServer server) implements OpenedResource {

        @Override
        public boolean isOpen() {
            return true;
        }

        /**
         * Stops the server on a thread of its own: stopping waits for the server's thread, which may be in a handler
         * that never returns. That thread is interrupted later, among the application's forgotten threads.
         */
        @Override
        public void close() throws InterruptedException {
            Thread clearing = Thread.currentThread();
            Thread stopping = new GenerationThread(
                    clearing.getThreadGroup(),
                    () -> server.stop(0),
                    clearing.getName() + "-http",
                    clearing.getContextClassLoader());
            stopping.start();
            stopping.join(STOPS_WITHIN_MILLIS);
            stopping.interrupt();
        }

        @Override
        public String description() {
            return "HttpServer was never stopped";
        }
    }
}
