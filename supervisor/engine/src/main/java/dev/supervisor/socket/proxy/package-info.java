/** The header of the PROXY protocol, by which a proxy tells the addresses of its client. Knows nothing of sockets. */
@NullMarked
package dev.supervisor.socket.proxy;

import org.jspecify.annotations.NullMarked;
