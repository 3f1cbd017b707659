package dev.supervisor.calls;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The JDK's HTTP server: its thread cannot be interrupted, so one that an application forgets has to be stopped. */
public final class HttpServerCalls {

    private HttpServerCalls() {}

    public static HttpServer create(Class<?> caller) throws IOException {
        return opened(caller, HttpServer.create());
    }

    public static HttpServer create(@Nullable InetSocketAddress address, int backlog, Class<?> caller)
            throws IOException {
        return opened(caller, HttpServer.create(address, backlog));
    }

    public static void stop(HttpServer server, int seconds, Class<?> caller) {
        Resident.of(caller).ifPresent(resident -> resident.closed(new OpenedServer(server)));
        server.stop(seconds);
    }

    private static <S extends HttpServer> S opened(Class<?> caller, S server) {
        Resident.of(caller).ifPresent(resident -> resident.opened(new OpenedServer(server)));
        return server;
    }

    /** The same with TLS. */
    public static final class Https {

        private Https() {}

        public static HttpsServer create(Class<?> caller) throws IOException {
            return opened(caller, HttpsServer.create());
        }

        public static HttpsServer create(@Nullable InetSocketAddress address, int backlog, Class<?> caller)
                throws IOException {
            return opened(caller, HttpsServer.create(address, backlog));
        }

        public static void stop(HttpsServer server, int seconds, Class<?> caller) {
            HttpServerCalls.stop(server, seconds, caller);
        }
    }

    /** It does not tell whether it has been stopped, so that is what calls of it are for. */
    private record OpenedServer(HttpServer server) implements Opened {

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            server.stop(0);
        }

        @Override
        public String description() {
            return "HttpServer was never stopped";
        }
    }
}
