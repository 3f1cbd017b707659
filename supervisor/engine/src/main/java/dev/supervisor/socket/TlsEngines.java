package dev.supervisor.socket;

import javax.net.ssl.SSLEngine;

/** Makes the server's side of TLS for each connection of one listening socket. Thread-safe. */
@FunctionalInterface
public interface TlsEngines {

    /** Returns an engine in server mode, whose handshake has not begun, with the certificates that are valid now. */
    SSLEngine newEngine();
}
