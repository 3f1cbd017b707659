package dev.supervisor;

import java.util.Locale;

/** The protocol of a socket; it decides what a client gets while no application serves. */
public enum Protocol {
    /** HTTP/1.1 or HTTP/2 in clear text: a client that waited too long, or whose build failed, gets a page. */
    HTTP,
    /**
     * HTTP behind TLS. If the supervisor has a certificate for the socket, it ends TLS, and generations get {@link #HTTP}.
     * Otherwise the application does; for the supervisor it is the same as {@link #STREAM} then, but for its URL.
     */
    HTTPS,
    /** Any other protocol on connections, behind TLS that the supervisor ends. */
    TLS,
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
