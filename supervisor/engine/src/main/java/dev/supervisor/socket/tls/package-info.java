/**
 * TLS that the supervisor ends, below channels: a {@link dev.supervisor.socket.tls.TlsStream} is a socket of plaintext on a
 * socket of ciphertext. Knows neither Netty's channels nor the gate.
 */
@NullMarked
package dev.supervisor.socket.tls;

import org.jspecify.annotations.NullMarked;
