package dev.supervisor;

import java.util.Locale;

/** The protocol of a socket; it decides what a client gets while no application serves. */
public enum Protocol {
    /** HTTP/1.1 or HTTP/2 in clear text: a client that waited too long, or whose build failed, gets a page. */
    HTTP,
    /** HTTP behind TLS of the application's own. For the supervisor the same as {@link #STREAM}, but for its URL. */
    HTTPS,
    /** Any other protocol on connections: a connection that waited too long is closed. */
    STREAM,
    /** Any protocol on datagrams (UDP): they wait in the kernel's receive buffer, as many as it holds. */
    DATAGRAM;

    /** Returns the name in lower case. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
