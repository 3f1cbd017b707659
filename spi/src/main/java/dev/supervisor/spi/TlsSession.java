package dev.supervisor.spi;

import java.util.Optional;
import javax.net.ssl.SSLSession;

/**
 * TLS of a connection, which the supervisor ends: the application reads and writes plaintext. Lives as long as the
 * connection, and so it is the same for each generation that has it.
 *
 * @param session with the version, the cipher suite, and the client's certificates if it has been asked for some
 * @param applicationProtocol the protocol that was agreed on by ALPN (RFC 7301); empty if the client has not asked for any
 *     that the supervisor offers
 */
public record TlsSession(SSLSession session, Optional<String> applicationProtocol) {}
