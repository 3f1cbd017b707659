/** What an application implements, and what it receives, to be served by the supervisor. */
@NullMarked
package dev.supervisor.spi;

import org.jspecify.annotations.NullMarked;
