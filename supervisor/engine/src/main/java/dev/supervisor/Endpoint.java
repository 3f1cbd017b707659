package dev.supervisor;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;

/** The place that a socket listens on. */
public sealed interface Endpoint {

    /**
     * An address and a port of TCP, or of UDP.
     *
     * @param host a name or a literal address, without brackets
     * @param port 0 to 65535; 0 lets the system pick one
     */
    record Tcp(String host, int port) implements Endpoint {

        private static final int LAST_PORT = 65535;

        /** @throws SupervisorException if the port is none */
        public Tcp {
            if (port < 0 || port > LAST_PORT) {
                throw new SupervisorException("'" + port + "' is no port: it must be between 0 and " + LAST_PORT);
            }
        }

        /**
         * Looks the host up; blocks meanwhile.
         *
         * @throws SupervisorException if the host is unknown
         */
        public InetSocketAddress resolve() {
            try {
                return new InetSocketAddress(InetAddress.getByName(host), port);
            } catch (UnknownHostException e) {
                throw new SupervisorException("can't bind " + this + ": the host '" + host + "' is unknown", e);
            }
        }

        /** Returns {@code HOST:PORT}, with brackets around an IPv6 address. */
        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /**
     * A listening socket that the parent process has passed.
     *
     * @param descriptor the number of the file descriptor
     */
    record Inherited(int descriptor) implements Endpoint {

        @Override
        public String toString() {
            return "descriptor " + descriptor;
        }
    }

    /** A Unix domain socket, by the path of its file. */
    record Unix(Path path) implements Endpoint {

        @Override
        public String toString() {
            return path.toString();
        }
    }
}
