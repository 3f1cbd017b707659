package dev.supervisor;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One socket to listen on. Its text form is that of systemfd, {@code [NAME=]TYPE::ENDPOINT}, where ENDPOINT is {@code
 * PORT}, {@code HOST:PORT}, {@code [IPV6]:PORT}, or the path of a Unix socket, with a slash in it.
 *
 * @param name the application asks for the socket by it; empty until {@link #named} has given a default
 */
public record SocketSpec(String name, Protocol protocol, Endpoint endpoint) {

    public static final String LOOPBACK = "127.0.0.1";

    private static final String UNIX = "unix";
    private static final String UDP = "udp";
    private static final String KEPT = "=";

    private static final String FORM =
            "expected [NAME=]TYPE::SPEC, where TYPE is http, https, tcp, tls, unix or udp, and SPEC is PORT, HOST:PORT,"
                    + " [IPV6]:PORT or a path, for example http::8888, admin=tcp::127.0.0.1:9000 or http::/run/app.sock";

    /**
     * Returns a socket for HTTP on {@link #LOOPBACK}.
     *
     * @throws SupervisorException if the port is not between 0 and 65535
     */
    public static SocketSpec http(int port) {
        return new SocketSpec(
                "",
                Protocol.HTTP,
                new Endpoint.Tcp(LOOPBACK, checkedPort(Integer.toString(port), OptionKey.PORT + " " + port)));
    }

    /**
     * Parses a socket, in the form {@code [NAME=]TYPE::SPEC}.
     *
     * @throws SupervisorException if the text has another form; its message names the problem
     */
    public static SocketSpec parse(String text) {
        int separator = text.indexOf("::");
        int equals = text.indexOf('=');
        if (separator < 0) {
            throw malformed(text);
        }
        boolean named = equals >= 0 && equals < separator;
        String name = named ? text.substring(0, equals) : "";
        if (named && !name.matches("[A-Za-z0-9_.-]+")) {
            throw malformed(text);
        }
        String type = text.substring(named ? equals + 1 : 0, separator);
        return new SocketSpec(name, protocolOf(type, text), endpointOf(type, text.substring(separator + 2), text));
    }

    private static Protocol protocolOf(String type, String text) {
        return switch (type) {
            case "http" -> Protocol.HTTP;
            case "https" -> Protocol.HTTPS;
            case "tcp", UNIX -> Protocol.STREAM;
            case "tls" -> Protocol.TLS;
            case UDP -> Protocol.DATAGRAM;
            default -> throw malformed(text);
        };
    }

    private static Endpoint endpointOf(String type, String place, String text) {
        if (type.equals(UDP) && place.contains("/")) {
            throw new SupervisorException(
                    "'" + text + "' is no socket: udp needs a port, and not a path (unix:: is for connections)");
        }
        if (place.contains("/") || (type.equals(UNIX) && !place.isEmpty())) {
            return new Endpoint.Unix(pathOf(place, text));
        }
        if (type.equals(UNIX)) {
            throw malformed(text);
        }
        int colon = place.lastIndexOf(':');
        String host = colon < 0 ? LOOPBACK : hostOf(place.substring(0, colon), text);
        return new Endpoint.Tcp(host, checkedPort(place.substring(colon + 1), text));
    }

    /**
     * Returns the sockets with a default name for each that has none: its type, then {@code http-2}, {@code http-3}, …
     *
     * @throws SupervisorException if two sockets have the same name
     */
    public static List<SocketSpec> named(List<SocketSpec> specs) {
        Set<String> taken = new HashSet<>();
        for (SocketSpec spec : specs) {
            if (!spec.name.isEmpty() && !taken.add(spec.name)) {
                throw new SupervisorException("two sockets are named '" + spec.name + "': give each a name of its own");
            }
        }
        List<SocketSpec> named = new ArrayList<>();
        for (SocketSpec spec : specs) {
            named.add(spec.name.isEmpty() ? spec.withName(freeName(spec.type(), taken)) : spec);
        }
        return List.copyOf(named);
    }

    private static String freeName(String type, Set<String> taken) {
        String name = type;
        for (int n = 2; !taken.add(name); n++) {
            name = type + "-" + n;
        }
        return name;
    }

    /** Returns the socket as a generation sees it if the supervisor ends TLS. */
    public SocketSpec clear() {
        return switch (protocol) {
            case HTTPS -> new SocketSpec(name, Protocol.HTTP, endpoint);
            case TLS -> new SocketSpec(name, Protocol.STREAM, endpoint);
            case HTTP, STREAM, DATAGRAM -> this;
        };
    }

    private SocketSpec withName(String newName) {
        return new SocketSpec(newName, protocol, endpoint);
    }

    private static Path pathOf(String place, String text) {
        try {
            return Path.of(place);
        } catch (InvalidPathException e) {
            throw new SupervisorException("'" + place + "' in '" + text + "' is no path: " + e.getReason(), e);
        }
    }

    private static String hostOf(String host, String text) {
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        if (bare.isEmpty() || bracketed != bare.contains(":")) {
            throw malformed(text);
        }
        return bare;
    }

    private static int checkedPort(String port, String text) {
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
            boolean isWord = port.matches(".*\\p{L}.*") && text.endsWith("::" + port);
            String hint = isWord
                    ? " (a host needs a port behind it, and the path of a Unix socket a slash: ./" + port + ")"
                    : "";
            throw new SupervisorException(
                    "'" + port + "' in '" + text + "' is no port: it must be between 0 and 65535" + hint);
        }
        return Integer.parseInt(port);
    }

    private static SupervisorException malformed(String text) {
        return new SupervisorException("'" + text + "' is no socket: " + FORM);
    }

    /**
     * Returns the word for the kind of socket: {@code http}, {@code https}, {@code tcp}, {@code tls}, {@code unix} or {@code
     * udp}.
     */
    public String type() {
        return switch (protocol) {
            case HTTP, HTTPS, TLS -> protocol.toString();
            case STREAM -> endpoint instanceof Endpoint.Unix ? UNIX : "tcp";
            case DATAGRAM -> UDP;
        };
    }

    /**
     * Returns the name under which a service manager keeps the socket for the next run. It has a sign that no name of a
     * socket has, and differs from that of a socket that listens elsewhere, so that a port that was changed is bound anew.
     */
    public String keptName() {
        return name + KEPT + Integer.toHexString(toString().hashCode());
    }

    /** Returns whether {@link #keptName} has made this name. */
    static boolean isKeptName(String name) {
        return name.indexOf(KEPT) > 0;
    }

    /**
     * Returns the name under which another process takes over the socket, if it is a port that a program has bound besides
     * the supervisor's. A supervisor of a version that does not know such names takes it for a kept one, and closes it.
     */
    public String adoptedName() {
        return KEPT + name;
    }

    /** Returns the name of the socket of which {@link #adoptedName} has made this one; empty if it has not. */
    static Optional<String> adopted(String name) {
        return name.startsWith(KEPT) ? Optional.of(name.substring(KEPT.length())) : Optional.empty();
    }

    /** Returns the form that {@link #parse} reads, without the name. */
    @Override
    public String toString() {
        return type() + "::" + endpoint;
    }
}
