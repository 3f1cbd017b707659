package dev.supervisor.cli;

import dev.supervisor.Protocol;

/** The line about a socket that listens: its URL, and its name if that says more. */
final class SocketLine {

    private SocketLine() {}

    /** @param place {@code HOST:PORT} */
    static String ofInternet(String name, Protocol protocol, String place) {
        return switch (protocol) {
            case HTTP, HTTPS -> line(protocol + "://" + place + "/", name, protocol.toString());
            case TLS -> line("tls://" + place, name, "tls");
            case STREAM -> line("tcp://" + place, name, "tcp");
            case DATAGRAM -> line("udp://" + place, name, "udp");
        };
    }

    /** HTTP over a Unix socket has no URL of its own: {@code http+unix:} is what some tools understand. */
    static String ofUnix(String name, Protocol protocol, String path) {
        return protocol == Protocol.STREAM
                ? line("unix:" + path, name, "unix")
                : line(protocol + "+unix:" + path, name, protocol.toString());
    }

    private static String line(String url, String name, String usualName) {
        return "~> " + url + (name.equals(usualName) ? "" : "  (" + name + ")");
    }
}
