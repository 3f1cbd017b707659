/** Listening sockets and the connections accepted from them; knows nothing of builds or class loaders. */
@NullMarked
package dev.supervisor.socket;

import org.jspecify.annotations.NullMarked;
