package dev.supervisor;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One socket to listen on, as the command line names it: {@code [NAME=]TYPE::SPEC}, where SPEC is {@code PORT},
 * {@code HOST:PORT} or {@code [v6]:PORT}. The form is that of systemfd.
 *
 * @param name how the application asks for it; empty until {@link #named} has given a default
 * @param host a name or literal address, without brackets
 * @param port 0 lets the system pick one
 */
public record SocketSpec(String name, Type type, String host, int port) {

    /** What is spoken on the socket; decides what a client gets while there is no application. */
    public enum Type {
        HTTP,
        TCP;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static final String LOOPBACK = "127.0.0.1";

    private static final String FORM =
            "expected [NAME=]http::SPEC or [NAME=]tcp::SPEC, where SPEC is PORT, HOST:PORT or"
                    + " [IPV6]:PORT, for example http::8888 or admin=tcp::127.0.0.1:9000";

    public static SocketSpec http(int port) {
        return new SocketSpec("", Type.HTTP, LOOPBACK, checkedPort(Integer.toString(port), "--port " + port));
    }

    /** @throws SupervisorException that says what is wrong with the text */
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
        Type type = typeOf(text.substring(named ? equals + 1 : 0, separator), text);
        String place = text.substring(separator + 2);
        int colon = place.lastIndexOf(':');
        String host = colon < 0 ? LOOPBACK : hostOf(place.substring(0, colon), text);
        return new SocketSpec(name, type, host, checkedPort(place.substring(colon + 1), text));
    }

    /**
     * Gives each socket without a name its default: the type, then {@code http-2}, {@code http-3}, …
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
            named.add(spec.name.isEmpty() ? spec.withName(freeName(spec.type.toString(), taken)) : spec);
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

    private SocketSpec withName(String newName) {
        return new SocketSpec(newName, type, host, port);
    }

    public InetSocketAddress resolve() {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new SupervisorException("can't bind " + this + ": the host '" + host + "' is unknown", e);
        }
    }

    private static Type typeOf(String type, String text) {
        return switch (type) {
            case "http" -> Type.HTTP;
            case "tcp" -> Type.TCP;
            default -> throw malformed(text);
        };
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
            throw new SupervisorException(
                    "'" + port + "' in '" + text + "' is no port: it must be between 0 and 65535");
        }
        return Integer.parseInt(port);
    }

    private static SupervisorException malformed(String text) {
        return new SupervisorException("'" + text + "' is no socket: " + FORM);
    }

    /** The form that {@link #parse} reads, without the name. */
    @Override
    public String toString() {
        return type + "::" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
