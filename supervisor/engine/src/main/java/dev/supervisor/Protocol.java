package dev.supervisor;

import java.util.Locale;

/** The protocol of a socket; it decides what a client gets while no application serves. */
public enum Protocol {
    /** HTTP/1.1 or HTTP/2 in clear text: a client that waited too long, or whose build failed, gets a page. */
    HTTP,
    /** Any other protocol over TCP: a connection that waited too long is closed. */
    TCP;

    /** Returns the word of the command line: {@code http} or {@code tcp}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
