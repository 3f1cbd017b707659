/** Sees that a build has changed; knows nothing of sockets. */
@NullMarked
package dev.supervisor.change;

import org.jspecify.annotations.NullMarked;
