/** How far the peers of an HTTP connection are with their messages. */
@NullMarked
package dev.supervisor.socket.http;

import org.jspecify.annotations.NullMarked;
